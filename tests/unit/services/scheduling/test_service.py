from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from desktop.domain.deliveries import (
    Delivery,
    DeliveryId,
    DeliveryState,
    PartProgress,
    PublishingTimers,
    Tombstone,
)
from desktop.domain.errors import (
    NotFound,
    NothingToPublish,
    NotPossibleNow,
    PreflightRefused,
    TimeInGap,
    TimeInPast,
    UnknownZone,
)
from desktop.domain.networks import Network
from desktop.domain.posts import Content, Post
from desktop.domain.schedules import Schedule
from desktop.domain.transitions import Rescheduled, transition
from desktop.files.network_rules import load_rules
from desktop.kit.clock import ManualClock
from desktop.services.changes import Change, ChangeFeed, Noun
from desktop.services.drafting.service import DraftingService
from desktop.services.scheduling.entries import can_move
from desktop.services.scheduling.service import Moved, SchedulingService
from tests.support.drafts import NOW, a_content, a_part, an_account, an_image, wall
from tests.support.memory_storage import MemoryStorage

THREADS, FACEBOOK = an_account(Network.THREADS), an_account(Network.FACEBOOK)
S = DeliveryState
OSLO = "Europe/Oslo"
MONDAY = Schedule(wall("2026-11-23 09:00"), OSLO)
TIMERS = PublishingTimers()


@dataclass
class Planner:
    storage: MemoryStorage
    clock: ManualClock
    heard: list[Change]
    drafting: DraftingService
    scheduling: SchedulingService

    def post(self, text: str = "Hello", *accounts) -> Post:
        return self.drafting.create(a_content(text), [a.id for a in accounts or (THREADS,)])

    def change(self, delivery: Delivery, **changes: object) -> Delivery:
        with self.storage.write() as work:
            saved = work.deliveries.save(replace(work.deliveries.get(delivery.id), **changes))  # type: ignore[arg-type]
            work.commit()
        return saved

    def stored(self, delivery_id: DeliveryId) -> Delivery:
        with self.storage.read() as work:
            return work.deliveries.get(delivery_id)

    def why(self, delivery: Delivery) -> list[str]:
        with self.storage.read() as work:
            return [entry.why for entry in work.deliveries.timeline(delivery.id)]


@pytest.fixture
def planner() -> Planner:
    storage, clock, changes, heard = MemoryStorage(), ManualClock(NOW), ChangeFeed(), []
    changes.subscribe(heard.append)
    with storage.write() as work:
        work.accounts.add(THREADS)
        work.accounts.add(FACEBOOK)
        work.assets.add(an_image())
        work.commit()
    drafting = DraftingService(storage, clock, changes, load_rules())
    return Planner(storage, clock, heard, drafting, SchedulingService(storage, clock, changes, drafting, TIMERS))


def test_a_post_is_planned_once_for_each_account(planner: Planner) -> None:
    post = planner.post("Hello", THREADS, FACEBOOK)
    planned = planner.scheduling.schedule(post.id, MONDAY)
    assert [(d.account_id, d.network, d.state, d.schedule) for d in planned] == [
        (THREADS.id, Network.THREADS, S.SCHEDULED, MONDAY),
        (FACEBOOK.id, Network.FACEBOOK, S.SCHEDULED, MONDAY),
    ]
    first = planned[0]
    assert first.due_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert first.next_action_at == first.due_at - TIMERS.prepare_ahead
    assert first.late_limit == TIMERS.late_limit
    assert planner.stored(first.id) == first
    assert planner.heard[-1] == Change(Noun.DELIVERIES, frozenset(d.id for d in planned))


def test_the_late_limit_may_be_lifted(planner: Planner) -> None:
    post = planner.post()
    (planned,) = planner.scheduling.schedule(post.id, MONDAY, late_limit=None)
    assert planned.late_limit is None
    (again,) = planner.scheduling.schedule(post.id, MONDAY, late_limit=timedelta(hours=1))
    assert again.late_limit == timedelta(hours=1)


