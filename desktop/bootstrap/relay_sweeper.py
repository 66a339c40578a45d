"""Takes files down from the relay as soon as no network needs them, on a thread beside the publisher."""

from __future__ import annotations

import threading
from datetime import timedelta

from desktop.services.changes import Change, ChangeFeed, Noun
from desktop.services.hosting.service import HostingService

SWEEP_EVERY = timedelta(minutes=5)
AFTER_FAILURE = timedelta(minutes=1)
LONGEST_STOP_SECONDS = 20.0


class RelaySweeper:
    """Sweeps at the start, when a delivery has moved on, every 5 minutes, and a last time at the end."""

    def __init__(self, hosting: HostingService, changes: ChangeFeed) -> None:
        self._hosting = hosting
        self._stopping, self._woken = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._keep, name="relay", daemon=True)
        changes.subscribe(self._on_change)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Sweep once more and end; a relay that does not answer is not waited for long."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(LONGEST_STOP_SECONDS)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            if self._hosting.sweep().left:
                self._stopping.wait(AFTER_FAILURE.total_seconds())  # whatever changes: it is broken now
            else:
                self._woken.wait(SWEEP_EVERY.total_seconds())
        self._hosting.sweep()

    def _on_change(self, change: Change) -> None:
        if change.noun is Noun.DELIVERIES:
            self._woken.set()
