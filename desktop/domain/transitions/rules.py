"""The publishing state machine: which event may change a delivery into what.

Pure: given the same delivery, event and instant the result is the same. ``transition`` is the only way a delivery
changes, and it checks the invariants of ``reliability.md`` §1.4 on every step, in production too:

* S2 a send is repeated only on proof that the one before had no effect;
* S3 a container that was ever asked to go live is replaced only when it is proven dead;
* S4 the epoch never falls;
* S5 PUBLISHED has evidence and a media id for every part;
* L1 every state that is neither terminal nor waiting for a person has a timer.

(S1, "no byte leaves before the intent is durable", is kept by the engine and the transport.)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from desktop.domain.deliveries import (
    HUMAN_STATES,
    TERMINAL_STATES,
    Delivery,
    DeliveryState,
    PartProgress,
    PublishingTimers,
)
from desktop.domain.errors import InvariantViolation

S = DeliveryState


class Event(ABC):
    """Something that happened to a delivery. ``why`` goes into its timeline.

    ``proves_not_live`` marks the few events that may lead back to READY after a send (invariant S2), ``takes_back`` the
    one that may drop what the network's own scheduler had.
    """

    proves_not_live: ClassVar[bool] = False
    takes_back: ClassVar[bool] = False

    @property
    @abstractmethod
    def why(self) -> str:
        """Reason in a few words."""

    @abstractmethod
    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Return the delivery after the event."""


def transition(delivery: Delivery, event: Event, now: datetime, timers: PublishingTimers) -> Delivery:
    """Return the delivery after ``event``.

    Raises ``NotPossibleNow`` when a person asked for something its state does not allow, ``InvariantViolation`` when
    the program did.
    """
    after = event.apply(delivery, now, timers)
    if after.state is not delivery.state:
        after = replace(after, state_since=now)
    check_invariants(delivery, after, event)
    return after


def check_invariants(before: Delivery, after: Delivery, event: Event) -> None:
    """Raise ``InvariantViolation`` when the step from ``before`` to ``after`` breaks one."""
    ensure(after.epoch >= before.epoch, "S4: the epoch fell")
    if before.state in (S.SENDING, S.UNCERTAIN) and after.state is S.READY:
        ensure(event.proves_not_live, "S2: sending again without proof")
        ensure(not any(t.is_open for t in after.part.tombstones), "S2: sending again with an open send")
    if after.payload is not None and len(after.parts) == len(before.parts):
        for old, new in zip(before.parts, after.parts, strict=True):
            if old.container_id is not None and new.container_id != old.container_id:
                ensure(all(t.is_dead for t in new.tombstones), "S3: replacing a container that may be live")
    if after.payload is None:
        ensure(not before.was_sent, "S3: forgetting a payload that was sent")
    if before.is_handed_over and not event.takes_back:
        kept = after.payload is not None and before.part.container_id == after.parts[before.current].container_id
        ensure(kept, "S3: dropping what the network may publish by itself")
        ensure(after.state not in (S.CANCELLED, S.FAILED), "given up while the network may publish it by itself")
    if after.state is S.PUBLISHED:
        ensure(all(part.media_id and part.evidence for part in after.parts), "S5: published without evidence")
    if after.state in (S.CANCELLED, S.FAILED):
        ensure(not has_open_send(after), "a settled state with an unsettled send")
    if after.state not in TERMINAL_STATES | HUMAN_STATES:
        ensure(after.next_action_at is not None, "L1: nothing will ever happen to this delivery")


def has_open_send(delivery: Delivery) -> bool:
    """Whether some publish request has no settled answer yet."""
    return any(tombstone.is_open for part in delivery.parts for tombstone in part.tombstones)


def is_late(delivery: Delivery, now: datetime) -> bool:
    """Whether the late policy forbids sending now.

    A chain that has begun, an unsettled send and what the network's own scheduler has are never late.
    """
    if delivery.late_limit is None or has_open_send(delivery) or any(part.is_live for part in delivery.parts):
        return False
    if delivery.is_handed_over:  # the network has published it in time, or says that it has not
        return False
    return now > delivery.due_at + delivery.late_limit


def quiet_until(part: PartProgress, timers: PublishingTimers) -> datetime:
    """Return the instant after which a request of this part's last send can no longer be on its way."""
    if part.send_deadline_at is None:
        raise InvariantViolation("no send to be quiet about")
    return part.send_deadline_at + timers.quiet


def ensure(condition: bool, message: str) -> None:
    """Raise ``InvariantViolation`` unless ``condition``."""
    if not condition:
        raise InvariantViolation(message)


def to(delivery: Delivery, state: DeliveryState, next_at: datetime | None, reason: str = "") -> Delivery:
    """Return the delivery in ``state`` with its next timer."""
    return replace(delivery, state=state, next_action_at=next_at, reason=reason)


def only(delivery: Delivery, *states: DeliveryState) -> None:
    """Raise unless the delivery is in one of ``states``."""
    ensure(delivery.state in states, f"this event cannot happen in {delivery.state.value}")


def resume(delivery: Delivery, now: datetime) -> Delivery:
    """Go back to where the work stopped."""
    if delivery.payload is None:
        return to(delivery, S.SCHEDULED, now)
    if delivery.part.is_container_ready:
        begins_now = delivery.was_sent or delivery.wants_hand_over
        return to(delivery, S.READY, now if begins_now else max(now, delivery.due_at))
    return to(delivery, S.PREPARING, now)


def unprepared(delivery: Delivery) -> Delivery:
    """Forget what was prepared; containers that never went further are harmless orphans."""
    return replace(
        delivery, payload=None, payload_sha256=None, parts=(PartProgress(),), tries=0, last_failure=None, reason=""
    )


def last_tombstone(delivery: Delivery, **changes: object) -> Delivery:
    """Change the tombstone of the latest send of the current part."""
    tombstones = delivery.part.tombstones
    ensure(bool(tombstones), "no send was recorded")
    last = replace(tombstones[-1], **changes)  # type: ignore[arg-type]  # checked by dataclasses.replace
    return delivery.with_part(tombstones=(*tombstones[:-1], last))