def test_only_some_accounts(planner: Planner) -> None:
    post = planner.post("x" * 501, THREADS, FACEBOOK)
    (planned,) = planner.scheduling.schedule(post.id, MONDAY, account_ids=[FACEBOOK.id])
    assert planned.account_id == FACEBOOK.id
    with pytest.raises(NothingToPublish):
        planner.scheduling.schedule(planner.post().id, MONDAY, account_ids=[FACEBOOK.id])


def test_planning_again_moves_the_delivery_that_exists(planner: Planner) -> None:
    post = planner.post()
    (first,) = planner.scheduling.schedule(post.id, MONDAY)
    later = MONDAY.moved(timedelta(days=1))
    for state in (S.SCHEDULED, S.CANCELLED, S.FAILED, S.MISSED, S.HELD):
        planner.change(first, state=state)
        (again,) = planner.scheduling.schedule(post.id, later)
        assert (again.id, again.state, again.schedule) == (first.id, S.SCHEDULED, later)


@pytest.mark.parametrize("state", [S.SENDING, S.UNCERTAIN, S.PUBLISHED, S.NEEDS_REVIEW])
def test_what_is_on_its_way_or_out_is_not_planned_again(planner: Planner, state: DeliveryState) -> None:
    post = planner.post("Hello", FACEBOOK, THREADS)
    (sent,) = planner.scheduling.schedule(post.id, MONDAY, account_ids=[THREADS.id])
    sent = planner.change(sent, state=state, parts=(PartProgress(tombstones=(Tombstone("c"),)),))
    with pytest.raises(NotPossibleNow):
        planner.scheduling.schedule(post.id, MONDAY)
    assert planner.stored(sent.id) == sent
    with planner.storage.read() as work:
        assert len(work.deliveries.list()) == 1, "the Facebook delivery of the refused call must not stay"


def test_bad_times_are_refused(planner: Planner) -> None:
    post = planner.post()
    with pytest.raises(TimeInGap) as gap:
        planner.scheduling.schedule(post.id, Schedule(wall("2027-03-28 02:30"), OSLO))
    assert "03:30" in gap.value.advice
    with pytest.raises(UnknownZone):
        planner.scheduling.schedule(post.id, Schedule(wall("2027-03-28 02:30"), "Mars/Olympus"))
    with pytest.raises(TimeInPast):
        planner.scheduling.schedule(post.id, Schedule.from_instant(NOW - timedelta(seconds=61), OSLO))
    assert planner.scheduling.calendar(date(2020, 1, 1), date(2030, 1, 1), OSLO) == ()
    assert planner.scheduling.schedule(post.id, Schedule.from_instant(NOW - timedelta(seconds=59), OSLO))


def test_a_post_that_would_be_refused_is_not_planned(planner: Planner) -> None:
    with pytest.raises(PreflightRefused) as refused:
        planner.scheduling.schedule(planner.post("x" * 501).id, MONDAY)
    assert "501 of 500 characters on Threads." in refused.value.title
    assert refused.value.details["count"] == 1
    with pytest.raises(NothingToPublish):
        planner.scheduling.schedule(planner.drafting.create(a_content("x")).id, MONDAY)
    binned = planner.post()
    planner.drafting.delete([binned.id])
    with pytest.raises(NotFound):
        planner.scheduling.schedule(binned.id, MONDAY)


def test_publish_now_is_due_now(planner: Planner) -> None:
    (planned,) = planner.scheduling.publish_now(planner.post().id, zone=OSLO)
    assert planned.due_at == planned.next_action_at == NOW
    assert planned.schedule == Schedule(wall("2026-11-22 13:00"), OSLO)


def test_publish_now_in_a_repeated_hour_is_not_an_hour_late(planner: Planner) -> None:
    second_half_past_two = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    planner.clock.set(second_half_past_two)
    (planned,) = planner.scheduling.publish_now(planner.post().id, zone=OSLO)
    assert planned.due_at == second_half_past_two


