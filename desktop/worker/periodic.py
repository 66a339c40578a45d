"""Jobs that come back regularly, on APScheduler.

Only the memory store is used: its persistent stores lose and double jobs (``reliability.md`` §2.2). Losing every job
here on a crash is harmless, because the delivery table is the only truth about what has to be published.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler


class PeriodicJobs:
    """Runs functions at intervals on one thread; a late run is made up once, never several times."""

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )

    def every(self, interval: timedelta, job: Callable[[], None]) -> None:
        """Call ``job`` each ``interval`` from now on."""
        self._scheduler.add_job(job, "interval", seconds=interval.total_seconds())

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def stop(self) -> None:
        """End, after the job that is running."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
