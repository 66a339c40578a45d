"""The row of tabs: the shared text, then each account with what is special about it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.domain.accounts import Account, AccountId
from desktop.gui.pages.composer.text_rules import length
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.gui.theme.networks import NETWORK_ICONS
from desktop.gui.widgets.buttons import LinkButton
from desktop.gui.widgets.chips import TabChip
from desktop.gui.widgets.flow_layout import FlowLayout
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row
from desktop.kit.i18n import tr, trn
from desktop.services.drafting.findings import Severity


class AccountTabs(QWidget):
    """Tabs are made anew when the chosen accounts change, and only told their counts otherwise."""

    def __init__(self, viewmodel: ComposerViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewmodel = viewmodel
        self._shown: tuple[Account, ...] = ()
        self._tabs: dict[AccountId | None, TabChip] = {}
        self._flow = FlowLayout(4)
        chips = QWidget()
        chips.setLayout(self._flow)
        self._reset = LinkButton(tr("Reset to shared text"), "composer.tab.reset", on_click=viewmodel.reset_override)
        self._own_text = Label("", "label", "muted")
        self._own = QWidget()
        self._own.setLayout(row(self._own_text, self._reset, None, spacing=4, margins=(12, 0, 0, 0)))
        self.setLayout(column(chips, self._own, spacing=4))
        identify(self, "composer.tabs", tr("Text for"))
        self._build()
        viewmodel.accounts_changed.connect(self._on_accounts_changed)
        viewmodel.opened.connect(self._on_accounts_changed)
        viewmodel.settled.connect(self._show_state)
        viewmodel.checks.changed.connect(self._show_state)

    def _build(self) -> None:
        for tab in self._tabs.values():
            self._flow.removeWidget(tab)
            tab.hide()
            tab.deleteLater()
        self._shown = self._viewmodel.chosen
        shared = TabChip(tr("All networks"), "composer.tab.shared", on_click=lambda: self._viewmodel.select_tab(None))
        self._tabs = {None: shared} | {account.id: self._tab(account) for account in self._shown}
        for tab in self._tabs.values():
            self._flow.addWidget(tab)
        self._show_state()

    def _tab(self, account: Account) -> TabChip:
        is_only_one = sum(other.network is account.network for other in self._shown) == 1
        text = account.network.label if is_only_one else account.display_name or account.username
        tab = TabChip(
            text,
            f"composer.tab.{account.id}",
            icon=NETWORK_ICONS[account.network],
            hue=account.hue.value,
            on_click=lambda: self._viewmodel.select_tab(account.id),
        )
        tab.setToolTip(tr("{name} on {network}", name=account.display_name, network=account.network.label))
        return tab

    def _on_accounts_changed(self) -> None:
        if self._viewmodel.chosen != self._shown:
            self._build()
        else:
            self._show_state()

    def _show_state(self) -> None:
        tab = self._viewmodel.place.tab
        blocked = {f.account_id for f in self._viewmodel.checks.report.findings if f.severity is Severity.BLOCK}
        if tab in self._tabs:
            self._tabs[tab].setChecked(True)
        for account in self._shown:
            variant = self._viewmodel.post.variant_for(account.id)
            differs = variant is not None and variant.override is not None
            note = self._note(account)
            words = [note] if note else []
            words += [tr("has its own text")] if differs else []
            words += [tr("has something to fix")] if account.id in blocked else []
            self._tabs[account.id].set_state(note, differs, account.id in blocked, ", ".join(words))
        own = self._viewmodel.post.variant_for(tab) if tab is not None else None
        self._own.setVisible(own is not None and own.override is not None and not self._viewmodel.is_read_only)
        if tab in self._tabs:
            self._own_text.setText(tr("{name} has its own text.", name=self._tabs[tab].text()))

    def _note(self, account: Account) -> str:
        """Return the number of posts in a chain, or how long the one post is."""
        parts = [part for part in self._viewmodel.post.content_for(account.id).parts if not part.is_empty]
        rules = self._viewmodel.rules_for(account.id)
        if not parts or not rules:
            return ""
        if len(parts) > 1:
            return trn("{count} post", "{count} posts", len(parts))
        return f"{length(parts[0].text, rules[0].count_unit)} / {rules[0].max_text}"
