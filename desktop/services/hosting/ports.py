"""What hosting needs from outside: a bucket, a look from outside, and a ledger of what lies there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from desktop.domain.deliveries import DeliveryId
from desktop.services.hosting.relays import Relay, RelayCredentials


@dataclass(frozen=True, slots=True)
class HostedObject:
    """One object we put up, or were about to, and must take down.

    ``key`` is its name below the prefix of ``relay`` (``str(Relay)``); ``delivery_id`` is None for a probe.
    """

    key: str
    relay: str
    sha256: str
    delivery_id: DeliveryId | None
    created_at: datetime
    delete_after: datetime


class HostedObjectRepository(Protocol):
    """The ledger: a row comes before its object and goes after it, so nothing lies on the relay unknown."""

    def add(self, hosted: HostedObject) -> None:
        """Store a new row; ``StaleVersion`` when the key is taken."""
        ...

    def list(self) -> Sequence[HostedObject]:
        """Return every row, oldest first; there are few, since each lives for hours."""
        ...

    def for_delivery(self, delivery_id: DeliveryId | None) -> Sequence[HostedObject]:
        """Return the rows of one delivery (None: those of no delivery), oldest first."""
        ...

    def expire(self, delivery_id: DeliveryId, at: datetime) -> None:
        """Let the rows of a delivery be deleted from ``at`` on, where that is sooner."""
        ...

    def remove(self, key: str) -> None:
        """Forget a row; nothing happens when there is none."""
        ...


class ObjectStore(Protocol):
    """A bucket, below one prefix. Every method blocks and raises ``RelayFailure``."""

    def put(self, key: str, content: Path | bytes, mime_type: str) -> int:
        """Store a file, streaming it, with its type; return how many bytes it has. ``FileUnreadable``."""
        ...

    def address(self, key: str, life: timedelta) -> str:
        """Return an address that serves the object to anyone: the public one, or one signed for ``life``."""
        ...

    def delete(self, key: str) -> None:
        """Delete an object; nothing happens when there is none."""
        ...


class StoreOpener(Protocol):
    """Opens a bucket."""

    def __call__(self, relay: Relay, credentials: RelayCredentials) -> ObjectStore:
        """Return it without any request; ``RelayAccessDenied`` for keys that cannot be keys."""
        ...


class OutsideView(Protocol):
    """Looks at an address as the fetcher of a network does, without our keys."""

    def look(self, address: str, mime_type: str, *, size_bytes: int | None, needs_range: bool, is_signed: bool) -> None:
        """Return when a network could fetch it; otherwise raise the ``RelayFailure`` that says why not.

        ``size_bytes`` None: not known. ``is_signed``: the signature may allow GET alone, so a refused HEAD proves
        nothing.
        """
        ...
