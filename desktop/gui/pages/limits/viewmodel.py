"""What the limits page knows and does; no widgets, no blocking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.errors import TidingsError
from desktop.gui.bridge.messages import Message, message_for
from desktop.gui.bridge.tasks import TaskContext
from desktop.gui.pages.limits.words import wait_words
from desktop.gui.shell.context import PageContext
from desktop.kit.i18n import tr
from desktop.services.changes import Change, Noun
from desktop.services.limits.governor import WaitUntil
from desktop.services.limits.service import AccountLimits

_AGAIN_MS = 30_000


@dataclass(frozen=True, slots=True)
class _Asked:
    """What came of asking every network: the first failure and the first wait, None when there was none."""

    failure: TidingsError | None
    wait: WaitUntil | None


class LimitsViewModel(QObject):
    """``accounts`` is how each one stands; ``is_asking`` while the networks are being asked."""

    changed = Signal()

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.accounts: Sequence[AccountLimits] = ()
        self.failure: Message | None = None
        self.is_read = False
        self.is_asking = False
        # times run down and windows roll on without any event
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self.reload)
        context.events.delivered.connect(self._on_events_delivered)

    def set_active(self, is_active: bool) -> None:
        """Read while the page is shown, rest while it is hidden."""
        if is_active:
            self._timer.start()
            self.reload()
        else:
            self._timer.stop()

    def reload(self) -> None:
        """Read what is known; no network is asked."""
        limits = self.context.services.limits
        self.context.tasks.submit(lambda _task: limits.overview(), self._on_read, self._on_read_failed, receiver=self)

    def ask_networks(self) -> None:
        """Ask the networks how much is left."""
        if self.is_asking:
            return
        self.is_asking = True
        self.changed.emit()
        self.context.tasks.submit(self._ask, self._on_asked, self._on_ask_failed, receiver=self)

    def _ask(self, task: TaskContext) -> _Asked:
        """On a worker thread: one account after the other, so that one that fails does not hide the rest."""
        services = self.context.services
        failure: TidingsError | None = None
        waits = []
        for account in services.accounts.list():
            task.check()
            try:
                waits.append(services.limits.refresh(account))
            except TidingsError as error:
                failure = failure or error
        return _Asked(failure, next((wait for wait in waits if wait is not None), None))

    def _on_asked(self, asked: _Asked) -> None:
        self.is_asking = False
        if asked.failure is not None:
            self.context.show_error(asked.failure)
        elif asked.wait is not None:
            words = wait_words(asked.wait, self.context.clock.now(), self.context.zone())
            self.context.notify(words, tone="warning")
        else:
            self.context.notify(tr("The numbers are fresh."))
        self.reload()

    def _on_ask_failed(self, error: Exception) -> None:
        self.is_asking = False
        self.context.show_error(error)
        self.changed.emit()

    def _on_read(self, accounts: Sequence[AccountLimits]) -> None:
        self.is_read, self.failure = True, None
        self.accounts = accounts
        self.changed.emit()

    def _on_read_failed(self, error: Exception) -> None:
        self.is_read, self.failure = True, message_for(error)
        self.changed.emit()

    def _on_events_delivered(self, events: tuple[object, ...]) -> None:
        nouns = {event.noun for event in events if isinstance(event, Change)}
        if self._timer.isActive() and nouns & {Noun.ACCOUNTS, Noun.DELIVERIES, Noun.SETTINGS}:
            self.reload()
