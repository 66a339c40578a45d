"""One account: who it is, how it stands, what can be done about it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.accounts import Account, AccountState, Hue
from desktop.gui.pages.accounts.viewmodel import AccountsViewModel
from desktop.gui.pages.accounts.words import HUE_WORDS, expiry_words, handle_of, state_reason, state_words
from desktop.gui.theme.painting import draw_disc
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.avatar import Avatar
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.cards import Card, Divider
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.painted_button import PaintedButton
from desktop.gui.widgets.status import StatusPill
from desktop.kit.i18n import tr


class HueButton(PaintedButton):
    """A colour one can choose; the chosen one has a ring around it."""

    ring_radius = 12.0

    def __init__(self, hue: Hue, identifier: str, name: str) -> None:
        super().__init__("", identifier, name)
        self._hue = hue
        self.setCheckable(True)
        self.setToolTip(name)

    def content_size(self) -> QSize:
        """Return 24 x 24."""
        return QSize(24, 24)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the dot."""
        hue = theme().hue(self._hue)
        if self.isChecked():
            draw_disc(painter, rect.adjusted(3, 3, -3, -3), "canvas", hue.bar, 2)
        gap = 7 if self.isChecked() else 6 if self.is_hovered else 7
        draw_disc(painter, rect.adjusted(gap, gap, -gap, -gap), hue.bar)


class AccountCard(Card):
    """Shows one account; what is pressed is asked of the page."""

    reconnect_requested = Signal()
    disconnect_requested = Signal()

    def __init__(self, account: Account, viewmodel: AccountsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.account = account
        name = account.display_name or account.username
        identify(self, f"accounts.card.{account.id}", f"{name}, {account.network.label}")
        words, status = state_words(account)
        self.setAccessibleDescription(words)
        pill = StatusPill(words, status)
        identify(pill, f"accounts.state.{account.id}", words)
        who = column(
            row(ElidedLabel(name, "h2"), pill, spacing=10),
            Label(f"{account.network.label} · {handle_of(account)}", "body", "muted"),
            spacing=3,
        )
        avatar = Avatar(name, account.hue, 44, account.network)
        top = row(column(avatar, None), who, spacing=14)
        top.setStretch(1, 1)
        body = column(top, spacing=12, margins=(18, 16, 18, 14))
        reason = state_reason(account)
        if reason:
            body.addWidget(Label(reason, "body", "warning", wrap=True))
        body.addLayout(self._foot(viewmodel))
        self.setLayout(body)

    def _foot(self, viewmodel: AccountsViewModel) -> QVBoxLayout:
        account, context = self.account, viewmodel.context
        expiry = Label(expiry_words(account, context.clock.now(), context.zone()), "caption", "faint")
        hues = row(*(self._hue_button(hue, viewmodel) for hue in Hue), spacing=0)
        is_checking = account.id in viewmodel.checking
        check = Button(
            tr("Checking …") if is_checking else tr("Check now"),
            f"accounts.check.{account.id}",
            size="sm",
            on_click=partial(viewmodel.check, account.id),
        )
        check.setEnabled(not is_checking)
        reconnect = Button(
            tr("Connect again"),
            f"accounts.reconnect.{account.id}",
            kind="default" if account.state is AccountState.CONNECTED else "primary",
            size="sm",
            on_click=self.reconnect_requested.emit,
        )
        leave = Button(
            tr("Disconnect"),
            f"accounts.disconnect.{account.id}",
            kind="ghost",
            size="sm",
            on_click=self.disconnect_requested.emit,
        )
        return column(
            row(hues, 6, expiry, None, spacing=4),
            Divider(),
            row(check, reconnect, None, leave, spacing=8),
            spacing=12,
        )

    def _hue_button(self, hue: Hue, viewmodel: AccountsViewModel) -> HueButton:
        name = tr("Colour of this account: {colour}", colour=tr(HUE_WORDS[hue]))
        button = HueButton(hue, f"accounts.hue.{self.account.id}.{hue.value}", name)
        button.setChecked(self.account.hue is hue)
        button.clicked.connect(lambda _checked=False: viewmodel.set_hue(self.account.id, hue))
        return button
