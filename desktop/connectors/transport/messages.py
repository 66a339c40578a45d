"""What goes into the transport and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from desktop.domain.errors import Effect


@dataclass(frozen=True, slots=True)
class FileBody:
    """``length`` bytes of a file from ``offset``, read in small pieces while they are sent, between head and tail.

    ``on_sent`` is told how many of the file have gone after each piece and may raise to stop.
    """

    path: Path
    offset: int
    length: int
    on_sent: Callable[[int], object] | None = field(default=None, compare=False, repr=False)
    head: bytes = field(default=b"", repr=False)
    tail: bytes = field(default=b"", repr=False)

    @property
    def size(self) -> int:
        """Bytes of the whole body."""
        return len(self.head) + self.length + len(self.tail)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request. ``timeout`` bounds everything from connecting to the last byte of the answer.

    After ``send_deadline`` (wall clock) not one byte of it is written. Headers hold the token, and so does the address
    of a token endpoint: they never show.
    """

    method: str
    url: str = field(repr=False)
    timeout: timedelta
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | FileBody = field(default=b"", repr=False)
    send_deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A complete answer. Header names are lower case; ``sent_at`` is when the request's first byte was written."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    sent_at: datetime


class TransportFailure(Exception):
    """No complete answer. ``effect`` is NOT_SENT or UNKNOWN; ``reason`` is cleaned of tokens.

    It never leaves ``connectors``: the client of a network makes a ``RemoteFailure`` of it.
    """

    def __init__(self, effect: Effect, reason: str) -> None:
        super().__init__(f"{effect}: {reason}")
        self.effect = effect
        self.reason = reason
