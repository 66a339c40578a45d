"""Everything the calendar changes: at once on screen, behind it in the data, and back again with Undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.domain.errors import TidingsError
from desktop.domain.schedules import Schedule
from desktop.gui.pages.planner.commands import DoneCommand
from desktop.gui.pages.planner.drops import Cargo, Place, Target, Verdict, judge, landing
from desktop.gui.pages.planner.ports import PlannerContext
from desktop.gui.pages.planner.words import short_day, short_time, title_of
from desktop.kit.i18n import tr
from desktop.services.scheduling.entries import BacklogItem, CalendarEntry
from desktop.services.scheduling.service import Moved

T = TypeVar("T")


def local_now(context: PlannerContext) -> datetime:
    """Return the wall time in the zone shown, naive."""
    return Schedule.from_instant(context.clock.now(), context.zone()).wall_time


class PlannerEdits(QObject):
    """Moves, schedules, unschedules, copies and deletes posts. Every step says what it did and can be undone.

    ``show`` puts an entry elsewhere on screen (None takes it away) before the write is done. ``settled`` says that the
    last write under way has ended, well or not.
    """

    settled = Signal()

    def __init__(
        self, context: PlannerContext, show: Callable[[CalendarEntry, datetime | None], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._show = show
        self._scheduling = context.services.scheduling
        self._drafting = context.services.drafting
        self._writes = 0

    @property
    def is_busy(self) -> bool:
        """Whether something is still being written."""
        return self._writes > 0

    def judge(self, cargo: Cargo, target: Target) -> Verdict:
        """Return what dropping ``cargo`` on ``target`` would do."""
        return judge(cargo, target, local_now(self._context))

    def drop(self, cargo: Cargo, target: Target) -> bool:
        """Do it and return True; when it is refused, say why and return False."""
        verdict = self.judge(cargo, target)
        if not verdict.is_allowed:
            if verdict.words:
                self._context.notify(verdict.words, tone="warning")
            return False
        if isinstance(cargo, BacklogItem):
            if not isinstance(target, Place):
                self.schedule(cargo, landing(cargo, target, local_now(self._context)))
        elif isinstance(target, Place):
            self.unschedule(cargo)
        else:
            self._move_to_day(cargo, target)
        return True

    def move_to(self, entry: CalendarEntry, wall_time: datetime) -> None:
        """Move an entry to a time in the zone shown."""
        to = Schedule(wall_time, self._context.zone())
        self._move(entry, wall_time, lambda: self._scheduling.move(entry.delivery_ids, to=to))

    def schedule(self, item: BacklogItem, wall_time: datetime) -> None:
        """Plan a post of the backlog for a time in the zone shown."""
        when = Schedule(wall_time, self._context.zone())
        self._step(
            tr("Scheduled for {day}, {time}", day=short_day(wall_time.date()), time=short_time(wall_time)),
            tr("scheduling “{title}”", title=title_of(item)),
            lambda: self._scheduling.schedule(item.post_id, when),
            lambda _planned: self._scheduling.unschedule(item.post_id),
        )

    def unschedule(self, entry: CalendarEntry) -> None:
        """Put an entry's post back into the backlog."""
        self._show(entry, None)
        self._step(
            tr("Moved to Unscheduled"),
            tr("unscheduling “{title}”", title=title_of(entry)),
            lambda: self._scheduling.unschedule(entry.post_id),
            self._scheduling.undo,
        )

    def delete(self, item: Cargo) -> None:
        """Put a post into the bin."""
        if isinstance(item, CalendarEntry):
            self._show(item, None)
        self._step(
            tr("Deleted “{title}”", title=title_of(item)),
            tr("deleting “{title}”", title=title_of(item)),
            lambda: self._drafting.delete((item.post_id,)),
            lambda _none: self._drafting.restore((item.post_id,)),
        )

    def duplicate(self, item: Cargo) -> None:
        """Copy a post into the backlog."""
        self._step(
            tr("Copied to Unscheduled"),
            tr("copying “{title}”", title=title_of(item)),
            lambda: self._drafting.duplicate(item.post_id),
            lambda copy: self._drafting.delete((copy.id,)),
        )

    def _move_to_day(self, entry: CalendarEntry, day: date) -> None:
        # By as many days as on screen: in the entry's own zone its date may be another one.
        own_day = entry.schedule.wall_time.date() + (day - entry.local.date())
        to = datetime.combine(day, entry.local.time())
        self._move(entry, to, lambda: self._scheduling.move(entry.delivery_ids, to_date=own_day))

    def _move(self, entry: CalendarEntry, to: datetime, work: Callable[[], Moved]) -> None:
        self._show(entry, to)
        self._step(
            tr("Moved to {day}, {time}", day=short_day(to.date()), time=short_time(to)),
            tr("moving “{title}”", title=title_of(entry)),
            work,
            self._scheduling.undo,
        )

    def _step(self, words: str, name: str, work: Callable[[], T], back: Callable[[T], object]) -> None:
        """Do ``work`` behind the window, say ``words``, and make it undoable: ``back`` gets what the work returned."""
        results: list[T] = []

        # both run on the writing thread, in order: an undo finds the result of the redo before it
        def redo() -> None:
            self._write(lambda: results.append(work()))

        def undo() -> None:
            self._write(lambda: back(results[-1]))

        def done(result: T) -> None:
            results.append(result)
            self._context.undo.push(DoneCommand(name, undo, redo))
            self._offer_undo(words)

        self._write(work, done)

    def _offer_undo(self, words: str) -> None:
        stack = self._context.undo
        place = stack.index()

        def take_back() -> None:
            if stack.index() == place:
                stack.undo()

        self._context.notify(words, tr("Undo"), take_back)

    def _write(self, work: Callable[[], T], done: Callable[[T], object] | None = None) -> None:
        self._writes += 1

        def written(result: T) -> None:
            self._writes -= 1
            if done is not None:
                done(result)
            self._settle()

        self._context.tasks.submit(lambda _task: work(), written, self._on_write_failed, serial=True, receiver=self)

    def _on_write_failed(self, error: Exception) -> None:
        self._writes -= 1
        known = error if isinstance(error, TidingsError) else TidingsError()
        self._context.notify(f"{known.title} {known.advice}".strip(), tone="danger")
        self._settle()

    def _settle(self) -> None:
        if not self._writes:
            self.settled.emit()
