"""Whether something is being dragged: press, carry, drop or cancel. Knows no widget and no post."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from PySide6.QtCore import QPointF

C = TypeVar("C")
START_DISTANCE_PX = 6.0


class DragPhase(Enum):
    """How far a drag got."""

    IDLE = "idle"
    PRESSED = "pressed"
    CARRYING = "carrying"


@dataclass(slots=True)
class Drag(Generic[C]):
    """One pointer and what it may carry. ``at`` is where the pointer is, ``grip`` where it was pressed."""

    phase: DragPhase = DragPhase.IDLE
    cargo: C | None = None
    grip: QPointF | None = None
    at: QPointF | None = None

    @property
    def is_carrying(self) -> bool:
        """Whether the cargo has left its place."""
        return self.phase is DragPhase.CARRYING

    def press(self, cargo: C, at: QPointF) -> None:
        """Take hold of ``cargo``; nothing moves yet."""
        self.phase, self.cargo, self.grip, self.at = DragPhase.PRESSED, cargo, at, at

    def move(self, at: QPointF) -> bool:
        """Follow the pointer and return whether the cargo is being carried; it starts after a few pixels."""
        if self.phase is DragPhase.IDLE or self.grip is None:
            return False
        self.at = at
        if (at - self.grip).manhattanLength() >= START_DISTANCE_PX:
            self.phase = DragPhase.CARRYING
        return self.is_carrying

    def release(self) -> C | None:
        """Let go and return what was carried; None when it never left its place."""
        carried = self.cargo if self.is_carrying else None
        self.cancel()
        return carried

    def cancel(self) -> None:
        """Forget everything."""
        self.phase, self.cargo, self.grip, self.at = DragPhase.IDLE, None, None, None
