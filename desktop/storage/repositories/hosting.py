"""Stored ledger of the hosting relay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, select, update

from desktop.domain.deliveries import DeliveryId
from desktop.services.hosting.ports import HostedObject
from desktop.storage.repositories.statements import add_new
from desktop.storage.tables.hosting import HOSTED_OBJECT

_COLUMNS = HOSTED_OBJECT.c
_ALL = select(HOSTED_OBJECT).order_by(_COLUMNS.created_at, _COLUMNS.key)


class SqlHostedObjectRepository:
    """``HostedObjectRepository`` on one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's transaction."""
        self._connection = connection

    def add(self, hosted: HostedObject) -> None:
        """Store a new row; ``StaleVersion`` when the key is taken."""
        values = {
            "key": hosted.key,
            "relay": hosted.relay,
            "sha256": hosted.sha256,
            "delivery_id": hosted.delivery_id,
            "created_at": hosted.created_at,
            "delete_after": hosted.delete_after,
        }
        add_new(self._connection, HOSTED_OBJECT, values, "hosted object")

    def list(self) -> Sequence[HostedObject]:
        """Return every row, oldest first."""
        return self._found(_ALL)

    def for_delivery(self, delivery_id: DeliveryId | None) -> Sequence[HostedObject]:
        """Return the rows of one delivery, or of none."""
        return self._found(_ALL.where(_COLUMNS.delivery_id == delivery_id))

    def expire(self, delivery_id: DeliveryId, at: datetime) -> None:
        """Let the rows of a delivery be deleted from ``at`` on, where that is sooner."""
        is_later = (_COLUMNS.delivery_id == delivery_id) & (_COLUMNS.delete_after > at)
        self._connection.execute(update(HOSTED_OBJECT).where(is_later).values(delete_after=at))

    def remove(self, key: str) -> None:
        """Forget a row."""
        self._connection.execute(delete(HOSTED_OBJECT).where(_COLUMNS.key == key))

    def _found(self, statement: Select[Any]) -> Sequence[HostedObject]:
        return [
            HostedObject(
                key=row.key,
                relay=row.relay,
                sha256=row.sha256,
                delivery_id=None if row.delivery_id is None else DeliveryId(row.delivery_id),
                created_at=row.created_at,
                delete_after=row.delete_after,
            )
            for row in self._connection.execute(statement)
        ]
