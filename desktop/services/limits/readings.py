"""The newest usage readings: kept in memory, stored now and then.

Every answer of a network brings readings, many a second while much is published. Taking note of them touches memory
only, so that publishing never waits for it; whoever calls ``flush`` writes all that is new in one transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

from desktop.kit.clock import Clock
from desktop.services.limits.governor import band
from desktop.services.limits.ports import UsageReading
from desktop.services.unit_of_work import Storage

_KEPT = timedelta(days=7)


class ReadingBook:
    """The readings of a workspace, of this run and of earlier ones; safe to share between threads."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage, self._clock = storage, clock
        self._changed = threading.Condition()
        self._newest: dict[str, UsageReading] = {}
        self._unwritten: set[str] = set()
        self._is_urgent = False

    def note(self, readings: Sequence[UsageReading]) -> None:
        """Take note of what an answer said; memory only."""
        with self._changed:
            for reading in readings:
                before = self._newest.get(reading.bucket)
                self._newest[reading.bucket] = reading
                self._unwritten.add(reading.bucket)
                self._is_urgent |= _look(reading) != _look(before)
            if self._is_urgent:
                self._changed.notify_all()

    def readings(self) -> Sequence[UsageReading]:
        """Return the newest reading of each bucket, those that other processes stored included."""
        with self._storage.read() as uow:
            newest = {reading.bucket: reading for reading in uow.limits.readings()}
        with self._changed:
            for reading in self._newest.values():
                if reading.bucket not in newest or newest[reading.bucket].read_at <= reading.read_at:
                    newest[reading.bucket] = reading
        return tuple(newest.values())

    def wait_urgent(self, timeout: timedelta) -> bool:
        """Wait until a bucket has come into another band or was blocked (True), or until ``timeout`` or ``wake``."""
        with self._changed:
            if not self._is_urgent:
                self._changed.wait(timeout.total_seconds())
            return self._is_urgent

    def wake(self) -> None:
        """End the waiting."""
        with self._changed:
            self._changed.notify_all()

    def flush(self) -> int:
        """Store what is new in one transaction and return how many readings that were.

        Nothing is written, and no transaction begun, when nothing is new. A storage error loses nothing: the readings
        are tried again with the next flush.
        """
        with self._changed:
            names, self._unwritten, self._is_urgent = self._unwritten, set(), False
            readings = [self._newest[name] for name in names]
        if not readings:
            return 0
        try:
            with self._storage.write() as uow:
                uow.limits.put_readings(readings)
                uow.limits.remove_readings(self._clock.now() - _KEPT)
                uow.commit()
        except BaseException:
            with self._changed:
                self._unwritten |= names
            raise
        return len(readings)


def _look(reading: UsageReading | None) -> tuple[int, bool]:
    """Return what makes a reading news: its band, and whether the network named a time."""
    return (0, False) if reading is None else (band(reading.percent), reading.regain_at is not None)
