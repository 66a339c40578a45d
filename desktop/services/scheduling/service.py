"""Planning: giving posts a time, moving them, taking them back, and the calendar's view of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from types import EllipsisType

from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import (
    Delivery,
    DeliveryId,
    DeliveryState,
    PublishingTimers,
    TimelineEntry,
    wants_hand_over,
)
from desktop.domain.errors import NotFound, NothingToPublish, PreflightRefused, StaleVersion, TimeInPast
from desktop.domain.networks import Network
from desktop.domain.posts import Post, PostId, Variant
from desktop.domain.schedules import Schedule
from desktop.domain.transitions import CancelRequested, Event, Rescheduled, transition
from desktop.kit.clock import Clock
from desktop.kit.ids import new_id
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.drafting.service import DraftingService
from desktop.services.scheduling.entries import (
    BacklogItem,
    CalendarEntry,
    calendar_entries,
    can_move,
    day_start,
)
from desktop.services.unit_of_work import Storage, UnitOfWork

# a post goes out once per account until plans that repeat exist; they will name their slots by occurrence
ONLY_SLOT = "once"
PAST_TOLERANCE = timedelta(minutes=1)

_WAITING = (DeliveryState.SCHEDULED, DeliveryState.PREPARING, DeliveryState.READY)

Place = tuple[DeliveryId, Schedule]
EventChoice = Callable[[Delivery], Event]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move changed, for its undo. ``after`` is empty for deliveries that were taken off the calendar."""

    before: tuple[Place, ...] = ()
    after: tuple[Place, ...] = ()


