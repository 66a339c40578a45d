"""A model of a Page post that Facebook's own scheduler publishes: the worst network, crashes, late requests, people.

Here publishing the same post again changes nothing, as on a Page; what must never happen is two posts, a post nobody
knows of, or one that goes out after it was cancelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from desktop.domain.deliveries import DeliveryState, HandOver, Payload, PayloadPart, PublishingTimers
from desktop.domain.errors import NotPossibleNow
from desktop.domain.networks import Network, PostFormat
from desktop.domain.options import FacebookOptions
from desktop.domain.schedules import Schedule
from desktop.domain.transitions import (
    CancelRequested,
    Claimed,
    ContainerCreated,
    ContainerReady,
    ContentChanged,
    Event,
    HandedOver,
    HandOverAwaited,
    HandOverIntended,
    HandOverLost,
    HandOverOverdue,
    HandOverRefused,
    Held,
    Interrupted,
    OutcomeUnknown,
    PartPublished,
    Postponed,
    PublishedByNetwork,
    Rescheduled,
    ResolvedNotPublished,
    ResolvedPublished,
    Resumed,
    RetryRequested,
    SendIntended,
    TakenBack,
    WentMissed,
    is_late,
    transition,
)
from tests.support.publishing_world import START, fresh_delivery, note

S = DeliveryState
DUE = START + timedelta(days=2)


@dataclass
class Flight:
    """A request to schedule, or to publish now, whose answer we never saw and whose effect may still come."""

    post: str
    schedules: bool
    until: object


class HandingOverWorld(RuleBasedStateMachine):
    timers = PublishingTimers()

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.posts = 0
        self.scheduled: dict[str, object] = {}
        self.live: list[str] = []
        self.deleted: set[str] = set()
        self.flights: list[Flight] = []

    @initialize()
    def begin(self) -> None:
        made, _ = fresh_delivery(1, self.timers)
        self.payload = Payload(
            Network.FACEBOOK, PostFormat.FEED, (PayloadPart("text"),), FacebookOptions(hands_over=True)
        )
        self.delivery = made
        self.happen(Rescheduled(Schedule(DUE.replace(tzinfo=None), "UTC"), hands_over=True))

    def happen(self, event: Event) -> None:
        self.delivery = transition(self.delivery, event, self.now, self.timers)

    def in_state(self, *states: DeliveryState) -> bool:
        return self.delivery.state in states

    def is_handed(self, *how: HandOver) -> bool:
        return self.in_state(S.READY) and self.delivery.part.hand_over in how

    @property
    def post(self) -> str:
        return str(self.delivery.part.container_id)

    def publish(self, post: str) -> None:
        self.scheduled.pop(post, None)
        if post not in self.deleted and post not in self.live:
            self.live.append(post)

    # ---- the clock and the network -------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from((10, 700, 3600, 86_400, 170_000)), fires=st.booleans())
    def time_passes(self, seconds: int, fires: bool) -> None:
        self.now += timedelta(seconds=seconds)
        self.flights = [flight for flight in self.flights if flight.until >= self.now]
        if fires:
            for post, at in list(self.scheduled.items()):
                if at <= self.now:
                    self.publish(post)

    @precondition(lambda self: self.flights)
    @rule()
    def a_late_request_takes_effect(self) -> None:
        flight = self.flights.pop()
        if flight.schedules and flight.post not in self.deleted and flight.post not in self.live:
            self.scheduled[flight.post] = self.delivery.due_at
        elif not flight.schedules:
            self.publish(flight.post)

    # ---- the engine ----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.in_state(S.SCHEDULED, S.PREPARING))
    @rule()
    def prepare(self) -> None:
        if is_late(self.delivery, self.now):
            return self.happen(WentMissed())
        if self.in_state(S.SCHEDULED):
            self.happen(Claimed(self.payload, "hash"))
        if self.delivery.part.container_id is None:
            self.posts += 1
            self.happen(ContainerCreated(f"p{self.posts}"))
        return self.happen(ContainerReady())

    @precondition(lambda self: self.in_state(S.READY) and self.delivery.part.hand_over is None)
    @rule()
    def intend(self) -> None:
        if self.delivery.due_at - self.now >= self.timers.hand_over_latest:
            self.happen(HandOverIntended())

    @precondition(lambda self: self.is_handed(HandOver.INTENDED))
    @rule(outcome=st.sampled_from(("ok", "lost_before", "lost_after", "late", "refused")))
    def hand_over(self, outcome: str) -> None:
        post = self.post
        if self.delivery.due_at - self.now < self.timers.hand_over_latest:
            if post in self.live:
                return self.happen(PublishedByNetwork())
            return self.happen(HandedOver() if post in self.scheduled else HandOverRefused())
        if outcome in ("ok", "lost_after"):
            self.scheduled[post] = self.delivery.due_at
        if outcome == "late":
            self.flights.append(Flight(post, True, self.now + timedelta(seconds=120)))
        if outcome == "refused":
            return self.happen(HandOverRefused(note()))
        return self.happen(HandedOver() if outcome == "ok" else Postponed(note(), counts=False))

    @precondition(lambda self: self.is_handed(HandOver.CONFIRMED))
    @rule(answers=st.booleans())
    def look(self, answers: bool) -> None:
        if not answers:
            return self.happen(Postponed(note(), counts=False))
        if self.now < self.delivery.due_at:
            return self.happen(HandOverAwaited())
        if self.post in self.live:
            return self.happen(PublishedByNetwork())
        is_patient = self.now - self.delivery.due_at < self.timers.hand_over_grace
        return self.happen(HandOverAwaited() if is_patient else HandOverOverdue())

    @precondition(lambda self: self.is_handed(HandOver.RECALLING, HandOver.CANCELLING))
    @rule(outcome=st.sampled_from(("ok", "lost_before", "lost_after")))
    def take_back(self, outcome: str) -> None:
        post = self.post
        if outcome != "lost_before" and post not in self.live:
            self.deleted.add(post)
            self.scheduled.pop(post, None)
        if outcome != "ok":
            return self.happen(Postponed(note(), counts=False))
        return self.happen(PublishedByNetwork() if post in self.live else TakenBack())

    @precondition(lambda self: self.in_state(S.READY) and self.delivery.part.hand_over in (None, HandOver.REFUSED))
    @rule(outcome=st.sampled_from(("ok", "lost_before", "lost_after", "crash")))
    def send(self, outcome: str) -> None:
        if self.now < self.delivery.due_at:
            return None
        if is_late(self.delivery, self.now):
            return self.happen(WentMissed())
        self.happen(SendIntended("token"))
        if outcome in ("ok", "lost_after", "crash"):
            self.publish(self.post)
        if outcome == "ok":
            return self.happen(PartPublished(self.post, "answer"))
        return self.happen(Interrupted() if outcome == "crash" else OutcomeUnknown(note()))

    @precondition(lambda self: self.in_state(S.UNCERTAIN, S.LIVE_UNLINKED) and self.post in self.live)
    @rule()
    def find(self) -> None:
        self.happen(PartPublished(self.post, "status"))

    @precondition(lambda self: self.in_state(S.RETRY_WAIT, S.HELD))
    @rule()
    def go_on(self) -> None:
        self.happen(WentMissed() if is_late(self.delivery, self.now) else Resumed())

    @precondition(lambda self: self.in_state(S.SCHEDULED, S.PREPARING, S.READY))
    @rule()
    def the_account_needs_its_person(self) -> None:
        self.happen(Held("reconnect"))

    @precondition(
        lambda self: (
            self.delivery.is_handed_over
            and self.in_state(S.READY)
            and self.now > self.delivery.due_at + self.timers.review_after
        )
    )
    @rule()
    def nobody_can_tell(self) -> None:
        self.happen(HandOverLost(note()))

    # ---- people --------------------------------------------------------------------------------------------------

    @rule(
        event=st.sampled_from(
            (
                CancelRequested(),
                ContentChanged(hands_over=True),
                RetryRequested(),
                Rescheduled(Schedule(DUE.replace(tzinfo=None) + timedelta(days=3), "UTC"), hands_over=True),
            )
        )
    )
    def a_person_asks(self, event: Event) -> None:
        try:
            self.happen(event)
        except NotPossibleNow:
            assert not isinstance(event, ContentChanged)

    @precondition(lambda self: self.in_state(S.NEEDS_REVIEW))
    @rule()
    def a_person_looks(self) -> None:
        if self.post in self.live:
            return self.happen(ResolvedPublished("https://example.org/p"))
        # a person who says "not published" has looked into the network's own planner too
        self.deleted.add(self.post)
        self.scheduled.pop(self.post, None)
        return self.happen(ResolvedNotPublished())

    # ---- promises ------------------------------------------------------------------------------------------------

    @invariant()
    def never_twice(self) -> None:
        assert len(self.live) <= 1

    @invariant()
    def what_was_called_off_stays_off(self) -> None:
        if self.in_state(S.CANCELLED, S.FAILED, S.MISSED):
            assert not self.scheduled, "called off, and the network may still publish it"
            assert not self.live

    @invariant()
    def what_is_live_can_be_found(self) -> None:
        if self.live and self.in_state(S.SCHEDULED, S.PREPARING):
            raise AssertionError("live and forgotten")

    @invariant()
    def published_is_live(self) -> None:
        if self.in_state(S.PUBLISHED, S.LIVE_UNLINKED):
            assert self.live == [self.post]
