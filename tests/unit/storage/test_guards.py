"""What the database itself refuses, whoever asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.deliveries import Attempt, AttemptPhase, Delivery, DeliveryState, PartProgress, Tombstone
from desktop.domain.errors import InvariantViolation, StaleVersion
from desktop.services.unit_of_work import LeaseRecord
from desktop.storage.unit_of_work import SqlStorage
from tests.support.stored_things import NOW, PLANNED, a_delivery, a_post, an_account, an_asset, put


@pytest.fixture
def delivery(storage: SqlStorage) -> Delivery:
    account = an_account()
    post = a_post("real", account.id)
    delivery = a_delivery(post, account)
    put(storage, account, post, delivery)
    with storage.write() as unit:
        tombstones = (Tombstone("a", is_open=False, is_dead=True), Tombstone("b", sends=2))
        saved = unit.deliveries.save(
            delivery.with_part(container_id="b", tombstones=tombstones),
            attempts=[Attempt(AttemptPhase.STATUS, 0, NOW, NOW, "ok")],
        )
        unit.commit()
    return saved


@pytest.fixture
def driver(delivery: Delivery, path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE delivery_timeline SET why = 'forged'",
        "DELETE FROM delivery_timeline",
        "UPDATE delivery_attempt SET outcome = 'forged'",
        "DELETE FROM delivery_attempt",
        "UPDATE delivery_tombstone SET container_id = 'other'",
        "UPDATE delivery_tombstone SET position = position + 10",
        "UPDATE delivery_tombstone SET is_dead = 0",
        "DELETE FROM delivery_tombstone WHERE container_id = 'a'",
        "DELETE FROM delivery_tombstone WHERE container_id = 'b'",
        "DELETE FROM delivery",
        "UPDATE delivery SET epoch = -1",
        "DELETE FROM post",
        "UPDATE post SET is_sample = 1",
    ],
)
def test_ledgers_are_append_only(driver: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="guarded"):
        driver.execute(statement)


def test_tombstones_may_be_marked(driver: sqlite3.Connection) -> None:
    driver.execute("UPDATE delivery_tombstone SET is_dead = 1, is_open = 0, sends = 3")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE delivery SET state = 'posted'",
        "UPDATE delivery SET network = 'myspace'",
        "UPDATE delivery SET payload = '{}'",
        "UPDATE delivery_part SET media_id = 'm'",
        "UPDATE account SET state = 'fine'",
    ],
)
def test_words_and_evidence_are_checked(driver: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        driver.execute(statement)


def test_a_sent_container_cannot_be_forgotten(storage: SqlStorage, delivery: Delivery) -> None:
    forgotten = [(), (Tombstone("a", is_open=False, is_dead=True),), (Tombstone("x"), Tombstone("b"))]
    for tombstones in forgotten:
        with storage.write() as unit, pytest.raises(InvariantViolation):
            unit.deliveries.save(delivery.with_part(tombstones=tombstones))
    two = replace(delivery, parts=(PartProgress(), *delivery.parts))
    with storage.write() as unit, pytest.raises(InvariantViolation):
        unit.deliveries.save(two)
    with storage.read() as unit:
        assert unit.deliveries.get(delivery.id) == delivery


def test_a_media_id_belongs_to_one_part_of_an_account(storage: SqlStorage, delivery: Delivery) -> None:
    second = replace(delivery, id=a_post().id, slot_key="2", version=0, parts=(PartProgress(),))  # type: ignore[arg-type]
    live = {"media_id": "m-1", "evidence": "answer"}
    put(storage, second)
    with storage.write() as unit:
        unit.deliveries.save(delivery.with_part(**live))
        with pytest.raises(InvariantViolation):
            unit.deliveries.save(second.with_part(**live))


def test_references_are_enforced(storage: SqlStorage) -> None:
    with storage.write() as unit, pytest.raises(InvariantViolation):
        unit.deliveries.add(a_delivery(a_post(), an_account()), PLANNED)


def test_the_same_account_or_content_is_not_stored_twice(storage: SqlStorage) -> None:
    account, asset = an_account(), an_asset()
    put(storage, account, asset)
    with storage.write() as unit:
        with pytest.raises(StaleVersion):
            unit.accounts.add(replace(an_account(), remote_id=account.remote_id))
        with pytest.raises(StaleVersion):
            unit.assets.add(replace(an_asset(), sha256=asset.sha256))


def test_the_epoch_of_a_lease_never_falls(storage: SqlStorage) -> None:
    with storage.write() as unit:
        unit.leases.put("publisher", LeaseRecord("one", NOW, 5))
        unit.leases.put("publisher", LeaseRecord("one", NOW, 5))
        with pytest.raises(InvariantViolation):
            unit.leases.put("publisher", LeaseRecord("two", NOW, 4))


def test_only_samples_can_be_purged(storage: SqlStorage, delivery: Delivery) -> None:
    with storage.write() as unit, pytest.raises(InvariantViolation):
        unit.posts.purge([delivery.post_id])
    account = an_account(is_sample=True)
    sample = a_post("sample", account.id, is_sample=True)
    sent = a_delivery(
        sample, account, state=DeliveryState.UNCERTAIN, parts=(PartProgress(tombstones=(Tombstone("z", sends=2),)),)
    )
    put(storage, account, sample, sent)
    with storage.write() as unit:
        unit.posts.purge([sample.id])
        unit.commit()
    with storage.read() as unit:
        assert [found.id for found in unit.deliveries.list()] == [delivery.id]


def test_a_naive_instant_is_refused(storage: SqlStorage) -> None:
    with storage.write() as unit, pytest.raises(Exception, match="offset-naive"):
        unit.posts.add(a_post(updated_at=NOW.replace(tzinfo=None)))
