"""The calendar page: bar, month, backlog drawer, and what opens over them."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.gui.pages.planner.backlog import BacklogDrawer
from desktop.gui.pages.planner.carrying import Carrier, Landing
from desktop.gui.pages.planner.drops import Cargo, Place, landing
from desktop.gui.pages.planner.keys import Ask, Command
from desktop.gui.pages.planner.menus import MenuActions, menu_for
from desktop.gui.pages.planner.month_view import MonthView
from desktop.gui.pages.planner.move_dialog import MoveDialog
from desktop.gui.pages.planner.notices import EmptyMonthNotice
from desktop.gui.pages.planner.popovers import DayList, QuickLook
from desktop.gui.pages.planner.ports import PlannerContext
from desktop.gui.pages.planner.toolbar import PlannerBar
from desktop.gui.pages.planner.viewmodel import PlannerViewModel
from desktop.gui.pages.planner.words import title_of
from desktop.gui.widgets.banner import Banner
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.layouts import column, row
from desktop.kit.i18n import tr
from desktop.services.scheduling.entries import CalendarEntry

WIDE_WINDOW_PX = 1300


class PlannerPage(QWidget):
    """The page as the shell shows it.

    ``open_requested`` carries a post id, ``compose_requested`` a day or None for a new post without a time.
    """

    open_requested = Signal(str)
    compose_requested = Signal(object)

    def __init__(self, context: PlannerContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.viewmodel = PlannerViewModel(context, self)
        self.bar = PlannerBar(self.viewmodel)
        self.month = MonthView(self.viewmodel)
        self.drawer = BacklogDrawer(self.viewmodel, lambda: self.compose_requested.emit(None))
        self._banner = Banner("planner.failure", "", "danger", action=tr("Try again"), on_action=self.viewmodel.reload)
        self._is_wide: bool | None = None
        self._actions = MenuActions(self._open, self._choose_time, self._compose)
        identify(self, "planner", tr("Calendar"))
        self._banner_frame = QWidget()
        self._banner_frame.setLayout(column(self._banner, margins=(16, 10, 16, 10)))
        body = row(self.month, self.drawer, spacing=0)
        body.setStretch(0, 1)
        layout = column(self.bar, self._banner_frame, body, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._notice = EmptyMonthNotice(self.month, self.viewmodel, lambda: self._compose(self._default_day()))
        self.carrier = Carrier(self, self._landing_at, self._turn_at, self.viewmodel.edits.judge)
        self.month.carrier = self.drawer.cards.carrier = self.carrier
        self._connect()
        self._on_failure_changed()

    def _connect(self) -> None:
        self.carrier.dropped.connect(self.viewmodel.edits.drop)
        self.carrier.turn_requested.connect(self.viewmodel.turn)
        self.bar.backlog.clicked.connect(lambda checked: self.drawer.setVisible(checked))
        self.month.open_requested.connect(self._open)
        self.month.compose_requested.connect(self._compose)
        self.month.look_requested.connect(self._look)
        self.month.day_list_requested.connect(self._list_day)
        self.month.menu_requested.connect(self._open_menu)
        self.month.asked.connect(self._on_month_asked)
        self.drawer.cards.open_requested.connect(self._open)
        self.drawer.cards.schedule_requested.connect(self._choose_time)
        self.drawer.cards.menu_requested.connect(self._open_menu)
        self.viewmodel.failure_changed.connect(self._on_failure_changed)

    # --- places --------------------------------------------------------------------------------------------------

    def _landing_at(self, at: QPoint) -> Landing | None:
        """Return the target under a point of the screen."""
        if self.drawer.isVisible() and _on_screen(self.drawer).contains(at):
            return Landing(Place.BACKLOG, _on_screen(self.drawer))
        day = self.month.scene.layout.day_at(self.month.mapFromGlobal(at).toPointF())
        if day is None:
            return None
        cell = self.month.scene.layout.day_rect(day).toRect()
        return Landing(day, QRect(self.month.mapToGlobal(cell.topLeft()), cell.size()))

    def _turn_at(self, at: QPoint) -> int:
        turns = ((self.bar.previous, -1), (self.bar.next, 1))
        return next((turn for button, turn in turns if _on_screen(button).contains(at)), 0)

    def _default_day(self) -> date:
        today = self.viewmodel.today
        return max(today, self.viewmodel.month.first_of_month)

    # --- what opens ----------------------------------------------------------------------------------------------

    def _open(self, item: Cargo) -> None:
        self.open_requested.emit(item.post_id)

    def _compose(self, day: date) -> None:
        """Ask for a new post; a day that has passed cannot be written for."""
        if day >= self.viewmodel.today:
            self.compose_requested.emit(day)

    def _look(self, entry: CalendarEntry, chip: QRect) -> None:
        QuickLook(entry, self.viewmodel, self._open, self._choose_time, self).show_beside(self.month, chip)

    def _list_day(self, day: date, area: QRect) -> None:
        popover = DayList(day, self.viewmodel, self._open, self._open_menu_here, self)
        popover.show_beside(self.month, area)

    def _open_menu(self, thing: Cargo | date, at: QPoint) -> None:
        menu_for(thing, self.viewmodel, self._actions, self).popup(at)

    def _open_menu_here(self, entry: CalendarEntry) -> None:
        self._open_menu(entry, self.cursor().pos())

    def _choose_time(self, item: Cargo) -> None:
        viewmodel = self.viewmodel
        if isinstance(item, CalendarEntry):
            words, confirm, start = tr("Move “{title}”", title=title_of(item)), tr("Move"), item.local
        else:
            words, confirm = tr("Schedule “{title}”", title=title_of(item)), tr("Schedule")
            start = landing(item, self._default_day(), viewmodel.local_now())

        def chosen(wall_time: datetime) -> None:
            if isinstance(item, CalendarEntry):
                viewmodel.edits.move_to(item, wall_time)
            else:
                viewmodel.edits.schedule(item, wall_time)

        MoveDialog(words, confirm, start, viewmodel.zone, viewmodel.local_now, chosen, self).open()

    # --- news ----------------------------------------------------------------------------------------------------

    def _on_month_asked(self, command: Command) -> None:
        if command.ask is Ask.UNDO:
            self._context.undo.undo()
        elif command.ask is Ask.REDO:
            self._context.undo.redo()

    def _on_failure_changed(self) -> None:
        failure = self.viewmodel.failure
        self._banner_frame.setVisible(failure is not None)
        if failure is not None:
            self._banner.set_message(f"{failure.title} {failure.advice}".strip())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Close the drawer where the month needs the room, open it where there is enough."""
        super().resizeEvent(event)
        is_wide = self.window().width() >= WIDE_WINDOW_PX
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self.drawer.setVisible(is_wide)
            self.bar.backlog.setChecked(is_wide)

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while the page was away."""
        super().showEvent(event)
        self.viewmodel.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self.carrier.cancel()
        self.viewmodel.set_active(False)


def _on_screen(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())
