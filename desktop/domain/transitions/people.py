"""What people ask of a delivery. Refused with ``NotPossibleNow`` where it could send a post twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from desktop.domain.deliveries import (
    UNSETTLED_STATES,
    Delivery,
    DeliveryState,
    HandOver,
    PublishingTimers,
)
from desktop.domain.errors import NotPossibleNow
from desktop.domain.schedules import Schedule
from desktop.domain.transitions.handing_over import recalled
from desktop.domain.transitions.preparing import ContainerDropped
from desktop.domain.transitions.rules import (
    Event,
    has_open_send,
    resume,
    to,
    unprepared,
)
from desktop.domain.transitions.sending import PartPublished

S = DeliveryState


def _possible(condition: bool, action: str, delivery: Delivery) -> None:
    if not condition:
        raise NotPossibleNow(action=action, state=delivery.state.value)


# what may get another time, as long as nothing of it was sent
REPLANNABLE_STATES = frozenset(
    (
        S.SCHEDULED,
        S.PREPARING,
        S.READY,
        S.RETRY_WAIT,
        S.HELD,
        S.MISSED,
        S.CANCELLED,
        S.FAILED,
    )
)


@dataclass(frozen=True, slots=True)
class Rescheduled(Event):
    """A person chose another time, or planned a cancelled, failed or missed delivery again."""

    schedule: Schedule
    why: str = "planned"
    hands_over: bool = False

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Everything unsent → SCHEDULED; what the network's own scheduler has is taken back first."""
        _possible(delivery.state in REPLANNABLE_STATES and not delivery.was_sent, "moved", delivery)
        due_at = self.schedule.at
        if delivery.is_handed_over:
            return recalled(replace(delivery, schedule=self.schedule, due_at=due_at), now, HandOver.RECALLING)
        planned = replace(unprepared(delivery), schedule=self.schedule, due_at=due_at)
        return to(planned, S.SCHEDULED, timers.first_action_at(due_at, now, hands_over=self.hands_over))


@dataclass(frozen=True, slots=True)
class ContentChanged(Event):
    """The post was edited: what was prepared but not sent is prepared again. What was sent stays as it was sent."""

    why: str = "the post was edited"
    hands_over: bool = False

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """PREPARING, READY or RETRY_WAIT → SCHEDULED; HELD keeps waiting; others do not care."""
        if delivery.was_sent or delivery.payload is None or delivery.is_terminal:
            return delivery
        if delivery.is_handed_over:
            is_cancelling = delivery.part.hand_over is HandOver.CANCELLING
            return delivery if is_cancelling else recalled(delivery, now, HandOver.RECALLING)
        if delivery.state in (S.PREPARING, S.READY, S.RETRY_WAIT):
            first = timers.first_action_at(delivery.due_at, now, hands_over=self.hands_over)
            return to(unprepared(delivery), S.SCHEDULED, first)
        reason = delivery.reason
        return replace(unprepared(delivery), reason=reason)


@dataclass(frozen=True, slots=True)
class CancelRequested(Event):
    """A person does not want it to go out (or the rest of a chain)."""

    why: str = "cancelled"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Everything without an unsettled send → CANCELLED; what the network's scheduler has is taken back first."""
        stoppable = delivery.state not in UNSETTLED_STATES | {S.PUBLISHED, S.NEEDS_REVIEW, S.CANCELLED}
        _possible(stoppable and not has_open_send(delivery), "cancelled", delivery)
        if delivery.is_handed_over:
            return recalled(delivery, now, HandOver.CANCELLING)
        return to(delivery, S.CANCELLED, None)


@dataclass(frozen=True, slots=True)
class RetryRequested(Event):
    """A person wants it out now although it failed, was missed or waits."""

    why: str = "tried again by hand"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """FAILED, MISSED, HELD or RETRY_WAIT → back to work at once, however late."""
        _possible(delivery.state in (S.FAILED, S.MISSED, S.HELD, S.RETRY_WAIT), "tried again", delivery)
        eager = replace(delivery, late_limit=None, tries=0)
        if delivery.is_handed_over:
            return resume(eager, now)
        if not delivery.was_sent:
            return to(unprepared(eager), S.SCHEDULED, now)
        return resume(eager.with_part(recreations=0, refusals=0), now)


@dataclass(frozen=True, slots=True)
class ResolvedPublished(Event):
    """A person looked: it is live. ``url`` is where."""

    url: str
    why: str = "confirmed by hand"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """NEEDS_REVIEW, UNCERTAIN or LIVE_UNLINKED → PUBLISHED; FAILED when parts of a chain are missing."""
        _possible(delivery.state in (S.NEEDS_REVIEW, S.UNCERTAIN, S.LIVE_UNLINKED), "confirmed", delivery)
        ordinal = delivery.current
        event = PartPublished(f"by-hand:{delivery.id}:{ordinal}", "person", self.url)
        live = event.apply(delivery, now, timers)
        # the next part would have to reply to a network id that nobody knows
        return to(live, S.FAILED, None, "chain_interrupted") if live.state is S.PREPARING else live


@dataclass(frozen=True, slots=True)
class ResolvedNotPublished(Event):
    """A person looked: it is not live and shall be published."""

    why: str = "found missing by hand"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """NEEDS_REVIEW → PREPARING with a fresh container."""
        _possible(delivery.state is S.NEEDS_REVIEW, "published again", delivery)
        uncertain = replace(delivery.with_part(evidence=None), state=S.UNCERTAIN, late_limit=None)
        return ContainerDropped(self.why, proven_dead=True, counts=False).apply(uncertain, now, timers)
