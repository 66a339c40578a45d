"""Leaving a prepared post to the network's own scheduler, seeing whether it published it, and taking it back."""

from __future__ import annotations

from datetime import timedelta

from desktop.domain.deliveries import AttemptPhase, Delivery, HandOver, PublishingTimers
from desktop.domain.errors import Effect, FailureKind, RemoteFailure
from desktop.domain.transitions import (
    Event,
    HandedOver,
    HandOverAwaited,
    HandOverIntended,
    HandOverLost,
    HandOverOverdue,
    HandOverRefused,
    Held,
    Postponed,
    PublishedByNetwork,
    TakenBack,
)
from desktop.kit.clock import Clock
from desktop.services.publishing.calls import AccountCalls
from desktop.services.publishing.notes import failure_note
from desktop.services.publishing.ports import ContainerReading, ContainerStatus

_REFUSING = frozenset({FailureKind.BAD_INPUT, FailureKind.DUPLICATE, FailureKind.NOT_READY})


class HandingOver:
    """Decides the next event of a READY delivery that the network shall publish, or has to give back."""

    def __init__(self, clock: Clock, timers: PublishingTimers) -> None:
        self._clock, self._timers = clock, timers

    def advance(self, delivery: Delivery, calls: AccountCalls) -> Event | None:
        """Make at most one call; None when this computer publishes the delivery. ``RemoteFailure``."""
        match delivery.part.hand_over:
            case None:
                is_wanted = delivery.wants_hand_over and calls.can_hand_over and self._is_in_time(delivery)
                return HandOverIntended() if is_wanted else None
            case HandOver.REFUSED:
                return None
            case HandOver.INTENDED:
                return self._hand_over(delivery, calls)
            case HandOver.CONFIRMED:
                return self._look(delivery, calls)
            case HandOver.RECALLING | HandOver.CANCELLING:
                return TakenBack() if calls.take_back(delivery) else PublishedByNetwork()

    def trouble(self, delivery: Delivery, failure: RemoteFailure, usual: Event) -> Event:
        """Return what a failed call means for a delivery the network may publish by itself: never that it is over."""
        if isinstance(usual, Held):
            return usual
        note = failure_note(failure)
        if self._clock.now() > delivery.due_at + self._timers.review_after and failure.http_status is not None:
            return HandOverLost(note)
        return Postponed(note, counts=False)

    def _is_in_time(self, delivery: Delivery) -> bool:
        return self._left(delivery) >= self._timers.hand_over_latest

    def _left(self, delivery: Delivery) -> timedelta:
        return delivery.due_at - self._clock.now()

    def _hand_over(self, delivery: Delivery, calls: AccountCalls) -> Event:
        if not self._is_in_time(delivery):
            # a call of ours may have worked without an answer; the network knows
            reading = self._read(delivery, calls)
            if reading.status is ContainerStatus.PUBLISHED:
                return PublishedByNetwork()
            return HandedOver() if reading.scheduled_for is not None else HandOverRefused()
        try:
            calls.hand_over(delivery, self._clock.now() + self._timers.send_deadline)
        except RemoteFailure as failure:
            if failure.effect is Effect.REFUSED and failure.kind in _REFUSING:
                return HandOverRefused(failure_note(failure))
            raise
        return HandedOver()

    def _look(self, delivery: Delivery, calls: AccountCalls) -> Event:
        if self._left(delivery) > timedelta():
            return HandOverAwaited()
        if self._read(delivery, calls).status is ContainerStatus.PUBLISHED:
            return PublishedByNetwork()
        is_patient = -self._left(delivery) < self._timers.hand_over_grace
        return HandOverAwaited() if is_patient else HandOverOverdue()

    def _read(self, delivery: Delivery, calls: AccountCalls) -> ContainerReading:
        container = delivery.part.container_id
        assert container is not None  # noqa: S101 - READY has a container
        return calls.read_container(container, delivery.current, AttemptPhase.LOOK_UP)
