from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QObject

from desktop.domain.deliveries import DeliveryState
from desktop.domain.errors import DatabaseBusy
from desktop.gui.bridge.tasks import Task, TaskContext
from desktop.gui.pages.planner.drops import Place
from desktop.gui.pages.planner.month import Month
from desktop.gui.pages.planner.viewmodel import PlannerViewModel
from desktop.services.changes import Noun
from desktop.services.scheduling.entries import CalendarEntry
from tests.gui.pages.planner.planner_world import HOUSE, World

NINETEENTH, TWENTIETH = date(2026, 11, 19), date(2026, 11, 20)


@pytest.fixture
def world(qapp: object) -> World:
    return World()


def shown(world: World) -> PlannerViewModel:
    viewmodel = PlannerViewModel(world)
    viewmodel.set_active(True)
    return viewmodel


def only_entry(viewmodel: PlannerViewModel, day: date) -> CalendarEntry:
    (entry,) = viewmodel.entries_on(day)
    return entry


def titles(viewmodel: PlannerViewModel, day: date) -> list[str]:
    return [entry.title for entry in viewmodel.entries_on(day)]


class HeldTasks:
    """Runs nothing until told to, in the order of submission."""

    def __init__(self) -> None:
        self.waiting: deque[Callable[[], None]] = deque()

    def submit(
        self,
        work: Callable[[TaskContext], Any],
        on_result: Callable[[Any], object] | None = None,
        on_error: Callable[[Exception], object] | None = None,
        on_progress: Callable[[Any], object] | None = None,
        *,
        serial: bool = False,
        receiver: QObject | None = None,
    ) -> Task:
        context = TaskContext(lambda value: None)

        def run() -> None:
            value = work(context)
            if on_result is not None:
                on_result(value)

        self.waiting.append(run)
        return Task(context)

    def run(self) -> None:
        while self.waiting:
            self.waiting.popleft()()


def test_reads_what_is_planned_around_the_month_in_one_call(world: World) -> None:
    world.plan("Maker of the month", "2026-11-19 10:45")
    world.plan("Far away", "2027-03-01 10:00")
    calls: list[tuple[date, date]] = []
    real = world.services.scheduling.calendar
    world.services.scheduling.calendar = lambda first, last, zone: (
        calls.append((first, last)) or real(first, last, zone)
    )
    viewmodel = shown(world)
    assert titles(viewmodel, NINETEENTH) == ["Maker of the month"]
    ((first, last),) = calls
    assert first < viewmodel.month.first
    assert last > viewmodel.month.last
    assert viewmodel.is_loaded


def test_a_hidden_page_reads_nothing_until_it_is_shown(world: World) -> None:
    viewmodel = PlannerViewModel(world)
    world.plan("Maker of the month", "2026-11-19 10:45")
    viewmodel._on_events_delivered(())
    assert not viewmodel.is_loaded
    viewmodel.set_active(True)
    assert titles(viewmodel, NINETEENTH) == ["Maker of the month"]


def test_moving_keeps_the_time_and_undo_and_redo_follow(world: World) -> None:
    post = world.plan("Maker of the month", "2026-11-19 10:45", 0, 2)
    viewmodel = shown(world)
    assert viewmodel.edits.drop(only_entry(viewmodel, NINETEENTH), TWENTIETH)
    assert world.planned_times(post) == ["2026-11-20 10:45"] * 2
    assert titles(viewmodel, TWENTIETH) == ["Maker of the month"]
    toast = world.toasts[-1]
    assert (toast.text, toast.action) == ("Moved to Fri 20 Nov, 10:45", "Undo")
    assert world.undo.undoText() == "moving “Maker of the month”"
    assert toast.on_action is not None
    toast.on_action()
    assert world.planned_times(post) == ["2026-11-19 10:45"] * 2
    assert titles(viewmodel, NINETEENTH) == ["Maker of the month"]
    world.undo.redo()
    assert world.planned_times(post) == ["2026-11-20 10:45"] * 2


