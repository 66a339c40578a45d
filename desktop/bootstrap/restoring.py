"""Restoring a backup: nobody else may be at it, and nothing that went out meanwhile goes out again.

A backup holds no secrets. Those of the data it replaces are carried over, so that accounts stay connected on this
computer; on another one they are connected again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from desktop.domain.deliveries import DeliveryId, PublishingTimers
from desktop.domain.errors import FileUnreadable, ProfileInUse, TidingsError
from desktop.host.paths import Profile
from desktop.host.process_lock import ProcessLock
from desktop.kit.clock import SystemClock
from desktop.kit.i18n import tr
from desktop.services.recovery.restored import begun_deliveries, hold_restored
from desktop.services.unit_of_work import SealedSecret, Storage
from desktop.storage.backup import restore
from desktop.storage.database import open_storage


def restore_profile(profile: Profile, source: Path) -> Path | None:
    """Put ``source`` in the place of the profile's database; return where the old one is kept.

    ``ProfileInUse`` while a window or worker runs, ``DatabaseBusy``, ``DatabaseDamaged``, ``DatabaseNewer``.
    """
    clock = SystemClock()
    if not source.is_file():
        raise FileUnreadable(name=source.name, reason=tr("there is no such file"))
    profile.prepare()
    with _nobody_else(profile):
        begun, secrets = _left_behind(profile)
        kept = restore(source, profile.database, now=clock.now())
        with closing(open_storage(profile.database, backups=profile.backups, clock=clock)) as storage:
            hold_restored(storage, clock, PublishingTimers(), begun)
            _carry_over(storage, secrets)
    return kept


def _left_behind(profile: Profile) -> tuple[frozenset[DeliveryId], Sequence[SealedSecret]]:
    """Read what was sent, and the sealed secrets, from the data about to be replaced; nothing when it is damaged."""
    if not profile.database.exists():
        return frozenset(), ()
    try:
        with closing(open_storage(profile.database, backups=profile.backups)) as storage, storage.read() as uow:
            return begun_deliveries(storage), uow.secrets.list()
    except TidingsError:
        return frozenset(), ()


def _carry_over(storage: Storage, secrets: Sequence[SealedSecret]) -> None:
    with storage.write() as uow:
        for secret in secrets:
            uow.secrets.put(secret)
        uow.commit()


@contextmanager
def _nobody_else(profile: Profile) -> Iterator[None]:
    locks = [ProcessLock(profile.run / name) for name in ("window.lock", "publisher.lock")]
    try:
        for lock in locks:
            if not lock.acquire():
                raise ProfileInUse(pid=lock.holder())
        yield
    finally:
        for lock in locks:
            lock.release()
