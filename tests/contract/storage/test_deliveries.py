from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from desktop.domain.accounts import Account
from desktop.domain.deliveries import (
    Attempt,
    AttemptPhase,
    Delivery,
    DeliveryState,
    FailureNote,
    HandOver,
    PartProgress,
    Payload,
    PayloadMedia,
    PayloadPart,
    TimelineEntry,
    Tombstone,
    Upload,
)
from desktop.domain.documents import payload_sha256
from desktop.domain.errors import FailureKind, NotFound, StaleVersion
from desktop.domain.media import AssetId, MediaKind
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import Mark, MarkKind, Post
from desktop.services.unit_of_work import DueDelivery, Storage
from tests.support.stored_things import NOW, PLANNED, a_delivery, a_post, an_account, put

S = DeliveryState
MINUTE = timedelta(minutes=1)
PAYLOAD = Payload(
    Network.THREADS,
    PostFormat.CAROUSEL,
    (
        PayloadPart(
            "Hi 🌍",
            (Mark(0, 2, MarkKind.BOLD),),
            (PayloadMedia(AssetId("a"), MediaKind.IMAGE, "image/png", "f" * 64, "a cat"),),
            "https://example.org",
        ),
        PayloadPart("two"),
    ),
)
# set for every delivery
IDENTITY = {"post_id", "account_id", "network", "slot_key", "schedule", "due_at", "state_since", "created_at"}
FULL_PART = PartProgress(
    children=("c1", "c2"),
    children_ready=1,
    container_id="box-2",
    container_created_at=NOW,
    is_container_ready=True,
    polls=3,
    recreations=1,
    refusals=2,
    send_token="token",
    sent_intent_at=NOW,
    send_deadline_at=NOW + timedelta(seconds=2),
    lookups=4,
    finished_reads=2,
    last_finished_read_at=NOW,
    media_id="m-1",
    permalink="https://example.org/p/1",
    published_at=NOW,
    evidence="answer",
    tombstones=(Tombstone("box-1", sends=3, is_open=False, is_dead=True), Tombstone("box-2")),
    upload=Upload("session-1", 4_000_000_000, 5_000_000_000),
    hand_over=HandOver.REFUSED,
)


@pytest.fixture
def account(storage: Storage) -> Account:
    account = an_account()
    put(storage, account)
    return account


@pytest.fixture
def post(storage: Storage, account: Account) -> Post:
    post = a_post("Hello", account.id)
    put(storage, post)
    return post


@pytest.fixture
def delivery(storage: Storage, account: Account, post: Post) -> Delivery:
    delivery = a_delivery(post, account)
    put(storage, delivery)
    return delivery


def stored(storage: Storage, delivery: Delivery) -> Delivery:
    with storage.read() as unit:
        return unit.deliveries.get(delivery.id)


def _unset(thing: Delivery | PartProgress, plain: Delivery | PartProgress) -> set[str]:
    return {field.name for field in fields(thing) if getattr(thing, field.name) == getattr(plain, field.name)}


def several(storage: Storage, account: Account, *changes: dict[str, object]) -> list[Delivery]:
    """Store one delivery for each set of changes, each of a post of its own."""
    found = []
    for each in changes:
        post = a_post("x")
        found.append(a_delivery(post, account, **each))
        put(storage, post, found[-1])
    return found


def test_a_new_delivery_comes_back_as_it_was(storage: Storage, delivery: Delivery) -> None:
    assert stored(storage, delivery) == delivery
    with storage.read() as unit:
        assert list(unit.deliveries.timeline(delivery.id)) == [PLANNED]
        assert list(unit.deliveries.attempts(delivery.id)) == []


def test_every_field_survives(storage: Storage, account: Account, post: Post) -> None:
    full = a_delivery(
        post,
        account,
        late_limit=None,
        next_action_at=None,
        state=S.PUBLISHED,
        reason="because",
        lease_owner="me",
        epoch=7,
        payload=PAYLOAD,
        payload_sha256=payload_sha256(PAYLOAD),
        parts=(FULL_PART, PartProgress(), PartProgress(container_id="box-3", tombstones=(Tombstone("box-3"),))),
        tries=2,
        last_failure=FailureNote(FailureKind.RATE_WAIT, "slow down", 429, "4", 2207051, "trace"),
    )
    put(storage, full)
    assert stored(storage, full) == full
    assert not _unset(FULL_PART, PartProgress()), "this test has to fill every field"
    assert _unset(full, a_delivery(post, account)) == {"version", *IDENTITY}
    with storage.read() as unit:
        assert unit.deliveries.list() == [full]


