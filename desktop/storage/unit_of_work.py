"""The unit of work on SQLite."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from desktop.services.hosting.ports import HostedObjectRepository
from desktop.services.limits.ports import LimitRepository
from desktop.services.unit_of_work import (
    AccountRepository,
    AssetRepository,
    DeliveryRepository,
    LeaseRepository,
    PostRepository,
    SealedSecretRepository,
    SettingRepository,
)
from desktop.storage.connections import Connections
from desktop.storage.repositories.accounts import SqlAccountRepository
from desktop.storage.repositories.deliveries import SqlDeliveryRepository, StoredParts
from desktop.storage.repositories.hosting import SqlHostedObjectRepository
from desktop.storage.repositories.leases import SqlLeaseRepository
from desktop.storage.repositories.limits import SqlLimitRepository
from desktop.storage.repositories.media import SqlAssetRepository
from desktop.storage.repositories.posts import SqlPostRepository
from desktop.storage.repositories.sealed_secrets import SqlSealedSecretRepository
from desktop.storage.repositories.settings import SqlSettingRepository


class _Ended:
    """Stands where a connection was: it belongs to somebody else by now."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError("this unit of work is closed")


class SqlUnitOfWork:
    """``UnitOfWork``: one block, one thread, one transaction. Nothing it held can be used after the block."""

    posts: PostRepository
    accounts: AccountRepository
    assets: AssetRepository
    deliveries: DeliveryRepository
    leases: LeaseRepository
    settings: SettingRepository
    secrets: SealedSecretRepository
    limits: LimitRepository
    hosted: HostedObjectRepository

    def __init__(self, connections: Connections, stored_parts: StoredParts, *, is_writing: bool) -> None:
        """Take a connection when the block begins."""
        self._connections = connections
        self._stored_parts = stored_parts
        self._is_writing = is_writing

    def __enter__(self) -> Self:
        take = self._connections.take_writer if self._is_writing else self._connections.take_reader
        self._connection = connection = take()
        self.posts = SqlPostRepository(connection)
        self.accounts = SqlAccountRepository(connection)
        self.assets = SqlAssetRepository(connection)
        self.deliveries = self._deliveries = SqlDeliveryRepository(connection, self._stored_parts)
        self.leases = SqlLeaseRepository(connection)
        self.settings = SqlSettingRepository(connection)
        self.hosted = SqlHostedObjectRepository(connection)
        self.secrets = SqlSealedSecretRepository(connection)
        self.limits = SqlLimitRepository(connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection = self._connection
        for held in vars(self).values():
            if hasattr(held, "_connection"):
                vars(held)["_connection"] = _Ended()
        vars(self)["_connection"] = _Ended()
        if self._is_writing:
            self._connections.give_back_writer(connection)
        else:
            self._connections.give_back_reader(connection)

    def commit(self) -> None:
        """Make it durable. An error means "unknown": the connection is dropped, the next block reads from disk."""
        if not self._is_writing:
            return
        try:
            self._connection.commit()
        except BaseException:
            self._connection.invalidate()
            raise
        self._deliveries.committed()


class SqlStorage:
    """``Storage`` on one database file. Opened by ``database.open_storage``; safe to share between threads."""

    def __init__(self, connections: Connections) -> None:
        """Use connections to a file that is known to be up to date."""
        self._connections = connections
        self._stored_parts = StoredParts()

    @property
    def path(self) -> Path:
        """Where the database lies."""
        return self._connections.path

    def write(self) -> SqlUnitOfWork:
        """Return a writing transaction; entering it waits for its turn."""
        return SqlUnitOfWork(self._connections, self._stored_parts, is_writing=True)

    def read(self) -> SqlUnitOfWork:
        """Return a reading transaction."""
        return SqlUnitOfWork(self._connections, self._stored_parts, is_writing=False)

    def data_version(self) -> int:
        """Return a number that changes when another process has written; cheap enough to ask every second."""
        return self._connections.data_version()

    def close(self) -> None:
        """Wait for the running writer and let go of the file; may be called twice."""
        self._connections.close()
