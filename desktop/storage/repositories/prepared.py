"""Statements of the publishing path, compiled once and run on the driver.

The publisher runs a handful of tiny transactions for every post. Executing a Core statement costs some 80 µs, most of
it bookkeeping for features these statements do not use; on the driver it is a tenth. Types and errors are converted as
SQLAlchemy would, so callers see no difference.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert, Update

from desktop.storage.failures import translated

_DIALECT = SQLiteDialect_pysqlite()


class Prepared:
    """One statement with named parameters."""

    def __init__(self, statement: Select[Any] | Insert | Update, columns: Sequence[str] = ()) -> None:
        """Compile it; ``columns`` are the ones an INSERT or UPDATE writes, from parameters of the same names."""
        compiled = statement.compile(dialect=_DIALECT, column_keys=list(columns))
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what every statement with parameters compiles to
        self._sql = compiled.string
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        self._parameters = [
            (name, compiled.binds[name].type.dialect_impl(_DIALECT).bind_processor(_DIALECT))
            for name in compiled.positiontup or ()
        ]
        results = list(statement.selected_columns) if isinstance(statement, Select) else []
        self._row_class: Any = _row_class([column.key or "" for column in results])
        self._converters = [
            (place, convert)
            for place, column in enumerate(results)
            if (convert := column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)) is not None
        ]

    def rows(self, connection: Connection, values: Mapping[str, object]) -> list[Any]:
        """Run a SELECT and return its rows, which have an attribute for each column."""
        return [self._row(row) for row in self._execute(connection, values)[0]]

    def raw_rows(self, connection: Connection, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Run a SELECT and return its rows as SQLite has them, for thousands at once."""
        return self._execute(connection, values)[0]

    def run(self, connection: Connection, values: Mapping[str, object]) -> int:
        """Run an INSERT or UPDATE and return the number of rows it touched."""
        return self._execute(connection, values)[1]

    def _row(self, row: Sequence[Any]) -> Any:
        fields = list(row)
        for place, convert in self._converters:
            fields[place] = convert(fields[place])
        return self._row_class._make(fields)

    def _execute(self, connection: Connection, values: Mapping[str, object]) -> tuple[list[Any], int]:
        if not connection.in_transaction():
            connection.begin()  # as SQLAlchemy does; the driver alone would commit each statement
        values = {**self._constants, **values}
        parameters = [convert(values[name]) if convert else values[name] for name, convert in self._parameters]
        driver: Any = connection.connection.driver_connection
        try:
            cursor = driver.execute(self._sql, parameters)
            return cursor.fetchall(), cursor.rowcount
        except sqlite3.Error as error:
            with translated(connection.get_execution_options()["path"]):
                raise error


def _row_class(fields: list[str]) -> Any:
    return namedtuple("Row", fields)
