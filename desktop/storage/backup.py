"""Backups: verified copies of the database, made while it is in use.

A copy counts only after it has been opened and checked, and it gets its final name only then. Uses the driver alone:
backups must work when the tables of this version do not fit the file.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desktop.domain.errors import DatabaseDamaged, FileUnreadable
from desktop.kit.i18n import tr
from desktop.storage.connections import connect
from desktop.storage.failures import translated

APPLICATION_ID = 0x54494E47  # "TING", in the header of every database of ours
KEPT = 20
_STAMP = "%Y%m%dT%H%M%S%fZ"
_NAME = re.compile(r"tidings-(?P<stamp>\d{8}T\d{12}Z)-(?P<reason>[a-z0-9-]+)\.sqlite")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy in the backups folder. ``reason`` is a word such as "migration" or "manual"."""

    path: Path
    made_at: datetime
    reason: str
    size_bytes: int


def copy_database(source: Path, target: Path, *, without_secrets: bool = False) -> None:
    """Copy a database to ``target``, which appears only complete, checked and on disk; replaces what was there.

    ``without_secrets``: for a copy that leaves this computer; not even their ciphertext is in it.
    ``DiskFull``, ``DatabaseReadOnly`` for the target; ``DatabaseDamaged`` when the copy does not pass its check.
    """
    partial = target.with_name(target.name + ".partial")
    with translated(target):
        try:
            partial.unlink(missing_ok=True)
            os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with closing(connect(source, "PRAGMA query_only = ON")) as from_, closing(connect(partial)) as to:
                from_.backup(to)
                to.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
                if without_secrets:
                    _forget_secrets(to)
            verify(partial)
            partial.replace(target)
            _sync_folder(target.parent)
        finally:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)


def _forget_secrets(connection: sqlite3.Connection) -> None:
    # no journal: it would hold what is removed, and a copy that fails is thrown away whole
    connection.execute("PRAGMA journal_mode = OFF")
    if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'secret'").fetchone():
        connection.execute("DELETE FROM secret")
    connection.execute("PRAGMA temp_store = FILE")  # it holds no secret any more, and may be larger than the memory
    connection.execute("VACUUM")  # pages that are free now, or were before, keep what was in them


def verify(path: Path) -> int:
    """Check a copy thoroughly and return its schema number.

    ``DatabaseDamaged`` when it is not sound or not ours, ``FileUnreadable`` when it is not there.
    """
    if not path.is_file():
        raise FileUnreadable(name=path.name, reason=tr("there is no such file"))
    with translated(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        is_ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        is_sound = connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        if not is_ours or not is_sound or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise DatabaseDamaged(path=str(path))
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def make_backup(source: Path, folder: Path, *, now: datetime, reason: str, keep: int = KEPT) -> Backup:
    """Copy the database into ``folder`` and drop the oldest copies beyond ``keep``."""
    with translated(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"tidings-{now.astimezone(UTC).strftime(_STAMP)}-{reason}.sqlite"
    copy_database(source, target)
    for old in list_backups(folder)[keep:]:
        old.path.unlink(missing_ok=True)
    return Backup(target, now.astimezone(UTC), reason, target.stat().st_size)


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """Return the copies in ``folder``, newest first; files with other names are not ours."""
    found = []
    for path in folder.glob("tidings-*.sqlite"):
        if match := _NAME.fullmatch(path.name):
            made_at = datetime.strptime(match["stamp"], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, made_at, match["reason"], path.stat().st_size))
    return tuple(sorted(found, key=lambda backup: backup.made_at, reverse=True))


def restore(backup: Path, path: Path, *, now: datetime) -> Path | None:
    """Put a backup in the place of the database at ``path``; return where the old one is kept, None if there was none.

    Nobody may have the database open: ``DatabaseBusy`` when somebody has. At every moment there is a database at
    ``path``, the old one or the restored one, so that no crash can make the next start begin with an empty one.
    """
    verify(backup)
    kept = path.with_name(f"{path.name}.replaced-{now.astimezone(UTC).strftime(_STAMP)}")
    incoming = path.with_name(path.name + ".restoring")
    companions = [path.with_name(path.name + suffix) for suffix in ("-wal", "-shm")]
    with translated(path):
        has_old = path.exists()
        if has_old:
            _settle(path)
            for file in (path, *companions):
                if file.exists():
                    shutil.copy2(file, kept.with_name(kept.name + file.name.removeprefix(path.name)))
        copy_database(backup, incoming)
        for file in companions:  # the WAL of the old file must never meet the new one
            file.unlink(missing_ok=True)
        incoming.replace(path)
        _sync_folder(path.parent)
    return kept if has_old else None


def _settle(path: Path) -> None:
    """Fold the WAL into the file, which needs it for ourselves; a damaged file is kept as it is, WAL included."""
    try:
        with closing(connect(path, "PRAGMA busy_timeout = 200")) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut; Windows neither needs nor allows it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
