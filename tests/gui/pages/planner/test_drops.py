from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import DeliveryId, DeliveryState
from desktop.domain.networks import Network
from desktop.domain.posts import PostId
from desktop.domain.schedules import Schedule
from desktop.gui.pages.planner.drops import Cargo, Place, Target, Verdict, judge, landing
from desktop.services.scheduling.entries import BacklogItem, CalendarEntry
from tests.gui.pages.planner.planner_world import NOW

LOCAL_NOW = datetime(2026, 11, 12, 14, 42)  # noqa: DTZ001 - a wall time
WALL = datetime(2026, 11, 19, 10, 45)  # noqa: DTZ001 - a wall time
ENTRY = CalendarEntry(
    post_id=PostId("p"),
    delivery_ids=(DeliveryId("d"),),
    schedule=Schedule(WALL, "Europe/Oslo"),
    local=WALL,
    account_ids=(AccountId("threads"),),
    networks=(Network.THREADS,),
    state=DeliveryState.SCHEDULED,
    title="Maker of the month",
    has_media=False,
    thumbnail=None,
    is_sample=False,
    can_move=True,
)
ITEM = BacklogItem(PostId("b"), "Idea", (AccountId("threads"),), (Network.THREADS,), 1, 0, None, NOW, False)
GONE = replace(ENTRY, can_move=False, state=DeliveryState.PUBLISHED)
HOMELESS = replace(ITEM, account_ids=(), networks=())


@pytest.mark.parametrize(
    ("cargo", "target", "allowed", "words"),
    [
        (ENTRY, date(2026, 11, 20), True, "Move to Fri 20 Nov, 10:45"),
        (ENTRY, date(2026, 11, 19), False, ""),
        (ENTRY, date(2026, 11, 11), False, "That day has passed"),
        (ENTRY, date(2026, 11, 12), False, "10:45 has already passed today"),
        (ENTRY, Place.BACKLOG, True, "Move to Unscheduled"),
        (GONE, date(2026, 11, 20), False, "Cannot be moved: published"),
        (GONE, Place.BACKLOG, False, "Cannot be moved: published"),
        (ITEM, date(2026, 11, 20), True, "Schedule for Fri 20 Nov, 09:00"),
        (ITEM, date(2026, 11, 12), True, "Schedule for Thu 12 Nov, 15:00"),
        (ITEM, date(2026, 11, 11), False, "That day has passed"),
        (ITEM, Place.BACKLOG, False, ""),
        (HOMELESS, date(2026, 11, 20), False, "Choose an account for it first"),
    ],
)
def test_verdicts(cargo: Cargo, target: Target, allowed: bool, words: str) -> None:
    assert judge(cargo, target, LOCAL_NOW) == Verdict(allowed, words)


def test_the_last_hour_of_today_takes_nothing_from_the_backlog() -> None:
    late = LOCAL_NOW.replace(hour=23, minute=5)
    assert judge(ITEM, date(2026, 11, 12), late) == Verdict(False, "Today is nearly over: choose another day")


def test_early_in_the_morning_nine_is_still_to_come() -> None:
    early = LOCAL_NOW.replace(hour=6)
    assert landing(ITEM, date(2026, 11, 12), early) == early.replace(hour=9, minute=0)
