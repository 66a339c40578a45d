"""Driver errors become errors people understand: the only place that knows SQLite's result codes."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.domain.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseReadOnly,
    DiskFull,
    InvariantViolation,
    TidingsError,
)


class DiskFailing(TidingsError):
    """The disk refused to read or write (details: path, reason)."""

    code = "disk_failing"
    title_text = "The disk does not answer as it should ({reason})."
    advice_text = "Check that the disk of {path} is connected and healthy, then start Tidings again."


class StorageClosed(TidingsError):
    """Used after ``close``: the program is ending."""

    code = "storage_closed"
    title_text = "Tidings is closing, so its data can no longer be used."


_PRIMARY: dict[int, type[TidingsError]] = {
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_PERM: DatabaseReadOnly,
    sqlite3.SQLITE_AUTH: DatabaseReadOnly,
    sqlite3.SQLITE_CANTOPEN: DatabaseReadOnly,
    sqlite3.SQLITE_CORRUPT: DatabaseDamaged,
    sqlite3.SQLITE_NOTADB: DatabaseDamaged,
}
# a disk quota or a file size limit answers with these instead of SQLITE_FULL
_NO_ROOM = frozenset({sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_TRUNCATE})
_NO_ROOM_ERRNO = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_RIGHT_ERRNO = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR})


def translate(error: BaseException, path: Path) -> Exception | None:
    """Return what to raise instead of ``error``, or None when it is not for people (a mistake in our SQL).

    A broken constraint or append-only guard is an ``InvariantViolation``: the repositories ask before they write.
    """
    if isinstance(error, sqlite3.IntegrityError):
        return InvariantViolation(str(error))
    if isinstance(error, OSError):
        return _from_system(error, path)
    # errors raised by the sqlite3 module itself (a closed connection, a wrong parameter) carry no code
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, sqlite3.Error) or code is None:
        return None
    if code in _NO_ROOM:
        return DiskFull(path=str(path))
    if code & 0xFF == sqlite3.SQLITE_IOERR:
        return DiskFailing(path=str(path), reason=error.sqlite_errorname)
    kind = _PRIMARY.get(code & 0xFF)
    return kind(path=str(path)) if kind is not None else None


def _from_system(error: OSError, path: Path) -> TidingsError:
    if error.errno in _NO_ROOM_ERRNO:
        return DiskFull(path=str(path))
    if error.errno in _NO_RIGHT_ERRNO:
        return DatabaseReadOnly(path=str(path))
    return DiskFailing(path=str(path), reason=error.strerror or type(error).__name__)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Translate what the block raises, for code that talks to the driver or to files directly."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        known = translate(error, path)
        if known is None:
            raise
        raise known from error
