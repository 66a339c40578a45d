"""Whose posts are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from desktop.domain.accounts import AccountId


class AccountFilter(QObject):
    """The accounts that are left out; none at first."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hidden: frozenset[AccountId] = frozenset()

    @property
    def is_active(self) -> bool:
        """Whether some account is left out."""
        return bool(self._hidden)

    def shows(self, account_id: AccountId) -> bool:
        """Return whether the posts of an account are shown."""
        return account_id not in self._hidden

    def lets_through(self, account_ids: Sequence[AccountId]) -> bool:
        """Return whether a post for these accounts is shown: one of them is, or it goes to none yet."""
        return not account_ids or any(self.shows(account_id) for account_id in account_ids)

    def show(self, account_id: AccountId, shown: bool) -> None:
        """Show or leave out the posts of one account."""
        self._set(self._hidden - {account_id} if shown else self._hidden | {account_id})

    def show_only(self, account_id: AccountId, all_ids: Iterable[AccountId]) -> None:
        """Show this account alone; if it is alone already, show all again."""
        others = frozenset(all_ids) - {account_id}
        self._set(frozenset() if others == self._hidden else others)

    def show_all(self) -> None:
        """Leave nobody out."""
        self._set(frozenset())

    def _set(self, hidden: frozenset[AccountId]) -> None:
        self._hidden = hidden
        self.changed.emit()
