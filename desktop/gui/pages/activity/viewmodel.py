"""What Activity knows and does; no widgets, no blocking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.accounts import Account, AccountId
from desktop.domain.deliveries import DeliveryId, DeliveryState
from desktop.gui.bridge.messages import Message, message_for
from desktop.gui.pages.activity.model import DeliveryListModel
from desktop.gui.pages.activity.words import row_name, title_of
from desktop.gui.shell.context import PageContext
from desktop.kit.i18n import tr
from desktop.services.changes import Change, Noun
from desktop.services.publishing.service import DeliveryDetail, DeliverySummary

PAGE_ROWS = 100
_SETTLE_MS = 60

S = DeliveryState


class Group(StrEnum):
    """What the list can be narrowed to."""

    ALL = "all"
    UPCOMING = "upcoming"
    ATTENTION = "attention"
    PUBLISHED = "published"


GROUP_STATES: dict[Group, tuple[DeliveryState, ...]] = {
    Group.ALL: (),
    Group.UPCOMING: (S.SCHEDULED, S.PREPARING, S.READY, S.SENDING, S.UNCERTAIN, S.RETRY_WAIT),
    Group.ATTENTION: (S.NEEDS_REVIEW, S.FAILED, S.MISSED, S.HELD),
    Group.PUBLISHED: (S.PUBLISHED, S.LIVE_UNLINKED),
}


@dataclass(frozen=True, slots=True)
class _Page:
    rows: tuple[DeliverySummary, ...]
    accounts: tuple[Account, ...]
    limit: int


class ActivityViewModel(QObject):
    """The list with its filters, and the delivery that is chosen. Only the latest reading counts."""

    listed = Signal()
    detail_changed = Signal()
    accounts_changed = Signal()

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.model = DeliveryListModel(lambda summary: row_name(summary, context.clock.now(), context.zone()), self)
        self.model.more_requested.connect(self._read_more)
        self.group = Group.ALL
        self.account_id: AccountId | None = None
        self.accounts: tuple[Account, ...] = ()
        self.detail: DeliveryDetail | None = None
        self.failure: Message | None = None
        self.is_read = False
        self._chosen: DeliveryId | None = None
        self._number = 0
        self._is_active = False
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.reload)
        context.events.delivered.connect(self._on_events_delivered)

    @property
    def context(self) -> PageContext:
        """What the page was handed."""
        return self._context

    @property
    def chosen(self) -> DeliveryId | None:
        """The delivery shown beside the list."""
        return self._chosen

    @property
    def is_filtered(self) -> bool:
        """Whether the list leaves something out."""
        return self.group is not Group.ALL or self.account_id is not None

    # --- reading -------------------------------------------------------------------------------------------------

    def set_active(self, is_active: bool) -> None:
        """Read when the page is shown, rest while it is hidden."""
        self._is_active = is_active
        if is_active:
            self.reload()

    def show_group(self, group: Group) -> None:
        """Narrow the list by state."""
        self.group = group
        self.reload()

    def show_account(self, account_id: str) -> None:
        """Narrow the list to an account; empty for all."""
        self.account_id = AccountId(account_id) if account_id else None
        self.reload()

    def show_all(self) -> None:
        """Take the filters away."""
        self.group, self.account_id = Group.ALL, None
        self.accounts_changed.emit()
        self.reload()

    def nearest(self) -> DeliveryId | None:
        """Return what went out last, or else what goes out next: where a reader of the list begins."""
        now, rows = self._context.clock.now(), self.model.rows
        past = (row.delivery.id for row in rows if row.delivery.due_at <= now)
        return next(past, rows[-1].delivery.id if rows else None)

    def choose(self, delivery_id: str | None) -> None:
        """Show a delivery beside the list."""
        self._chosen = DeliveryId(delivery_id) if delivery_id else None
        self._read_detail()

    def reload(self) -> None:
        """Read the list again, as far as it was read, and the chosen delivery."""
        self._read(max(PAGE_ROWS, len(self.model.rows)))
        self._read_detail()

    def _read_more(self) -> None:
        self._read(len(self.model.rows) + PAGE_ROWS)

    def _read(self, limit: int) -> None:
        self._number += 1
        number, services = self._number, self._context.services
        states, account_id = GROUP_STATES[self.group], self.account_id

        def read(_task: object) -> _Page:
            rows = services.deliveries.list(states=states, account_id=account_id, limit=limit)
            return _Page(tuple(rows), tuple(services.accounts.list()), limit)

        self._context.tasks.submit(
            read, lambda page: self._on_read(number, page), lambda error: self._on_failed(number, error), receiver=self
        )

    def _on_read(self, number: int, page: _Page) -> None:
        if number != self._number:
            return
        self.is_read, self.failure = True, None
        if page.accounts != self.accounts:
            self.accounts = page.accounts
            self.accounts_changed.emit()
        self.model.set_rows(page.rows, has_more=len(page.rows) == page.limit)
        self.listed.emit()

    def _on_failed(self, number: int, error: Exception) -> None:
        if number == self._number:
            self.is_read, self.failure = True, message_for(error)
            self.listed.emit()

    def _read_detail(self) -> None:
        chosen, deliveries = self._chosen, self._context.services.deliveries
        if chosen is None:
            self._show(None)
            return
        self._context.tasks.submit(
            lambda _task: deliveries.show(chosen), self._on_detail_read, lambda _e: self._show(None), receiver=self
        )

    def _on_detail_read(self, detail: DeliveryDetail) -> None:
        if detail.delivery.id == self._chosen:
            self._show(detail)

    def _show(self, detail: DeliveryDetail | None) -> None:
        if detail != self.detail:
            self.detail = detail
            self.detail_changed.emit()

    def _on_events_delivered(self, events: tuple[object, ...]) -> None:
        nouns = {event.noun for event in events if isinstance(event, Change)}
        if self._is_active and nouns & {Noun.DELIVERIES, Noun.ACCOUNTS, Noun.POSTS, Noun.SETTINGS}:
            self._settle.start()

    # --- asking --------------------------------------------------------------------------------------------------

    def retry(self, delivery_id: DeliveryId) -> None:
        """Try it again now."""
        deliveries = self._context.services.deliveries
        self._ask(lambda: deliveries.retry(delivery_id), tr("It goes out now."))

    def cancel(self, detail: DeliveryDetail) -> None:
        """Stop it from going out; the toast takes it back while its time has not come."""
        services, delivery = self._context.services, detail.delivery
        deliveries, scheduling = services.deliveries, services.scheduling
        said = tr("“{title}” does not go out.", title=title_of(detail.title))
        can_undo = delivery.schedule.at > self._context.clock.now() and not delivery.was_sent
        self._ask(
            lambda: deliveries.cancel((delivery.id,)),
            said,
            tr("Undo") if can_undo else "",
            lambda: self._ask(
                lambda: scheduling.move((delivery.id,), to=delivery.schedule), tr("It goes out as planned.")
            ),
        )

    def resolve_published(self, delivery_id: DeliveryId, url: str) -> None:
        """Take the person's word that it is live."""
        deliveries = self._context.services.deliveries
        self._ask(lambda: deliveries.resolve_published(delivery_id, url), tr("Noted: it is live."))

    def resolve_not_published(self, delivery_id: DeliveryId) -> None:
        """Take the person's word that it is not live, and publish it."""
        deliveries = self._context.services.deliveries
        self._ask(lambda: deliveries.resolve_not_published(delivery_id), tr("It is published now."))

    def _ask(
        self,
        work: Callable[[], object],
        said: str,
        action: str = "",
        on_action: Callable[[], object] | None = None,
    ) -> None:
        self._context.tasks.submit(
            lambda _task: work(),
            lambda _result: self._on_done(said, action, on_action),
            self._context.show_error,
            serial=True,
            receiver=self,
        )

    def _on_done(self, said: str, action: str, on_action: Callable[[], object] | None) -> None:
        self._context.notify(said, action, on_action)
        self.reload()
