"""Carrying a chip or a card over the page: the ghost, the dashed target, the pill, and turning the page on the way.

Everything happens with plain mouse events: the widget that was pressed keeps the mouse and reports to the carrier,
which works in the page's coordinates and so crosses from the backlog to the month and back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from desktop.gui.pages.planner.chips import CHIP_RADIUS, paint_pill, pill_width
from desktop.gui.pages.planner.dragging import Drag
from desktop.gui.pages.planner.drops import Cargo, Target, Verdict
from desktop.gui.theme.painting import draw_box
from desktop.gui.theme.shadows import shadow_margin
from desktop.gui.theme.theme import theme

TURN_AFTER_MS = 600
_TILT_DEGREES = -1.6


@dataclass(frozen=True, slots=True)
class Grip:
    """What was pressed: the cargo, its rectangle on the screen, and how to draw it under the pointer."""

    cargo: Cargo
    place: QRect
    paint: Callable[[QPainter, QRectF], None]


@dataclass(frozen=True, slots=True)
class Landing:
    """A possible target and its rectangle on the screen."""

    target: Target
    place: QRect


class DragOverlay(QWidget):
    """What a drag shows above the page. It lets every mouse event through and repaints only what moved."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()
        self._ghost = QPixmap()
        self._ghost_rect = QRectF()
        self._margin = 0
        self._hole: QRectF | None = None
        self._target: QRectF | None = None
        self._verdict = Verdict(False, "")

    def begin(self, grip: Grip) -> None:
        """Show the ghost of ``grip`` and a hole where it was."""
        self.setGeometry(self._page.rect())
        self._margin = shadow_margin("sm") + 2
        ratio, size = self.devicePixelRatioF(), grip.place.size()
        around = QSize(2 * self._margin, 2 * self._margin)
        self._ghost = QPixmap((size + around) * ratio)
        self._ghost.setDevicePixelRatio(ratio)
        self._ghost.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._ghost)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        grip.paint(painter, QRectF(self._margin, self._margin, size.width(), size.height()))
        painter.end()
        self._hole = QRectF(QPointF(self.mapFromGlobal(grip.place.topLeft())), size.toSizeF())
        self._ghost_rect = QRectF(self._hole)
        self.show()
        self.raise_()

    def follow(self, corner: QPointF, landing: Landing | None, verdict: Verdict) -> None:
        """Put the ghost's corner to ``corner`` (own pixels) and show what a drop would do."""
        before = self._dirty()
        self._ghost_rect.moveTopLeft(corner)
        self._target = None
        if landing is not None and verdict.is_allowed:
            self._target = QRectF(QPointF(self.mapFromGlobal(landing.place.topLeft())), landing.place.size().toSizeF())
        self._verdict = verdict
        for rect in (*before, *self._dirty()):
            self.update(rect)

    def forget_hole(self) -> None:
        """Stop marking where the cargo came from: another month is shown."""
        self._hole = None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw hole, target, ghost and pill."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._hole is not None:
            draw_box(painter, self._hole, CHIP_RADIUS, "hover")
        if self._target is not None:
            cell = self._target.adjusted(2, 2, -3, -2)
            draw_box(painter, cell, 8, theme().color("accent", 22), "accent", 1.5, (4, 3))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(self._ghost_rect.center())
        painter.rotate(_TILT_DEGREES)
        half = QPointF(self._ghost_rect.width() / 2 + self._margin, self._ghost_rect.height() / 2 + self._margin)
        painter.drawPixmap(-half, self._ghost)
        painter.restore()
        if self._verdict.words:
            paint_pill(painter, self._pill_rect(), self._verdict.words, is_refusal=not self._verdict.is_allowed)

    def _pill_rect(self) -> QRectF:
        width = pill_width(self._verdict.words, is_refusal=not self._verdict.is_allowed)
        height = theme().scaled(25)
        x = min(max(8.0, self._ghost_rect.left() + 8), self.width() - width - 8)
        y = self._ghost_rect.bottom() + 9
        if y + height > self.height() - 8:
            y = self._ghost_rect.top() - height - 9
        return QRectF(x, y, width, height)

    def _dirty(self) -> list[QRect]:
        around = self._margin + 6
        rects = [
            self._ghost_rect.adjusted(-around, -around, around, around),
            self._pill_rect().adjusted(-14, -14, 14, 14),
        ]
        if self._target is not None:
            rects.append(self._target)
        return [rect.toAlignedRect() for rect in rects]


class Carrier(QObject):
    """One drag at a time. ``dropped`` carries (cargo, target); refused drops are announced too."""

    dropped = Signal(object, object)
    turn_requested = Signal(int)

    def __init__(
        self,
        page: QWidget,
        landing_at: Callable[[QPoint], Landing | None],
        turn_at: Callable[[QPoint], int],
        judge: Callable[[Cargo, Target], Verdict],
    ) -> None:
        """``landing_at`` and ``turn_at`` look up screen positions; a turn is -1, 1 or 0 for none."""
        super().__init__(page)
        self._page = page
        self._landing_at = landing_at
        self._turn_at = turn_at
        self._judge = judge
        self._drag: Drag[Grip] = Drag()
        self._overlay = DragOverlay(page)
        self._timer = QTimer(self)
        self._timer.setInterval(TURN_AFTER_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._turn = 0

    @property
    def is_carrying(self) -> bool:
        """Whether something is under the pointer."""
        return self._drag.is_carrying

    def press(self, grip: Grip, at: QPoint) -> None:
        """Take hold; ``at`` is on the screen."""
        self._drag.press(grip, QPointF(at))

    def move(self, at: QPoint) -> bool:
        """Follow the pointer and return whether something is carried."""
        was_carrying, grip = self._drag.is_carrying, self._drag.cargo
        if grip is None or not self._drag.move(QPointF(at)):
            return False
        if not was_carrying:
            self._overlay.begin(grip)
        self._watch_turn(self._turn_at(at))
        self._show(grip, at)
        return True

    def release(self) -> bool:
        """Drop; return False when nothing was carried, so that it was a click."""
        at, grip = self._drag.at, self._drag.release()
        self._stop()
        if grip is None or at is None:
            return False
        landing = self._landing_at(at.toPoint())
        if landing is not None:
            self.dropped.emit(grip.cargo, landing.target)
        return True

    def cancel(self) -> bool:
        """Put it back; return whether something was carried."""
        was_carrying = self._drag.is_carrying
        self._drag.cancel()
        self._stop()
        return was_carrying

    def _show(self, grip: Grip, at: QPoint) -> None:
        landing = self._landing_at(at)
        verdict = self._judge(grip.cargo, landing.target) if landing is not None else Verdict(False, "")
        pressed_at = self._drag.grip or QPointF(at)
        corner = QPointF(self._page.mapFromGlobal(at)) - (pressed_at - QPointF(grip.place.topLeft()))
        self._overlay.follow(corner, landing, verdict)

    def _watch_turn(self, turn: int) -> None:
        if turn != self._turn:
            self._turn = turn
            if turn:
                self._timer.start()
            else:
                self._timer.stop()

    def _on_timer_timeout(self) -> None:
        self._overlay.forget_hole()
        self.turn_requested.emit(self._turn)

    def _stop(self) -> None:
        self._watch_turn(0)
        self._overlay.hide()