def test_moving_to_a_day_keeps_the_time_of_day_across_a_change_of_clocks(planner: Planner) -> None:
    (planned,) = planner.scheduling.schedule(planner.post().id, MONDAY)
    moved = planner.scheduling.move([planned.id], to_date=date(2027, 6, 1))
    after = planner.stored(planned.id)
    assert after.schedule == Schedule(wall("2027-06-01 09:00"), OSLO)
    assert after.due_at == datetime(2027, 6, 1, 7, 0, tzinfo=UTC)
    assert moved == Moved(((planned.id, MONDAY),), ((planned.id, after.schedule),))
    assert planner.why(planned) == ["planned", "moved"]
    planner.scheduling.undo(moved)
    assert planner.stored(planned.id).schedule == MONDAY


def test_a_day_whose_gap_swallows_the_time_moves_it_forward(planner: Planner) -> None:
    (planned,) = planner.scheduling.schedule(planner.post().id, Schedule(wall("2027-03-27 02:30"), OSLO))
    planner.scheduling.move([planned.id], to_date=date(2027, 3, 28))
    assert planner.stored(planned.id).due_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    with pytest.raises(TimeInGap):
        planner.scheduling.move([planned.id], to=Schedule(wall("2027-03-28 02:30"), OSLO))


def test_a_move_is_all_or_nothing(planner: Planner) -> None:
    (first,) = planner.scheduling.schedule(planner.post().id, MONDAY)
    (second,) = planner.scheduling.schedule(planner.post().id, MONDAY)
    planner.change(second, state=S.PUBLISHED, parts=(PartProgress(evidence="receipt", media_id="1"),))
    with pytest.raises(NotPossibleNow):
        planner.scheduling.move([first.id, second.id], to_date=date(2026, 11, 25))
    with pytest.raises(TimeInPast):
        planner.scheduling.move([first.id], to_date=date(2026, 11, 21))
    assert planner.stored(first.id) == first


def test_unscheduling_goes_back_to_the_backlog_and_undo_comes_back(planner: Planner) -> None:
    post = planner.post("Hello", THREADS, FACEBOOK)
    planned = planner.scheduling.schedule(post.id, MONDAY)
    planner.change(planned[1], state=S.FAILED, next_action_at=None)
    assert planner.scheduling.backlog() == ()
    moved = planner.scheduling.unschedule(post.id)
    assert moved.after == ()
    assert [item.post_id for item in planner.scheduling.backlog()] == [post.id]
    assert planner.scheduling.calendar(date(2026, 11, 23), date(2026, 11, 23), OSLO) == ()
    assert planner.scheduling.unschedule(post.id) == Moved()
    planner.scheduling.undo(moved)
    assert planner.scheduling.backlog() == ()
    assert {planner.stored(d.id).state for d in planned} == {S.SCHEDULED}


def test_the_calendar_gathers_a_post_at_its_time(planner: Planner) -> None:
    image = an_image()
    content = Content((a_part("\nGood morning\nOslo", image),))
    post = planner.drafting.create(content, [THREADS.id, FACEBOOK.id])
    planned = planner.scheduling.schedule(post.id, MONDAY)
    planner.change(planned[1], state=S.HELD)
    (entry,) = planner.scheduling.calendar(MONDAY.wall_time.date(), MONDAY.wall_time.date(), OSLO)
    assert (entry.post_id, set(entry.delivery_ids)) == (post.id, {d.id for d in planned})
    assert (entry.schedule, entry.local) == (MONDAY, MONDAY.wall_time)
    assert set(entry.networks) == {Network.THREADS, Network.FACEBOOK}
    assert (entry.state, entry.title) == (S.HELD, "Good morning")
    assert (entry.has_media, entry.thumbnail) == (True, image.id)
    assert entry.can_move
    planner.change(planned[0], state=S.PUBLISHED, parts=(PartProgress(evidence="receipt", media_id="1"),))
    (entry,) = planner.scheduling.calendar(MONDAY.wall_time.date(), MONDAY.wall_time.date(), OSLO)
    assert (entry.state, entry.can_move) == (S.HELD, False)
    planner.scheduling.move([planned[1].id], to_date=date(2026, 11, 24))
    assert len(planner.scheduling.calendar(date(2026, 11, 23), date(2026, 11, 24), OSLO)) == 2