class SchedulingService:
    """Use cases of the calendar. Every change is one transaction: all of it or nothing."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        changes: ChangeFeed,
        drafting: DraftingService,
        timers: PublishingTimers,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._changes = changes
        self._drafting = drafting
        self._timers = timers

    def schedule(
        self,
        post_id: PostId,
        schedule: Schedule,
        *,
        account_ids: Sequence[AccountId] | None = None,
        late_limit: timedelta | EllipsisType | None = ...,
    ) -> tuple[Delivery, ...]:
        """Plan a post for its accounts (or some of them) and return one delivery each.

        ``late_limit`` None publishes however late; left out, the publisher's default counts. A delivery that exists
        and was not sent is planned again. Raises ``TimeInGap``, ``UnknownZone``, ``TimeInPast``, ``NothingToPublish``,
        ``PreflightRefused``, and ``NotPossibleNow`` when one of them is on its way or out.
        """
        entered = Schedule.entered(schedule.wall_time, schedule.zone)
        self._require_future(entered)
        limit = self._timers.late_limit if isinstance(late_limit, EllipsisType) else late_limit
        return self._plan(post_id, entered, account_ids, limit)

    def publish_now(
        self, post_id: PostId, *, account_ids: Sequence[AccountId] | None = None, zone: str
    ) -> tuple[Delivery, ...]:
        """Plan a post for this moment, shown in ``zone``; errors as ``schedule``."""
        now = self._clock.now()
        schedule = Schedule.from_instant(now, zone)
        if now - schedule.at > PAST_TOLERANCE:
            # the second pass of an hour that the clocks repeat: its wall time means the first one
            schedule = Schedule.from_instant(now, "UTC")
        return self._plan(post_id, schedule, account_ids, self._timers.late_limit)

    def move(
        self, delivery_ids: Iterable[DeliveryId], *, to_date: date | None = None, to: Schedule | None = None
    ) -> Moved:
        """Give deliveries another day at their own time of day, or another time altogether.

        ``TimeInPast``, ``TimeInGap`` (only for ``to``; a day's gap moves the time forward), ``NotFound``,
        ``NotPossibleNow``.
        """
        if (to is None) == (to_date is None):
            raise ValueError("give either a day or a time")
        target = None if to is None else Schedule.entered(to.wall_time, to.zone)

        def place(delivery: Delivery) -> Event:
            schedule = target or _on_day(delivery.schedule, to_date)
            self._require_future(schedule)
            return Rescheduled(schedule, why="moved", hands_over=_hands_over(work, delivery))

        with self._storage.write() as work:
            found = [work.deliveries.get(delivery_id) for delivery_id in delivery_ids]
            changed = self._apply(work, found, place)
            work.commit()
        return self._moved(found, changed)

    def undo(self, moved: Moved) -> None:
        """Put deliveries back where they were; ``NotPossibleNow`` when one has gone on its way since."""
        places = dict(moved.before)
        with self._storage.write() as work:
            found = [work.deliveries.get(delivery_id) for delivery_id in places]
            changed = self._apply(
                work,
                found,
                lambda delivery: Rescheduled(
                    places[delivery.id], why="put back", hands_over=_hands_over(work, delivery)
                ),
            )
            work.commit()
        self._announce(changed)

    def unschedule(self, post_id: PostId) -> Moved:
        """Take everything of a post that was not sent off the calendar, back to the backlog."""
        with self._storage.write() as work:
            work.posts.get(post_id)
            found = [d for d in work.deliveries.for_posts([post_id]).get(post_id, ()) if _is_planned(d)]
            changed = self._apply(work, found, lambda _: CancelRequested(why="taken off the calendar"))
            work.commit()
        self._announce(changed)
        return Moved(before=_places(found))

    def calendar(self, first: date, last: date, zone: str) -> tuple[CalendarEntry, ...]:
        """Return what lies on the days ``first`` to ``last`` (inclusive) as seen in ``zone``, in order of time."""
        start, end = day_start(first, zone), day_start(last + timedelta(days=1), zone)
        with self._storage.read() as work:
            deliveries = work.deliveries.planned(due_from=start, due_to=end)
        return calendar_entries(deliveries, zone)

    def backlog(self) -> tuple[BacklogItem, ...]:
        """Return the posts that have no time, last changed first."""
        with self._storage.read() as work:
            return tuple(work.posts.backlog())

    def next_due(self) -> CalendarEntry | None:
        """Return what goes out next, at the time of its own zone."""
        with self._storage.read() as work:
            due_at = work.deliveries.first_due_at(_WAITING)
            if due_at is None:
                return None
            at_once = work.deliveries.planned(due_from=due_at, due_to=due_at + timedelta(microseconds=1))
        waiting = [delivery for delivery in at_once if delivery.state in _WAITING]
        same_post = [delivery for delivery in waiting if delivery.post_id == waiting[0].post_id]
        return next(iter(calendar_entries(same_post, waiting[0].schedule.zone)), None) if waiting else None

    def _plan(
        self,
        post_id: PostId,
        schedule: Schedule,
        account_ids: Sequence[AccountId] | None,
        late_limit: timedelta | None,
    ) -> tuple[Delivery, ...]:
        post = self._drafting.get(post_id)
        if post.deleted_at is not None:
            raise NotFound(noun="post", id=post_id)
        going = _narrowed(post, account_ids)
        self._require_publishable(going)
        with self._storage.write() as work:
            # what was checked is what is planned
            if work.posts.get(post_id).version != post.version:
                raise StaleVersion(noun="post")
            planned = self._plan_deliveries(work, going, schedule, late_limit)
            work.commit()
        self._announce(planned)
        return planned

    def _plan_deliveries(
        self, work: UnitOfWork, post: Post, schedule: Schedule, late_limit: timedelta | None
    ) -> tuple[Delivery, ...]:
        existing = {d.account_id: d for d in work.deliveries.for_posts([post.id]).get(post.id, ())}
        planned: list[Delivery] = []
        for variant in post.variants:
            known = existing.get(variant.account_id)
            if known is not None:
                known = replace(known, late_limit=late_limit)
                hands_over = wants_hand_over(variant.options)
                planned += self._apply(work, [known], partial(_rescheduled, schedule, hands_over))
            else:
                planned.append(self._add(work, post.id, variant, schedule, late_limit))
        return tuple(planned)

    def _add(
        self,
        work: UnitOfWork,
        post_id: PostId,
        variant: Variant,
        schedule: Schedule,
        late_limit: timedelta | None,
    ) -> Delivery:
        now, due_at = self._clock.now(), schedule.at
        delivery = Delivery(
            id=DeliveryId(new_id()),
            post_id=post_id,
            account_id=variant.account_id,
            network=work.accounts.get(variant.account_id).network,
            slot_key=ONLY_SLOT,
            schedule=schedule,
            due_at=due_at,
            late_limit=late_limit,
            state=DeliveryState.SCHEDULED,
            state_since=now,
            created_at=now,
            next_action_at=self._timers.first_action_at(due_at, now, hands_over=wants_hand_over(variant.options)),
        )
        work.deliveries.add(delivery, TimelineEntry(now, None, delivery.state, "planned"))
        return delivery

    def _apply(self, work: UnitOfWork, deliveries: Sequence[Delivery], choose: EventChoice) -> list[Delivery]:
        now = self._clock.now()
        changed = []
        for delivery in deliveries:
            event = choose(delivery)
            after = transition(delivery, event, now, self._timers)
            entry = TimelineEntry(now, delivery.state, after.state, event.why)
            changed.append(work.deliveries.save(after, entries=[entry]))
        return changed

    def _moved(self, before: Sequence[Delivery], after: Sequence[Delivery]) -> Moved:
        self._announce(after)
        return Moved(_places(before), _places(after))

    def _announce(self, deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            self._changes.announce(Noun.DELIVERIES, [delivery.id for delivery in deliveries])

    def _require_future(self, schedule: Schedule) -> None:
        if schedule.at < self._clock.now() - PAST_TOLERANCE:
            raise TimeInPast(wall=schedule.wall_time.isoformat(sep=" ", timespec="minutes"), zone=schedule.zone)

    def _require_publishable(self, post: Post) -> None:
        if not post.variants:
            raise NothingToPublish
        blocking = self._drafting.preflight(post).blocking
        if blocking:
            raise PreflightRefused(count=len(blocking), first=blocking[0].message)


def _narrowed(post: Post, account_ids: Sequence[AccountId] | None) -> Post:
    """Return the post as if it went only to ``account_ids``; ``NothingToPublish`` when it does not go to one."""
    if account_ids is None:
        return post
    if any(post.variant_for(account_id) is None for account_id in account_ids):
        raise NothingToPublish
    return post.with_accounts(tuple(account_ids))


def _on_day(schedule: Schedule, day: date | None) -> Schedule:
    """Return the same time of day on ``day``."""
    return schedule if day is None else Schedule(datetime.combine(day, schedule.wall_time.time()), schedule.zone)


def _rescheduled(schedule: Schedule, hands_over: bool, _: Delivery) -> Event:
    return Rescheduled(schedule, hands_over=hands_over)


def _hands_over(work: UnitOfWork, delivery: Delivery) -> bool:
    if delivery.network is not Network.FACEBOOK:
        return False
    variant = work.posts.get(delivery.post_id).variant_for(delivery.account_id)
    return variant is not None and wants_hand_over(variant.options)


def _is_planned(delivery: Delivery) -> bool:
    return can_move(delivery) and delivery.state is not DeliveryState.CANCELLED


def _places(deliveries: Iterable[Delivery]) -> tuple[Place, ...]:
    return tuple((delivery.id, delivery.schedule) for delivery in deliveries)
