"""Stored usage readings and publishing quotas, and the publishes that count against quotas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, or_, select
from sqlalchemy.dialects.sqlite import insert

from desktop.domain.accounts import AccountId
from desktop.domain.networks import Network, PostFormat
from desktop.services.limits.ports import Publish, Quota, QuotaKind, UsageReading
from desktop.services.limits.quotas import counted_as
from desktop.storage.tables.deliveries import DELIVERY, DELIVERY_PART
from desktop.storage.tables.limits import PUBLISHING_QUOTA, RATE_READING
from desktop.storage.tables.posts import POST_VARIANT


class SqlLimitRepository:
    """``LimitRepository`` on one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's transaction."""
        self._connection = connection

    def readings(self) -> Sequence[UsageReading]:
        """Return the newest reading of each bucket, by bucket."""
        rows = self._connection.execute(select(RATE_READING).order_by(RATE_READING.c.bucket))
        return [UsageReading(row.bucket, row.owner, row.percent, row.regain_at, row.read_at) for row in rows]

    def put_readings(self, readings: Sequence[UsageReading]) -> None:
        """Store readings; an older one than the stored changes nothing."""
        if not readings:
            return
        columns = ("bucket", "owner", "percent", "regain_at", "read_at")
        statement = insert(RATE_READING)
        newer = {name: statement.excluded[name] for name in columns[1:]}
        statement = statement.on_conflict_do_update(
            index_elements=["bucket"], set_=newer, where=RATE_READING.c.read_at <= statement.excluded.read_at
        )
        rows = [{name: getattr(reading, name) for name in columns} for reading in readings]
        self._connection.execute(statement, rows)

    def remove_readings(self, before: datetime) -> None:
        """Forget readings made earlier whose time of regaining has passed as well."""
        regain_at = RATE_READING.c.regain_at
        is_over = or_(regain_at.is_(None), regain_at < before)
        self._connection.execute(delete(RATE_READING).where(RATE_READING.c.read_at < before, is_over))

    def quotas(self, account_id: AccountId) -> Sequence[Quota]:
        """Return what the account's network last told, by kind."""
        quota = PUBLISHING_QUOTA.c
        statement = select(PUBLISHING_QUOTA).where(quota.account_id == account_id).order_by(quota.kind)
        rows = self._connection.execute(statement)
        return [Quota(QuotaKind(row.kind), row.used, row.total, row.window, row.read_at) for row in rows]

    def put_quotas(self, account_id: AccountId, quotas: Sequence[Quota]) -> None:
        """Store quotas of an account, each replacing the one of its kind."""
        for quota in quotas:
            values = {"used": quota.used, "total": quota.total, "window": quota.window, "read_at": quota.read_at}
            statement = insert(PUBLISHING_QUOTA).values(account_id=account_id, kind=quota.kind, **values)
            self._connection.execute(
                statement.on_conflict_do_update(index_elements=["account_id", "kind"], set_=values)
            )

    def published(self, account_id: AccountId, since: datetime) -> Sequence[Publish]:
        """Return the account's parts that went live at ``since`` or later and have the network's id, oldest first."""
        part = DELIVERY_PART.c
        # asked by media id first: that index is by account, and publishing times have none
        statement = _parts(part.published_at).where(
            part.account_id == account_id, part.media_id.is_not(None), part.published_at >= since
        )
        return _publishes(self._connection.execute(statement))

    def planned(self, account_id: AccountId, until: datetime) -> Sequence[Publish]:
        """Return its parts that are not live yet, will go out by themselves and are due before ``until``, by time."""
        delivery = DELIVERY.c
        statement = _parts(delivery.due_at).where(
            delivery.account_id == account_id,
            delivery.next_action_at.is_not(None),
            delivery.due_at < until,
            DELIVERY_PART.c.media_id.is_(None),
        )
        return _publishes(self._connection.execute(statement))


def _parts(at: Any) -> Select[Any]:
    """Return a query of parts with what decides their quota, ordered by ``at``, their instant."""
    delivery, variant = DELIVERY.c, POST_VARIANT.c
    is_its_variant = (variant.post_id == delivery.post_id) & (variant.account_id == delivery.account_id)
    parts = DELIVERY_PART.join(DELIVERY, delivery.id == DELIVERY_PART.c.delivery_id)
    columns = (at.label("at"), delivery.network, variant.format, DELIVERY_PART.c.ordinal)
    return select(*columns).select_from(parts.outerjoin(POST_VARIANT, is_its_variant)).order_by(at, delivery.id)


def _publishes(rows: Iterable[Row[Any]]) -> list[Publish]:
    found = []
    for row in rows:
        post_format = None if row.format is None else PostFormat(row.format)
        kind = counted_as(Network(row.network), post_format, row.ordinal)
        if kind is not None:
            found.append(Publish(row.at, kind))
    return found
