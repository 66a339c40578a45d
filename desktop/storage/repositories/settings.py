"""Stored settings."""

from __future__ import annotations

import json

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from desktop.storage.repositories.prepared import Prepared
from desktop.storage.repositories.statements import to_json
from desktop.storage.tables.settings import SETTING

_ALL = Prepared(select(SETTING).order_by(SETTING.c.name))


class SqlSettingRepository:
    """``SettingRepository`` on one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's transaction."""
        self._connection = connection

    def all(self) -> dict[str, object]:
        """Return every stored value."""
        return {row.name: json.loads(row.value) for row in _ALL.rows(self._connection, {})}

    def put(self, name: str, value: object) -> None:
        """Store one value; ``TypeError`` when it has no JSON form."""
        text = to_json(value)
        statement = insert(SETTING).values(name=name, value=text)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": text}))

    def remove(self, name: str) -> None:
        """Forget one value, so that its default counts again."""
        self._connection.execute(delete(SETTING).where(SETTING.c.name == name))
