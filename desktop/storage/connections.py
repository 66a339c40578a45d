"""Connections to one database file: a single writer that is waited for, and readers that never wait.

WAL lets readers see the last committed state while the writer works. Writers of this process queue on a lock; writers
of other processes are waited for by SQLite (``BUSY_TIMEOUT``). Every writing transaction begins with BEGIN IMMEDIATE:
a deferred one that turns into a writer fails at once, without waiting (``reliability.md`` §5.2).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import NullPool

from desktop.domain.errors import DatabaseBusy
from desktop.storage.failures import StorageClosed, translate, translated

BUSY_TIMEOUT = timedelta(seconds=5)
TURN_TIMEOUT = timedelta(seconds=30)
KEPT_READERS = 4
# room for a calendar of thousands; with SQLite's own 2 MB the same pages are read again and again
READER_CACHE_KIB = 16_000
# reliability.md §5.1; fullfsync matters on macOS only. No mmap: it turns disk errors into crashes
_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA wal_autocheckpoint = 1000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA mmap_size = 0",
)


def connect(path: Path, *pragmas: str) -> sqlite3.Connection:
    """Open a file that exists, with this program's settings; driver errors come untranslated."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_TIMEOUT.total_seconds(),
        isolation_level=None,
        # a connection is lent to one thread at a time, by the pool or by the writer's lock
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        for pragma in (*_PRAGMAS, *pragmas):
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def make_engine(path: Path, *pragmas: str, begin: str) -> Engine:
    """Return an engine that begins transactions with ``begin`` and raises domain errors instead of driver errors."""
    engine = create_engine(
        "sqlite://", creator=lambda: connect(path, *pragmas), poolclass=NullPool, execution_options={"path": path}
    )

    def begin_transaction(connection: Connection) -> None:
        with translated(path):
            cast("sqlite3.Connection", connection.connection.driver_connection).execute(begin)

    def speak_plainly(context: ExceptionContext) -> None:
        known = translate(context.original_exception, path)
        if known is not None:
            raise known from context.original_exception

    event.listen(engine, "begin", begin_transaction)
    event.listen(engine, "handle_error", speak_plainly)
    return engine


class _Kept:
    """Idle SQLAlchemy connections of one engine: checking one out anew costs more than most statements."""

    def __init__(self, engine: Engine, most: int) -> None:
        self._engine = engine
        self._most = most
        self._lock = threading.Lock()
        self._idle: list[Connection] = []

    def take(self) -> Connection:
        """Return a connection inside a begun transaction."""
        connection = self._next()
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection

    def give_back(self, connection: Connection) -> None:
        """Roll back what was not committed and keep the connection, unless it was given up."""
        try:
            if connection.in_transaction():
                connection.rollback()
        except BaseException:
            connection.close()
            raise
        self._keep(connection)

    @contextmanager
    def driver(self) -> Iterator[sqlite3.Connection]:
        """Lend a driver connection outside a transaction."""
        connection = self._next()
        try:
            yield cast("sqlite3.Connection", connection.connection.driver_connection)
        finally:
            self._keep(connection)

    def dispose(self) -> None:
        """Close what is idle now, and what is in use as soon as it comes back."""
        with self._lock:
            idle, self._idle, self._most = self._idle, [], 0
        for connection in idle:
            connection.close()

    def _next(self) -> Connection:
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        return connection or self._engine.connect()

    def _keep(self, connection: Connection) -> None:
        with self._lock:
            is_kept = not connection.closed and not connection.invalidated and len(self._idle) < self._most
            if is_kept:
                self._idle.append(connection)
        if not is_kept:
            connection.close()


class Connections:
    """The writer and the readers of one file. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Prepare connections; the first one is opened when it is needed."""
        self.path = path
        writer = make_engine(path, "PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON", begin="BEGIN IMMEDIATE")
        readers = make_engine(
            path,
            "PRAGMA query_only = ON",
            f"PRAGMA cache_size = -{READER_CACHE_KIB}",
            begin="BEGIN",
        )
        self._writer, self._readers = _Kept(writer, 1), _Kept(readers, KEPT_READERS)
        self._turn = threading.Lock()
        self._holder: int | None = None
        self._is_closed = False
        self._data_version = 0

    def take_writer(self) -> Connection:
        """Wait for the turn to write and return the writer inside a begun transaction."""
        self._require_open()
        self._take_turn()
        try:
            self._require_open()
            connection = self._writer.take()
        except BaseException:
            self._turn.release()
            raise
        self._holder = threading.get_ident()
        return connection

    def give_back_writer(self, connection: Connection) -> None:
        """Roll back what was not committed and let the next one write."""
        try:
            self._writer.give_back(connection)
        finally:
            self._holder = None
            self._turn.release()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Lend the writer for a block; what is not committed is rolled back at its end."""
        connection = self.take_writer()
        try:
            yield connection
        finally:
            self.give_back_writer(connection)

    def take_reader(self) -> Connection:
        """Return a reader that sees one consistent state."""
        self._require_open()
        return self._readers.take()

    def give_back_reader(self, connection: Connection) -> None:
        """End the reading transaction."""
        self._readers.give_back(connection)

    def _take_turn(self) -> None:
        if self._holder == threading.get_ident():
            raise RuntimeError("this thread already has a writing unit of work open")
        if not self._turn.acquire(timeout=TURN_TIMEOUT.total_seconds()):
            raise DatabaseBusy(path=str(self.path))

    def _require_open(self) -> None:
        if self._is_closed:
            raise StorageClosed

    def data_version(self) -> int:
        """Return a number that changes when *another* process has written; cheap, never waits.

        SQLite counts the commits of other connections only, and all of ours go through the one that is asked here.
        While it is in use the last number is returned.
        """
        self._require_open()
        if self._turn.acquire(blocking=False):
            try:
                with self._writer.driver() as driver:
                    self._data_version = driver.execute("PRAGMA data_version").fetchone()[0]
            finally:
                self._turn.release()
        return self._data_version

    def close(self) -> None:
        """Wait for the running writer, fold the WAL into the file and let go of it. May be called twice."""
        if self._is_closed:
            return
        self._take_turn()
        try:
            self._is_closed = True
            self._readers.dispose()
            with suppress(Exception), self._writer.driver() as driver:  # without this the next start folds the WAL in
                # another process that reads keeps the WAL alive; waiting for it would only delay our end
                driver.execute("PRAGMA busy_timeout = 100")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._writer.dispose()
        finally:
            self._turn.release()
