"""What lies on the relay: the ledger row before the upload, the deletion before the row goes.

So a crash anywhere leaves at worst a row that says what may still lie there.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.domain.deliveries import DeliveryId, DeliveryState
from desktop.domain.errors import NotFound, TidingsError
from desktop.kit.clock import Clock
from desktop.services.hosting.ports import HostedObject, ObjectStore, StoreOpener
from desktop.services.hosting.relay_settings import RelaySettings
from desktop.services.hosting.relays import Relay, read_relay
from desktop.services.unit_of_work import Storage, UnitOfWork

_log = logging.getLogger(__name__)

LIFE = timedelta(hours=2)
"""How long an address works: networks fetch within minutes, and polling a container ends well before."""
_LEAST_LEFT = timedelta(hours=1)  # an object with less to live is put up anew instead
_KEY_BYTES = 24
_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
}
# while a delivery is in one of these, the network may still have to fetch its files
_FETCHING = frozenset({DeliveryState.SCHEDULED, DeliveryState.PREPARING, DeliveryState.RETRY_WAIT, DeliveryState.HELD})


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What was deleted; ``left`` are objects that should be gone and are not, with the reason."""

    deleted: int = 0
    left: tuple[tuple[HostedObject, TidingsError], ...] = ()


class HostedObjects:
    """The objects of this workspace on its relay, and on relays it used before."""

    def __init__(self, storage: Storage, settings: RelaySettings, open_store: StoreOpener, clock: Clock) -> None:
        self._storage, self._settings, self._open_store, self._clock = storage, settings, open_store, clock

    def open(self, relay: Relay) -> ObjectStore:
        """Open a relay with its keys; ``RelayFailure``, ``SecretStoreUnavailable``."""
        return self._open_store(relay, self._settings.credentials(relay))

    def announce(
        self, relay: Relay, sha256: str, mime_type: str, delivery_id: DeliveryId | None = None
    ) -> HostedObject:
        """Make the intent to put something up durable, under a name nobody can guess, and return it."""
        now = self._clock.now()
        key = secrets.token_urlsafe(_KEY_BYTES) + _ENDINGS.get(mime_type, "")
        hosted = HostedObject(key, str(relay), sha256, delivery_id, now, now + LIFE)
        with self._storage.write() as uow:
            uow.hosted.add(hosted)
            uow.commit()
        return hosted

    def reusable(self, relay: Relay, sha256: str, delivery_id: DeliveryId | None) -> HostedObject | None:
        """Return what was announced for the same delivery before and has long enough to live."""
        earliest = self._clock.now() + _LEAST_LEFT
        with self._storage.read() as uow:
            found = uow.hosted.for_delivery(delivery_id)
        fitting = (h for h in found if (h.relay, h.sha256) == (str(relay), sha256) and h.delete_after > earliest)
        return next(fitting, None)

    def release(self, delivery_id: DeliveryId) -> None:
        """Let the objects of a delivery be deleted from now on."""
        with self._storage.read() as uow:
            if not uow.hosted.for_delivery(delivery_id):
                return
        with self._storage.write() as uow:
            uow.hosted.expire(delivery_id, self._clock.now())
            uow.commit()

    def due(self) -> list[HostedObject]:
        """Return what was released, is too old, or belongs to a delivery that waits for no network any more."""
        now = self._clock.now()
        self._expire_finished(now)
        with self._storage.read() as uow:
            return [hosted for hosted in uow.hosted.list() if hosted.delete_after <= now]

    def everything(self) -> list[HostedObject]:
        """Return all of them."""
        with self._storage.read() as uow:
            return list(uow.hosted.list())

    def take_down(self, due: Iterable[HostedObject]) -> SweepReport:
        """Delete objects and their rows; what fails is reported and keeps its row."""
        deleted, left = 0, []
        stores: dict[str, ObjectStore] = {}
        broken: dict[str, TidingsError] = {}  # asked once: each further object would wait as long as the first
        for hosted in due:
            try:
                if hosted.relay in broken:
                    raise broken[hosted.relay]
                if hosted.relay not in stores:
                    stores[hosted.relay] = self.open(read_relay(hosted.relay))
                stores[hosted.relay].delete(hosted.key)
                self.forget([hosted])
                deleted += 1
            except TidingsError as error:
                broken[hosted.relay] = error
                left.append((hosted, error))
        for relay, reason in broken.items():
            _log.warning("files are left on the relay %s: %s", relay, reason.code)
        return SweepReport(deleted, tuple(left))

    def forget(self, gone: Iterable[HostedObject]) -> None:
        """Remove rows."""
        with self._storage.write() as uow:
            for hosted in gone:
                uow.hosted.remove(hosted.key)
            uow.commit()

    def _expire_finished(self, now: datetime) -> None:
        """Mark what belongs to deliveries that wait for no network.

        In one writing transaction with the look at their state: a delivery that is prepared anew in this moment either
        keeps its objects or finds them expired and puts up others, but is never left with an address about to vanish.
        """
        with self._storage.read() as uow:
            if not _finished(uow, now):
                return
        with self._storage.write() as uow:
            for delivery_id in _finished(uow, now):
                uow.hosted.expire(delivery_id, now)
            uow.commit()


def _finished(uow: UnitOfWork, now: datetime) -> list[DeliveryId]:
    waiting = {h.delivery_id for h in uow.hosted.list() if h.delivery_id is not None and h.delete_after > now}
    return [delivery_id for delivery_id in waiting if not _is_fetching(uow, delivery_id)]


def _is_fetching(uow: UnitOfWork, delivery_id: DeliveryId) -> bool:
    try:
        return uow.deliveries.get(delivery_id).state in _FETCHING
    except NotFound:
        return False
