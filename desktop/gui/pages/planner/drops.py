"""What dropping a post somewhere would do, and why not: the words of the pill under the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import TypeAlias

from desktop.gui.pages.planner.words import short_day, short_time, state_word
from desktop.kit.i18n import tr
from desktop.services.scheduling.entries import BacklogItem, CalendarEntry

DEFAULT_TIME = time(9)


class Place(Enum):
    """A target that is not a day."""

    BACKLOG = "backlog"


Cargo: TypeAlias = CalendarEntry | BacklogItem
Target: TypeAlias = date | Place


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a drop is allowed. Empty ``words`` mean that it would change nothing."""

    is_allowed: bool
    words: str


def judge(cargo: Cargo, target: Target, local_now: datetime) -> Verdict:
    """Decide on dropping ``cargo`` on ``target``; ``local_now`` is the naive wall time in the zone shown."""
    if isinstance(cargo, CalendarEntry):
        if target == cargo.local.date():
            return Verdict(False, "")
        if not cargo.can_move:
            return Verdict(False, tr("Cannot be moved: {state}", state=state_word(cargo.state)))
        if isinstance(target, Place):
            return Verdict(True, tr("Move to Unscheduled"))
        return _judge_day(target, landing(cargo, target, local_now), local_now, tr("Move to {day}, {time}"))
    if isinstance(target, Place):
        return Verdict(False, "")
    if not cargo.account_ids:
        return Verdict(False, tr("Choose an account for it first"))
    return _judge_day(target, landing(cargo, target, local_now), local_now, tr("Schedule for {day}, {time}"))


def landing(cargo: Cargo, day: date, local_now: datetime) -> datetime:
    """Return the wall time ``cargo`` would get on ``day``: its own time of day; from the backlog 09:00.

    Today's 09:00 is the next full hour when that is later; late in the evening it falls on tomorrow.
    """
    if isinstance(cargo, CalendarEntry):
        return datetime.combine(day, cargo.local.time())
    planned = datetime.combine(day, DEFAULT_TIME)
    if day == local_now.date():
        planned = max(planned, local_now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
    return planned


def _judge_day(day: date, planned: datetime, local_now: datetime, words: str) -> Verdict:
    if day < local_now.date():
        return Verdict(False, tr("That day has passed"))
    if planned.date() != day:
        return Verdict(False, tr("Today is nearly over: choose another day"))
    if planned <= local_now:
        return Verdict(False, tr("{time} has already passed today", time=short_time(planned)))
    return Verdict(True, words.format(day=short_day(day), time=short_time(planned)))
