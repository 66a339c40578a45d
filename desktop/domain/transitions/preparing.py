"""What happens before a send: claiming, preparing at the network, and trouble on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from desktop.domain.deliveries import (
    Delivery,
    DeliveryState,
    FailureNote,
    PartProgress,
    Payload,
    PublishingTimers,
    Upload,
)
from desktop.domain.errors import NotPossibleNow
from desktop.domain.transitions.rules import (
    Event,
    ensure,
    is_late,
    only,
    resume,
    to,
)
from desktop.kit.backoff import exponential

S = DeliveryState


@dataclass(frozen=True, slots=True)
class Claimed(Event):
    """The publisher took it on: what will be sent is frozen here."""

    payload: Payload
    payload_sha256: str
    why: str = "preparing"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """SCHEDULED → PREPARING."""
        only(delivery, S.SCHEDULED)
        parts = tuple(PartProgress() for _ in self.payload.parts)
        return to(
            replace(delivery, payload=self.payload, payload_sha256=self.payload_sha256, parts=parts), S.PREPARING, now
        )


@dataclass(frozen=True, slots=True)
class ChildCreated(Event):
    """One carousel item or photo exists at the network."""

    child_id: str
    why: str = "item uploaded"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in PREPARING."""
        only(delivery, S.PREPARING)
        return to(delivery.with_part(children=(*delivery.part.children, self.child_id), polls=0), S.PREPARING, now)


@dataclass(frozen=True, slots=True)
class ChildReady(Event):
    """The next child in order is processed."""

    why: str = "item ready"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in PREPARING."""
        only(delivery, S.PREPARING)
        return to(delivery.with_part(children_ready=delivery.part.children_ready + 1, polls=0), S.PREPARING, now)


@dataclass(frozen=True, slots=True)
class ContainerCreated(Event):
    """The container exists; nothing is public yet."""

    container_id: str
    why: str = "prepared at the network"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in PREPARING."""
        only(delivery, S.PREPARING)
        return to(
            delivery.with_part(
                container_id=self.container_id,
                container_created_at=now,
                is_container_ready=False,
                polls=0,
                refusals=0,
                upload=None,
            ),
            S.PREPARING,
            now,
        )


@dataclass(frozen=True, slots=True)
class UploadAdvanced(Event):
    """The network has more of the container's file than before."""

    upload: Upload

    @property
    def why(self) -> str:
        """How far it got."""
        return "uploaded" if self.upload.is_complete else "uploading"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in PREPARING."""
        only(delivery, S.PREPARING)
        ensure(delivery.part.container_id is not None, "an upload without a container")
        return to(delivery.with_part(upload=self.upload, polls=0), S.PREPARING, now)


@dataclass(frozen=True, slots=True)
class StillProcessing(Event):
    """The network is not done with a child or the container."""

    why: str = "the network is still processing it"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in PREPARING and ask again later."""
        only(delivery, S.PREPARING)
        polls = delivery.part.polls
        pause = timers.polls[min(polls, len(timers.polls) - 1)]
        return to(delivery.with_part(polls=polls + 1), S.PREPARING, now + pause)


@dataclass(frozen=True, slots=True)
class ContainerReady(Event):
    """The network has processed the container."""

    why: str = "ready"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """PREPARING → READY."""
        only(delivery, S.PREPARING)
        ensure(delivery.part.container_id is not None, "ready without a container")
        begins_now = delivery.was_sent or delivery.wants_hand_over
        at = now if begins_now else max(now, delivery.due_at)
        return to(delivery.with_part(is_container_ready=True), S.READY, at)


