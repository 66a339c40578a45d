"""What the accounts page knows and does; no widgets, no blocking."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.domain.accounts import Account, AccountId, Hue
from desktop.domain.networks import Network
from desktop.gui.bridge.messages import Message, message_for
from desktop.gui.bridge.tasks import Task
from desktop.gui.shell.context import PageContext
from desktop.kit.i18n import tr
from desktop.services.changes import Change, Noun


class AccountsViewModel(QObject):
    """``accounts`` are the connected ones; ``checking`` the ids that are being asked about."""

    changed = Signal()

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.accounts: tuple[Account, ...] = ()
        self.checking: frozenset[AccountId] = frozenset()
        self.failure: Message | None = None
        self.is_read = False
        self._is_active = False
        context.events.delivered.connect(self._on_events_delivered)

    @property
    def is_sandbox(self) -> bool:
        """Whether an imitation on this computer answers instead of the networks."""
        return self._context.services.is_sandbox

    @property
    def context(self) -> PageContext:
        """What the page was handed."""
        return self._context

    def set_active(self, is_active: bool) -> None:
        """Read when the page is shown, rest while it is hidden."""
        self._is_active = is_active
        if is_active:
            self.reload()

    def reload(self) -> None:
        """Read the accounts again."""
        service = self._context.services.accounts
        self._context.tasks.submit(lambda _task: tuple(service.list()), self._on_read, self._on_read_failed)

    def connect_account(
        self,
        network: Network,
        token: str,
        remote_id: str | None,
        on_done: Callable[[Account], object],
        on_error: Callable[[Exception], object],
        receiver: QObject,
    ) -> Task:
        """Ask the network about ``token`` and connect its account."""
        service = self._context.services.accounts
        return self._context.tasks.submit(
            lambda _task: service.connect_with_token(network, token, remote_id=remote_id),
            on_done,
            on_error,
            receiver=receiver,
        )

    def check(self, account_id: AccountId) -> None:
        """Ask the network whether the account still works."""
        service = self._context.services.accounts
        self.checking |= {account_id}
        self.changed.emit()
        self._context.tasks.submit(
            lambda _task: service.check(account_id),
            lambda account: self._on_checked(account_id, account),
            lambda error: self._on_checked(account_id, error),
            receiver=self,
        )

    def disconnect_account(self, account: Account) -> None:
        """Forget the token; history and posts stay."""
        service, account_id = self._context.services.accounts, account.id
        said = tr("{name} is disconnected. Its posts and history stay.", name=account.username)
        self._context.tasks.submit(
            lambda _task: service.disconnect(account_id),
            lambda _nothing: self._context.notify(said),
            self._context.show_error,
            serial=True,
            receiver=self,
        )

    def set_hue(self, account_id: AccountId, hue: Hue) -> None:
        """Change the colour."""
        service = self._context.services.accounts
        self._context.tasks.submit(
            lambda _task: service.set_hue(account_id, hue), None, self._context.show_error, serial=True
        )

    def _on_events_delivered(self, events: tuple[object, ...]) -> None:
        if self._is_active and any(isinstance(e, Change) and e.noun is Noun.ACCOUNTS for e in events):
            self.reload()

    def _on_read(self, accounts: tuple[Account, ...]) -> None:
        self.is_read, self.failure = True, None
        self.accounts = accounts
        self.changed.emit()

    def _on_read_failed(self, error: Exception) -> None:
        self.is_read, self.failure = True, message_for(error)
        self.changed.emit()

    def _on_checked(self, account_id: AccountId, outcome: Account | Exception) -> None:
        self.checking -= {account_id}
        self.changed.emit()
        if isinstance(outcome, Exception):
            self._context.show_error(outcome)
        elif outcome.can_publish:
            self._context.notify(tr("{name} works.", name=outcome.username))
        else:
            self._context.notify(
                tr("{name} does not accept the sign-in any more.", name=outcome.username), tone="warning"
            )
        self.reload()
