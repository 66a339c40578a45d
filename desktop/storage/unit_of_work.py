"""The unit of work on SQLite."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from desktop.services.unit_of_work import (
    AccountRepository,
    AssetRepository,
    DeliveryRepository,
    LeaseRepository,
    PostRepository,
    SettingRepository,
)
from desktop.storage.connections import Connections
from desktop.storage.repositories.accounts import SqlAccountRepository
from desktop.storage.repositories.deliveries import SqlDeliveryRepository
from desktop.storage.repositories.leases import SqlLeaseRepository
from desktop.storage.repositories.media import SqlAssetRepository
from desktop.storage.repositories.posts import SqlPostRepository
from desktop.storage.repositories.settings import SqlSettingRepository


class SqlUnitOfWork:
    """``UnitOfWork``: one block, one thread, one transaction. Nothing it held can be used after the block."""

    posts: PostRepository
    accounts: AccountRepository
    assets: AssetRepository
    deliveries: DeliveryRepository
    leases: LeaseRepository
    settings: SettingRepository

    def __init__(self, loan: AbstractContextManager[Connection], *, is_writing: bool) -> None:
        """Take the connection from ``loan`` when the block begins."""
        self._loan = loan
        self._is_writing = is_writing

    def __enter__(self) -> Self:
        self._connection = connection = self._loan.__enter__()
        self.posts = SqlPostRepository(connection)
        self.accounts = SqlAccountRepository(connection)
        self.assets = SqlAssetRepository(connection)
        self.deliveries = SqlDeliveryRepository(connection)
        self.leases = SqlLeaseRepository(connection)
        self.settings = SqlSettingRepository(connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loan.__exit__(kind, error, trace)

    def commit(self) -> None:
        """Make it durable. An error means "unknown": the connection is dropped, the next block reads from disk."""
        if not self._is_writing:
            return
        try:
            self._connection.commit()
        except BaseException:
            self._connection.invalidate()
            raise


class SqlStorage:
    """``Storage`` on one database file. Opened by ``database.open_storage``; safe to share between threads."""

    def __init__(self, connections: Connections) -> None:
        """Use connections to a file that is known to be up to date."""
        self._connections = connections

    @property
    def path(self) -> Path:
        """Where the database lies."""
        return self._connections.path

    def write(self) -> SqlUnitOfWork:
        """Return a writing transaction; entering it waits for its turn."""
        return SqlUnitOfWork(self._connections.write(), is_writing=True)

    def read(self) -> SqlUnitOfWork:
        """Return a reading transaction."""
        return SqlUnitOfWork(self._connections.read(), is_writing=False)

    def data_version(self) -> int:
        """Return a number that changes when another process has written; cheap enough to ask every second."""
        return self._connections.data_version()

    def close(self) -> None:
        """Wait for the running writer and let go of the file; may be called twice."""
        self._connections.close()
