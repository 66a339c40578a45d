"""The left side of the window: where one is, where one can go, which accounts there are, how publishing stands."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.domain.accounts import Account, AccountState
from desktop.gui.shell.brand_mark import BrandMark
from desktop.gui.shell.main_window import SIDEBAR_PX
from desktop.gui.shell.overview import Facts, Overview
from desktop.gui.shell.places import ACCOUNTS, ACTIVITY, CALENDAR, LIMITS, SETTINGS
from desktop.gui.shell.publisher_card import PublisherCard
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.cards import Panel, SectionHeader
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.navigation import AccountRow, NavItem
from desktop.gui.widgets.scroll import ScrollArea
from desktop.kit.branding import NAME
from desktop.kit.i18n import tr, trn


class Sidebar(Panel):
    """``place_requested`` carries a key of ``places``, ``account_requested`` an account id."""

    place_requested = Signal(str)
    account_requested = Signal(str)
    compose_requested = Signal()

    def __init__(self, overview: Overview, parent: QWidget | None = None) -> None:
        super().__init__(fill="sidebar", line="right", parent=parent)
        self._overview = overview
        self._accounts: tuple[Account, ...] | None = None
        identify(self, "sidebar", tr("Navigation"))
        self.compose = Button(
            tr("New post"), "sidebar.new", kind="primary", icon="plus", on_click=self.compose_requested.emit
        )
        self.compose.setToolTip(tr("New post  Ctrl+N"))
        self.compose.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.items = {
            place.key: NavItem(
                place.icon, tr(place.title), f"sidebar.{place.key}", on_click=partial(self._go, place.key)
            )
            for place in (CALENDAR, ACTIVITY, ACCOUNTS, LIMITS, SETTINGS)
        }
        for item in self.items.values():
            item.setAutoExclusive(False)  # on the composer's page none is checked
        self._publisher = PublisherCard(overview.publisher(), overview.toggle_publishing)
        self._rows = column(spacing=1)
        self.setLayout(self._arranged())
        self._fit()
        theme().changed.connect(self._fit)
        overview.changed.connect(self._refresh)
        self._refresh()

    def _arranged(self) -> QVBoxLayout:
        self._name = ElidedLabel(NAME, "body", weight=600)
        self._note = Label("", "caption", "muted")
        head = row(
            BrandMark(28), column(None, self._name, self._note, None, spacing=0), spacing=10, margins=(6, 0, 2, 0)
        )
        places = column(*(self.items[key] for key in ("calendar", "activity", "accounts", "limits")), spacing=1)
        self._heading = SectionHeader(tr("Your accounts"), kind="overline")
        content = QWidget()
        content.setLayout(column(self._rows, None, spacing=0))
        self._scroll = ScrollArea(content)
        inner = column(head, 10, self.compose, 8, places, 14, spacing=0, margins=(12, 14, 12, 0))
        inner.addLayout(row(self._heading, margins=(10, 0, 4, 4)))
        foot = column(self._publisher, 8, self.items["settings"], spacing=0, margins=(12, 6, 12, 12))
        scrolled = row(self._scroll, margins=(12, 0, 12, 0))
        layout = column(inner, scrolled, foot, spacing=0)
        layout.setStretch(1, 1)
        return layout

    def show_place(self, key: str) -> None:
        """Mark the open page."""
        for name, item in self.items.items():
            item.setChecked(name == key)

    def _go(self, key: str) -> None:
        # pressing the entry of the open page must not uncheck it
        self.items[key].setChecked(True)
        self.place_requested.emit(key)

    def _fit(self) -> None:
        self.setFixedWidth(theme().scaled(SIDEBAR_PX))

    def _refresh(self) -> None:
        facts = self._overview.facts
        self._name.set_text(tr("Sample workspace") if facts.has_samples else NAME)
        self._note.setText(_note(facts))
        self._note.setVisible(bool(_note(facts)))
        self.items["activity"].set_badge(facts.attention, "accent")
        self._publisher.set_look(self._overview.publisher())
        if facts.accounts != self._accounts:
            self._accounts = facts.accounts
            self._fill_accounts(facts.accounts)

    def _fill_accounts(self, accounts: tuple[Account, ...]) -> None:
        self._heading.setVisible(bool(accounts))
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for account in accounts:
            entry = AccountRow(
                account.display_name or account.username,
                account.network,
                account.hue,
                f"sidebar.account.{account.id}",
                warning=warning_of(account),
                on_click=partial(self.account_requested.emit, account.id),
            )
            self._rows.addWidget(entry)


def warning_of(account: Account) -> str:
    """Return what is wrong with an account, in words; empty when nothing is."""
    if account.state is AccountState.RECONNECT:
        return tr("Needs a new sign-in. Its posts wait.")
    if account.state is AccountState.ACTION_NEEDED:
        return tr("The network wants you to do something. Its posts wait.")
    return ""


def _note(facts: Facts) -> str:
    count = len(facts.accounts)
    accounts = trn("{count} account", "{count} accounts", count) if count else ""
    return " · ".join(filter(None, (tr("Sandbox") if facts.is_sandbox else "", accounts)))
