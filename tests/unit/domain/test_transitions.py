from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from desktop.domain.deliveries import DeliveryState as S
from desktop.domain.deliveries import FailureNote, PublishingTimers
from desktop.domain.errors import FailureKind, InvariantViolation, NotPossibleNow
from desktop.domain.schedules import Schedule
from desktop.domain.transitions import (
    CancelRequested,
    Claimed,
    ContainerCreated,
    ContainerDropped,
    ContainerReady,
    ContentChanged,
    FinishedRead,
    Interrupted,
    NotSent,
    OutcomeUnknown,
    PartPublished,
    Refused,
    Rescheduled,
    ResolvedPublished,
    RetryRequested,
    SeenLive,
    SendIntended,
    StillUnknown,
    WentMissed,
    rules,
    transition,
)
from tests.support.publishing_world import START, PublishingWorld, fresh_delivery

SETTINGS = settings(max_examples=200, stateful_step_count=40, suppress_health_check=list(HealthCheck), deadline=None)
# a broken program has to be caught, not explained
HUNT = settings(SETTINGS, max_examples=3000, phases=[Phase.generate])
TIMERS = PublishingTimers()
NOTE = FailureNote(FailureKind.TRANSIENT_RETRY, "made up")


def at(delivery, *events, now=START):
    for event in events:
        delivery = transition(delivery, event, now, TIMERS)
    return delivery


@pytest.fixture
def sending():
    delivery, payload = fresh_delivery(1, TIMERS)
    return at(delivery, Claimed(payload, "h"), ContainerCreated("c1"), ContainerReady(), SendIntended("t"))


def test_nothing_goes_out_twice_and_nothing_live_is_forgotten():
    run_state_machine_as_test(PublishingWorld, settings=SETTINGS)


class WithoutQuiet(PublishingWorld):
    """The world as before, but the program no longer waits for requests that may still be on their way."""

    timers = replace(PublishingTimers(), quiet=timedelta(0), finished_reads=1, finished_reads_apart=timedelta(0))


def test_without_the_quiet_period_a_post_goes_out_twice():
    with pytest.raises(AssertionError, match=r"went out 2 times|is live and forgotten"):
        run_state_machine_as_test(WithoutQuiet, settings=HUNT)


def test_without_tombstones_a_post_goes_out_twice(monkeypatch):
    class Forgetful(PublishingWorld):
        def happen(self, event):
            super().happen(event)
            if self.in_state(S.UNCERTAIN):
                # what a program that keeps no tombstones believes: nothing was ever sent
                self.delivery = self.delivery.with_part(tombstones=())
                self.delivery = transition(replace(self.delivery, state=S.READY), Resend(), self.now, self.timers)

    class Resend(ContainerDropped):
        def __init__(self):
            super().__init__("made again")

    with pytest.raises(AssertionError, match=r"went out 2 times|is live and forgotten"):
        run_state_machine_as_test(Forgetful, settings=HUNT)


def test_without_the_invariant_checks_the_rules_alone_still_hold(monkeypatch):
    """The checks are a second line of defence: the transitions must not need them."""
    monkeypatch.setattr(rules, "check_invariants", lambda *_: None)
    run_state_machine_as_test(PublishingWorld, settings=settings(SETTINGS, max_examples=60))


def test_a_send_without_an_answer_is_never_repeated_before_the_quiet_period(sending):
    uncertain = at(sending, OutcomeUnknown(NOTE))
    early = START + TIMERS.send_deadline + TIMERS.quiet - timedelta(seconds=1)
    assert at(uncertain, FinishedRead(), now=early).state is S.UNCERTAIN
    quiet = START + TIMERS.send_deadline + TIMERS.quiet
    once = at(uncertain, FinishedRead(), now=quiet)
    assert once.state is S.UNCERTAIN
    assert at(once, FinishedRead(), now=quiet + timedelta(seconds=30)).state is S.UNCERTAIN
    assert at(once, FinishedRead(), now=quiet + timedelta(seconds=60)).state is S.READY


