"""When the post goes out: planning it, publishing it with a moment to change one's mind, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand

from desktop.domain.deliveries import Delivery, DeliveryState
from desktop.domain.errors import TidingsError, TimeInPast
from desktop.domain.posts import Post, PostId
from desktop.domain.schedules import Schedule
from desktop.gui.bridge.messages import message_for
from desktop.gui.pages.composer.autosave import Autosave
from desktop.gui.pages.composer.history import Detour
from desktop.gui.pages.composer.ports import ComposerContext
from desktop.gui.pages.composer.words import day_and_time
from desktop.kit.i18n import tr

if TYPE_CHECKING:
    from desktop.services.publishing.service import DeliverySummary
    from desktop.services.scheduling.service import Moved

T = TypeVar("T")

GRACE_MS = 5_000
_DAY_START = time(9)
_PAST_TOLERANCE = timedelta(minutes=1)
_IDLE_STATES = (DeliveryState.CANCELLED, DeliveryState.DRAFT)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned or has happened. ``schedule`` is the earliest time, None for a post that waits in the backlog."""

    deliveries: tuple[DeliverySummary, ...] = ()

    @property
    def planned(self) -> tuple[Delivery, ...]:
        """The deliveries that count, earliest first."""
        shown = (summary.delivery for summary in self.deliveries if summary.delivery.state not in _IDLE_STATES)
        return tuple(sorted(shown, key=lambda delivery: delivery.due_at))

    @property
    def schedule(self) -> Schedule | None:
        """The earliest time."""
        return self.planned[0].schedule if self.planned else None

    @property
    def sent(self) -> tuple[DeliverySummary, ...]:
        """What has left or may have left this computer: the post is history from then on."""
        return tuple(summary for summary in self.deliveries if summary.delivery.was_sent)


class DoneCommand(QUndoCommand):
    """A step that was carried out before it is pushed; the first ``redo`` therefore does nothing."""

    def __init__(self, text: str, undo: Callable[[], object], redo: Callable[[], object]) -> None:
        super().__init__(text)
        self._undo, self._redo, self._is_done = undo, redo, True

    def undo(self) -> None:
        """Take it back."""
        self._undo()

    def redo(self) -> None:
        """Do it again."""
        if not self._is_done:
            self._redo()
        self._is_done = False


