"""Who publishes: one process per profile, decided by an operating-system lock and fenced by a row in the database.

The lock dies with its process, so a crashed publisher is followed at once. The row's epoch fences whoever was paused
while it believed itself to be the owner: an intent to send is committed only by the owner of the current epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desktop.domain.deliveries import PublishingTimers
from desktop.kit.clock import Clock
from desktop.services.publishing.ports import PublisherLock
from desktop.services.unit_of_work import LeaseRecord, Storage, UnitOfWork

LEASE_NAME = "publisher"
PUBLISHER_PAUSED = "publisher.paused"  # workspace setting: nothing is sent while it is true


def rest_setting(account_id: str) -> str:
    """Return the name of the workspace setting that says how long an account must not be used for sending."""
    return f"publisher.rest_until.{account_id}"


def resting_until(settings: Mapping[str, object], account_id: str) -> datetime | None:
    """Return the end of an account's rest, which may be past, or None when it never had one."""
    value = settings.get(rest_setting(account_id))
    return datetime.fromisoformat(value) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to publish, as its owner knows it."""

    owner: str
    epoch: int

    def is_current(self, uow: UnitOfWork) -> bool:
        """Whether nobody has taken over since."""
        record = uow.leases.get(LEASE_NAME)
        return record is not None and (record.owner, record.epoch) == (self.owner, self.epoch)


class LeaseKeeper:
    """Takes, renews and gives back the right to publish."""

    def __init__(
        self, storage: Storage, lock: PublisherLock, clock: Clock, timers: PublishingTimers, owner: str
    ) -> None:
        """``owner`` names this process for people: host, process id, start."""
        self._storage, self._lock, self._clock, self._timers = storage, lock, clock, timers
        self._owner = owner

    def acquire(self) -> Lease | None:
        """Return the lease, or None while another process of this computer holds the lock."""
        if not self._lock.acquire():
            return None
        with self._storage.write() as uow:
            record = uow.leases.get(LEASE_NAME)
            lease = Lease(self._owner, (record.epoch if record else 0) + 1)
            self._put(uow, lease)
            uow.commit()
        return lease

    def renew(self, lease: Lease) -> bool:
        """Prolong the lease; False when somebody else has taken over."""
        with self._storage.write() as uow:
            if not lease.is_current(uow):
                return False
            self._put(uow, lease)
            uow.commit()
        return True

    def release(self) -> None:
        """Let another process publish."""
        self._lock.release()

    def _put(self, uow: UnitOfWork, lease: Lease) -> None:
        uow.leases.put(LEASE_NAME, LeaseRecord(lease.owner, self._clock.now() + self._timers.lease, lease.epoch))
