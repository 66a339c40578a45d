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
from sqlalchemy.pool import QueuePool

from desktop.domain.errors import DatabaseBusy
from desktop.storage.failures import StorageClosed, translate, translated

BUSY_TIMEOUT = timedelta(seconds=5)
TURN_TIMEOUT = timedelta(seconds=30)
KEPT_READERS = 4
# room for a calendar of thousands; with SQLite's own 2 MB the same pages are read again and again
READER_CACHE_KIB = 16_000
_MOST_READERS = 64
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


def make_engine(path: Path, *pragmas: str, begin: str, kept: int = 1, most: int = 1) -> Engine:
    """Return an engine that begins transactions with ``begin`` and raises domain errors instead of driver errors."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: connect(path, *pragmas),
        poolclass=QueuePool,
        pool_size=kept,
        max_overflow=most - kept,
        pool_use_lifo=True,
        pool_reset_on_return=None,
        execution_options={"path": path},
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


class Connections:
    """The writer and the readers of one file. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Prepare connections; the first one is opened when it is needed."""
        self.path = path
        self._writer = make_engine(
            path, "PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON", begin="BEGIN IMMEDIATE"
        )
        self._readers = make_engine(
            path,
            "PRAGMA query_only = ON",
            f"PRAGMA cache_size = -{READER_CACHE_KIB}",
            begin="BEGIN",
            kept=KEPT_READERS,
            most=_MOST_READERS,
        )
        self._turn = threading.Lock()
        self._holder: int | None = None
        self._is_closed = False
        self._data_version = 0

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Lend the writer inside a begun transaction; what is not committed is rolled back at the end."""
        with self._my_turn(), self._begun(self._writer) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Lend a reader that sees one consistent state."""
        self._require_open()
        with self._begun(self._readers) as connection:
            try:
                yield connection
            finally:
                if self._is_closed:  # nobody would close it any more
                    connection.invalidate()

    @contextmanager
    def _begun(self, engine: Engine) -> Iterator[Connection]:
        with engine.connect() as connection:
            connection.begin()
            yield connection

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        self._require_open()
        if self._holder == threading.get_ident():
            raise RuntimeError("this thread already has a writing unit of work open")
        if not self._turn.acquire(timeout=TURN_TIMEOUT.total_seconds()):
            raise DatabaseBusy(path=str(self.path))
        try:
            self._require_open()
            self._holder = threading.get_ident()
            yield
        finally:
            self._holder = None
            self._turn.release()

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
                with self._driver() as driver:
                    self._data_version = driver.execute("PRAGMA data_version").fetchone()[0]
            finally:
                self._turn.release()
        return self._data_version

    def close(self) -> None:
        """Wait for the running writer, fold the WAL into the file and let go of it. May be called twice."""
        with suppress(StorageClosed), self._my_turn():
            self._is_closed = True
            self._readers.dispose()
            with suppress(Exception), self._driver() as driver:  # without this the next start folds the WAL in
                # another process that reads keeps the WAL alive; waiting for it would only delay our end
                driver.execute("PRAGMA busy_timeout = 100")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._writer.dispose()

    @contextmanager
    def _driver(self) -> Iterator[sqlite3.Connection]:
        """Lend the writer's driver connection outside a transaction."""
        pooled = self._writer.raw_connection()
        try:
            yield cast("sqlite3.Connection", pooled.driver_connection)
        finally:
            pooled.close()
