from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from desktop.domain.deliveries import DeliveryState, PartProgress, Tombstone
from desktop.domain.media import AssetId
from desktop.domain.networks import Network
from desktop.domain.posts import Content, MediaUse, Part
from desktop.services.unit_of_work import MAX_TITLE, BacklogItem, PlannedDelivery, Storage
from tests.support.stored_things import NOW, a_delivery, a_post, an_account, put

S = DeliveryState
HOUR = timedelta(hours=1)
PICTURES = Content((Part(" \n"), Part("", media=(MediaUse(AssetId("b")), MediaUse(AssetId("c"))))))


def planned(storage: Storage) -> list[PlannedDelivery]:
    with storage.read() as unit:
        return list(unit.deliveries.planned(due_from=NOW, due_to=NOW + HOUR))


def test_a_planned_delivery_holds_what_a_calendar_shows(storage: Storage) -> None:
    account = an_account(network=Network.INSTAGRAM)
    shared = Content((Part("\n Hello \nworld", media=(MediaUse(AssetId("a")),)),))
    post = a_post("", account.id, shared=shared, is_sample=True)
    delivery = a_delivery(post, account)
    put(storage, account, post, delivery)
    assert planned(storage) == [
        PlannedDelivery(
            delivery.id,
            post.id,
            account.id,
            Network.INSTAGRAM,
            delivery.schedule,
            int(NOW.timestamp()),
            S.SCHEDULED,
            False,
            "Hello",
            AssetId("a"),
            True,
        )
    ]


def test_the_calendar_asks_for_a_span_and_gets_neither_the_cancelled_nor_the_bin(storage: Storage) -> None:
    account = an_account()
    posts = [a_post(str(number), account.id) for number in range(5)]
    binned = a_post("binned", account.id, deleted_at=NOW)
    times = (-timedelta(microseconds=1), HOUR - timedelta(microseconds=1), timedelta(), HOUR)
    deliveries = [a_delivery(post, account, due_at=NOW + time) for post, time in zip(posts, times, strict=False)]
    cancelled = a_delivery(posts[4], account, state=S.CANCELLED, next_action_at=None)
    put(storage, account, *posts, binned, *deliveries, cancelled, a_delivery(binned, account))
    assert [row.title for row in planned(storage)] == ["2", "1"]


def test_title_and_picture_are_those_of_the_account_and_follow_changes(storage: Storage) -> None:
    one, two = an_account(), an_account()
    post = a_post("shared", one.id, two.id).with_override(one.id, Content((Part("own"),)))
    put(storage, one, two, post, a_delivery(post, one), a_delivery(post, two))

    def shown() -> dict[str, tuple[str, str | None]]:
        return {row.account_id: (row.title, row.thumbnail) for row in planned(storage)}

    assert shown() == {one.id: ("own", None), two.id: ("shared", None)}
    with storage.write() as unit:
        changed = replace(post.with_override(one.id, PICTURES), shared=Content((Part("changed"),)))
        saved = unit.posts.save(changed)
        unit.commit()
    assert shown() == {one.id: ("changed", "b"), two.id: ("changed", None)}
    with storage.write() as unit:  # what went out to an account stays on the calendar without it
        unit.posts.save(replace(saved, shared=PICTURES, variants=saved.variants[1:]))
        unit.commit()
    assert shown() == {one.id: ("", "b"), two.id: ("", "b")}


def test_a_title_has_an_end(storage: Storage) -> None:
    account = an_account()
    post = a_post("🎉" * 500, account.id)
    put(storage, account, post, a_post("🎉" * 500), a_delivery(post, account))
    assert [row.title for row in planned(storage)] == ["🎉" * MAX_TITLE]
    with storage.read() as unit:
        assert [item.title for item in unit.posts.backlog()] == ["🎉" * MAX_TITLE]


def test_whether_it_was_sent(storage: Storage) -> None:
    account = an_account()
    post = a_post("", account.id)
    delivery = a_delivery(post, account)
    put(storage, account, post, delivery)
    for part, was_sent in (
        (PartProgress(container_id="c"), False),
        (PartProgress(container_id="c", tombstones=(Tombstone("c"),)), True),
        (PartProgress(container_id="c"), False),
        (PartProgress(evidence="receipt"), True),
    ):
        with storage.write() as unit:
            unit.deliveries.save(replace(unit.deliveries.get(delivery.id), parts=(part,)))
            unit.commit()
        assert [row.was_sent for row in planned(storage)] == [was_sent]


def test_the_first_due_time_of_some_states(storage: Storage) -> None:
    account = an_account()
    posts = [a_post(str(number), account.id) for number in range(3)]
    states = (S.PUBLISHED, S.READY, S.SCHEDULED)
    deliveries = [
        a_delivery(post, account, state=state, due_at=NOW + number * HOUR)
        for number, (post, state) in enumerate(zip(posts, states, strict=True))
    ]
    put(storage, account, *posts, *deliveries)
    with storage.read() as unit:
        assert unit.deliveries.first_due_at([S.SCHEDULED, S.READY, S.PREPARING]) == NOW + HOUR
        assert unit.deliveries.first_due_at([S.SCHEDULED]) == NOW + 2 * HOUR
        assert unit.deliveries.first_due_at([S.HELD]) is None
        assert unit.deliveries.first_due_at([]) is None


def test_the_backlog_holds_what_a_list_shows(storage: Storage) -> None:
    one, two = an_account(network=Network.FACEBOOK), an_account()
    idea = a_post("idea", two.id, one.id, updated_at=NOW + HOUR)
    pictures = a_post("", shared=PICTURES, is_sample=True)
    dropped, going = a_post("dropped", one.id, updated_at=NOW - HOUR), a_post("going", one.id)
    cancelled = a_delivery(dropped, one, state=S.CANCELLED, next_action_at=None)
    put(storage, one, two, dropped, going, pictures, idea, a_post(deleted_at=NOW), cancelled, a_delivery(going, one))
    networks = (Network.THREADS, Network.FACEBOOK)
    with storage.read() as unit:
        assert unit.posts.backlog() == [
            BacklogItem(idea.id, "idea", (two.id, one.id), networks, 1, 0, None, NOW + HOUR, False),
            BacklogItem(pictures.id, "", (), (), 2, 2, AssetId("b"), NOW, True),
            BacklogItem(dropped.id, "dropped", (one.id,), (Network.FACEBOOK,), 1, 0, None, NOW - HOUR, False),
        ]
