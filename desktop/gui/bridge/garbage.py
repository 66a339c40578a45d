"""When Python's cyclic garbage collector may run: on the GUI thread only.

Left alone, it runs on whichever thread happens to allocate, and would then destroy Qt objects there.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_PERIOD_MS = 1_000
_YOUNG_LIMIT = 5_000


class GarbageCollection(QObject):
    """Turns automatic collection off and collects from a timer instead, older generations more seldom.

    Create it on the GUI thread once the window is up; :meth:`stop` gives the work back to Python.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._limits = (_YOUNG_LIMIT, *gc.get_threshold()[1:])
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start(_PERIOD_MS)

    @Slot()
    def collect_if_due(self) -> None:
        """Collect the oldest generation whose count is over its limit, as Python itself would."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._limits[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.enable()
