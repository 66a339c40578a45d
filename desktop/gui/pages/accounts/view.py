"""The accounts page: one card per account."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.domain.accounts import Account
from desktop.gui.pages.accounts.card import AccountCard
from desktop.gui.pages.accounts.connect_dialog import ConnectDialog
from desktop.gui.pages.accounts.viewmodel import AccountsViewModel
from desktop.gui.shell.action_banner import action_banner
from desktop.gui.shell.context import PageContext
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.cards import PageBar
from desktop.gui.widgets.dialogs import ConfirmDialog
from desktop.gui.widgets.empty_state import EmptyState
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.scroll import ScrollArea
from desktop.kit.i18n import tr

COLUMN_PX = 680


class AccountsPage(QWidget):
    """The page as the shell shows it."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        identify(self, "accounts", tr("Accounts"))
        self.viewmodel = AccountsViewModel(context, self)
        self._cards: dict[str, AccountCard] = {}
        self._wanted = ""
        self._list = column(spacing=14)
        self._stack = QStackedWidget()
        self._scroll = ScrollArea(self._content())
        empty = EmptyState(
            "users",
            tr("No account is connected yet. You need one when a post goes out."),
            Button(tr("Connect an account"), "accounts.empty.connect", kind="primary", on_click=self.connect_account),
        )
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(empty)
        connect = Button(
            tr("Connect an account"), "accounts.connect", kind="primary", icon="plus", on_click=self.connect_account
        )
        self._failure = action_banner("accounts.failure", "", "danger", tr("Try again"), self.viewmodel.reload)
        self._failure.hide()
        layout = column(PageBar(tr("Accounts"), None, connect), self._failure, self._stack, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.viewmodel.changed.connect(self._refresh)

    def _content(self) -> QWidget:
        inner = QWidget()
        inner.setMaximumWidth(COLUMN_PX)
        inner.setLayout(column(self._list, None, spacing=0))
        content = QWidget()
        layout = row(None, inner, None, margins=(24, 20, 24, 32))
        layout.setStretch(1, 1000)
        content.setLayout(layout)
        return content

    # --- asked by others -----------------------------------------------------------------------------------------

    def connect_account(self) -> None:
        """Ask for a token."""
        ConnectDialog(self.viewmodel, self.window(), self._on_connected).open()

    def show_account(self, account_id: str) -> None:
        """Bring an account into view."""
        self._wanted = account_id
        self._show_wanted()

    # --- what opens ----------------------------------------------------------------------------------------------

    def _reconnect(self, account: Account) -> None:
        ConnectDialog(self.viewmodel, self.window(), self._on_connected, account).open()

    def _ask_disconnect(self, account: Account) -> None:
        name = account.display_name or account.username
        ConfirmDialog(
            "disconnect",
            tr("Disconnect {name}?", name=name),
            tr(
                "Its token is removed from this computer. What is planned for it stays on the calendar and is held: "
                "nothing goes out until you connect it again. Its history stays. Nothing changes on {network}.",
                network=account.network.label,
            ),
            self.window(),
            confirm=tr("Disconnect"),
            on_confirm=lambda: self.viewmodel.disconnect_account(account),
        ).open()

    def _on_connected(self, account: Account) -> None:
        self._wanted = account.id
        self.viewmodel.context.notify(tr("{name} is connected.", name=account.username))
        self.viewmodel.reload()

    # --- news ----------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        viewmodel = self.viewmodel
        self._failure.setVisible(viewmodel.failure is not None)
        if viewmodel.failure is not None:
            self._failure.set_message(viewmodel.failure.text)
        focus = self.focusWidget()
        focused = focus.objectName() if focus is not None else ""
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._cards = {}
        for account in viewmodel.accounts:
            card = AccountCard(account, viewmodel)
            card.reconnect_requested.connect(partial(self._reconnect, account))
            card.disconnect_requested.connect(partial(self._ask_disconnect, account))
            self._cards[account.id] = card
            self._list.addWidget(card)
        self._stack.setCurrentIndex(0 if viewmodel.accounts or not viewmodel.is_read else 1)
        for again in self.findChildren(QWidget, focused)[-1:] if focused else ():
            again.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_wanted()

    def _show_wanted(self) -> None:
        card = self._cards.get(self._wanted)
        if card is not None:
            self._wanted = ""
            self._scroll.ensureWidgetVisible(card)
            for other in self._cards.values():
                other.set_active(other is card)

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while the page was away."""
        super().showEvent(event)
        self.viewmodel.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self.viewmodel.set_active(False)
