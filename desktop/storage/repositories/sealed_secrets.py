"""Stored secrets, all of them sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from desktop.services.unit_of_work import SealedSecret
from desktop.storage.repositories.prepared import Prepared
from desktop.storage.tables.sealed_secrets import SECRET

_GET = Prepared(select(SECRET).where(SECRET.c.name == bindparam("name")))
_LIST = Prepared(select(SECRET).order_by(SECRET.c.name))


class SqlSealedSecretRepository:
    """``SealedSecretRepository`` on one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's transaction."""
        self._connection = connection

    def get(self, name: str) -> SealedSecret | None:
        """Return one, or None."""
        rows = _GET.rows(self._connection, {"name": name})
        return _to_secret(rows[0]) if rows else None

    def list(self) -> Sequence[SealedSecret]:
        """Return all of them by name."""
        return [_to_secret(row) for row in _LIST.rows(self._connection, {})]

    def put(self, secret: SealedSecret) -> None:
        """Store or replace one."""
        values = {"key_id": secret.key_id, "sealed": secret.sealed, "updated_at": secret.updated_at}
        statement = insert(SECRET).values(name=secret.name, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))

    def remove(self, name: str) -> None:
        """Forget one; nothing happens when there is none."""
        self._connection.execute(delete(SECRET).where(SECRET.c.name == name))


def _to_secret(row: Any) -> SealedSecret:
    return SealedSecret(row.name, row.key_id, row.sealed, row.updated_at)
