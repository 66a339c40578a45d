"""The month: one painted widget. It turns gestures and keys into requests and decides nothing about posts."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.pages.planner.canvas import MonthCanvas
from desktop.gui.pages.planner.carrying import Carrier, Grip
from desktop.gui.pages.planner.chips import paint_chip
from desktop.gui.pages.planner.keys import Ask, Command, command_for
from desktop.gui.pages.planner.layout import Hit
from desktop.gui.pages.planner.navigation import Cursor
from desktop.gui.pages.planner.scene import key_of
from desktop.gui.pages.planner.viewmodel import PlannerViewModel
from desktop.services.scheduling.entries import CalendarEntry

_LOOK_AFTER_MS = 220  # long enough for the second click of most double clicks


class MonthView(MonthCanvas):
    """The month as people handle it."""

    open_requested = Signal(object)  # CalendarEntry
    compose_requested = Signal(object)  # date
    look_requested = Signal(object, QRect)  # CalendarEntry and its chip
    day_list_requested = Signal(object, QRect)  # date and its "+n more"
    menu_requested = Signal(object, QPoint)  # CalendarEntry or date, and where on the screen
    asked = Signal(object)  # a Command for the whole page: undo, redo

    def __init__(self, viewmodel: PlannerViewModel, parent: QWidget | None = None) -> None:
        super().__init__(viewmodel, parent)
        self.carrier: Carrier | None = None
        self._pressed: Hit | None = None
        self._look = QTimer(self, singleShot=True, interval=min(_LOOK_AFTER_MS, QApplication.doubleClickInterval()))
        self._look.timeout.connect(self.look_at_current)

    # --- pointer -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a chip, or remember where a click began."""
        hit = self.scene.hit(event.position())
        entry = self.scene.entry_at(hit)
        if hit is None:
            return
        self.cursor_at = Cursor(hit.day, key_of(entry) if entry else None)
        self._is_ring_shown = entry is not None
        self.update()
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = hit
            if entry is not None and self.carrier is not None:
                self.carrier.press(self._grip(entry), event.globalPosition().toPoint())

    def _grip(self, entry: CalendarEntry) -> Grip:
        rect, hue = self.scene.chip_rect(key_of(entry)) or QRect(), self.scene.hue(entry)
        place = QRect(self.mapToGlobal(rect.topLeft()), rect.size())
        return Grip(entry, place, lambda painter, area: paint_chip(painter, area, entry, hue, is_lifted=True))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry what was pressed, or follow with the hover."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._set_hover(None)
            if self.carrier is not None and self.carrier.move(event.globalPosition().toPoint()) and self._is_ring_shown:
                self._is_ring_shown = False
                self.update()
            return
        hit = self.scene.hit(event.position())
        self._set_hover(hit)
        is_target = hit is not None and (hit.chip is not None or hit.is_more)
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_target else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop, or finish a click."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        pressed, self._pressed = self._pressed, None
        was_carried = self.carrier is not None and self.carrier.release()
        hit = self.scene.hit(event.position())
        if was_carried or hit is None or hit != pressed:
            return
        more = self.scene.more_rect(hit.day)
        if hit.chip is not None:
            self._look.start()
        elif hit.is_more and more is not None:
            self.day_list_requested.emit(hit.day, more)
        else:
            self.compose_requested.emit(hit.day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a chip."""
        self._look.stop()
        entry = self.scene.entry_at(self.scene.hit(event.position()))
        if entry is not None and event.button() == Qt.MouseButton.LeftButton:
            self.open_requested.emit(entry)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the hover."""
        self._set_hover(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the chip or day under the pointer, or of the current one."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            hit = self.scene.hit(QPointF(event.pos()))
            if hit is not None:
                self.menu_requested.emit(self.scene.entry_at(hit) or hit.day, event.globalPos())
            return
        chip = self.scene.chip_rect(self.cursor_at.entry)
        below = chip or self.scene.layout.day_rect(self.cursor_at.day).toRect()
        self.menu_requested.emit(self.current_entry or self.cursor_at.day, self.mapToGlobal(below.bottomLeft()))

    def look_at_current(self) -> None:
        """Ask for a quick look at the current chip."""
        entry, rect = self.current_entry, self.scene.chip_rect(self.cursor_at.entry)
        if entry is not None and rect is not None:
            self.look_requested.emit(entry, rect)

    # --- keyboard ------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key asks for; see :mod:`~desktop.gui.pages.planner.keys`."""
        command = command_for(event.keyCombination(), is_mirrored=self.isRightToLeft())
        if command is None or not self._run(command):
            super().keyPressEvent(event)

    def _run(self, command: Command) -> bool:
        """Carry out a command; False when there was nothing to do, so that others may have the key."""
        entry, day = self.current_entry, self.cursor_at.day
        match command.ask:
            case Ask.STEP:
                self.set_cursor(self.cursor_at.stepped(command.amount))
            case Ask.MOVE if entry is not None:
                self._move(entry, command.amount)
            case Ask.TURN:
                self._viewmodel.turn(command.amount)
            case Ask.TODAY:
                self._viewmodel.show_today()
                self.set_cursor(Cursor(self._viewmodel.today))
            case Ask.OPEN if entry is not None:
                self.open_requested.emit(entry)
            case Ask.OPEN | Ask.NEW:
                self.compose_requested.emit(day)
            case Ask.LOOK if entry is not None:
                self.look_at_current()
            case Ask.DELETE if entry is not None:
                self._viewmodel.edits.delete(entry)
            case Ask.CANCEL:
                return self.carrier is not None and self.carrier.cancel()
            case Ask.UNDO | Ask.REDO:
                self.asked.emit(command)
            case _:
                return False
        return True

    def _move(self, entry: CalendarEntry, days: int) -> None:
        day = entry.local.date() + timedelta(days=days)
        if self._viewmodel.edits.drop(entry, day):
            # the entry is already there: moves show at once
            self.set_cursor(Cursor(day, key_of(entry)._replace(local=entry.local + timedelta(days=days))))

    def hideEvent(self, event: QHideEvent) -> None:
        """Put back what is being carried."""
        if self.carrier is not None:
            self.carrier.cancel()
        super().hideEvent(event)
