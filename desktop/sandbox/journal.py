"""Keeps the sandbox's records in a file: one JSON line per change, the last line of an id wins.

A line reaches the operating system before the call that caused it is answered, so killing the sandbox loses
nothing; opening the file compacts it. Lines: ``{"kind": "post", "value": {...}}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter

from desktop.sandbox.apps import App, AuthorizationCode, Business, Grant, SignInRecord
from desktop.sandbox.model import Account, Comment, Container, Photo, Post, Subscription, Token, Use, Video

type_of = {
    "account": Account,
    "token": Token,
    "container": Container,
    "photo": Photo,
    "post": Post,
    "video": Video,
    "comment": Comment,
    "subscription": Subscription,
    "use": Use,
}
type_of |= {"app": App, "grant": Grant, "code": AuthorizationCode, "business": Business}
Record = Account | Token | Container | Photo | Post | Video | Comment | Subscription | Use | SignInRecord
_ADAPTERS: dict[str, TypeAdapter[Record]] = {kind: TypeAdapter(cls) for kind, cls in type_of.items()}
_KIND_OF: dict[type[Record], str] = {cls: kind for kind, cls in type_of.items()}


class Journal(Protocol):
    """Where changed records go."""

    def write(self, record: Record) -> None:
        """Keep the present value of ``record``."""
        ...

    def write_offset(self, seconds: float) -> None:
        """Keep the clock's offset."""
        ...

    def rewrite(self, records: Iterable[Record], offset_seconds: float) -> None:
        """Replace everything kept."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class NoJournal:
    """Keeps nothing: a sandbox without ``--state``."""

    def write(self, record: Record) -> None:
        """Do nothing."""

    def write_offset(self, seconds: float) -> None:
        """Do nothing."""

    def rewrite(self, records: Iterable[Record], offset_seconds: float) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class FileJournal:
    """Appends to ``path``; use :func:`read_journal` before opening it."""

    def __init__(self, path: Path) -> None:
        """Create ``path`` and its folder when missing; ``OSError`` when that is not possible."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("ab")

    def write(self, record: Record) -> None:
        """Append the present value of ``record``."""
        self._append(_line(record))

    def write_offset(self, seconds: float) -> None:
        """Append the clock's offset."""
        self._append(_offset_line(seconds))

    def rewrite(self, records: Iterable[Record], offset_seconds: float) -> None:
        """Replace the file in one step; a crash leaves the old one or the new one."""
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_bytes(b"".join([_offset_line(offset_seconds), *map(_line, records)]))
        self._file.close()
        fresh.replace(self._path)
        self._file = self._path.open("ab")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _append(self, line: bytes) -> None:
        self._file.write(line)
        self._file.flush()


def read_journal(path: Path) -> Iterator[Record | float]:
    """Yield every kept record in the order written, and clock offsets as seconds.

    A torn last line (the machine stopped while writing) is skipped; any other damage raises ``ValueError``.
    """
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    for line in lines:
        if not line.endswith(b"\n"):
            return
        document = json.loads(line)
        if document["kind"] == "offset":
            yield float(document["value"])
        else:
            yield _ADAPTERS[document["kind"]].validate_python(document["value"])


def _line(record: Record) -> bytes:
    kind = _KIND_OF[type(record)]
    return b'{"kind":"%s","value":%s}\n' % (kind.encode(), _ADAPTERS[kind].dump_json(record))


def _offset_line(seconds: float) -> bytes:
    return b'{"kind":"offset","value":%r}\n' % seconds
