"""What the calendar and the backlog show: posts and their deliveries, gathered for reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from desktop.domain.accounts import Account, AccountId
from desktop.domain.deliveries import Delivery, DeliveryId, DeliveryState
from desktop.domain.media import AssetId
from desktop.domain.networks import Network
from desktop.domain.posts import Content, Post, PostId
from desktop.domain.schedules import Schedule, zone_info
from desktop.domain.transitions import REPLANNABLE_STATES

S = DeliveryState

# what needs a person first, then what is under way, then what waits, then what is done
_ATTENTION = (
    S.NEEDS_REVIEW,
    S.FAILED,
    S.MISSED,
    S.HELD,
    S.AWAITING_APPROVAL,
    S.UNCERTAIN,
    S.SENDING,
    S.RETRY_WAIT,
    S.PREPARING,
    S.READY,
    S.SCHEDULED,
    S.DRAFT,
    S.LIVE_UNLINKED,
    S.PUBLISHED,
    S.CANCELLED,
)
_RANK = {state: rank for rank, state in enumerate(_ATTENTION)}


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """All deliveries of one post at the same wall time.

    ``local`` is that time in the zone that was asked for, without a zone; ``state`` is the one that needs most
    attention; ``can_move`` only when every delivery can.
    """

    post_id: PostId
    delivery_ids: tuple[DeliveryId, ...]
    schedule: Schedule
    local: datetime
    account_ids: tuple[AccountId, ...]
    networks: tuple[Network, ...]
    state: DeliveryState
    title: str
    has_media: bool
    thumbnail: AssetId | None
    is_sample: bool
    can_move: bool


@dataclass(frozen=True, slots=True)
class BacklogItem:
    """A post without a time."""

    post_id: PostId
    title: str
    account_ids: tuple[AccountId, ...]
    networks: tuple[Network, ...]
    part_count: int
    media_count: int
    thumbnail: AssetId | None
    updated_at: datetime
    is_sample: bool


def can_move(delivery: Delivery) -> bool:
    """Whether a person may choose another time for it."""
    return delivery.state in REPLANNABLE_STATES and not delivery.was_sent


def calendar_entries(
    deliveries: Iterable[Delivery], posts: Mapping[PostId, Post], zone: str
) -> tuple[CalendarEntry, ...]:
    """Gather deliveries into entries by post and second, in order of time; posts in the bin are left out."""
    tz = zone_info(zone)
    groups: dict[tuple[datetime, PostId], list[Delivery]] = {}
    for delivery in deliveries:
        post = posts.get(delivery.post_id)
        if post is not None and post.deleted_at is None:
            local = delivery.due_at.astimezone(tz).replace(tzinfo=None, fold=0, microsecond=0)
            groups.setdefault((local, delivery.post_id), []).append(delivery)
    return tuple(_entry(posts[post_id], local, group) for (local, post_id), group in sorted(groups.items()))


def _entry(post: Post, local: datetime, deliveries: Sequence[Delivery]) -> CalendarEntry:
    content = post.content_for(deliveries[0].account_id)
    thumbnail = _first_media(content)
    return CalendarEntry(
        post_id=post.id,
        delivery_ids=tuple(delivery.id for delivery in deliveries),
        schedule=deliveries[0].schedule,
        local=local,
        account_ids=tuple(delivery.account_id for delivery in deliveries),
        networks=tuple(dict.fromkeys(delivery.network for delivery in deliveries)),
        state=min((delivery.state for delivery in deliveries), key=_RANK.__getitem__),
        title=post.shared.title or content.title,
        has_media=thumbnail is not None,
        thumbnail=thumbnail,
        is_sample=post.is_sample,
        can_move=all(can_move(delivery) for delivery in deliveries),
    )


def backlog_item(post: Post, accounts: Mapping[AccountId, Account]) -> BacklogItem:
    """Return how a post looks in the backlog; accounts that are gone have no network."""
    account_ids = tuple(variant.account_id for variant in post.variants)
    networks = dict.fromkeys(accounts[account_id].network for account_id in account_ids if account_id in accounts)
    return BacklogItem(
        post_id=post.id,
        title=post.shared.title,
        account_ids=account_ids,
        networks=tuple(networks),
        part_count=len(post.shared.parts),
        media_count=sum(len(part.media) for part in post.shared.parts),
        thumbnail=_first_media(post.shared),
        updated_at=post.updated_at,
        is_sample=post.is_sample,
    )


def day_start(day: date, zone: str) -> datetime:
    """Return the first instant of a day in ``zone``; where midnight is skipped that is the end of the gap."""
    return Schedule(datetime.combine(day, time()), zone).at


def _first_media(content: Content) -> AssetId | None:
    return next((use.asset_id for part in content.parts for use in part.media), None)
