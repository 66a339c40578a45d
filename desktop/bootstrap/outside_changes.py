"""Notices what other processes of this profile write: a command beside the window, a worker beside a command."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from desktop.domain.errors import TidingsError

INTERVAL_SECONDS = 1.0
_log = logging.getLogger(__name__)


class OutsideChanges:
    """Calls back when the database was changed by another process, at most once a second."""

    def __init__(self, data_version: Callable[[], int], on_change: Callable[[], None]) -> None:
        """``data_version`` returns a number that changes then; ``on_change`` runs on this watcher's thread."""
        self._data_version, self._on_change = data_version, on_change
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="outside-changes", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End; nothing happens when it never began."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _watch(self) -> None:
        last: int | None = None
        while not self._stopping.is_set():
            try:
                now = self._data_version()
                if last not in (None, now):
                    self._on_change()
                last = now
            except TidingsError as error:  # busy or read-only for the moment: the next round finds out
                _log.info("could not look for changes of other processes: %s", error)
            self._stopping.wait(INTERVAL_SECONDS)
