"""Deliveries: one variant to one account at one time, and everything known about how far it got.

The shape follows ``reliability.md`` §1.3 and §1.4. What may change into what lives in ``transitions``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from desktop.domain.accounts import AccountId
from desktop.domain.errors import FailureKind
from desktop.domain.media import AssetId, MediaKind
from desktop.domain.networks import Network, PostFormat
from desktop.domain.options import NO_PART_OPTIONS, FacebookOptions, NetworkOptions, PartOptions, UserTag
from desktop.domain.posts import Mark, PostId
from desktop.domain.schedules import Schedule

DeliveryId = NewType("DeliveryId", str)


class DeliveryState(StrEnum):
    """Where a delivery stands; the same words in the window, the command line and the API."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    SCHEDULED = "scheduled"
    PREPARING = "preparing"
    READY = "ready"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    LIVE_UNLINKED = "live_unlinked"
    PUBLISHED = "published"
    HELD = "held"
    RETRY_WAIT = "retry_wait"
    MISSED = "missed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    NEEDS_REVIEW = "needs_review"


TERMINAL_STATES = frozenset({DeliveryState.PUBLISHED, DeliveryState.CANCELLED, DeliveryState.FAILED})
# a person has to do something; no timer is needed to keep these alive
HUMAN_STATES = frozenset(
    {
        DeliveryState.DRAFT,
        DeliveryState.AWAITING_APPROVAL,
        DeliveryState.HELD,
        DeliveryState.MISSED,
        DeliveryState.NEEDS_REVIEW,
    }
)
# a publish request may have left this computer and its result is not settled
UNSETTLED_STATES = frozenset({DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.LIVE_UNLINKED})


@dataclass(frozen=True, slots=True)
class PayloadMedia:
    """One image or video of a frozen payload; ``cover`` is the picture shown for a video."""

    asset_id: AssetId
    kind: MediaKind
    mime_type: str
    sha256: str
    alt_text: str
    tags: tuple[UserTag, ...] = ()
    cover: PayloadMedia | None = None
    cover_at: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PayloadPart:
    """One part as the network gets it: rendered text, the marks it can show, media in order, the link to preview."""

    text: str
    marks: tuple[Mark, ...] = ()
    media: tuple[PayloadMedia, ...] = ()
    link: str | None = None
    options: PartOptions = NO_PART_OPTIONS


@dataclass(frozen=True, slots=True)
class Payload:
    """What is sent, frozen when the delivery leaves SCHEDULED; later edits of the post do not reach it."""

    network: Network
    format: PostFormat
    parts: tuple[PayloadPart, ...]
    options: NetworkOptions | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A container that was once asked to go live; kept for ever so that it is never forgotten while it may be live.

    ``sends`` counts publish requests that may have left; ``is_open``: one of them has no settled answer;
    ``is_dead``: proven that it will never appear.
    """

    container_id: str
    sends: int = 1
    is_open: bool = True
    is_dead: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way to the network: ``session`` is the network's own text, ``sent`` and ``size`` are bytes.

    What the network itself says to have received counts more than ``sent``.
    """

    session: str
    sent: int
    size: int

    @property
    def is_complete(self) -> bool:
        """Whether the network has all of it."""
        return self.sent >= self.size


class HandOver(StrEnum):
    """How far a post is in the hands of the network's own scheduler (``meta-api.md`` §4.1).

    From INTENDED on the network may publish it although this computer is off; only REFUSED says that it will not.
    RECALLING and CANCELLING take it back, to be planned again or not at all.
    """

    INTENDED = "intended"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    RECALLING = "recalling"
    CANCELLING = "cancelling"


@dataclass(frozen=True, slots=True)
class PartProgress:
    """How far one part got. Containers and media ids are the network's own texts.

    ``children`` are the carousel items or uploaded photos in order, ``children_ready`` how many of them are processed.
    ``upload`` is the container's file where the network takes bytes. ``finished_reads`` counts readings that prove "not
    live" since the last send.
    """

    children: tuple[str, ...] = ()
    children_ready: int = 0
    container_id: str | None = None
    container_created_at: datetime | None = None
    is_container_ready: bool = False
    polls: int = 0
    recreations: int = 0
    refusals: int = 0
    send_token: str | None = None
    sent_intent_at: datetime | None = None
    send_deadline_at: datetime | None = None
    lookups: int = 0
    finished_reads: int = 0
    last_finished_read_at: datetime | None = None
    media_id: str | None = None
    permalink: str | None = None
    published_at: datetime | None = None
    evidence: str | None = None
    tombstones: tuple[Tombstone, ...] = ()
    upload: Upload | None = None
    hand_over: HandOver | None = None

    @property
    def is_handed_over(self) -> bool:
        """Whether the network's own scheduler may still publish it."""
        return self.hand_over not in (None, HandOver.REFUSED) and not self.is_live

    @property
    def is_live(self) -> bool:
        """Whether this part is proven to be on the network."""
        return self.evidence is not None


