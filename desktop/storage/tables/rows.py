"""What all tables share: names of constraints, and how instants, durations and documents are stored.

Tables are declared for Core statements; repositories map rows to domain objects by hand. No session and no identity map
stands between a transaction and the file, so the ORM is not even imported (6 MB and 65 ms of every start).

Instants and durations are whole microseconds (instants since 1970 in UTC): exact, sortable, and half the size of text.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Dialect, ForeignKey, MetaData
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)

# every constraint has a name, because batch migrations find them by it
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def required(name: str, kind: type[TypeEngine[Any]], *constraints: ForeignKey, **options: Any) -> Column[Any]:
    """Return a column that holds a value in every row."""
    return Column(name, kind, *constraints, nullable=False, **options)


def optional(name: str, kind: type[TypeEngine[Any]]) -> Column[Any]:
    """Return a column that may be empty."""
    return Column(name, kind, nullable=True)


def key(name: str, kind: type[TypeEngine[Any]], *constraints: ForeignKey, **options: Any) -> Column[Any]:
    """Return a column of the primary key."""
    return required(name, kind, *constraints, primary_key=True, **options)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """Return a check that ``column`` holds one of the words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(word.value) for word in words)})", name=column)


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC as microseconds; a naive one raises ``TypeError``, since its zone would be a guess."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Store."""
        return None if value is None else (value - _EPOCH) // _TICK

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Read."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Duration(TypeDecorator[timedelta]):
    """A timedelta as microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        """Store."""
        return None if value is None else value // _TICK

    def process_result_value(self, value: Any | None, dialect: Dialect) -> timedelta | None:
        """Read."""
        return None if value is None else timedelta(microseconds=value)
