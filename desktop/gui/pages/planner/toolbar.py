"""The bar above the month: where one is, going elsewhere, and whose posts are shown."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.domain.accounts import Account, AccountId
from desktop.gui.pages.planner.viewmodel import PlannerViewModel
from desktop.gui.pages.planner.words import month_title
from desktop.gui.theme.painting import text_width
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.buttons import Button, IconButton
from desktop.gui.widgets.cards import PageBar
from desktop.gui.widgets.chips import FilterChip
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.layouts import row
from desktop.gui.widgets.menus import Menu
from desktop.kit.i18n import tr, trn


class AccountFilterBar(QWidget):
    """A toggle per account, or one button with a menu where they do not fit."""

    def __init__(self, viewmodel: PlannerViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewmodel = viewmodel
        self._chips: dict[AccountId, FilterChip] = {}
        self._shown_accounts: tuple[Account, ...] = ()
        self._button = Button(tr("Accounts"), "planner.filter", icon="filter", on_click=self._open_menu)
        self._chip_row = row(spacing=6)
        outer = row(None, spacing=0)
        outer.addLayout(self._chip_row)
        outer.addWidget(self._button)
        self.setLayout(outer)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        viewmodel.accounts_changed.connect(self._refresh)
        self._refresh()

    def minimumSizeHint(self) -> QSize:
        """Return the room of the button alone."""
        return self._button.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose between toggles and button."""
        super().resizeEvent(event)
        self._choose_form()

    def _refresh(self) -> None:
        if self._viewmodel.accounts != self._shown_accounts:
            self._rebuild()
        for account_id, chip in self._chips.items():
            chip.setChecked(self._viewmodel.filter.shows(account_id))
        hidden = sum(not chip.isChecked() for chip in self._chips.values())
        self._button.setText(
            trn("{count} account hidden", "{count} accounts hidden", hidden) if hidden else tr("Accounts")
        )
        self._choose_form()

    def _rebuild(self) -> None:
        for chip in self._chips.values():
            self._chip_row.removeWidget(chip)
            chip.deleteLater()
        self._shown_accounts = self._viewmodel.accounts
        self._chips = {account.id: self._make_chip(account) for account in self._shown_accounts}
        for chip in self._chips.values():
            self._chip_row.addWidget(chip)

    def _make_chip(self, account: Account) -> FilterChip:
        name = tr("Show posts of {account} on {network}", account=account.display_name, network=account.network.label)
        chip = FilterChip(account.display_name, account.hue.value, f"planner.filter.{account.id}", name)
        chip.setToolTip(tr("{name}. Alt+click shows this account only.", name=name))
        chip.clicked.connect(lambda checked: self._on_chip_clicked(account.id, checked))
        return chip

    def _on_chip_clicked(self, account_id: AccountId, checked: bool) -> None:
        if QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier:
            self._viewmodel.filter.show_only(account_id, self._chips)
        else:
            self._viewmodel.filter.show(account_id, checked)

    def _choose_form(self) -> None:
        chips = self._chips.values()
        wanted = sum(chip.sizeHint().width() + self._chip_row.spacing() for chip in chips)
        is_compact = wanted > self.width()
        self._button.setVisible(is_compact and bool(chips))
        for chip in chips:
            chip.setVisible(not is_compact)

    def _open_menu(self) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for account in self._shown_accounts:
            words = f"{account.display_name} · {account.network.label}"
            is_shown = self._viewmodel.filter.shows(account.id)
            toggle = partial(self._viewmodel.filter.show, account.id, not is_shown)
            action = menu.add(words, f"planner.filter.menu.{account.id}", toggle)
            action.setCheckable(True)
            action.setChecked(is_shown)
        menu.addSeparator()
        menu.add(tr("Show all"), "planner.filter.menu.all", self._viewmodel.filter.show_all)
        menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))


class PlannerBar(PageBar):
    """Month title, previous, Today, next; filters; the switch of the backlog drawer."""

    def __init__(self, viewmodel: PlannerViewModel, parent: QWidget | None = None) -> None:
        self._viewmodel = viewmodel
        self.previous = IconButton(
            "chevron-left",
            "planner.previous",
            tr("Previous month"),
            shortcut_hint="PgUp",
            on_click=lambda: viewmodel.turn(-1),
        )
        self.today = Button(tr("Today"), "planner.today", on_click=viewmodel.show_today)
        self.next = IconButton(
            "chevron-right",
            "planner.next",
            tr("Next month"),
            shortcut_hint="PgDown",
            on_click=lambda: viewmodel.turn(1),
        )
        self.filter = AccountFilterBar(viewmodel)
        self.backlog = IconButton("panel-right", "planner.backlog", tr("Unscheduled posts"), checkable=True)
        super().__init__("", 4, self.previous, self.today, self.next, 8, self.filter, 4, self.backlog, parent=parent)
        identify(self.title, "planner.title", "")
        identify(self, "planner.bar", tr("Calendar"))
        viewmodel.month_changed.connect(self._show_title)
        theme().changed.connect(self._show_title)
        self._show_title()

    def _show_title(self) -> None:
        title = month_title(self._viewmodel.month)
        self.title.setText(title)
        self.title.setAccessibleName(title)
        # as wide as the longest month, so that the arrows stay under the pointer while one pages
        year = self._viewmodel.month.year
        names = (month_title(type(self._viewmodel.month)(year, number)) for number in range(1, 13))
        self.title.setMinimumWidth(round(max(text_width(name, "h1") for name in names)) + 2)
