"""Pieces of SQL that several repositories use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.dialects.sqlite import insert

from desktop.domain.errors import StaleVersion


def among(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Return "column is one of these". The values travel as one parameter, so no number of them is too many."""
    listed = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(listed.c.value))


def add_new(connection: Connection, table: Table, values: Mapping[str, object], noun: str) -> None:
    """Insert a row; ``StaleVersion`` when one with the same id or the same natural key is there."""
    if connection.execute(insert(table).on_conflict_do_nothing(), values).rowcount == 0:
        raise StaleVersion(noun=noun)


def to_json(value: object) -> str:
    """Return compact JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
