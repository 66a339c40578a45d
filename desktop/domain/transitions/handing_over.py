"""Leaving a post to the network's own scheduler, and taking it back.

What is handed over is the very post that was prepared, so however often and by whomever it is published, it is one
post: the two schedulers cannot make two of it (``meta-api.md`` §11, trap 20). A post that was handed over is dropped
only after the network said that it will not publish it any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from desktop.domain.deliveries import Delivery, DeliveryState, FailureNote, HandOver, PublishingTimers, Tombstone
from desktop.domain.transitions.rules import Event, ensure, only, to, unprepared

S = DeliveryState


@dataclass(frozen=True, slots=True)
class HandOverIntended(Event):
    """The network is about to be told: from now on it may publish the post."""

    why: str = "leaving it to the network's scheduler"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in READY."""
        only(delivery, S.READY)
        ensure(delivery.part.hand_over is None and not delivery.was_sent, "handing over what was sent")
        return to(delivery.with_part(hand_over=HandOver.INTENDED), S.READY, now)


@dataclass(frozen=True, slots=True)
class HandedOver(Event):
    """The network has it in its own plan."""

    why: str = "the network publishes it on time"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in READY until a while after its time."""
        only(delivery, S.READY)
        ensure(delivery.part.hand_over is HandOver.INTENDED, "handed over without intent")
        look_at = max(now, delivery.due_at + timers.hand_over_look)
        confirmed = replace(delivery.with_part(hand_over=HandOver.CONFIRMED), tries=0, last_failure=None)
        return to(confirmed, S.READY, look_at, "handed_over")


@dataclass(frozen=True, slots=True)
class HandOverAwaited(Event):
    """Its time has come and the network has not published it yet."""

    why: str = "the network has not published it yet"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in READY and look again."""
        only(delivery, S.READY)
        look_at = max(now, delivery.due_at) + timers.hand_over_look
        return to(delivery, S.READY, look_at, "handed_over")


@dataclass(frozen=True, slots=True)
class HandOverRefused(Event):
    """The network does not publish it by itself: this computer does."""

    failure: FailureNote | None = None
    why: str = "the network did not take it over; this computer publishes it"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in READY until its time."""
        only(delivery, S.READY)
        ensure(delivery.part.hand_over is HandOver.INTENDED, "refused what was not handed over")
        noted = replace(delivery, last_failure=self.failure or delivery.last_failure)
        return to(noted.with_part(hand_over=HandOver.REFUSED), S.READY, max(now, delivery.due_at))


@dataclass(frozen=True, slots=True)
class PublishedByNetwork(Event):
    """The network's scheduler has published it; the prepared post is the public one."""

    why: str = "published by the network's scheduler"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """READY → PUBLISHED."""
        only(delivery, S.READY)
        ensure(delivery.is_handed_over and len(delivery.parts) == 1, "published by a network that did not have it")
        at, container = min(delivery.due_at, now), str(delivery.part.container_id)
        live = delivery.with_part(
            media_id=container,
            evidence="status",
            sent_intent_at=at,
            published_at=at,
            tombstones=(Tombstone(container, is_open=False),),
        )
        return to(replace(live, tries=0, last_failure=None), S.PUBLISHED, now)


@dataclass(frozen=True, slots=True)
class HandOverOverdue(Event):
    """The network let its time pass: it is taken back before anybody else publishes it or calls it missed."""

    why: str = "the network did not publish it in time"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in READY, on its way back."""
        only(delivery, S.READY)
        ensure(delivery.part.hand_over is HandOver.CONFIRMED, "overdue without being handed over")
        return recalled(delivery, now, HandOver.RECALLING)


@dataclass(frozen=True, slots=True)
class HandOverLost(Event):
    """Nobody can tell any more what the network did with it (it was deleted there, for instance)."""

    failure: FailureNote
    why: str = "the network no longer tells what became of it"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """READY → NEEDS_REVIEW: a person has to look."""
        only(delivery, S.READY)
        ensure(delivery.is_handed_over, "lost without being handed over")
        part = delivery.part
        sent = Tombstone(str(part.container_id))
        noted = replace(
            delivery.with_part(hand_over=HandOver.REFUSED, tombstones=(sent,), sent_intent_at=delivery.due_at),
            last_failure=self.failure,
        )
        return to(noted, S.NEEDS_REVIEW, None, "unconfirmed")


@dataclass(frozen=True, slots=True)
class TakenBack(Event):
    """The network said that it will not publish it any more; what was prepared is gone."""

    takes_back: ClassVar[bool] = True
    why: str = "taken back from the network"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """READY → SCHEDULED, or CANCELLED when that was asked for."""
        only(delivery, S.READY)
        was = delivery.part.hand_over
        ensure(was in (HandOver.RECALLING, HandOver.CANCELLING), "taken back without being asked to")
        first = timers.first_action_at(delivery.due_at, now, hands_over=delivery.wants_hand_over)
        fresh = unprepared(delivery)
        return to(fresh, S.CANCELLED, None) if was is HandOver.CANCELLING else to(fresh, S.SCHEDULED, first)


def recalled(delivery: Delivery, now: datetime, why: HandOver) -> Delivery:
    """Return the delivery on its way back from the network."""
    return to(delivery.with_part(hand_over=why), S.READY, now, why.value)
