"""Events from other threads, delivered on the GUI thread in batches."""

from __future__ import annotations

import threading
from datetime import timedelta
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

_SHORTEST_GAP = timedelta(milliseconds=100)


class EventBridge(QObject):
    """Collects what :meth:`post` gets and emits it as one tuple, at most ten times a second, in order.

    Create it on the GUI thread. The first event after a quiet time arrives at once.
    """

    delivered = Signal(object)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: list[object] = []
        self._last_delivery_s = float("-inf")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    def post(self, event: object) -> None:
        """Hand over an immutable event; from any thread."""
        with self._lock:
            self._waiting.append(event)
            is_first = len(self._waiting) == 1
        if is_first:
            self._woken.emit()

    @Slot()
    def _on_woken(self) -> None:
        rest_s = self._last_delivery_s + _SHORTEST_GAP.total_seconds() - monotonic()
        if rest_s > 0:
            self._timer.start(round(rest_s * 1000) + 1)
        else:
            self._on_timer_timeout()

    @Slot()
    def _on_timer_timeout(self) -> None:
        with self._lock:
            events, self._waiting = tuple(self._waiting), []
        self._last_delivery_s = monotonic()
        self.delivered.emit(events)
