"""Opening a workspace database: create, check, migrate, or refuse in plain words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from desktop.domain.errors import DatabaseDamaged, DatabaseNewer
from desktop.kit.clock import Clock, SystemClock
from desktop.storage.backup import APPLICATION_ID
from desktop.storage.connections import Connections, connect
from desktop.storage.failures import translated
from desktop.storage.migrations.runner import HISTORY, migrate
from desktop.storage.tables import guards, metadata
from desktop.storage.unit_of_work import SqlStorage


def open_storage(
    path: Path, *, backups: Path, clock: Clock | None = None, history: Sequence[str] = HISTORY
) -> SqlStorage:
    """Open the database at ``path``; create it when there is none, migrate an older one after a backup.

    ``history`` is the line of migrations. Raises ``DatabaseNewer``, ``DatabaseReadOnly``, ``DatabaseDamaged``,
    ``DiskFull`` or ``DatabaseBusy``; the file is then as it was.
    """
    with translated(path):
        _make_file(path)
        found = _inspect(path, known=len(history))
    if 0 < found < len(history):
        migrate(path, history=history, backups=backups, now=(clock or SystemClock()).now())
    connections = Connections(path)
    try:
        # taking the write lock also finds out whether we may write at all
        with connections.write() as connection:
            if connection.exec_driver_sql("PRAGMA user_version").scalar_one() == 0:
                metadata.create_all(connection)
                guards.install(connection)
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.exec_driver_sql(f"PRAGMA user_version = {len(history)}")
                connection.commit()
    except BaseException:
        connections.close()
        raise
    return SqlStorage(connections)


def _make_file(path: Path) -> None:
    """Create an empty file only its owner may read; SQLite gives its companions the same permissions."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _inspect(path: Path, *, known: int) -> int:
    """Return the schema number, 0 for an empty file, without changing anything."""
    wal = path.with_name(path.name + "-wal")
    # a WAL with something in it: somebody is using the file, or somebody died
    is_unclean = wal.exists() and wal.stat().st_size > 0
    with closing(connect(path, "PRAGMA query_only = ON")) as connection:
        found = _number(connection, "PRAGMA user_version")
        is_empty = found == 0 and _number(connection, "SELECT count(*) FROM sqlite_master") == 0
        if not is_empty and (found == 0 or _number(connection, "PRAGMA application_id") != APPLICATION_ID):
            raise DatabaseDamaged(path=str(path))
        if found > known:
            raise DatabaseNewer(found=found, known=known)
        if is_unclean and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise DatabaseDamaged(path=str(path))
    return found


def _number(connection: sqlite3.Connection, sql: str) -> int:
    return int(connection.execute(sql).fetchone()[0])
