"""Sealed secrets and hosted objects in the storage in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.domain.deliveries import DeliveryId
from desktop.domain.errors import StaleVersion
from desktop.services.hosting.ports import HostedObject
from desktop.services.unit_of_work import SealedSecret

if TYPE_CHECKING:
    from tests.support.memory_storage import Tables


class MemorySecrets:
    """``SealedSecretRepository``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def get(self, name: str) -> SealedSecret | None:
        return self._tables.secrets.get(name)

    def list(self) -> Sequence[SealedSecret]:
        return sorted(self._tables.secrets.values(), key=lambda secret: secret.name)

    def put(self, secret: SealedSecret) -> None:
        self._tables.secrets[secret.name] = secret

    def remove(self, name: str) -> None:
        self._tables.secrets.pop(name, None)


class MemoryHostedObjects:
    """``HostedObjectRepository``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def add(self, hosted: HostedObject) -> None:
        if hosted.key in self._tables.hosted:
            raise StaleVersion(noun="hosted object")
        self._tables.hosted[hosted.key] = hosted

    def list(self) -> Sequence[HostedObject]:
        return sorted(self._tables.hosted.values(), key=lambda hosted: (hosted.created_at, hosted.key))

    def for_delivery(self, delivery_id: DeliveryId | None) -> Sequence[HostedObject]:
        return [hosted for hosted in self.list() if hosted.delivery_id == delivery_id]

    def expire(self, delivery_id: DeliveryId, at: datetime) -> None:
        for hosted in self.for_delivery(delivery_id):
            self._tables.hosted[hosted.key] = replace(hosted, delete_after=min(hosted.delete_after, at))

    def remove(self, key: str) -> None:
        self._tables.hosted.pop(key, None)
