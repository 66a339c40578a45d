"""The bar on top: what this is, whether it is safe, where it goes, and when."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from desktop.gui.pages.composer.account_picker import AccountButton
from desktop.gui.pages.composer.ports import ComposerContext
from desktop.gui.pages.composer.saved_indicator import SavedIndicator
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.buttons import IconButton, SplitButton
from desktop.gui.widgets.cards import Panel
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import ElidedLabel
from desktop.gui.widgets.layouts import row
from desktop.gui.widgets.menus import Menu
from desktop.kit.i18n import tr


class Header(Panel):
    """Buttons only; ``schedule_requested`` asks for the dialog."""

    schedule_requested = Signal()
    publish_requested = Signal()
    side_toggled = Signal(bool)

    def __init__(self, viewmodel: ComposerViewModel, context: ComposerContext, parent: QWidget | None = None) -> None:
        super().__init__(fill="canvas", line="bottom", parent=parent)
        self._viewmodel = viewmodel
        self._title = identify(ElidedLabel("", "h1"), "composer.title", "")
        saved = SavedIndicator(viewmodel.autosave, context)
        self.accounts = AccountButton(viewmodel)
        self.side_button = IconButton("panel-right", "composer.side.toggle", tr("Preview and checks"), checkable=True)
        self._more_menu = Menu()
        self._more = IconButton("ellipsis", "composer.more", tr("More"), on_click=self._open_more)
        menu = Menu()
        menu.add(tr("Pick time…"), "composer.pick_time", self.schedule_requested.emit, icon="clock")
        menu.add(tr("Publish now"), "composer.publish_now", self.publish_requested.emit, icon="send")
        self._schedule = SplitButton(
            tr("Schedule"),
            "composer.schedule",
            menu,
            tr("More ways to publish"),
            icon="calendar-plus",
            on_click=self.schedule_requested.emit,
        )
        layout = row(
            self._title,
            saved,
            4,
            self.accounts,
            self.side_button,
            self._more,
            self._schedule,
            spacing=8,
            margins=(20, 0, 16, 0),
        )
        layout.setStretch(0, 2)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._more_menu.setParent(self, self._more_menu.windowFlags())
        self.setFixedHeight(max(56, theme().scaled(50)))
        self.side_button.toggled.connect(self.side_toggled)
        for signal in (viewmodel.opened, viewmodel.typed, viewmodel.parts_changed, viewmodel.settled):
            signal.connect(self._show)
        viewmodel.planning.changed.connect(self._show)
        self._show()

    def _show(self, *_: object) -> None:
        title = self._viewmodel.title or tr("New post")
        if title != self._title.text():
            self._title.set_text(title)
        can_plan = self._viewmodel.is_ready and not self._viewmodel.is_untouched
        is_open = can_plan and not self._viewmodel.is_read_only and not self._viewmodel.planning.is_publishing
        for button in (self._schedule.main, self._schedule.arrow):
            button.setEnabled(is_open)
        self._schedule.setVisible(not self._viewmodel.planning.plan.sent)
        words = tr("Reschedule") if self._viewmodel.planning.plan.schedule else tr("Schedule")
        if words != self._schedule.main.text():
            self._schedule.main.setText(words)
        self.accounts.setEnabled(not self._viewmodel.is_read_only)
        self._more.setEnabled(can_plan)

    def _open_more(self) -> None:
        menu, planning = self._more_menu, self._viewmodel.planning
        title = self._viewmodel.title or tr("New post")
        menu.clear()
        menu.add(tr("Duplicate"), "composer.duplicate", planning.duplicate, icon="copy")
        if planning.plan.schedule and not self._viewmodel.is_read_only:
            menu.add(tr("Take off the calendar"), "composer.unschedule", planning.unschedule, icon="calendar-days")
        if not self._viewmodel.is_read_only:
            delete: Callable[[], None] = lambda: planning.delete(title)  # noqa: E731
            menu.add(tr("Delete"), "composer.delete", delete, icon="trash-2", color="danger")
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 4)))
