"""What the calendar and the backlog show: posts and their deliveries, gathered for reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import Delivery, DeliveryId, DeliveryState
from desktop.domain.media import AssetId
from desktop.domain.networks import Network
from desktop.domain.posts import PostId
from desktop.domain.schedules import Schedule, zone_info
from desktop.domain.transitions import REPLANNABLE_STATES
from desktop.services.unit_of_work import BacklogItem, PlannedDelivery

__all__ = ["BacklogItem", "CalendarEntry", "calendar_entries", "can_move", "day_start"]

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

# clocks are put forward and back on the quarter hour everywhere since 1973: one look at the zone for each is enough
_QUARTER_S = 900
_YEAR_1970 = datetime(1970, 1, 1)  # noqa: DTZ001 - local time of the asked zone


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


def can_move(delivery: Delivery) -> bool:
    """Whether a person may choose another time for it."""
    return delivery.state in REPLANNABLE_STATES and not delivery.was_sent


def calendar_entries(deliveries: Iterable[PlannedDelivery], zone: str) -> tuple[CalendarEntry, ...]:
    """Gather deliveries into entries by post and second, in order of time."""
    tz = zone_info(zone)
    groups: dict[tuple[int, PostId], list[PlannedDelivery]] = {}
    offsets: dict[int, int] = {}
    for delivery in deliveries:
        quarter = delivery.due_s // _QUARTER_S
        if quarter not in offsets:
            offsets[quarter] = _offset_s(quarter * _QUARTER_S, tz)
        groups.setdefault((delivery.due_s + offsets[quarter], delivery.post_id), []).append(delivery)
    return tuple([_entry(local_s, group) for (local_s, _), group in sorted(groups.items())])


def _offset_s(instant_s: int, tz: tzinfo) -> int:
    offset = datetime.fromtimestamp(instant_s, tz).utcoffset() or timedelta()
    return int(offset.total_seconds())


def _entry(local_s: int, deliveries: Sequence[PlannedDelivery]) -> CalendarEntry:
    first = deliveries[0]
    networks: tuple[Network, ...] = (first.network,)
    state = first.state
    if len(deliveries) > 1:
        networks = tuple(dict.fromkeys([delivery.network for delivery in deliveries]))
        state = min([delivery.state for delivery in deliveries], key=_RANK.__getitem__)
    return CalendarEntry(
        first.post_id,
        tuple([delivery.id for delivery in deliveries]),
        first.schedule,
        _YEAR_1970 + timedelta(0, local_s),
        tuple([delivery.account_id for delivery in deliveries]),
        networks,
        state,
        first.title,
        first.thumbnail is not None,
        first.thumbnail,
        first.is_sample,
        all(delivery.state in REPLANNABLE_STATES and not delivery.was_sent for delivery in deliveries),
    )


def day_start(day: date, zone: str) -> datetime:
    """Return the first instant of a day in ``zone``; where midnight is skipped that is the end of the gap."""
    return Schedule(datetime.combine(day, time()), zone).at
