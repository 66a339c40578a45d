"""Stored leases."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from desktop.services.unit_of_work import LeaseRecord
from desktop.storage.repositories.prepared import Prepared
from desktop.storage.tables.leases import LEASE

_GET = Prepared(select(LEASE).where(LEASE.c.name == bindparam("name")))


class SqlLeaseRepository:
    """``LeaseRepository`` on one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's transaction."""
        self._connection = connection

    def get(self, name: str) -> LeaseRecord | None:
        """Return the lease, or None when nobody ever took it."""
        rows = _GET.rows(self._connection, {"name": name})
        return LeaseRecord(owner=rows[0].owner, until=rows[0].until, epoch=rows[0].epoch) if rows else None

    def put(self, name: str, record: LeaseRecord) -> None:
        """Store the lease; one with a lower epoch than the stored is an ``InvariantViolation``."""
        values = {"owner": record.owner, "until": record.until, "epoch": record.epoch}
        statement = insert(LEASE).values(name=name, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
