"""Leaving a Page post to Facebook's own scheduler: never two posts, none after a cancel, none forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from desktop.domain.deliveries import Delivery, HandOver, PublishingTimers
from desktop.domain.deliveries import DeliveryState as S
from desktop.domain.errors import InvariantViolation
from desktop.domain.transitions import (
    CancelRequested,
    Claimed,
    ContainerCreated,
    ContainerDropped,
    ContainerReady,
    HandedOver,
    HandOverIntended,
    TakenBack,
    transition,
)
from tests.support.handing_over_world import DUE, HandingOverWorld


def handed_over() -> HandingOverWorld:
    world = HandingOverWorld()
    world.begin()
    for event in (
        Claimed(world.payload, "hash"),
        ContainerCreated("p1"),
        ContainerReady(),
        HandOverIntended(),
        HandedOver(),
    ):
        world.happen(event)
    return world


def test_the_two_schedulers_never_make_two_posts_and_a_cancelled_one_never_goes_out() -> None:
    run_state_machine_as_test(HandingOverWorld, settings=settings(max_examples=100, stateful_step_count=30))


def test_the_model_notices_a_cancel_the_network_was_not_told_of() -> None:
    class TakenBackUnasked(TakenBack):
        def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
            return super().apply(delivery.with_part(hand_over=HandOver.CANCELLING), now, timers)

    world = handed_over()
    world.scheduled["p1"] = DUE
    world.happen(TakenBackUnasked())
    with pytest.raises(AssertionError, match="may still publish"):
        world.what_was_called_off_stays_off()


def test_work_begins_as_soon_as_the_network_takes_it_and_looks_after_its_time() -> None:
    world = HandingOverWorld()
    world.begin()
    assert world.delivery.next_action_at == world.now
    world = handed_over()
    assert world.delivery.state is S.READY
    assert world.delivery.next_action_at == DUE + world.timers.hand_over_look


def test_what_the_network_has_cannot_be_dropped() -> None:
    world = handed_over()
    with pytest.raises(InvariantViolation, match="publish by itself"):
        transition(world.delivery, ContainerDropped("too old"), world.now, world.timers)


def test_it_is_never_late_while_the_network_has_it() -> None:
    world = handed_over()
    world.now = DUE + timedelta(days=2)
    world.happen(CancelRequested())
    assert (world.delivery.state, world.delivery.part.hand_over) == (S.READY, HandOver.CANCELLING)
    world.happen(TakenBack())
    assert world.delivery.state is S.CANCELLED
