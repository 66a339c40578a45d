"""The month as one painted widget: its layout, its cursor, its painting, and what screen readers get of it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.gui.pages.planner.accessible import PaintedItem, PaintedItems
from desktop.gui.pages.planner.layout import Hit
from desktop.gui.pages.planner.navigation import Cursor
from desktop.gui.pages.planner.scene import MonthScene
from desktop.gui.pages.planner.viewmodel import PlannerViewModel
from desktop.gui.pages.planner.words import month_title, short_time, title_of
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.identity import identify
from desktop.kit.i18n import tr
from desktop.services.scheduling.entries import CalendarEntry

_Reason = Qt.FocusReason
_KEEPING_REASONS = (_Reason.ActiveWindowFocusReason, _Reason.PopupFocusReason, _Reason.MenuBarFocusReason)


class MonthCanvas(PaintedItems):
    """Weeks as cached pictures, with hover, selection and focus drawn over them."""

    def __init__(self, viewmodel: PlannerViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewmodel = viewmodel
        self.scene = MonthScene(viewmodel)
        self.cursor_at = Cursor(viewmodel.today)
        self._hover: Hit | None = None
        self._is_ring_shown = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        identify(self, "planner.month", "", tr("Arrow keys move between days, Tab between posts, Enter opens."))
        theme().changed.connect(self.refresh)
        viewmodel.month_changed.connect(self._on_viewmodel_month_changed)
        viewmodel.entries_changed.connect(self.refresh)
        self._on_viewmodel_month_changed()

    def sizeHint(self) -> QSize:
        """Return a comfortable month."""
        return QSize(900, 760)

    def minimumSizeHint(self) -> QSize:
        """Return the least room in which a day can still be told from the next."""
        return QSize(theme().scaled(420), theme().scaled(360))

    @property
    def current_entry(self) -> CalendarEntry | None:
        """The entry the keyboard is on."""
        return self.scene.entry_of(self.cursor_at.entry)

    def set_cursor(self, cursor: Cursor) -> None:
        """Go there with the keyboard; another month is turned to when needed."""
        self.cursor_at = cursor
        self._is_ring_shown = True
        self._viewmodel.show_day(cursor.day)
        self.update()
        self.announce_current()

    def refresh(self) -> None:
        """Take over what the view model knows now, and size and theme."""
        self.scene.lay_out(self.size(), is_mirrored=self.isRightToLeft())
        if self._viewmodel.month.shows(self.cursor_at.day):
            self.cursor_at = self.cursor_at.settled(self.scene.keys_on)
        self._hover = None
        self.forget_items()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the weeks that the event touches, then what changes often."""
        painter = QPainter(self)
        self.scene.paint_weeks(painter, event.rect(), self.devicePixelRatioF())
        if self._hover is not None:
            self.scene.paint_hover(painter, self._hover)
        if self._is_ring_shown:
            self.scene.paint_ring(painter, self.cursor_at)
        painter.end()

    def _set_hover(self, hit: Hit | None) -> None:
        if hit != self._hover:
            for changed in (self._hover, hit):
                if changed is not None and self._viewmodel.month.shows(changed.day):
                    self.update(self.scene.layout.day_rect(changed.day).toRect())
            self._hover = hit

    def event(self, event: QEvent) -> bool:
        """Show the whole title of a chip as a tool tip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            entry = self.scene.entry_at(self._hover)
            words = f"{short_time(entry.local)}  {title_of(entry)}" if entry else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab visit the chips before it leaves."""
        if self.hasFocus():
            found = self.cursor_at.next_chip(self._viewmodel.month.days, self.scene.keys_on, backward=not forward)
            if found is not None:
                self.set_cursor(found)
                return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is when it came by keyboard."""
        super().focusInEvent(event)
        if event.reason() in (_Reason.TabFocusReason, _Reason.BacktabFocusReason):
            self.set_cursor(Cursor(self.cursor_at.day))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away unless the focus comes back soon."""
        super().focusOutEvent(event)
        if event.reason() not in _KEEPING_REASONS:
            self._is_ring_shown = False
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        self.refresh()
        super().resizeEvent(event)

    def current_key(self) -> Hashable:
        """Return the entry's key, or the day."""
        return self.cursor_at.entry or self.cursor_at.day

    def build_items(self) -> Sequence[PaintedItem]:
        """Return days, chips and "more" lines."""
        return self.scene.items()

    def _on_viewmodel_month_changed(self) -> None:
        month, today = self._viewmodel.month, self._viewmodel.today
        self.setAccessibleName(tr("Month calendar, {month}", month=month_title(month)))
        if not month.shows(self.cursor_at.day):
            self.cursor_at = Cursor(today if month.owns(today) else month.first_of_month)
        self.refresh()
