"""The line that floats over an empty month."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop.gui.pages.planner.viewmodel import PlannerViewModel
from desktop.gui.widgets.buttons import LinkButton
from desktop.gui.widgets.cards import FloatingSurface
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import IconLabel, Label
from desktop.gui.widgets.layouts import row
from desktop.kit.i18n import tr

_ABOVE_TOASTS_PX = 92


class EmptyMonthNotice(FloatingSurface):
    """One sentence and one thing to do, at the lower edge of the month; gone as soon as there is a post."""

    def __init__(self, month_view: QWidget, viewmodel: PlannerViewModel, on_new: Callable[[], object]) -> None:
        super().__init__("md", 10, month_view)
        self._month_view = month_view
        self._viewmodel = viewmodel
        self._on_new = on_new
        self._label = Label("", "body", "muted")
        self._button = LinkButton("", "planner.empty.action", on_click=self._on_button_clicked)
        icon = IconLabel("calendar-days", "text3")
        self.set_content(row(icon, self._label, self._button, spacing=10, margins=(16, 9, 8, 9)))
        # or a click on it would write a post for the day below
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        identify(self, "planner.empty", "")
        month_view.installEventFilter(self)
        for signal in (viewmodel.entries_changed, viewmodel.month_changed, viewmodel.failure_changed):
            signal.connect(self._refresh)
        self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the lower edge."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _refresh(self) -> None:
        is_filtered = self._viewmodel.filter.is_active
        words = (
            tr("No posts of the accounts shown this month.") if is_filtered else tr("Nothing planned this month yet.")
        )
        self._label.setText(words)
        self._button.setText(tr("Show all accounts") if is_filtered else tr("Write a post"))
        self._button.setAccessibleName(self._button.text())
        self.setAccessibleName(words)
        self.setVisible(self._viewmodel.is_month_empty and self._viewmodel.failure is None)
        self._place()

    def _place(self) -> None:
        self.adjustSize()
        host = self._month_view
        self.move((host.width() - self.width()) // 2, host.height() - self.height() - _ABOVE_TOASTS_PX + self.margin_px)

    def _on_button_clicked(self) -> None:
        if self._viewmodel.filter.is_active:
            self._viewmodel.filter.show_all()
        else:
            self._on_new()
