"""What the calendar and the backlog show, read without contents, payloads or progress: a month holds thousands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, and_, bindparam, case, exists, func, select

from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import DeliveryState
from desktop.domain.media import AssetId
from desktop.domain.networks import Network
from desktop.domain.posts import PostId
from desktop.domain.schedules import Schedule
from desktop.services.unit_of_work import BacklogItem, PlannedDelivery
from desktop.storage.repositories.prepared import Prepared
from desktop.storage.repositories.statements import to_json
from desktop.storage.tables.accounts import ACCOUNT
from desktop.storage.tables.deliveries import DELIVERY
from desktop.storage.tables.posts import POST, POST_VARIANT

IN_BACKLOG = ~exists().where(DELIVERY.c.post_id == POST.c.id, DELIVERY.c.state != DeliveryState.CANCELLED)

# looked up in a dictionary: calling an enum takes several times as long
_NETWORKS = {network.value: network for network in Network}
_STATES = {state.value: state for state in DeliveryState}
_US_PER_S = 1_000_000

# a post may have gone out to an account that was taken out of it since
_has_variant = POST_VARIANT.c.post_id.is_not(None)
_PLANNED = Prepared(
    select(
        DELIVERY.c.id,
        DELIVERY.c.post_id,
        DELIVERY.c.account_id,
        DELIVERY.c.network,
        DELIVERY.c.wall_time,
        DELIVERY.c.zone,
        DELIVERY.c.due_at,
        DELIVERY.c.state,
        DELIVERY.c.was_sent,
        func.coalesce(POST_VARIANT.c.title, POST.c.title).label("title"),
        case((_has_variant, POST_VARIANT.c.thumbnail), else_=POST.c.thumbnail).label("thumbnail"),
        POST.c.is_sample,
    )
    .join_from(DELIVERY, POST, POST.c.id == DELIVERY.c.post_id)
    .outerjoin(
        POST_VARIANT,
        and_(POST_VARIANT.c.post_id == DELIVERY.c.post_id, POST_VARIANT.c.account_id == DELIVERY.c.account_id),
    )
    .where(
        DELIVERY.c.due_at >= bindparam("due_from"),
        DELIVERY.c.due_at < bindparam("due_to"),
        DELIVERY.c.state != DeliveryState.CANCELLED,
        POST.c.deleted_at.is_(None),
    )
    .order_by(DELIVERY.c.due_at)
)
# one look into the index for each state: sorting all deliveries of several states would read them all
_asked = func.json_each(bindparam("states")).table_valued("value")
_first = select(func.min(DELIVERY.c.due_at)).where(DELIVERY.c.state == _asked.c.value).correlate(_asked)
_FIRST_DUE = Prepared(select(func.min(_first.scalar_subquery()).label("due_at")).select_from(_asked))
_BACKLOG = Prepared(
    select(
        POST.c.id,
        POST.c.title,
        POST.c.part_count,
        POST.c.media_count,
        POST.c.thumbnail,
        POST.c.updated_at,
        POST.c.is_sample,
        POST_VARIANT.c.account_id,
        ACCOUNT.c.network,
    )
    .select_from(POST)
    .outerjoin(POST_VARIANT, POST_VARIANT.c.post_id == POST.c.id)
    .outerjoin(ACCOUNT, ACCOUNT.c.id == POST_VARIANT.c.account_id)
    .where(POST.c.deleted_at.is_(None), IN_BACKLOG)
    .order_by(POST.c.updated_at.desc(), POST.c.id.desc(), POST_VARIANT.c.position)
)


def planned(connection: Connection, due_from: datetime, due_to: datetime) -> Sequence[PlannedDelivery]:
    """Return what ``DeliveryRepository.planned`` promises."""
    return [
        PlannedDelivery(
            key,
            post_id,
            account_id,
            _NETWORKS[network],
            Schedule(datetime.fromisoformat(wall_time), zone),
            due_us // _US_PER_S,
            _STATES[state],
            was_sent == 1,
            title,
            thumbnail,
            is_sample == 1,
        )
        for (
            key,
            post_id,
            account_id,
            network,
            wall_time,
            zone,
            due_us,
            state,
            was_sent,
            title,
            thumbnail,
            is_sample,
        ) in _PLANNED.raw_rows(connection, {"due_from": due_from, "due_to": due_to})
    ]


def first_due_at(connection: Connection, states: Iterable[DeliveryState]) -> datetime | None:
    """Return what ``DeliveryRepository.first_due_at`` promises."""
    found: datetime | None = _FIRST_DUE.rows(connection, {"states": to_json(list(states))})[0].due_at
    return found


def backlog(connection: Connection) -> Sequence[BacklogItem]:
    """Return what ``PostRepository.backlog`` promises."""
    items = []
    for post_id, group in groupby(_BACKLOG.rows(connection, {}), key=lambda row: row.id):
        rows = list(group)
        post, goes = rows[0], [row for row in rows if row.account_id is not None]
        item = BacklogItem(
            post_id=PostId(post_id),
            title=post.title,
            account_ids=tuple(AccountId(row.account_id) for row in goes),
            networks=tuple(dict.fromkeys(_NETWORKS[row.network] for row in goes)),
            part_count=post.part_count,
            media_count=post.media_count,
            thumbnail=None if post.thumbnail is None else AssetId(post.thumbnail),
            updated_at=post.updated_at,
            is_sample=post.is_sample,
        )
        items.append(item)
    return items
