from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.domain.deliveries import DeliveryId
from desktop.domain.errors import StaleVersion
from desktop.services.hosting.ports import HostedObject
from desktop.services.unit_of_work import Storage

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
ONE, TWO = DeliveryId("one"), DeliveryId("two")


def hosted(key: str, delivery_id: DeliveryId | None, minutes: int = 0) -> HostedObject:
    at = NOW + timedelta(minutes=minutes)
    return HostedObject(key, "s3://media", "ab" * 32, delivery_id, at, at + timedelta(hours=2))


def keep(storage: Storage, *rows: HostedObject) -> None:
    with storage.write() as uow:
        for row in rows:
            uow.hosted.add(row)
        uow.commit()


def test_rows_come_back_as_they_were_oldest_first(storage: Storage) -> None:
    late, early, probe = hosted("a.jpg", ONE, 2), hosted("b.jpg", TWO, 1), hosted("c.jpg", None, 3)
    keep(storage, late, early, probe)
    with storage.read() as uow:
        assert list(uow.hosted.list()) == [early, late, probe]
        assert list(uow.hosted.for_delivery(ONE)) == [late]
        assert list(uow.hosted.for_delivery(None)) == [probe]


def test_a_key_is_taken_once(storage: Storage) -> None:
    keep(storage, hosted("a.jpg", ONE))
    with storage.write() as uow, pytest.raises(StaleVersion):
        uow.hosted.add(hosted("a.jpg", TWO))


def test_a_delivery_lets_go_of_its_objects_and_never_holds_them_longer(storage: Storage) -> None:
    keep(storage, hosted("a.jpg", ONE), hosted("b.jpg", TWO))
    for at in (NOW + timedelta(minutes=5), NOW + timedelta(hours=9)):
        with storage.write() as uow:
            uow.hosted.expire(ONE, at)
            uow.commit()
    with storage.read() as uow:
        ends = {row.key: row.delete_after - NOW for row in uow.hosted.list()}
    assert ends == {"a.jpg": timedelta(minutes=5), "b.jpg": timedelta(hours=2)}


def test_a_removed_row_is_gone_and_removing_it_again_is_nothing(storage: Storage) -> None:
    keep(storage, hosted("a.jpg", ONE))
    for _ in range(2):
        with storage.write() as uow:
            uow.hosted.remove("a.jpg")
            uow.commit()
    with storage.read() as uow:
        assert not uow.hosted.list()
