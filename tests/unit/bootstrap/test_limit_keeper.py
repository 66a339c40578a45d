"""The keeper's thread: news is stored soon, the rest at the end, and no trouble ends it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from desktop.bootstrap.limit_keeper import REFRESH_EVERY, LimitKeeper
from desktop.domain.errors import DatabaseReadOnly
from desktop.kit.clock import ManualClock
from desktop.services.limits.ports import UsageReading
from desktop.services.limits.readings import ReadingBook
from tests.support.memory_storage import MemoryStorage
from tests.support.workspaces import workspace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def reading(percent: int) -> UsageReading:
    return UsageReading("threads/app", "", percent, None, NOW)


def until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Limits:
    """Counts the times quotas were looked at; the first one fails."""

    def __init__(self) -> None:
        self.looks = 0

    def refresh_stale(self) -> int:
        self.looks += 1
        if self.looks == 1:
            raise DatabaseReadOnly(path="x")
        return 0


def test_news_is_stored_at_once_and_troubles_pass() -> None:
    storage, clock, limits = MemoryStorage(), ManualClock(NOW), Limits()
    book = ReadingBook(storage, clock)
    keeper = LimitKeeper(book, limits, clock)  # type: ignore[arg-type]  # all it is asked for
    keeper.start()
    try:
        storage.fail_commit = DatabaseReadOnly(path="x")
        book.note([reading(80)])
        storage.fail_commit = None
        book.note([reading(95)])
        until(lambda: storage.commits == 1)
        for looks in (1, 2):
            clock.advance(REFRESH_EVERY)
            book.note([reading(50 + looks * 30)])  # news, so that nothing has to be waited for
            until(lambda looks=looks: limits.looks >= looks)  # type: ignore[misc]
    finally:
        keeper.stop()
    assert storage.commits >= 2


def test_the_end_stores_what_was_no_news() -> None:
    storage, clock = MemoryStorage(), ManualClock(NOW)
    book = ReadingBook(storage, clock)
    book.note([reading(7)])
    LimitKeeper(book, Limits(), clock).stop()  # type: ignore[arg-type]  # all it is asked for
    with storage.read() as uow:
        assert list(uow.limits.readings()) == [reading(7)]


def test_a_profile_remembers_over_a_restart(tmp_path: Path) -> None:
    with workspace(tmp_path) as container:
        container.limits.note([UsageReading("threads/app", "", 91, None, container.clock.now())])
    with workspace(tmp_path, accounts=()) as container:
        assert [limits.percent for limits in container.limits.overview()] == [91, 0, 0]