@dataclass(frozen=True, slots=True)
class ContainerDropped(Event):
    """The prepared container is of no use (failed, expired, lost, too old); it is made again a few times.

    ``proven_dead``: the network was asked and every earlier send of it has a settled answer.
    """

    why: str
    failure: FailureNote | None = None
    proven_dead: bool = False
    counts: bool = True

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """PREPARING, READY or UNCERTAIN → PREPARING, or FAILED / NEEDS_REVIEW after too many."""
        only(delivery, S.PREPARING, S.READY, S.UNCERTAIN)
        tombstones = delivery.part.tombstones
        if self.proven_dead:
            tombstones = tuple(replace(t, is_dead=True, is_open=False) for t in tombstones)
        recreations = delivery.part.recreations + (1 if self.counts else 0)
        fresh = PartProgress(recreations=recreations, tombstones=tombstones)
        index = delivery.current
        dropped = replace(
            delivery,
            parts=(*delivery.parts[:index], fresh, *delivery.parts[index + 1 :]),
            last_failure=self.failure or delivery.last_failure,
        )
        if recreations > timers.recreations:
            return to(dropped, S.FAILED, None, "gave_up_preparing")
        pause = exponential(recreations, first=timers.resend_pause, ceiling=timers.retry_ceiling, jitter=0)
        return to(dropped, S.PREPARING, now + pause if self.counts else now)


@dataclass(frozen=True, slots=True)
class Postponed(Event):
    """A passing trouble before anything was sent. ``counts`` False: no connection, which is nobody's fault."""

    failure: FailureNote
    counts: bool = True
    why: str = "trying again later"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """SCHEDULED, PREPARING or READY → RETRY_WAIT, or FAILED after too many."""
        only(delivery, S.SCHEDULED, S.PREPARING, S.READY)
        tries = delivery.tries + (1 if self.counts else 0)
        noted = replace(delivery, tries=tries, last_failure=self.failure)
        if tries > timers.retries:
            return to(noted, S.FAILED, None, "gave_up_retrying")
        pause = exponential(min(tries, 6), first=timers.retry_first, ceiling=timers.retry_ceiling)
        return to(noted, S.RETRY_WAIT, now + pause, self.failure.kind.value)


@dataclass(frozen=True, slots=True)
class Held(Event):
    """Nothing may be sent for now. ``until`` None: until a person acts (reconnects the account)."""

    reason: str
    until: datetime | None = None
    failure: FailureNote | None = None

    @property
    def why(self) -> str:
        """The reason's code."""
        return f"held: {self.reason}"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """SCHEDULED, PREPARING, READY or RETRY_WAIT → HELD."""
        only(delivery, S.SCHEDULED, S.PREPARING, S.READY, S.RETRY_WAIT)
        return to(
            replace(delivery, last_failure=self.failure or delivery.last_failure), S.HELD, self.until, self.reason
        )


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    """The waiting time is over, or what held it has been put right."""

    why: str = "going on"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """RETRY_WAIT or HELD → SCHEDULED, PREPARING or READY."""
        if delivery.state not in (S.RETRY_WAIT, S.HELD):
            raise NotPossibleNow(action="resumed", state=delivery.state.value)
        return resume(delivery, now)


@dataclass(frozen=True, slots=True)
class GaveUp(Event):
    """Definitive: the network or a check says that this content will never go out as it is."""

    failure: FailureNote
    why: str = "refused for good"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """SCHEDULED, PREPARING or READY → FAILED."""
        only(delivery, S.SCHEDULED, S.PREPARING, S.READY)
        return to(replace(delivery, last_failure=self.failure), S.FAILED, None, self.failure.kind.value)


@dataclass(frozen=True, slots=True)
class WentMissed(Event):
    """Its time passed while nothing could be sent, by more than its late policy allows: a person is asked."""

    why: str = "its time has passed"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """SCHEDULED, PREPARING, READY, RETRY_WAIT or HELD → MISSED."""
        only(delivery, S.SCHEDULED, S.PREPARING, S.READY, S.RETRY_WAIT, S.HELD)
        ensure(is_late(delivery, now), "missed before its time, or after something was sent")
        return to(delivery, S.MISSED, None, "late")
