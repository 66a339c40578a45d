"""Finding out what happened: the read-only ladder of ``reliability.md`` §1.6. It never sends anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from desktop.domain.deliveries import UNSETTLED_STATES, AttemptPhase, Delivery, PublishingTimers
from desktop.domain.errors import RemoteFailure
from desktop.domain.transitions import (
    ContainerDropped,
    Event,
    FinishedRead,
    PartPublished,
    PermalinkRead,
    SeenLive,
    StillUnknown,
    quiet_until,
)
from desktop.kit.clock import Clock
from desktop.services.publishing.calls import AccountCalls
from desktop.services.publishing.matching import find_match
from desktop.services.publishing.ports import ContainerReading, ContainerStatus, RemoteMedia
from desktop.services.unit_of_work import Storage

Outcome = tuple[Event, RemoteFailure | None]


class Reconciliation:
    """Decides the next event of a delivery in UNCERTAIN, LIVE_UNLINKED or PUBLISHED without its link."""

    def __init__(self, storage: Storage, clock: Clock, timers: PublishingTimers) -> None:
        self._storage, self._clock, self._timers = storage, clock, timers

    def settle(self, delivery: Delivery, calls: AccountCalls) -> Outcome:
        """Look whether an unconfirmed send went live."""
        try:
            reading = self._reading(delivery, calls)
            if reading is not None and reading.media_id is not None:
                return PartPublished(reading.media_id, "status"), None
            match = self._match(delivery, calls)
        except RemoteFailure as failure:
            return StillUnknown(), failure
        return self._verdict(delivery, reading, match), None

    def link(self, delivery: Delivery, calls: AccountCalls) -> Outcome:
        """Find the media id of a part that is known to be live."""
        try:
            match = self._match(delivery, calls)
        except RemoteFailure as failure:
            return StillUnknown("link still pending"), failure
        if match is None:
            return StillUnknown("link still pending"), None
        return PartPublished(match.id, "listing", match.permalink, match.published_at), None

    def permalink(self, delivery: Delivery, calls: AccountCalls) -> Outcome:
        """Read the address of the first live part that has none; its absence never fails a post."""
        ordinal = next(i for i, part in enumerate(delivery.parts) if part.permalink is None)
        media_id = delivery.parts[ordinal].media_id
        assert media_id is not None  # noqa: S101 - S5
        try:
            return PermalinkRead(ordinal, calls.read_permalink(media_id, ordinal)), None
        except RemoteFailure as failure:
            return PermalinkRead(ordinal, None), failure

    # ---- evidence --------------------------------------------------------------------------------------------

    def _reading(self, delivery: Delivery, calls: AccountCalls) -> ContainerReading | None:
        """Return the container's state; None when the network answers but cannot read it (100/33, 4279009)."""
        container_id = delivery.part.container_id
        assert container_id is not None  # noqa: S101 - UNCERTAIN has a container
        try:
            return calls.read_container(container_id, delivery.current, AttemptPhase.LOOK_UP)
        except RemoteFailure as failure:
            if failure.subcode in (33, 4279009, 2207006):
                return None
            raise

    def _match(self, delivery: Delivery, calls: AccountCalls) -> RemoteMedia | None:
        return listed_match(self._storage, delivery, calls, self._clock.now() + timedelta(minutes=1), self._timers)

    def _verdict(self, delivery: Delivery, reading: ContainerReading | None, match: RemoteMedia | None) -> Event:
        status = reading.status if reading is not None else None
        if status is ContainerStatus.PUBLISHED:
            if match is None:
                return SeenLive("status")
            return PartPublished(match.id, "status and listing", match.permalink, match.published_at)
        if match is not None:
            if self._has_twin(delivery):
                # another unsettled delivery reads the same: the listed post may be that one's
                return StillUnknown()
            return PartPublished(match.id, "listing", match.permalink, match.published_at)
        if status is ContainerStatus.FINISHED:
            return FinishedRead()
        is_quiet = self._clock.now() >= quiet_until(delivery.part, self._timers)
        if status in (ContainerStatus.ERROR, ContainerStatus.EXPIRED) and is_quiet:
            return ContainerDropped("it did not go out and is prepared again", proven_dead=True)
        return StillUnknown()

    def _has_twin(self, delivery: Delivery) -> bool:
        with self._storage.read() as uow:
            others = uow.deliveries.list(states=UNSETTLED_STATES, account_id=delivery.account_id, limit=1000)
        return any(o.id != delivery.id and o.payload_sha256 == delivery.payload_sha256 for o in others)


def listed_match(
    storage: Storage, delivery: Delivery, calls: AccountCalls, until: datetime, timers: PublishingTimers
) -> RemoteMedia | None:
    """Return the listed post that is the current part, among those no other delivery owns."""
    part, payload, ordinal = delivery.part, delivery.payload, delivery.current
    assert payload is not None  # noqa: S101 - something was sent
    sent_at = part.sent_intent_at or until
    listing = calls.list_recent(sent_at - timers.listing_before, until, ordinal)
    with storage.read() as uow:
        bound = uow.deliveries.bound_media_ids(delivery.account_id, (media.id for media in listing))
    media_count = len(payload.parts[ordinal].media)
    return find_match(
        (media for media in listing if media.id not in bound),
        payload.parts[ordinal],
        child_count=media_count if media_count > 1 else 0,
        reply_to=delivery.parts[ordinal - 1].media_id if ordinal else None,
        sent_at=sent_at,
        timers=timers,
    )
