"""The send, its answer, and finding out what an unclear answer meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from desktop.domain.deliveries import (
    Delivery,
    DeliveryState,
    FailureNote,
    PublishingTimers,
    Tombstone,
)
from desktop.domain.errors import FailureKind
from desktop.domain.transitions.rules import (
    Event,
    ensure,
    has_open_send,
    last_tombstone,
    only,
    quiet_until,
    to,
)
from desktop.kit.backoff import exponential

S = DeliveryState


@dataclass(frozen=True, slots=True)
class SendIntended(Event):
    """The intent to send, made durable before the first byte may leave (invariant S1)."""

    send_token: str
    why: str = "sending"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """READY → SENDING; the container gets its tombstone."""
        only(delivery, S.READY)
        part = delivery.part
        ensure(part.container_id is not None and part.is_container_ready, "sending what is not ready")
        ensure(not has_open_send(delivery), "S2: sending with an open send")
        tombstones = part.tombstones
        if tombstones and tombstones[-1].container_id == part.container_id:
            entry = replace(tombstones[-1], sends=tombstones[-1].sends + 1, is_open=True)
            tombstones = (*tombstones[:-1], entry)
        else:
            tombstones = (*tombstones, Tombstone(str(part.container_id)))
        deadline = now + timers.send_deadline
        sending = delivery.with_part(
            send_token=self.send_token,
            sent_intent_at=now,
            send_deadline_at=deadline,
            lookups=0,
            finished_reads=0,
            last_finished_read_at=None,
            tombstones=tombstones,
        )
        return to(sending, S.SENDING, deadline + timers.quiet)


@dataclass(frozen=True, slots=True)
class NotSent(Event):
    """No byte left this computer."""

    proves_not_live: ClassVar[bool] = True
    failure: FailureNote
    why: str = "not sent"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """SENDING → READY."""
        only(delivery, S.SENDING)
        last = delivery.part.tombstones[-1]
        if last.sends > 1:
            kept = (*delivery.part.tombstones[:-1], replace(last, sends=last.sends - 1, is_open=False))
        else:
            kept = delivery.part.tombstones[:-1]
        back = replace(delivery.with_part(tombstones=kept), tries=delivery.tries + 1, last_failure=self.failure)
        pause = exponential(min(delivery.tries, 8), first=timers.resend_pause, ceiling=timers.retry_ceiling)
        return to(back, S.READY, now + pause, self.failure.kind.value)


@dataclass(frozen=True, slots=True)
class Refused(Event):
    """A refusal from the short list of trusted ones: this send had no effect. ``until`` for quota waits."""

    proves_not_live: ClassVar[bool] = True
    failure: FailureNote
    until: datetime | None = None
    why: str = "refused"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """SENDING → READY (too early or lost), or HELD (account, permission, quota)."""
        only(delivery, S.SENDING)
        closed = last_tombstone(delivery, is_open=False)
        refused = replace(
            closed.with_part(refusals=closed.part.refusals + 1), tries=delivery.tries + 1, last_failure=self.failure
        )
        if self.failure.kind in (FailureKind.REAUTH, FailureKind.PERMISSION, FailureKind.ACCOUNT_ACTION):
            return to(refused, S.HELD, None, self.failure.kind.value)
        if self.failure.kind is FailureKind.QUOTA_WAIT:
            return to(refused, S.HELD, self.until or now + timers.rate_pause, self.failure.kind.value)
        pause = exponential(closed.part.refusals, first=timers.resend_pause, ceiling=timers.retry_ceiling, jitter=0)
        return to(refused, S.READY, now + pause, self.failure.kind.value)


@dataclass(frozen=True, slots=True)
class OutcomeUnknown(Event):
    """The send may have had an effect: nothing is sent again until the network was asked."""

    failure: FailureNote | None = None
    why: str = "sent, not confirmed"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """SENDING → UNCERTAIN."""
        only(delivery, S.SENDING)
        noted = replace(delivery, last_failure=self.failure or delivery.last_failure)
        return to(noted, S.UNCERTAIN, now + timers.look_ups[0], "unconfirmed")


@dataclass(frozen=True, slots=True)
class Interrupted(Event):
    """The process that was sending is gone; what it did is unknown."""

    why: str = "interrupted while sending"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """SENDING → UNCERTAIN, looked up at once."""
        only(delivery, S.SENDING)
        return to(delivery, S.UNCERTAIN, now, "unconfirmed")


@dataclass(frozen=True, slots=True)
class PartPublished(Event):
    """Proof that the current part is live. ``evidence``: answer, status, listing or person."""

    media_id: str
    evidence: str
    permalink: str | None = None
    published_at: datetime | None = None
    why: str = "published"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """SENDING, UNCERTAIN or LIVE_UNLINKED → PREPARING the next part, or PUBLISHED after the last."""
        only(delivery, S.SENDING, S.UNCERTAIN, S.LIVE_UNLINKED, S.NEEDS_REVIEW)
        closed = last_tombstone(delivery, is_open=False)
        live = closed.with_part(
            media_id=self.media_id,
            permalink=self.permalink,
            published_at=closed.part.published_at or self.published_at or now,
            evidence=closed.part.evidence or self.evidence,
        )
        live = replace(live, tries=0, last_failure=None)
        if live.current < len(live.parts):
            return to(live, S.PREPARING, now)
        has_links = all(part.permalink for part in live.parts)
        return to(live, S.PUBLISHED, None if has_links else now)


@dataclass(frozen=True, slots=True)
class SeenLive(Event):
    """The network says it is published but its media id is not known yet. It is never sent again.

    PREPARING and READY are for a container that went live without us knowing (an older copy of the data).
    """

    evidence: str
    why: str = "published, link pending"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """UNCERTAIN (PREPARING, READY) → LIVE_UNLINKED."""
        only(delivery, S.UNCERTAIN, S.PREPARING, S.READY)
        part = delivery.part
        ensure(part.container_id is not None, "live without a container")
        tombstones = part.tombstones or (Tombstone(str(part.container_id)),)
        closed = last_tombstone(delivery.with_part(tombstones=tombstones), is_open=False)
        live = closed.with_part(
            evidence=self.evidence,
            sent_intent_at=part.sent_intent_at or now,
            published_at=part.sent_intent_at or now,
            lookups=0,
        )
        return to(live, S.LIVE_UNLINKED, now, "link_pending")


@dataclass(frozen=True, slots=True)
class FinishedRead(Event):
    """The container is still unpublished and the listing does not show it: one reading towards "not live"."""

    proves_not_live: ClassVar[bool] = True
    why: str = "not on the network"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """UNCERTAIN → READY after enough quiet and enough readings; UNCERTAIN until then."""
        only(delivery, S.UNCERTAIN)
        part = delivery.part
        quiet_end = quiet_until(part, timers)
        looked = delivery.with_part(lookups=part.lookups + 1)
        if now < quiet_end:
            soon = now + timers.look_ups[min(part.lookups, len(timers.look_ups) - 1)]
            return to(looked, S.UNCERTAIN, min(max(soon, now), quiet_end), "unconfirmed")
        last = part.last_finished_read_at
        if last is not None and now < last + timers.finished_reads_apart:
            return to(looked, S.UNCERTAIN, last + timers.finished_reads_apart, "unconfirmed")
        reads = part.finished_reads + 1
        if reads < timers.finished_reads:
            counted = looked.with_part(finished_reads=reads, last_finished_read_at=now)
            return to(counted, S.UNCERTAIN, now + timers.finished_reads_apart, "unconfirmed")
        proven = last_tombstone(looked.with_part(finished_reads=reads), is_open=False)
        return to(proven, S.READY, now)


@dataclass(frozen=True, slots=True)
class StillUnknown(Event):
    """A look-up settled nothing."""

    why: str = "still unconfirmed"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in UNCERTAIN or LIVE_UNLINKED; NEEDS_REVIEW when it has taken too long."""
        only(delivery, S.UNCERTAIN, S.LIVE_UNLINKED)
        part = delivery.part
        limit = timers.review_after if delivery.state is S.UNCERTAIN else timers.unlinked_limit
        if part.sent_intent_at is None or now > part.sent_intent_at + limit:
            return to(delivery, S.NEEDS_REVIEW, None, delivery.reason)
        pauses = timers.look_ups
        pause = pauses[part.lookups] if part.lookups < len(pauses) else timers.look_up_later
        return to(delivery.with_part(lookups=part.lookups + 1), delivery.state, now + pause, delivery.reason)


@dataclass(frozen=True, slots=True)
class PermalinkRead(Event):
    """The address of a live part came, or did not come yet (None)."""

    ordinal: int
    permalink: str | None
    why: str = "link read"

    def apply(self, delivery: Delivery, now: datetime, timers: PublishingTimers) -> Delivery:
        """Stay in PUBLISHED; asks a few more times, then leaves it (the post is live either way)."""
        only(delivery, S.PUBLISHED)
        part = replace(delivery.parts[self.ordinal], permalink=self.permalink)
        part = replace(part, lookups=0 if self.permalink else part.lookups + 1)
        parts = (*delivery.parts[: self.ordinal], part, *delivery.parts[self.ordinal + 1 :])
        linked = replace(delivery, parts=parts)
        if all(each.permalink for each in parts) or part.lookups >= len(timers.look_ups):
            return to(linked, S.PUBLISHED, None)
        return to(linked, S.PUBLISHED, now if self.permalink else now + timers.look_ups[part.lookups])