def test_saving_keeps_every_change_and_appends_to_the_ledgers(storage: Storage, delivery: Delivery) -> None:
    entries = [TimelineEntry(NOW, S.SCHEDULED, S.PREPARING, "due"), TimelineEntry(NOW, S.PREPARING, S.READY, "ok")]
    full = Attempt(AttemptPhase.PUBLISH, 1, NOW, NOW + MINUTE, "ambiguous", NOW, 500, "x", 1, "trace", "detail")
    attempts = [Attempt(AttemptPhase.PREPARE, 0, NOW, NOW, "ok"), full]
    grown = replace(delivery, state=S.READY, parts=(FULL_PART, PartProgress(container_id="box-3")))
    with storage.write() as unit:
        saved = unit.deliveries.save(grown, entries=entries, attempts=attempts)
        assert saved == replace(grown, version=1)
        unit.commit()
    assert stored(storage, delivery) == saved
    with storage.read() as unit:
        assert list(unit.deliveries.timeline(delivery.id)) == [PLANNED, *entries]
        assert list(unit.deliveries.attempts(delivery.id)) == attempts


def test_parts_can_grow_change_and_shrink_before_anything_is_sent(storage: Storage, delivery: Delivery) -> None:
    three = tuple(PartProgress(container_id=name) for name in ("a", "b", "c"))
    for parts in (three, (three[0], replace(three[1], polls=5), three[2]), (PartProgress(),)):
        with storage.write() as unit:
            delivery = unit.deliveries.save(replace(unit.deliveries.get(delivery.id), parts=parts))
            unit.commit()
        assert stored(storage, delivery).parts == parts


def test_saving_twice_in_one_block(storage: Storage, delivery: Delivery) -> None:
    with storage.write() as unit:
        first = unit.deliveries.save(delivery.with_part(container_id="a", tombstones=(Tombstone("a"),)))
        second = unit.deliveries.save(first.with_part(tombstones=(Tombstone("a", is_open=False), Tombstone("b"))))
        unit.commit()
    assert stored(storage, delivery) == second
    assert second.version == 2


def test_an_intent_that_never_left_can_be_taken_back(storage: Storage, delivery: Delivery) -> None:
    with storage.write() as unit:
        dead = Tombstone("a", is_open=False, is_dead=True)
        sending = unit.deliveries.save(delivery.with_part(container_id="b", tombstones=(dead, Tombstone("b"))))
        unit.deliveries.save(sending.with_part(tombstones=(dead,)))
        unit.commit()
    assert stored(storage, delivery).part.tombstones == (dead,)


def test_an_old_version_changes_nothing(storage: Storage, delivery: Delivery) -> None:
    with storage.write() as unit:
        saved = unit.deliveries.save(replace(delivery, reason="newer"))
        with pytest.raises(StaleVersion):
            unit.deliveries.save(replace(delivery, reason="older"), entries=[PLANNED])
        unit.commit()
    assert stored(storage, delivery) == saved
    with storage.read() as unit:
        assert list(unit.deliveries.timeline(delivery.id)) == [PLANNED]


def test_a_lower_epoch_is_fenced_out_even_with_the_right_version(storage: Storage, delivery: Delivery) -> None:
    with storage.write() as unit:
        saved = unit.deliveries.save(replace(delivery, epoch=5))
        with pytest.raises(StaleVersion):
            unit.deliveries.save(replace(saved, epoch=4))
        again = unit.deliveries.save(replace(saved, reason="same epoch"))
        unit.commit()
    assert stored(storage, delivery) == again


def test_a_delivery_that_is_not_there(storage: Storage, post: Post, account: Account) -> None:
    missing = a_delivery(post, account)
    with storage.write() as unit:
        with pytest.raises(NotFound):
            unit.deliveries.get(missing.id)
        with pytest.raises(StaleVersion):
            unit.deliveries.save(missing)
        assert list(unit.deliveries.timeline(missing.id)) == []