def test_an_old_toast_does_not_undo_a_newer_step(world: World) -> None:
    post = world.plan("Maker of the month", "2026-11-19 10:45")
    viewmodel = shown(world)
    viewmodel.edits.drop(only_entry(viewmodel, NINETEENTH), TWENTIETH)
    viewmodel.edits.drop(only_entry(viewmodel, TWENTIETH), date(2026, 11, 21))
    old = world.toasts[0].on_action
    assert old is not None
    old()
    assert world.planned_times(post) == ["2026-11-21 10:45"]


def test_moves_by_days_on_screen_when_the_post_has_another_zone(world: World) -> None:
    post = world.plan("Night shift", "2026-11-18 20:00", zone="America/Los_Angeles")
    viewmodel = shown(world)
    entry = only_entry(viewmodel, NINETEENTH)
    assert f"{entry.local:%H:%M}" == "05:00"
    viewmodel.edits.drop(entry, TWENTIETH)
    assert world.planned_times(post) == ["2026-11-19 20:00"]
    assert titles(viewmodel, TWENTIETH) == ["Night shift"]


def test_a_backlog_card_gets_nine_o_clock_and_undo_takes_it_back(world: World) -> None:
    post = world.write("Opening hours in December", 0)
    viewmodel = shown(world)
    (item,) = viewmodel.backlog
    assert viewmodel.edits.drop(item, TWENTIETH)
    assert world.planned_times(post) == ["2026-11-20 09:00"]
    assert viewmodel.backlog == ()
    assert world.toasts[-1].text == "Scheduled for Fri 20 Nov, 09:00"
    world.undo.undo()
    assert world.planned_times(post) == []
    assert [item.post_id for item in viewmodel.backlog] == [post]
    world.undo.redo()
    assert world.planned_times(post) == ["2026-11-20 09:00"]


def test_a_chip_goes_to_the_backlog_and_back(world: World) -> None:
    post = world.plan("Maker of the month", "2026-11-19 10:45")
    viewmodel = shown(world)
    assert viewmodel.edits.drop(only_entry(viewmodel, NINETEENTH), Place.BACKLOG)
    assert world.planned_times(post) == []
    assert [item.post_id for item in viewmodel.backlog] == [post]
    world.undo.undo()
    assert world.planned_times(post) == ["2026-11-19 10:45"]
    assert viewmodel.backlog == ()


def test_what_is_published_stays_and_says_why(world: World) -> None:
    post = world.plan("Out already", "2026-11-10 09:00", state=DeliveryState.PUBLISHED)
    viewmodel = shown(world)
    assert not viewmodel.edits.drop(only_entry(viewmodel, date(2026, 11, 10)), TWENTIETH)
    assert world.planned_times(post) == ["2026-11-10 09:00"]
    assert (world.toasts[-1].text, world.toasts[-1].tone) == ("Cannot be moved: published", "warning")
    assert world.undo.count() == 0


def test_a_refused_write_is_told_and_the_chip_returns(world: World) -> None:
    post = world.write("Needs a picture", 1)
    viewmodel = shown(world)
    (item,) = viewmodel.backlog
    viewmodel.edits.drop(item, TWENTIETH)
    assert world.planned_times(post) == []
    assert world.toasts[-1].tone == "danger"
    assert "would be refused" in world.toasts[-1].text
    assert [item.post_id for item in viewmodel.backlog] == [post]
    assert world.undo.count() == 0


def test_deleting_and_duplicating_can_be_undone(world: World) -> None:
    world.plan("Maker of the month", "2026-11-19 10:45")
    viewmodel = shown(world)
    entry = only_entry(viewmodel, NINETEENTH)
    viewmodel.edits.delete(entry)
    assert viewmodel.entries_on(NINETEENTH) == ()
    world.undo.undo()
    assert titles(viewmodel, NINETEENTH) == ["Maker of the month"]
    viewmodel.edits.duplicate(entry)
    assert [item.title for item in viewmodel.backlog] == ["Maker of the month"]
    world.undo.undo()
    assert viewmodel.backlog == ()


