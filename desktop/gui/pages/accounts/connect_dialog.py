"""Connecting an account by pasting its token."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.domain.accounts import Account
from desktop.domain.networks import Network
from desktop.gui.bridge.messages import message_for
from desktop.gui.bridge.tasks import Task
from desktop.gui.pages.accounts.viewmodel import AccountsViewModel
from desktop.gui.widgets.checks import CheckBox
from desktop.gui.widgets.dialogs import Dialog
from desktop.gui.widgets.inputs import FormRow, LineEdit
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.loading import LoadingLine
from desktop.gui.widgets.segmented import SegmentedControl
from desktop.kit.i18n import tr

_IDS = {
    Network.THREADS: "",
    Network.INSTAGRAM: "",
    Network.FACEBOOK: "Page id (only when the token manages several Pages)",
}


class ConnectDialog(Dialog):
    """Stays open until the network has said yes; a no is shown under the token."""

    def __init__(
        self,
        viewmodel: AccountsViewModel,
        parent: QWidget,
        on_connected: Callable[[Account], object],
        account: Account | None = None,
    ) -> None:
        """``account`` is the one to connect again; its network is fixed then."""
        title = tr("Connect {name} again", name=account.username) if account else tr("Connect an account")
        super().__init__("connect", title, parent, confirm=tr("Connect"), width_px=500)
        self._viewmodel, self._on_connected, self._account = viewmodel, on_connected, account
        self._task: Task | None = None
        self._is_done = False
        self._network = SegmentedControl(
            [(network.value, network.label) for network in Network],
            "connect.network",
            tr("Network"),
            (account.network if account else Network.THREADS).value,
        )
        self._network.selected.connect(lambda _key: self._show_network())
        self._token = LineEdit("connect.token", tr("Access token"), placeholder=tr("Paste the token"))
        self._token.setEchoMode(QLineEdit.EchoMode.Password)
        self._token_row = FormRow(
            tr("Access token"), self._token, tr("Kept in this computer's secret store, nowhere else.")
        )
        show = CheckBox(tr("Show the token"), "connect.show_token")
        show.toggled.connect(self._on_show_toggled)
        self._id = LineEdit("connect.id", tr("Page id"))
        self._id_label = Label("", "label")
        self._line = LoadingLine()
        self._line.hide()
        note = Label(self._note(), "caption", "muted", wrap=True)
        fields = column(
            column(Label(tr("Network"), "label"), row(self._network, None), spacing=5),
            column(self._token_row, show, spacing=4),
            column(self._id_label, self._id, spacing=5),
            note,
            self._line,
            spacing=14,
        )
        self._network.setEnabled(account is None)
        self.set_body(fields)
        self.rejected.connect(self._cancel)
        self._show_network()

    def first_focus(self) -> QWidget:
        """Return the token's field."""
        return self._token

    def can_accept(self) -> bool:
        """Ask the network first; the dialog closes itself when it has agreed."""
        if not self._is_done and (self._task is None or self._task.is_done):
            self._ask()
        return self._is_done

    def _ask(self) -> None:
        token = self._token.text().strip()
        if not token:
            self._token_row.set_error(tr("Paste the token first."))
            self._token.setFocus()
            return
        self._set_busy(True)
        network, remote_id = Network(self._network.current), self._id.text().strip() or None
        self._task = self._viewmodel.connect_account(
            network, token, remote_id, self._on_done, self._on_failed, receiver=self
        )

    def _on_done(self, account: Account) -> None:
        self._is_done = True
        self._on_connected(account)
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._set_busy(False)
        self._token_row.set_error(message_for(error).text)
        self._token.setFocus()
        self._token.selectAll()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _set_busy(self, is_busy: bool) -> None:
        self._line.setVisible(is_busy)
        self._token_row.set_error("")
        for field in (self._token, self._id, self.confirm_button):
            field.setEnabled(not is_busy)

    def _show_network(self) -> None:
        words = _IDS[Network(self._network.current)]
        self._id_label.setText(tr(words) if words else "")
        self._id_label.setVisible(bool(words))
        self._id.setVisible(bool(words))

    def _on_show_toggled(self, is_shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password
        self._token.setEchoMode(mode)

    def _note(self) -> str:
        if self._viewmodel.is_sandbox:
            return tr("This workspace talks to the sandbox on this computer: only its tokens work here.")
        return tr("Signing in through the browser comes with a later version; until then make a token at Meta's site.")
