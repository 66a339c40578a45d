"""Speed of what the calendar, the tray and the list of posts ask of storage. Prints figures; asserts no times.

Run: ``python -m tests.performance.bench_calendar_query``. Targets: a month of 5,000 entries <= 80 ms of this thread's
own time ("cpu"), which other work on the machine does not lengthen as much as the time that passed.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, thread_time

from desktop.domain.deliveries import PublishingTimers
from desktop.domain.networks import Network
from desktop.domain.posts import MediaUse, Part
from desktop.domain.schedules import Schedule
from desktop.files.network_rules import load_rules
from desktop.kit.clock import ManualClock
from desktop.services.changes import ChangeFeed
from desktop.services.drafting.service import DraftingService
from desktop.services.scheduling.service import SchedulingService
from desktop.services.unit_of_work import Storage
from desktop.storage.database import open_storage
from tests.support.stored_things import PLANNED, a_delivery, a_post, an_account, an_asset

POSTS = 5_000
IDEAS = 500
ZONE = "Europe/Oslo"
MONTH = date(2026, 11, 1), date(2026, 11, 30)
TEXT = "Post number {number} of the month\n\n" + "A text of the length people write, with a link and 🎉. " * 6


def fill(storage: Storage) -> None:
    """Store a month of posts, one in three with a picture, one in ten with an override, and some without a time."""
    accounts = [an_account(network=network) for network in Network]
    with storage.write() as work:
        for account in accounts:
            work.accounts.add(account)
        asset = an_asset()
        work.assets.add(asset)
        for number in range(POSTS + IDEAS):
            account = accounts[number % 3]
            media = (MediaUse(asset.id),) if number % 3 == 0 else ()
            post = a_post(TEXT.format(number=number), account.id)
            post = replace(post, shared=replace(post.shared, parts=(Part(TEXT.format(number=number), (), media),)))
            work.posts.add(post.with_override(account.id, post.shared) if number % 10 == 0 else post)
            if number < POSTS:
                minute = (number * 7919) % (30 * 1440)
                at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minute)
                plan = {"schedule": Schedule.from_instant(at, ZONE), "due_at": at}
                work.deliveries.add(a_delivery(post, account, **plan), PLANNED)
        work.commit()


def report(name: str, work: Callable[[], object], times: int = 15) -> None:
    """Time ``work`` and print one line."""
    passed, own = [], []
    for _ in range(times):
        start, own_start = perf_counter(), thread_time()
        work()
        own.append((thread_time() - own_start) * 1000)
        passed.append((perf_counter() - start) * 1000)
    sys.stdout.write(
        f"{name:40} median {statistics.median(passed):8.2f} ms   cpu median {statistics.median(own):8.2f} ms"
        f"   best {min(own):8.2f} ms   first {passed[0]:8.2f} ms\n"
    )


def main() -> None:
    """Measure and print."""
    gc.disable()  # as in the window, which collects from a timer
    with tempfile.TemporaryDirectory() as folder:
        storage = open_storage(Path(folder) / "data" / "tidings.sqlite", backups=Path(folder) / "backups")
        fill(storage)
        clock, changes, timers = ManualClock(datetime(2026, 11, 1, tzinfo=UTC)), ChangeFeed(), PublishingTimers()
        drafting = DraftingService(storage, clock, changes, load_rules())
        scheduling = SchedulingService(storage, clock, changes, drafting, timers)
        report(f"calendar(), {POSTS} entries", lambda: scheduling.calendar(*MONTH, ZONE))
        report("calendar(), another zone", lambda: scheduling.calendar(*MONTH, "America/New_York"))
        report(f"backlog(), {IDEAS} posts", scheduling.backlog)
        report("next_due()", scheduling.next_due, 200)
        report("drafting.list(limit=200)", lambda: drafting.list(limit=200))
        report("drafting.list(search=...)", lambda: drafting.list(search="number 4999"))
        post = drafting.list(limit=1)[0]
        report("drafting.preflight(plain post)", lambda: drafting.preflight(post), 200)
        storage.close()


if __name__ == "__main__":
    main()