def test_a_move_shows_before_it_is_written_and_does_not_jump_back(world: World) -> None:
    world.plan("Maker of the month", "2026-11-19 10:45")
    tasks = world.tasks = HeldTasks()
    viewmodel = shown(world)
    tasks.run()
    viewmodel.reload()  # on its way, with the old place
    viewmodel.edits.drop(only_entry(viewmodel, NINETEENTH), TWENTIETH)
    assert titles(viewmodel, TWENTIETH) == ["Maker of the month"]
    places: list[list[str]] = []
    viewmodel.entries_changed.connect(lambda: places.append(titles(viewmodel, TWENTIETH)))
    tasks.run()
    assert places
    assert all(there == ["Maker of the month"] for there in places)
    assert titles(viewmodel, NINETEENTH) == []


def test_only_the_latest_reading_counts(world: World) -> None:
    tasks = world.tasks = HeldTasks()
    viewmodel = shown(world)
    viewmodel.turn(1)
    first, second = tasks.waiting
    world.plan("In December", "2026-12-24 18:00")
    second()
    world.services.scheduling.calendar = lambda first, last, zone: ()
    first()
    assert titles(viewmodel, date(2026, 12, 24)) == ["In December"]


def test_filters_hide_accounts_and_one_can_stand_alone(world: World) -> None:
    world.plan("On Threads", "2026-11-19 10:00", 0)
    world.plan("On Facebook", "2026-11-19 11:00", 2)
    world.plan("On both", "2026-11-19 12:00", 0, 2)
    world.write("Idea without account")
    viewmodel = shown(world)
    viewmodel.filter.show(HOUSE[0].id, False)
    assert titles(viewmodel, NINETEENTH) == ["On Facebook", "On both"]
    viewmodel.filter.show_only(HOUSE[0].id, [account.id for account in HOUSE])
    assert titles(viewmodel, NINETEENTH) == ["On Threads", "On both"]
    assert [item.title for item in viewmodel.backlog] == ["Idea without account"]
    viewmodel.filter.show_only(HOUSE[0].id, [account.id for account in HOUSE])
    assert not viewmodel.filter.is_active
    assert len(viewmodel.entries_on(NINETEENTH)) == 3


def test_a_failed_reading_keeps_what_was_there_and_says_so(world: World) -> None:
    world.plan("Maker of the month", "2026-11-19 10:45")
    viewmodel = shown(world)
    real = world.services.scheduling.calendar

    def busy(first: date, last: date, zone: str) -> tuple[CalendarEntry, ...]:
        raise DatabaseBusy

    world.services.scheduling.calendar = busy
    viewmodel.reload()
    assert isinstance(viewmodel.failure, DatabaseBusy)
    assert titles(viewmodel, NINETEENTH) == ["Maker of the month"]
    world.services.scheduling.calendar = real
    viewmodel.reload()
    assert viewmodel.failure is None


def test_news_of_deliveries_makes_it_read_again(world: World, qtbot: Any) -> None:
    viewmodel = shown(world)
    world.plan("Planned elsewhere", "2026-11-19 10:45")
    world.changes.announce(Noun.DELIVERIES)
    qtbot.waitUntil(lambda: titles(viewmodel, NINETEENTH) == ["Planned elsewhere"])


def test_midnight_moves_today_and_the_month(world: World) -> None:
    viewmodel = shown(world)
    world.clock.set(datetime(2026, 11, 30, 22, 59, tzinfo=UTC))
    viewmodel.set_active(True)
    assert viewmodel.today == date(2026, 11, 30)
    world.clock.advance(timedelta(minutes=2))
    viewmodel.set_active(True)
    assert viewmodel.today == date(2026, 12, 1)
    assert viewmodel.month == Month(2026, 11)  # the first of December is in sight
    world.clock.set(datetime(2026, 12, 20, 12, 0, tzinfo=UTC))
    viewmodel.set_active(True)
    assert viewmodel.month.shows(viewmodel.today)


def test_an_empty_month_is_known_only_after_reading(world: World) -> None:
    viewmodel = PlannerViewModel(world)
    assert not viewmodel.is_month_empty
    viewmodel.set_active(True)
    assert viewmodel.is_month_empty
    world.plan("Maker of the month", "2026-11-19 10:45")
    viewmodel.reload()
    assert not viewmodel.is_month_empty
