"""Readings in memory and on disk: few transactions, nothing lost, nothing older over newer."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from desktop.domain.errors import DatabaseReadOnly
from desktop.kit.clock import ManualClock
from desktop.services.limits.ports import UsageReading
from desktop.services.limits.readings import ReadingBook
from tests.support.memory_storage import MemoryStorage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def reading(percent: int, at: datetime = NOW, bucket: str = "threads/app", **changes: datetime) -> UsageReading:
    return UsageReading(bucket, "", percent, changes.get("regain_at"), at)


def book(storage: MemoryStorage) -> ReadingBook:
    return ReadingBook(storage, ManualClock(NOW))


def test_trap_24_a_thousand_answers_are_one_transaction() -> None:
    storage = MemoryStorage()
    made = book(storage)
    for number in range(1000):
        made.note([reading(number % 70, NOW + number * SECOND)])
    assert storage.commits == 0
    assert made.flush() == 1
    assert made.flush() == 0
    assert storage.commits == 1
    assert book(storage).readings() == (reading(999 % 70, NOW + 999 * SECOND),)


def test_the_newest_counts_whoever_stored_it() -> None:
    storage = MemoryStorage()
    here, there = book(storage), book(storage)
    here.note([reading(10, NOW)])
    there.note([reading(80, NOW + SECOND)])
    there.flush()
    assert [r.percent for r in here.readings()] == [80]
    here.flush()
    assert [r.percent for r in there.readings()] == [80]
    here.note([reading(81, NOW + 2 * SECOND)])
    assert [r.percent for r in here.readings()] == [81]


def test_what_could_not_be_stored_is_tried_again() -> None:
    storage = MemoryStorage()
    made = book(storage)
    made.note([reading(50)])
    storage.fail_commit = DatabaseReadOnly(path="x")
    with pytest.raises(DatabaseReadOnly):
        made.flush()
    storage.fail_commit = None
    assert made.flush() == 1


def test_old_readings_are_forgotten() -> None:
    storage = MemoryStorage()
    old = NOW - timedelta(days=8)
    first = book(storage)
    first.note([reading(5, old, "a/app"), reading(5, old, "b/app", regain_at=NOW + SECOND)])
    first.flush()
    first.note([reading(5, NOW, "c/app")])
    first.flush()
    assert {r.bucket for r in book(storage).readings()} == {"b/app", "c/app"}


@pytest.mark.parametrize(
    ("before", "after", "is_news"),
    [
        (reading(10), reading(74), False),
        (reading(74), reading(75), True),
        (reading(92), reading(99), False),
        (reading(99), reading(100), True),
        (reading(100), reading(10), True),
        (reading(10), reading(10, regain_at=NOW + SECOND), True),
        (reading(10, regain_at=NOW + SECOND), reading(12, regain_at=NOW + 2 * SECOND), False),
    ],
)
def test_only_a_change_of_band_is_worth_storing_at_once(
    before: UsageReading, after: UsageReading, is_news: bool
) -> None:
    made = book(MemoryStorage())
    made.note([before])
    made.flush()
    assert not made.wait_urgent(timedelta())
    made.note([after])
    assert made.wait_urgent(timedelta()) is is_news
    made.flush()
    assert not made.wait_urgent(timedelta())


def test_news_and_a_wake_end_the_waiting() -> None:
    made = book(MemoryStorage())
    for end_it in (made.wake, lambda: made.note([reading(95)])):
        waiting = threading.Thread(target=made.wait_urgent, args=(timedelta(minutes=5),))
        waiting.start()
        while waiting.is_alive():
            end_it()
            waiting.join(0.01)
