"""The limits page: one card per account, and a button that asks the networks."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.gui.pages.limits.card import LimitsCard
from desktop.gui.pages.limits.viewmodel import LimitsViewModel
from desktop.gui.shell.action_banner import action_banner
from desktop.gui.shell.context import PageContext
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.cards import PageBar
from desktop.gui.widgets.empty_state import EmptyState
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.scroll import ScrollArea
from desktop.kit.branding import NAME
from desktop.kit.i18n import tr

COLUMN_PX = 680


class LimitsPage(QWidget):
    """The page as the shell shows it."""

    accounts_requested = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        identify(self, "limits", tr("Limits"))
        self.viewmodel = LimitsViewModel(context, self)
        self._list = column(spacing=14)
        self._stack = QStackedWidget()
        self._stack.addWidget(ScrollArea(self._content()))
        self._stack.addWidget(
            EmptyState(
                "gauge",
                tr("The networks limit how much each account may post. What is left shows here."),
                Button(
                    tr("Connect an account"), "limits.connect", kind="primary", on_click=self.accounts_requested.emit
                ),
            )
        )
        self._ask = Button(tr("Ask the networks"), "limits.ask", on_click=self.viewmodel.ask_networks)
        self._failure = action_banner("limits.failure", "", "danger", tr("Try again"), self.viewmodel.reload)
        self._failure.hide()
        layout = column(PageBar(tr("Limits"), None, self._ask), self._failure, self._stack, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.viewmodel.changed.connect(self._refresh)

    def _content(self) -> QWidget:
        about = tr(
            "Each network counts what an account posts within 24 hours, and how often {name} calls it. Reading figures "
            "and comments slows down when calls run short and stops before the last, so that posts always get through.",
            name=NAME,
        )
        inner = QWidget()
        inner.setMaximumWidth(COLUMN_PX)
        inner.setLayout(column(Label(about, "body", "muted", wrap=True), self._list, None, spacing=16))
        content = QWidget()
        layout = row(None, inner, None, margins=(24, 20, 24, 32))
        layout.setStretch(1, 1000)
        content.setLayout(layout)
        return content

    def _refresh(self) -> None:
        viewmodel, context = self.viewmodel, self.viewmodel.context
        self._failure.setVisible(viewmodel.failure is not None)
        if viewmodel.failure is not None:
            self._failure.set_message(viewmodel.failure.text)
        self._ask.setText(tr("Asking …") if viewmodel.is_asking else tr("Ask the networks"))
        self._ask.setEnabled(not viewmodel.is_asking)
        self._ask.setVisible(bool(viewmodel.accounts))
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for limits in viewmodel.accounts:
            self._list.addWidget(LimitsCard(limits, context.clock.now(), context.zone()))
        self._stack.setCurrentIndex(0 if viewmodel.accounts or not viewmodel.is_read else 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while the page was away."""
        super().showEvent(event)
        self.viewmodel.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self.viewmodel.set_active(False)
