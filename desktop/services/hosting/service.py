"""Putting media where a network can fetch it, for as short a time as it takes, and taking it down again.

Every address is looked at from outside before a network gets it (``meta-api.md`` §3.1, trap 16).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from desktop.domain.deliveries import DeliveryId, PayloadMedia
from desktop.domain.errors import TidingsError
from desktop.domain.media import MediaKind
from desktop.kit.clock import Clock
from desktop.services.hosting.check import RelayCheck, RelayFinding
from desktop.services.hosting.errors import RelayFailure, RelayLocalOnly, RelayMissing, RelayNotPublic
from desktop.services.hosting.hosted_objects import HostedObjects, SweepReport
from desktop.services.hosting.ports import HostedObject, ObjectStore, OutsideView, StoreOpener
from desktop.services.hosting.relay_settings import RelaySettings
from desktop.services.hosting.relays import Relay
from desktop.services.unit_of_work import Storage

_log = logging.getLogger(__name__)
_LASTING_REST = timedelta(minutes=2)  # no film is uploaded again and again to a relay somebody has to repair


class HostingService:
    """``MediaHost`` on the person's own relay; safe to share between threads."""

    def __init__(
        self,
        storage: Storage,
        settings: RelaySettings,
        open_store: StoreOpener,
        view: OutsideView,
        locate: Callable[[str], Path],
        clock: Clock,
        networks_are_local: Callable[[], bool] = lambda: False,
    ) -> None:
        """``locate`` returns the path of a file by its SHA-256 (``AssetStore.path``)."""
        self.settings = settings
        self._objects = HostedObjects(storage, settings, open_store, clock)
        self._view, self._locate, self._clock = view, locate, clock
        self._networks_are_local = networks_are_local
        self._resting: tuple[Relay, datetime, RelayFailure] | None = None

    @property
    def is_local(self) -> bool:
        """Whether the relay is on this computer, where an imitation of the networks may fetch from it."""
        relay = self.settings.current()
        return relay is not None and relay.is_local

    def expose(self, media: PayloadMedia, delivery_id: DeliveryId | None = None) -> str:
        """Return an address a network can fetch the file from, looked at from outside; it works for ``LIFE``.

        Asked again for the same delivery, the file is not uploaded again while enough of its time is left.
        ``RelayFailure`` says what is wrong with the relay, ``FileUnreadable`` that the original has gone.
        """
        relay = self._usable_relay()
        path = self._locate(media.sha256)
        try:
            return self._expose(relay, media, path, delivery_id)
        except RelayFailure as failure:
            if failure.is_lasting:
                self._resting = relay, self._clock.now() + _LASTING_REST, failure
            raise

    def release(self, delivery_id: DeliveryId) -> None:
        """Let the files of a delivery be deleted: its container is finished, or it will never need them.

        One short transaction, and none when nothing was put up; the deleting is left to ``sweep``. Raises no expected
        error: what is not released now is due by the state of its delivery.
        """
        try:
            self._objects.release(delivery_id)
        except TidingsError as error:
            _log.warning("files on the relay were not released: %s", error.code)

    def sweep(self) -> SweepReport:
        """Delete what is not needed any more; what fails stays in the ledger for the next time.

        Raises no expected error, so that it cannot hold up publishing; it may wait for the relay.
        """
        try:
            return self._objects.take_down(self._objects.due())
        except TidingsError as error:
            _log.warning("the relay was not swept: %s", error.code)
            return SweepReport()

    def withdraw(self) -> SweepReport:
        """Delete everything that was put up, then forget the relay, its keys and its ledger.

        What could not be deleted is reported, for the person to delete by hand.
        """
        report = self._objects.take_down(self._objects.everything())
        self._objects.forget(hosted for hosted, _ in report.left)
        self.settings.forget()
        return report

    def check(self) -> tuple[RelayFinding, ...]:
        """Put a tiny file up, fetch it as a network would, delete it; return what was found, in order."""
        self._resting = None  # somebody may just have repaired it
        return RelayCheck(self._usable_relay, self._objects, self._view).run()

    # ---- pieces ----------------------------------------------------------------------------------------------

    def _usable_relay(self) -> Relay:
        relay = self.settings.current()
        if relay is None:
            raise RelayMissing
        if relay.is_local and not self._networks_are_local():
            raise RelayLocalOnly(host=relay.host)
        resting = self._resting
        if resting is not None and resting[0] == relay and self._clock.now() < resting[1]:
            raise type(resting[2])(**resting[2].details)
        return relay

    def _expose(self, relay: Relay, media: PayloadMedia, path: Path, delivery_id: DeliveryId | None) -> str:
        store = self._objects.open(relay)
        hosted = self._objects.reusable(relay, media.sha256, delivery_id)
        if hosted is None:
            hosted = self._objects.announce(relay, media.sha256, media.mime_type, delivery_id)
        else:
            try:
                return self._seen(relay, store, hosted, media, None)
            except RelayNotPublic:
                pass  # its upload was never finished: it is put there again
        size_bytes = store.put(hosted.key, path, media.mime_type)
        return self._seen(relay, store, hosted, media, size_bytes)

    def _seen(
        self, relay: Relay, store: ObjectStore, hosted: HostedObject, media: PayloadMedia, size_bytes: int | None
    ) -> str:
        address = store.address(hosted.key, hosted.delete_after - self._clock.now())
        self._view.look(
            address,
            media.mime_type,
            size_bytes=size_bytes,
            needs_range=media.kind is MediaKind.VIDEO,
            is_signed=not relay.public,
        )
        return address
