"""Limits in the storage in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import Delivery
from desktop.services.limits.ports import Publish, Quota, UsageReading
from desktop.services.limits.quotas import counted_as

if TYPE_CHECKING:
    from tests.support.memory_storage import Tables


class MemoryLimits:
    """``LimitRepository``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def readings(self) -> Sequence[UsageReading]:
        return sorted(self._tables.readings.values(), key=lambda reading: reading.bucket)

    def put_readings(self, readings: Sequence[UsageReading]) -> None:
        for reading in readings:
            stored = self._tables.readings.get(reading.bucket)
            if stored is None or stored.read_at <= reading.read_at:
                self._tables.readings[reading.bucket] = reading

    def remove_readings(self, before: datetime) -> None:
        for reading in self.readings():
            if reading.read_at < before and (reading.regain_at is None or reading.regain_at < before):
                del self._tables.readings[reading.bucket]

    def quotas(self, account_id: AccountId) -> Sequence[Quota]:
        own = (quota for (owner, _kind), quota in self._tables.quotas.items() if owner == account_id)
        return sorted(own, key=lambda quota: quota.kind)

    def put_quotas(self, account_id: AccountId, quotas: Sequence[Quota]) -> None:
        assert account_id in self._tables.accounts, "foreign key: the account is not stored"
        self._tables.quotas.update({(account_id, quota.kind): quota for quota in quotas})

    def published(self, account_id: AccountId, since: datetime) -> Sequence[Publish]:
        return self._publishes(
            (part.published_at, delivery, ordinal)
            for delivery in self._deliveries(account_id)
            for ordinal, part in enumerate(delivery.parts)
            if part.media_id is not None and part.published_at is not None and part.published_at >= since
        )

    def planned(self, account_id: AccountId, until: datetime) -> Sequence[Publish]:
        return self._publishes(
            (delivery.due_at, delivery, ordinal)
            for delivery in self._deliveries(account_id)
            if delivery.next_action_at is not None and delivery.due_at < until
            for ordinal, part in enumerate(delivery.parts)
            if part.media_id is None
        )

    def _deliveries(self, account_id: AccountId) -> Iterable[Delivery]:
        return (delivery for delivery in self._tables.deliveries.values() if delivery.account_id == account_id)

    def _publishes(self, found: Iterable[tuple[datetime, Delivery, int]]) -> list[Publish]:
        publishes = []
        for at, delivery, ordinal in sorted(found, key=lambda item: (item[0], item[1].id)):
            variant = self._tables.posts[delivery.post_id].variant_for(delivery.account_id)
            kind = counted_as(delivery.network, variant.format if variant else None, ordinal)
            if kind is not None:
                publishes.append(Publish(at, kind))
        return publishes