def test_a_container_that_may_be_live_is_never_replaced(sending):
    uncertain = at(sending, OutcomeUnknown(NOTE))
    with pytest.raises(InvariantViolation, match="S3"):
        at(uncertain, ContainerDropped("guess"))


def test_no_shortcut_leads_back_to_ready(sending):
    class Shortcut(StillUnknown):
        def apply(self, delivery, now, timers):
            return replace(delivery, state=S.READY, next_action_at=now)

    with pytest.raises(InvariantViolation, match="S2"):
        at(sending, Interrupted(), Shortcut())


def test_published_needs_evidence(sending):
    with pytest.raises(InvariantViolation, match="S5"):
        at(sending, PartPublished("m1", ""))


@pytest.mark.parametrize(
    "event", [CancelRequested(), RetryRequested(), Rescheduled(Schedule(START.replace(tzinfo=None), "UTC"))]
)
def test_people_cannot_touch_a_send_that_is_not_settled(sending, event):
    for delivery in (sending, at(sending, Interrupted()), at(sending, Interrupted(), SeenLive("status"))):
        with pytest.raises(NotPossibleNow):
            at(delivery, event)


def test_editing_reaches_what_was_prepared_and_not_what_was_sent(sending):
    assert at(sending, ContentChanged()) == sending
    delivery, payload = fresh_delivery(1, TIMERS)
    ready = at(delivery, Claimed(payload, "h"), ContainerCreated("c1"), ContainerReady())
    edited = at(ready, ContentChanged())
    assert (edited.state, edited.payload, edited.part.container_id) == (S.SCHEDULED, None, None)


def test_a_chain_goes_on_with_the_next_part():
    delivery, payload = fresh_delivery(2, TIMERS)
    first = at(delivery, Claimed(payload, "h"), ContainerCreated("c1"), ContainerReady(), SendIntended("t"))
    between = at(first, PartPublished("m1", "answer"))
    assert (between.state, between.current) == (S.PREPARING, 1)
    done = at(between, ContainerCreated("c2"), ContainerReady(), SendIntended("t2"), PartPublished("m2", "answer"))
    assert done.state is S.PUBLISHED
    assert [part.media_id for part in done.parts] == ["m1", "m2"]


def test_a_chain_confirmed_by_hand_does_not_pretend_to_be_complete():
    delivery, payload = fresh_delivery(2, TIMERS)
    first = at(delivery, Claimed(payload, "h"), ContainerCreated("c1"), ContainerReady(), SendIntended("t"))
    settled = at(first, Interrupted(), ResolvedPublished("https://example.org/p"))
    assert (settled.state, settled.reason) == (S.FAILED, "chain_interrupted")


def test_not_sent_leaves_no_trace_and_refused_keeps_its_tombstone(sending):
    assert at(sending, NotSent(NOTE)).part.tombstones == ()
    refused = at(sending, Refused(FailureNote(FailureKind.NOT_READY, "too early")))
    assert [t.is_open for t in refused.part.tombstones] == [False]
    with pytest.raises(InvariantViolation, match="S3"):
        at(refused, ContainerDropped("again"))
    assert at(refused, ContainerDropped("lost", proven_dead=True)).state is S.PREPARING


def test_late_is_asked_and_not_sent():
    delivery, _ = fresh_delivery(1, TIMERS)
    late = START + TIMERS.late_limit + timedelta(seconds=1)
    assert at(delivery, WentMissed(), now=late).state is S.MISSED
    with pytest.raises(InvariantViolation):
        at(delivery, WentMissed(), now=START)


def test_an_unsettled_send_is_shown_to_a_person_after_a_day(sending):
    uncertain = at(sending, Interrupted())
    assert at(uncertain, StillUnknown(), now=START + TIMERS.review_after).state is S.UNCERTAIN
    assert at(uncertain, StillUnknown(), now=START + TIMERS.review_after + timedelta(seconds=1)).state is S.NEEDS_REVIEW