@dataclass(frozen=True, slots=True)
class FailureNote:
    """The last thing that went wrong, for people and for support; no tokens."""

    kind: FailureKind
    message: str
    http_status: int | None = None
    code: str | None = None
    subcode: int | None = None
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One variant of a post to one account at one time.

    ``late_limit`` None means "publish however late". ``epoch`` grows with every change of owner; a writer that holds
    an older one changes nothing. ``version`` grows with every stored change. ``next_action_at`` is the timer that keeps
    a delivery alive: every state that is neither terminal nor waiting for a person has one (invariant L1).
    """

    id: DeliveryId
    post_id: PostId
    account_id: AccountId
    network: Network
    slot_key: str
    schedule: Schedule
    due_at: datetime
    late_limit: timedelta | None
    state: DeliveryState
    state_since: datetime
    created_at: datetime
    next_action_at: datetime | None = None
    reason: str = ""
    lease_owner: str | None = None
    epoch: int = 0
    payload: Payload | None = None
    payload_sha256: str | None = None
    parts: tuple[PartProgress, ...] = (PartProgress(),)
    tries: int = 0
    last_failure: FailureNote | None = None
    version: int = 0

    @property
    def current(self) -> int:
        """Index of the first part that is not bound to a media id; ``len(parts)`` when all are."""
        return next((i for i, part in enumerate(self.parts) if part.media_id is None), len(self.parts))

    @property
    def part(self) -> PartProgress:
        """The part being worked on (the last one when all are live)."""
        return self.parts[min(self.current, len(self.parts) - 1)]

    @property
    def was_sent(self) -> bool:
        """Whether any publish request may ever have left for this delivery."""
        return any(part.tombstones or part.is_live for part in self.parts)

    @property
    def wants_hand_over(self) -> bool:
        """Whether the network's own scheduler is to publish it."""
        return self.payload is not None and wants_hand_over(self.payload.options)

    @property
    def is_handed_over(self) -> bool:
        """Whether the network's own scheduler may publish it, wherever this computer is."""
        return any(part.is_handed_over for part in self.parts)

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.state in TERMINAL_STATES

    @property
    def published_at(self) -> datetime | None:
        """When the first part went live."""
        return self.parts[0].published_at

    @property
    def permalink(self) -> str | None:
        """Address of the first part."""
        return self.parts[0].permalink

    @property
    def remote_id(self) -> str | None:
        """The network's id of the first part."""
        return self.parts[0].media_id

    def with_part(self, **changes: object) -> Delivery:
        """Return the delivery with fields of the current part changed."""
        index = min(self.current, len(self.parts) - 1)
        part = replace(self.parts[index], **changes)  # type: ignore[arg-type]  # checked by dataclasses.replace
        return replace(self, parts=(*self.parts[:index], part, *self.parts[index + 1 :]))


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a delivery's history: append-only. ``before`` is None for the first."""

    at: datetime
    before: DeliveryState | None
    after: DeliveryState
    why: str


class AttemptPhase(StrEnum):
    """What a call to the network was for."""

    PREPARE = "prepare"
    STATUS = "status"
    PUBLISH = "publish"
    LOOK_UP = "look_up"
    PERMALINK = "permalink"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call made for a delivery: append-only. ``outcome`` is "ok" or a ``FailureKind``/``Effect`` word."""

    phase: AttemptPhase
    part: int
    started_at: datetime
    finished_at: datetime
    outcome: str
    sent_at: datetime | None = None
    http_status: int | None = None
    code: str | None = None
    subcode: int | None = None
    trace_id: str | None = None
    detail: str = ""


def wants_hand_over(options: NetworkOptions | None) -> bool:
    """Whether these options leave the publishing to the network's own scheduler."""
    return isinstance(options, FacebookOptions) and options.hands_over


@dataclass(frozen=True, slots=True)
class PublishingTimers:
    """Every waiting time of the publisher in one place, so that tests can shrink them together.

    Sources: ``reliability.md`` §1.5 (deadline, quiet, look-ups), §3 (lateness), ``meta-api.md`` §2.2 (polling).
    """

    prepare_ahead: timedelta = timedelta(minutes=30)
    # Facebook takes posts 10 minutes to 29 days ahead; a little less leaves room for slow lines and clocks
    hand_over_earliest: timedelta = timedelta(days=28, hours=23)
    hand_over_latest: timedelta = timedelta(minutes=12)
    hand_over_look: timedelta = timedelta(seconds=90)
    hand_over_grace: timedelta = timedelta(minutes=10)
    send_deadline: timedelta = timedelta(seconds=2)
    request_timeout: timedelta = timedelta(seconds=60)
    quiet: timedelta = timedelta(seconds=120)
    polls: tuple[timedelta, ...] = field(default=tuple(timedelta(seconds=s) for s in (1, 2, 3, 5, 5, 5, 15)))
    poll_limit: int = 60
    look_ups: tuple[timedelta, ...] = field(default=tuple(timedelta(seconds=s) for s in (5, 120, 240, 480, 900, 1800)))
    look_up_later: timedelta = timedelta(hours=1)
    finished_reads: int = 2
    finished_reads_apart: timedelta = timedelta(seconds=60)
    match_before: timedelta = timedelta(seconds=60)
    match_after: timedelta = timedelta(minutes=15)
    listing_before: timedelta = timedelta(minutes=5)
    review_after: timedelta = timedelta(hours=24)
    unlinked_limit: timedelta = timedelta(hours=48)
    container_life: timedelta = timedelta(hours=24)
    container_stale: timedelta = timedelta(hours=20)
    recreations: int = 3
    refusals: int = 3
    retry_first: timedelta = timedelta(seconds=30)
    retry_ceiling: timedelta = timedelta(minutes=30)
    retries: int = 8
    resend_pause: timedelta = timedelta(seconds=5)
    rate_pause: timedelta = timedelta(hours=1)
    longest_rest: timedelta = timedelta(days=3)
    late_limit: timedelta = timedelta(minutes=15)
    lease: timedelta = timedelta(seconds=60)
    scan: timedelta = timedelta(seconds=30)

    def first_action_at(self, due_at: datetime, now: datetime, *, hands_over: bool = False) -> datetime:
        """Return when work on a delivery due at ``due_at`` begins."""
        ahead = self.hand_over_earliest if hands_over else self.prepare_ahead
        return max(now, due_at - ahead)
