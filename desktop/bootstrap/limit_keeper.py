"""Keeps what is known of the networks' limits on disk and fresh, on a thread of its own beside the publisher."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from desktop.domain.errors import TidingsError
from desktop.kit.clock import Clock
from desktop.services.limits.readings import ReadingBook
from desktop.services.limits.service import LimitService

FLUSH_EVERY = timedelta(seconds=15)
LEAST_PAUSE_SECONDS = 1.0
REFRESH_EVERY = timedelta(minutes=5)
_log = logging.getLogger(__name__)


class LimitKeeper:
    """Stores readings every 15 s, or within a second when one is news, and looks for stale quotas every 5 minutes."""

    def __init__(self, book: ReadingBook, limits: LimitService, clock: Clock) -> None:
        self._book, self._limits, self._clock = book, limits, clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="limits", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Store what is new and end; without a start it only stores."""
        self._stopping.set()
        self._book.wake()
        if self._thread.ident is not None:
            self._thread.join()
        self._flush()

    def _keep(self) -> None:
        next_refresh = self._clock.monotonic() + REFRESH_EVERY.total_seconds()
        while not self._stopping.is_set():
            self._book.wait_urgent(FLUSH_EVERY)
            self._flush()
            if self._clock.monotonic() >= next_refresh and not self._stopping.is_set():
                self._refresh()
                next_refresh = self._clock.monotonic() + REFRESH_EVERY.total_seconds()
            self._stopping.wait(LEAST_PAUSE_SECONDS)

    def _flush(self) -> None:
        try:
            self._book.flush()
        except TidingsError as error:  # busy or full for the moment: they are tried again
            _log.info("usage readings could not be stored: %s", error)

    def _refresh(self) -> None:
        try:
            self._limits.refresh_stale()
        except TidingsError as error:
            _log.info("publishing quotas could not be looked at: %s", error)
