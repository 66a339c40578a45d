"""Bringing an older database up to date.

The number of revisions a file has seen is its ``PRAGMA user_version``; there is no second place to disagree with, and
an up-to-date file is recognised without importing Alembic (350 ms).
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import ModuleType

from sqlalchemy import Connection

from desktop.domain.errors import InvariantViolation
from desktop.storage.backup import make_backup
from desktop.storage.connections import make_engine
from desktop.storage.tables import guards

_VERSIONS = "desktop.storage.migrations.versions"
HISTORY: tuple[str, ...] = (f"{_VERSIONS}.revision_0001", f"{_VERSIONS}.revision_0002")


def migrate(path: Path, *, history: Sequence[str], backups: Path, now: datetime) -> None:
    """Back the file up, then apply what it lacks in one transaction; on any error it stays as it was.

    Foreign keys are off, because rebuilding a table deletes the rows that refer to it otherwise
    (``reliability.md`` §5.4); they are checked at the end. A revision says in ``CHANGES_ROWS`` which tables may end
    with another number of rows than before.
    """
    make_backup(path, backups, now=now, reason="migration")
    engine = make_engine(path, "PRAGMA foreign_keys = OFF", begin="BEGIN EXCLUSIVE")
    try:
        with engine.begin() as connection:
            upgrade(connection, history)
    finally:
        engine.dispose()


def upgrade(connection: Connection, history: Sequence[str]) -> None:
    """Apply the missing revisions inside the connection's transaction and check the result."""
    # another process may have been faster; it is asked again now that we hold the lock
    found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    revisions = [importlib.import_module(name) for name in history[found:]]
    may_change = {table for revision in revisions for table in getattr(revision, "CHANGES_ROWS", ())}
    before = _row_counts(connection)
    guards.remove(connection)
    _apply(connection, revisions)
    guards.install(connection)
    connection.exec_driver_sql(f"PRAGMA user_version = {len(history)}")
    after = _row_counts(connection)
    lost = [table for table in before.keys() - may_change if after.get(table) != before[table]]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    damage = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    if lost or broken is not None or damage != "ok":
        raise InvariantViolation(f"a migration went wrong: rows {sorted(lost)}, references {broken}, check {damage}")


def _apply(connection: Connection, revisions: Sequence[ModuleType]) -> None:
    from alembic.migration import MigrationContext  # slow to import and hardly ever needed
    from alembic.operations import Operations  # slow, as above

    with Operations.context(MigrationContext.configure(connection)):
        for revision in revisions:
            revision.upgrade()


def _row_counts(connection: Connection) -> dict[str, int]:
    listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%%'"
    names = connection.exec_driver_sql(listed).scalars().all()
    return {name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in names}  # noqa: S608 - names from the schema
