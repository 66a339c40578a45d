from __future__ import annotations

from PySide6.QtCore import QPointF

from desktop.gui.pages.planner.dragging import START_DISTANCE_PX, Drag, DragPhase


def pressed() -> Drag[str]:
    drag: Drag[str] = Drag()
    drag.press("chip", QPointF(10, 10))
    return drag


def test_a_small_tremble_is_a_click() -> None:
    drag = pressed()
    assert not drag.move(QPointF(10 + START_DISTANCE_PX - 1, 10))
    assert drag.release() is None
    assert drag.phase is DragPhase.IDLE


def test_carrying_begins_after_a_few_pixels_and_goes_on_near_the_start() -> None:
    drag = pressed()
    assert drag.move(QPointF(10 + START_DISTANCE_PX, 10))
    assert drag.move(QPointF(10, 10))
    assert drag.at == QPointF(10, 10)
    assert drag.release() == "chip"
    assert drag.release() is None


def test_cancel_lets_go_of_it() -> None:
    drag = pressed()
    drag.move(QPointF(90, 90))
    drag.cancel()
    assert not drag.is_carrying
    assert not drag.move(QPointF(200, 200))
    assert drag.release() is None
