"""Getting a delivery ready: freezing what is sent, creating children and containers, waiting for the network.

Nothing here makes anything public, so every call may be repeated; a crash at worst leaves an orphan container.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from desktop.domain.accounts import STATE_AFTER_FAILURE, Account
from desktop.domain.deliveries import AttemptPhase, Delivery, DeliveryId, FailureNote, PayloadMedia, PublishingTimers
from desktop.domain.documents import payload_sha256
from desktop.domain.errors import Effect, FailureKind, RemoteFailure, TidingsError
from desktop.domain.networks import Network, NetworkRules
from desktop.domain.transitions import (
    ChildCreated,
    ChildReady,
    Claimed,
    ContainerCreated,
    ContainerDropped,
    ContainerReady,
    Event,
    GaveUp,
    Held,
    Postponed,
    SeenLive,
    StillProcessing,
    UploadAdvanced,
)
from desktop.kit.clock import Clock
from desktop.services.drafting.preflight import Severity, check_content
from desktop.services.drafting.rendering import asset_ids, render_payload
from desktop.services.publishing.calls import AccountCalls
from desktop.services.publishing.notes import failure_note
from desktop.services.publishing.ports import ContainerReading, ContainerStatus, MediaHost
from desktop.services.publishing.reconciliation import listed_match
from desktop.services.unit_of_work import Storage

Outcome = tuple[Event, RemoteFailure | None]
Locate = Callable[[str], Path]
"""Returns the path of a stored file by its SHA-256."""


class DeliveryFiles:
    """``MediaSource`` of one delivery."""

    def __init__(self, host: MediaHost, locate: Locate, delivery_id: DeliveryId) -> None:
        self._host, self._locate, self._delivery_id = host, locate, delivery_id

    def address(self, media: PayloadMedia) -> str:
        """Return an address the network can fetch the file from."""
        return self._host.expose(media, self._delivery_id)

    def path(self, media: PayloadMedia) -> Path:
        """Return where the file lies."""
        return self._locate(media.sha256)


class Preparation:
    """Decides the next event of a delivery in SCHEDULED, PREPARING or READY."""

    def __init__(
        self,
        storage: Storage,
        host: MediaHost,
        locate: Locate,
        rules: Mapping[Network, NetworkRules],
        clock: Clock,
        timers: PublishingTimers,
    ) -> None:
        self._storage, self._host, self._locate, self._rules, self._clock = storage, host, locate, rules, clock
        self._timers = timers

    def freeze(self, delivery: Delivery, account: Account) -> Event:
        """Return what will be sent, or why it cannot be; the rules are checked a last time."""
        with self._storage.read() as uow:
            post = uow.posts.get(delivery.post_id)
            content = post.content_for(account.id)
            assets = uow.assets.by_ids(asset_ids(content))
        variant = post.variant_for(account.id)
        if variant is None or post.deleted_at is not None:
            return GaveUp(FailureNote(FailureKind.BAD_INPUT, "the post no longer goes to this account"))
        rules = self._rules[account.network]
        findings = check_content(content, variant.format, account, rules, assets)
        blocking = next((finding for finding in findings if finding.severity is Severity.BLOCK), None)
        if blocking is not None:
            return GaveUp(FailureNote(FailureKind.BAD_INPUT, blocking.message))
        payload = render_payload(content, variant.format, rules, assets, variant.options)
        return Claimed(payload, payload_sha256(payload))

    def advance(self, delivery: Delivery, calls: AccountCalls) -> Outcome:
        """Make one call towards READY."""
        try:
            return self._next_call(delivery, calls), None
        except RemoteFailure as failure:
            return self.trouble(delivery, failure), failure
        except TidingsError as error:
            # a picture that has gone or a host that is missing: people have to see to it
            return GaveUp(failure_note(error)), None

    def recheck(self, delivery: Delivery, calls: AccountCalls) -> tuple[Event | None, RemoteFailure | None]:
        """Return what must happen instead of sending a READY delivery, or None when it may go."""
        part = delivery.part
        is_old = (
            part.container_created_at is not None
            and self._clock.now() - part.container_created_at > self._timers.container_stale
        )
        if not part.tombstones:
            return (ContainerDropped("prepared too long ago", counts=False) if is_old else None), None
        if part.refusals < self._timers.refusals and not is_old:
            return None, None
        try:
            return self._verify_lost(delivery, calls), None
        except RemoteFailure as failure:
            return self.trouble(delivery, failure), failure

    def trouble(self, delivery: Delivery, failure: RemoteFailure) -> Event:
        """Return what a failed call before a send means."""
        note = failure_note(failure)
        now = self._clock.now()
        if failure.kind in (FailureKind.RATE_WAIT, FailureKind.QUOTA_WAIT):
            return Held(failure.kind.value, now + (failure.retry_after or self._timers.rate_pause), note)
        if failure.kind in STATE_AFTER_FAILURE and failure.subcode != 33:
            return Held(failure.kind.value, None, note)
        if failure.kind in (FailureKind.BAD_INPUT, FailureKind.DUPLICATE):
            return GaveUp(note)
        is_replaceable = not any(tombstone.is_open for tombstone in delivery.part.tombstones)
        if failure.kind is FailureKind.RECREATE_CONTAINER and not delivery.part.tombstones and is_replaceable:
            return ContainerDropped("the network lost it", note)
        return Postponed(note, counts=failure.effect is not Effect.NOT_SENT)

    # ---- calls -----------------------------------------------------------------------------------------------

    def _next_call(self, delivery: Delivery, calls: AccountCalls) -> Event:
        assert delivery.payload is not None  # noqa: S101 - PREPARING is entered with a payload
        part, media = delivery.part, delivery.payload.parts[delivery.current].media
        wanted = calls.child_count(delivery)
        files = DeliveryFiles(self._host, self._locate, delivery.id)
        if len(part.children) < wanted:
            child = calls.create_child(delivery, media[len(part.children)], files)
            return ChildCreated(child)
        if part.children_ready < wanted:
            reading = calls.read_child(part.children[part.children_ready], delivery.current)
            return self._progress(delivery, reading, ChildReady())
        if part.container_id is None:
            return ContainerCreated(calls.create_container(delivery, files))
        if calls.takes_bytes(delivery) and not (part.upload and part.upload.is_complete):
            return UploadAdvanced(calls.upload(delivery, files))
        reading = calls.read_container(part.container_id, delivery.current, AttemptPhase.STATUS)
        return self._progress(delivery, reading, ContainerReady())

    def _progress(self, delivery: Delivery, reading: ContainerReading, ready: Event) -> Event:
        if reading.status is ContainerStatus.FINISHED:
            return ready
        if reading.status is ContainerStatus.PUBLISHED:
            return SeenLive("status")
        if reading.status is ContainerStatus.IN_PROGRESS:
            if delivery.part.polls >= self._timers.poll_limit:
                return ContainerDropped("the network never finished it")
            return StillProcessing()
        note = FailureNote(reading.failure or FailureKind.RECREATE_CONTAINER, reading.detail)
        if reading.failure is FailureKind.BAD_INPUT:
            return GaveUp(note)
        return ContainerDropped("the network could not process it", note)

    def _verify_lost(self, delivery: Delivery, calls: AccountCalls) -> Event:
        """Ask what became of a container whose publishing was refused again and again.

        An expired token can look like a lost container, so the token is asked first (``meta-api.md`` §2.3).
        """
        part = delivery.part
        assert part.container_id is not None  # noqa: S101 - READY has a container
        calls.check_token(delivery.current)
        try:
            reading = calls.read_container(part.container_id, delivery.current, AttemptPhase.LOOK_UP)
        except RemoteFailure as failure:
            if failure.http_status is None or (failure.kind in STATE_AFTER_FAILURE and failure.subcode != 33):
                raise
            reading = ContainerReading(ContainerStatus.ERROR, detail=failure.remote_message)
        if reading.status is ContainerStatus.PUBLISHED:
            return SeenLive("status")
        if reading.status is ContainerStatus.IN_PROGRESS:
            note = FailureNote(FailureKind.NOT_READY, "the network is processing it again")
            return Postponed(note, counts=False)
        if listed_match(self._storage, delivery, calls, self._clock.now() + timedelta(minutes=1), self._timers):
            return SeenLive("listing")
        return ContainerDropped("the network lost it", delivery.last_failure, proven_dead=True)