class Planning(QObject):
    """Knows the plan of the post at hand and changes it. Writes follow the text's own saves on the serial lane."""

    changed = Signal()
    detour_made = Signal(object)
    scheduled = Signal(str)
    deleted = Signal()
    duplicated = Signal(str)

    def __init__(self, context: ComposerContext, autosave: Autosave, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._autosave = autosave
        self._number = 0
        self.plan = Plan()
        self.suggested_day: date | None = None
        self._grace = QTimer(self, singleShot=True, interval=GRACE_MS)
        self._grace.timeout.connect(self._on_grace_timeout)
        self._publishing: Callable[[], object] | None = None

    # --- reading -------------------------------------------------------------------------------------------------

    def follow(self, post_id: PostId, suggested_day: date | None = None) -> None:
        """Turn to another post; what was about to be published goes out now rather than never."""
        if self._grace.isActive():
            self._grace.stop()
            self._on_grace_timeout()
        self.suggested_day = suggested_day
        self.plan = Plan()
        self.changed.emit()
        self.reload(post_id)

    def reload(self, post_id: PostId) -> None:
        """Read the plan anew; only the latest reading counts."""
        self._number += 1
        if not post_id:
            return
        number, deliveries = self._number, self._context.services.deliveries

        def read(_task: object) -> Plan:
            return Plan(tuple(deliveries.list(post_id=post_id)))

        self._context.tasks.submit(
            read, lambda plan: self._on_read(number, plan), lambda _error: None, serial=True, receiver=self
        )

    def _on_read(self, number: int, plan: Plan) -> None:
        if number == self._number and plan != self.plan:
            self.plan = plan
            self.changed.emit()

    def default_time(self) -> Schedule:
        """Return what the dialog proposes: the planned time, the day asked for at nine, or the next full hour."""
        if self.plan.schedule is not None:
            return self.plan.schedule
        zone = self._context.zone()
        now = Schedule.from_instant(self._context.clock.now(), zone)
        next_hour = now.wall_time.replace(minute=0, second=0) + timedelta(hours=1)
        if self.suggested_day is not None and self.suggested_day > now.wall_time.date():
            return Schedule(datetime.combine(self.suggested_day, _DAY_START), zone)
        return Schedule(next_hour, zone)

    def problem_with(self, wall_time: datetime, zone: str) -> TidingsError | None:
        """Return why a post cannot go out then, in the words the service would use."""
        try:
            schedule = Schedule.entered(wall_time, zone)
        except TidingsError as error:
            return error
        if schedule.at < self._context.clock.now() - _PAST_TOLERANCE:
            return TimeInPast(wall=wall_time.isoformat(sep=" ", timespec="minutes"), zone=zone)
        return None

    def say(self, when: Schedule) -> str:
        """Return a planned time in words."""
        return day_and_time(when.wall_time, self._context.clock.now().year)

    # --- changing ------------------------------------------------------------------------------------------------

    def schedule(self, when: Schedule) -> None:
        """Plan the post, or plan it anew."""
        scheduling, before = self._context.services.scheduling, self.plan.schedule

        def put_back(post_id: PostId) -> object:
            return scheduling.schedule(post_id, before) if before else scheduling.unschedule(post_id)

        def done(post_id: PostId) -> None:
            words = tr("Scheduled for {when}", when=self.say(when))
            self._push(
                words,
                tr("scheduling"),
                lambda: self._again(post_id, lambda: put_back(post_id)),
                lambda: self._again(post_id, lambda: scheduling.schedule(post_id, when)),
            )
            self.scheduled.emit(post_id)

        self._write(lambda post_id: scheduling.schedule(post_id, when), done)

    def unschedule(self) -> None:
        """Take the post off the calendar."""
        scheduling = self._context.services.scheduling
        moved: list[Moved] = []

        def done(post_id: PostId) -> None:
            self._push(
                tr("Taken off the calendar"),
                tr("taking off the calendar"),
                lambda: self._again(post_id, lambda: scheduling.undo(moved[-1])),
                lambda: self._again(post_id, lambda: moved.append(scheduling.unschedule(post_id))),
            )

        self._write(lambda post_id: moved.append(scheduling.unschedule(post_id)), done)

    @property
    def is_publishing(self) -> bool:
        """Whether the moment to change one's mind is running."""
        return self._grace.isActive()

    def publish_now(self) -> None:
        """Publish in ``GRACE_MS`` unless :meth:`cancel_publishing` comes first."""
        scheduling, zone = self._context.services.scheduling, self._context.zone()
        self._autosave.flush()
        self._publishing = self._writing(
            lambda post_id: scheduling.publish_now(post_id, zone=zone),
            lambda _id: self._context.notify(tr("On its way. From here it can no longer be undone.")),
        )
        self._grace.start()
        self.changed.emit()

    def cancel_publishing(self) -> None:
        """Do not publish after all."""
        self._grace.stop()
        self._publishing = None
        self.changed.emit()

    def stop(self) -> None:
        """The program ends: what was about to be published stays a draft."""
        self._grace.stop()

    def _on_grace_timeout(self) -> None:
        publish, self._publishing = self._publishing, None
        if publish is not None:
            publish()
        self.changed.emit()

    def delete(self, title: str) -> None:
        """Put the post into the bin; a post nobody has written anything in is just left."""
        drafting = self._context.services.drafting

        def done(post_id: PostId) -> None:
            self._push(
                tr("Deleted “{title}”", title=title),
                tr("deleting “{title}”", title=title),
                lambda: self._again(post_id, lambda: drafting.restore([post_id])),
                lambda: self._again(post_id, lambda: drafting.delete([post_id])),
            )
            self.deleted.emit()

        self._write(lambda post_id: drafting.delete([post_id]), done)

    def duplicate(self) -> None:
        """Make a copy and go to it."""
        drafting = self._context.services.drafting
        copies: list[Post] = []

        def done(_post_id: PostId) -> None:
            self._context.notify(tr("This is the copy. The original stays as it was."))
            self.duplicated.emit(copies[-1].id)

        self._write(lambda post_id: copies.append(drafting.duplicate(post_id)), done)

    def _write(self, work: Callable[[PostId], T], done: Callable[[PostId], object] | None = None) -> None:
        self._writing(work, done)()

    def _writing(
        self, work: Callable[[PostId], T], done: Callable[[PostId], object] | None = None
    ) -> Callable[[], None]:
        """Return a function that saves the text and then does ``work`` with the id the post has by then."""
        writer = self._autosave.writer

        def on_lane(_task: object) -> PostId:
            if writer.stored is None:
                raise TidingsError
            work(writer.stored.id)
            return writer.stored.id

        def begin() -> None:
            self._autosave.flush()
            self._context.tasks.submit(
                on_lane, lambda post_id: self._on_done(post_id, done), self._on_failed, serial=True, receiver=self
            )

        return begin

    def _again(self, post_id: PostId, work: Callable[[], object]) -> None:
        """Undo or redo on a post that may no longer be the one at hand."""
        self._autosave.flush()
        self._context.tasks.submit(
            lambda _task: work(),
            lambda _done: self._on_done(post_id, None),
            self._on_failed,
            serial=True,
            receiver=self,
        )

    def _on_done(self, post_id: PostId, done: Callable[[PostId], object] | None) -> None:
        stored = self._autosave.writer.stored
        if stored is not None and stored.id == post_id:
            self.reload(post_id)
        if done is not None:
            done(post_id)

    def _on_failed(self, error: Exception) -> None:
        self._context.notify(message_for(error).text, tone="danger")

    def _push(self, words: str, name: str, undo: Callable[[], object], redo: Callable[[], object]) -> None:
        stack = self._context.undo
        stack.push(DoneCommand(name, undo, redo))
        place = stack.index()

        def take_back() -> bool:
            is_last = stack.index() == place
            if is_last:
                stack.undo()
            return is_last

        def do_again() -> bool:
            is_next = stack.index() == place - 1 and stack.canRedo()
            if is_next:
                stack.redo()
            return is_next

        self.detour_made.emit(Detour(take_back, do_again))
        self._context.notify(words, tr("Undo"), take_back)
