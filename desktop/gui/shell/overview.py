"""What the frame of the window shows of the workspace: accounts, what needs a person, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.domain.deliveries import DeliveryState
from desktop.domain.errors import TidingsError
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.moments import distance_words, local_time, moment_words
from desktop.gui.theme.painting import Status
from desktop.kit.i18n import tr
from desktop.services.changes import Change, Noun

if TYPE_CHECKING:
    from desktop.domain.accounts import Account
    from desktop.gui.shell.ports import Workspace

_LOOK_MS = 5_000
_SETTLE_MS = 60
_HELD_LIMIT = 1_000
_PLANNED = (DeliveryState.SCHEDULED, DeliveryState.PREPARING, DeliveryState.READY, DeliveryState.RETRY_WAIT)
_WAITING_FOR_PEOPLE = (DeliveryState.MISSED, DeliveryState.NEEDS_REVIEW, DeliveryState.FAILED)


@dataclass(frozen=True, slots=True)
class NextPost:
    """What goes out next."""

    title: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read last. ``attention`` counts deliveries that wait for a person, ``planned`` those that go out."""

    accounts: tuple[Account, ...] = ()
    attention: int = 0
    planned: int = 0
    is_paused: bool = False
    next_post: NextPost | None = None
    is_sandbox: bool = False
    has_samples: bool = False


@dataclass(frozen=True, slots=True)
class PublisherLook:
    """The publisher in words: ``headline``, a second line, and the status whose colour and shape it takes."""

    headline: str
    detail: str
    status: Status
    can_toggle: bool = True


class Overview(QObject):
    """Reads the facts behind the window and keeps them fresh."""

    changed = Signal()

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.facts = Facts()
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.reload)
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._on_look_timeout)
        self._last: PublisherLook | None = None
        context.adopted.connect(self._on_adopted)

    @property
    def trouble(self) -> TidingsError | None:
        """What keeps the publisher from working."""
        return self._context.services.publisher.status().trouble if self._context.is_open else None

    def publisher(self) -> PublisherLook:
        """Return how the publisher is doing now."""
        if not self._context.is_open:
            return PublisherLook(tr("Opening your posts …"), "", "paused", can_toggle=False)
        status = self._context.services.publisher.status()
        if self.facts.is_paused:
            return PublisherLook(tr("Publishing is paused"), tr("Press to go on"), "paused")
        if status.trouble is not None:
            return PublisherLook(tr("Publishing waits"), status.trouble.title, "danger")
        if status.state == "running":
            return PublisherLook(tr("Publisher running"), self.next_words() or tr("Nothing is planned"), "ok")
        if status.state == "elsewhere":
            return PublisherLook(tr("Published elsewhere"), tr("Another program publishes these posts"), "info")
        if status.state == "stalled":
            return PublisherLook(tr("Publisher stalled"), tr("No sign of life. Restart the program."), "danger")
        return PublisherLook(tr("Publisher starting"), self.next_words(), "working")

    def next_words(self) -> str:
        """Return what comes next as in "Next: today 17:30 · in 2 h 48 min"; empty when nothing does."""
        post = self.facts.next_post
        if post is None:
            return ""
        now, zone = self._context.clock.now(), self._context.zone()
        when = moment_words(local_time(post.due_at, zone), local_time(now, zone))
        far = distance_words(post.due_at - now)
        return tr("Next: {when} · {far}", when=when, far=far) if far else tr("Next: {when}", when=when)

    @Slot()
    def reload(self) -> None:
        """Read the facts again."""
        services = self._context.services
        self._context.tasks.submit(lambda _task: _read(services), self._on_read, self._on_read_failed, receiver=self)

    def toggle_publishing(self) -> None:
        """Pause, or go on."""
        deliveries, is_paused = self._context.services.deliveries, self.facts.is_paused
        self._context.tasks.submit(
            lambda _task: deliveries.resume() if is_paused else deliveries.pause(),
            lambda _nothing: self.reload(),
            self._context.show_error,
            serial=True,
            receiver=self,
        )

    def _on_adopted(self) -> None:
        self._context.events.delivered.connect(self._on_events_delivered)
        self._look.start()
        self.reload()

    def _on_events_delivered(self, events: tuple[object, ...]) -> None:
        if any(isinstance(event, Change) and event.noun is not Noun.MEDIA for event in events):
            self._settle.start()

    def _on_read(self, facts: Facts) -> None:
        self.facts = facts
        self._last = self.publisher()
        self.changed.emit()

    def _on_read_failed(self, error: Exception) -> None:
        # said once by whoever acts on it; the next change or look tries again
        self._last = None
        if not isinstance(error, TidingsError):
            self._context.show_error(error)

    def _on_look_timeout(self) -> None:
        look = self.publisher()
        if look != self._last:
            self._last = look
            self.changed.emit()


def _read(services: Workspace) -> Facts:
    """On a worker thread."""
    counts = services.deliveries.counts()
    held = services.deliveries.list(states=(DeliveryState.HELD,), limit=_HELD_LIMIT)
    stuck = sum(summary.delivery.next_action_at is None for summary in held)
    entry = services.scheduling.next_due()
    return Facts(
        accounts=tuple(services.accounts.list()),
        attention=stuck + sum(counts.get(state, 0) for state in _WAITING_FOR_PEOPLE),
        planned=sum(counts.get(state, 0) for state in _PLANNED),
        is_paused=services.deliveries.is_paused(),
        next_post=NextPost(entry.title, entry.schedule.at) if entry else None,
        is_sandbox=services.is_sandbox,
        has_samples=services.samples.is_present(),
    )