def test_one_delivery_for_each_post_account_and_slot(storage: Storage, delivery: Delivery) -> None:
    with storage.write() as unit:
        with pytest.raises(StaleVersion):
            unit.deliveries.add(replace(delivery, id=a_post().id), PLANNED)  # type: ignore[arg-type]
        unit.deliveries.add(replace(delivery, id=a_post().id, slot_key="2"), PLANNED)  # type: ignore[arg-type]
        assert len(unit.deliveries.list()) == 2


def test_due_deliveries_come_earliest_first(storage: Storage, account: Account) -> None:
    late, early, future, idle = several(
        storage,
        account,
        {"next_action_at": NOW},
        {"next_action_at": NOW - MINUTE},
        {"next_action_at": NOW + MINUTE},
        {"next_action_at": None, "state": S.HELD},
    )
    other = an_account()
    put(storage, other)
    (elsewhere,) = several(storage, other, {"next_action_at": NOW - 2 * MINUTE})
    with storage.read() as unit:
        due = unit.deliveries.due(NOW, limit=10)
        assert [d.id for d in due] == [elsewhere.id, early.id, late.id]
        assert due[2] == DueDelivery(late.id, account.id, NOW)
        assert [d.id for d in unit.deliveries.due(NOW, limit=1, skip_accounts=[other.id])] == [early.id]
        assert unit.deliveries.next_action_at() == NOW - 2 * MINUTE
        assert unit.deliveries.next_action_at(skip_accounts={other.id}) == NOW - MINUTE
        assert unit.deliveries.next_action_at(skip_accounts={other.id, account.id}) is None
    assert {future.id, idle.id}.isdisjoint(d.id for d in due)


def test_the_list_filters_orders_and_pages(storage: Storage, account: Account) -> None:
    first, second, third = several(
        storage, account, {"due_at": NOW}, {"due_at": NOW + MINUTE, "state": S.READY}, {"due_at": NOW + 2 * MINUTE}
    )
    with storage.read() as unit:
        listed = unit.deliveries.list
        assert listed() == [first, second, third]
        assert listed(newest_first=True, limit=2) == [third, second]
        assert listed(limit=1, offset=1) == [second]
        assert listed(states=[S.READY, S.SENDING]) == [second]
        assert listed(account_id=account.id) == [first, second, third]
        assert listed(account_id=an_account().id) == []
        assert listed(post_id=third.post_id) == [third]
        assert listed(due_from=NOW + MINUTE) == [second, third]
        assert listed(due_to=NOW + MINUTE) == [first]
        assert unit.deliveries.for_posts([third.post_id, first.post_id, a_post().id]) == {
            first.post_id: [first],
            third.post_id: [third],
        }
        assert unit.deliveries.counts() == {S.SCHEDULED: 2, S.READY: 1}


def test_media_ids_that_are_taken(storage: Storage, account: Account, delivery: Delivery) -> None:
    with storage.write() as unit:
        unit.deliveries.save(delivery.with_part(media_id="m-1", evidence="answer"))
        assert unit.deliveries.bound_media_ids(account.id, ["m-1", "m-2"]) == {"m-1"}
        assert unit.deliveries.bound_media_ids(an_account().id, ["m-1"]) == frozenset()
        assert unit.deliveries.bound_media_ids(account.id, []) == frozenset()


def test_deliveries_that_nothing_would_ever_wake(storage: Storage, account: Account) -> None:
    stuck = [state for state in S if state not in (S.PUBLISHED, S.CANCELLED, S.FAILED)]
    human = {S.DRAFT, S.AWAITING_APPROVAL, S.HELD, S.MISSED, S.NEEDS_REVIEW}
    found = several(storage, account, *({"state": state, "next_action_at": None} for state in S))
    several(storage, account, {"state": S.SENDING, "next_action_at": NOW})
    with storage.read() as unit:
        wanted = {d.id for d in found if d.state in stuck and d.state not in human}
        assert set(unit.deliveries.without_timer()) == wanted
        assert len(wanted) == 7
