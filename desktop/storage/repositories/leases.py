"""Stored leases."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from desktop.services.unit_of_work import LeaseRecord
from desktop.storage.tables.leases import LeaseRow
from desktop.storage.tables.rows import table_of

_LEASE = table_of(LeaseRow)


class SqlLeaseRepository:
    """``LeaseRepository`` on one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's transaction."""
        self._connection = connection

    def get(self, name: str) -> LeaseRecord | None:
        """Return the lease, or None when nobody ever took it."""
        row = self._connection.execute(select(_LEASE).where(_LEASE.c.name == name)).one_or_none()
        return None if row is None else LeaseRecord(owner=row.owner, until=row.until, epoch=row.epoch)

    def put(self, name: str, record: LeaseRecord) -> None:
        """Store the lease; one with a lower epoch than the stored is an ``InvariantViolation``."""
        values = {"owner": record.owner, "until": record.until, "epoch": record.epoch}
        statement = insert(_LEASE).values(name=name, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
