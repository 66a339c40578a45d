"""Activity: the deliveries as a list, and beside it the one that is chosen."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStackedWidget, QWidget

from desktop.gui.pages.activity.delegate import DeliveryDelegate
from desktop.gui.pages.activity.detail import DetailPanel
from desktop.gui.pages.activity.model import SUMMARY_ROLE
from desktop.gui.pages.activity.viewmodel import ActivityViewModel, Group
from desktop.gui.shell.action_banner import action_banner
from desktop.gui.shell.context import PageContext
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.cards import PageBar
from desktop.gui.widgets.empty_state import EmptyState
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.inputs import ComboBox
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.segmented import SegmentedControl
from desktop.kit.i18n import tr
from desktop.services.publishing.service import DeliverySummary

DETAIL_PX = 380
_GROUPS = {
    Group.ALL: "All",
    Group.UPCOMING: "Upcoming",
    Group.ATTENTION: "Needs attention",
    Group.PUBLISHED: "Published",
}


class DeliveryList(QListView):
    """The list. Enter opens the post of the chosen line."""

    opened = Signal(str)

    def __init__(self, viewmodel: ActivityViewModel) -> None:
        super().__init__()
        identify(self, "activity.list", tr("Deliveries"))
        self.setModel(viewmodel.model)
        self._delegate = DeliveryDelegate(viewmodel.context)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.doubleClicked.connect(self._open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the post; everything else moves about."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        summary: DeliverySummary = index.data(SUMMARY_ROLE)
        self.opened.emit(summary.delivery.post_id)


class ActivityPage(QWidget):
    """The page as the shell shows it. ``post_requested`` carries a post id."""

    post_requested = Signal(str)
    compose_requested = Signal()
    accounts_requested = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        identify(self, "activity", tr("Activity"))
        self.viewmodel = ActivityViewModel(context, self)
        self.list = DeliveryList(self.viewmodel)
        self.detail = DetailPanel(self.viewmodel)
        self._fit()
        theme().changed.connect(self._fit)
        options = [(group.value, tr(words)) for group, words in _GROUPS.items()]
        self._groups = SegmentedControl(options, "activity.group", tr("Which deliveries"), Group.ALL.value)
        self._accounts = ComboBox("activity.account", tr("Account"), [("", tr("All accounts"))])
        self._accounts.setFixedWidth(190)
        self._failure = action_banner("activity.failure", "", "danger", tr("Try again"), self.viewmodel.reload)
        self._failure.hide()
        self._stack = self._places()
        body = row(self._stack, self.detail, spacing=0)
        body.setStretch(0, 1)
        bar = PageBar(tr("Activity"), 10, self._groups, None, self._accounts)
        layout = column(bar, self._failure, body, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._connect()

    def _fit(self) -> None:
        self.detail.setFixedWidth(theme().scaled(DETAIL_PX))

    def _places(self) -> QStackedWidget:
        nothing = Button(
            tr("Write a post"), "activity.empty.write", kind="primary", on_click=self.compose_requested.emit
        )
        clear = Button(tr("Show all"), "activity.empty.all", on_click=self._show_all)
        stack = QStackedWidget()
        framed = QWidget()
        framed.setLayout(column(self.list, margins=(0, 6, 0, 0)))
        stack.addWidget(framed)
        stack.addWidget(EmptyState("send", tr("Nothing yet. What you schedule or publish shows up here."), nothing))
        stack.addWidget(EmptyState("filter", tr("Nothing here with these filters."), clear))
        return stack

    def _connect(self) -> None:
        viewmodel = self.viewmodel
        self._groups.selected.connect(lambda key: viewmodel.show_group(Group(key)))
        self._accounts.selected.connect(viewmodel.show_account)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.opened.connect(self.post_requested)
        self.detail.post_requested.connect(self.post_requested)
        self.detail.accounts_requested.connect(self.accounts_requested)
        viewmodel.listed.connect(self._on_listed)
        viewmodel.accounts_changed.connect(self._fill_accounts)

    def show_delivery(self, delivery_id: str) -> None:
        """Choose a delivery, whatever the filters."""
        if self.viewmodel.is_filtered:
            self._show_all()
        self.viewmodel.choose(delivery_id)
        self._select_chosen()

    def _show_all(self) -> None:
        self.viewmodel.show_all()
        self._groups.select(Group.ALL.value)

    def _fill_accounts(self) -> None:
        was_blocked = self._accounts.blockSignals(True)
        self._accounts.clear()
        self._accounts.addItem(tr("All accounts"), "")
        for account in self.viewmodel.accounts:
            self._accounts.addItem(f"{account.display_name or account.username} · {account.network.label}", account.id)
        self._accounts.select(self.viewmodel.account_id or "")
        self._accounts.blockSignals(was_blocked)

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            summary: DeliverySummary = current.data(SUMMARY_ROLE)
            self.viewmodel.choose(summary.delivery.id)

    def _on_listed(self) -> None:
        viewmodel = self.viewmodel
        self._failure.setVisible(viewmodel.failure is not None)
        if viewmodel.failure is not None:
            self._failure.set_message(viewmodel.failure.text)
        has_rows = bool(viewmodel.model.rows)
        self._stack.setCurrentIndex(0 if has_rows else 2 if viewmodel.is_filtered else 1)
        self.detail.setVisible(has_rows)
        if has_rows and viewmodel.chosen is None:
            viewmodel.choose(viewmodel.nearest())
        self._select_chosen()

    def _select_chosen(self) -> None:
        place = self.viewmodel.model.row_of(self.viewmodel.chosen or "")
        selection = self.list.selectionModel()
        if place >= 0 and selection.currentIndex().row() != place:
            index = self.viewmodel.model.index(place)
            was_blocked = selection.blockSignals(True)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            selection.blockSignals(was_blocked)
            self.list.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            self.list.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while the page was away."""
        super().showEvent(event)
        self.viewmodel.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self.viewmodel.set_active(False)