def test_days_are_those_of_the_asked_zone(planner: Planner) -> None:
    late = Schedule(wall("2026-11-23 23:30"), "America/New_York")
    planner.scheduling.schedule(planner.post().id, late)
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    assert planner.scheduling.calendar(monday, monday, OSLO) == ()
    (entry,) = planner.scheduling.calendar(tuesday, tuesday, OSLO)
    assert (entry.local, entry.schedule) == (wall("2026-11-24 05:30"), late)
    assert len(planner.scheduling.calendar(monday, monday, "America/New_York")) == 1


def test_a_day_that_starts_in_a_gap_is_whole(planner: Planner) -> None:
    zone, day = "Africa/Cairo", date(2027, 4, 30)  # the clocks skip from midnight to one
    planner.scheduling.schedule(planner.post().id, Schedule(wall("2027-04-30 01:00"), zone))
    planner.scheduling.schedule(planner.post().id, Schedule(wall("2027-04-29 23:59"), zone))
    assert [e.local.hour for e in planner.scheduling.calendar(day, day, zone)] == [1]


def test_the_bin_is_not_on_the_calendar(planner: Planner) -> None:
    post = planner.post()
    (planned,) = planner.scheduling.schedule(post.id, MONDAY)
    planner.change(planned, state=S.PUBLISHED, parts=(PartProgress(evidence="receipt", media_id="1"),))
    planner.drafting.delete([post.id])
    assert planner.scheduling.calendar(date(2026, 11, 23), date(2026, 11, 23), OSLO) == ()


def test_next_due(planner: Planner) -> None:
    assert planner.scheduling.next_due() is None
    planner.scheduling.schedule(planner.post("later").id, MONDAY.moved(timedelta(days=1)))
    planned = planner.scheduling.schedule(planner.post("next", THREADS, FACEBOOK).id, MONDAY)
    entry = planner.scheduling.next_due()
    assert entry is not None
    assert (entry.title, entry.local, set(entry.delivery_ids)) == (
        "next",
        MONDAY.wall_time,
        {d.id for d in planned},
    )


def test_backlog_items(planner: Planner) -> None:
    parts = (a_part("", an_image()), a_part("Idea"))
    post = planner.drafting.create(Content(parts), [FACEBOOK.id], is_sample=True)
    (item,) = planner.scheduling.backlog()
    assert (item.post_id, item.title, item.networks, item.part_count, item.media_count, item.thumbnail) == (
        post.id,
        "Idea",
        (Network.FACEBOOK,),
        2,
        1,
        an_image().id,
    )
    assert item.is_sample


@pytest.mark.parametrize("state", DeliveryState)
@pytest.mark.parametrize("was_sent", [False, True])
def test_what_the_calendar_lets_move_is_what_the_state_machine_lets_move(
    planner: Planner, state: DeliveryState, was_sent: bool
) -> None:
    (planned,) = planner.scheduling.schedule(planner.post().id, MONDAY)
    parts = (PartProgress(tombstones=(Tombstone("c"),)),) if was_sent else planned.parts
    delivery = replace(planned, state=state, parts=parts)
    try:
        transition(delivery, Rescheduled(MONDAY), NOW, TIMERS)
    except NotPossibleNow:
        assert not can_move(delivery)
    else:
        assert can_move(delivery)


def test_a_delivery_row_is_never_doubled(planner: Planner) -> None:
    post = planner.post()
    planner.scheduling.schedule(post.id, MONDAY)
    planner.scheduling.publish_now(post.id, zone=OSLO)
    with planner.storage.read() as work:
        assert len(work.deliveries.list()) == 1
