"""Limits in both storages: readings, quotas, and the publishes that count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from desktop.domain.deliveries import DeliveryState, PartProgress
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import Variant
from desktop.services.limits.ports import Publish, Quota, QuotaKind, UsageReading
from desktop.services.unit_of_work import Storage
from tests.support.stored_things import NOW, a_delivery, a_post, an_account, put

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def store(storage: Storage, *readings: UsageReading) -> None:
    with storage.write() as unit:
        unit.limits.put_readings(readings)
        unit.commit()


def test_readings_come_back_as_they_went_in(storage: Storage) -> None:
    blocked = UsageReading("facebook/pages/1001", "1001", 104, NOW + HOUR, NOW)
    app = UsageReading("facebook/app", "", 7, None, NOW)
    store(storage, blocked, app)
    store(storage)
    with storage.read() as unit:
        assert list(unit.limits.readings()) == [app, blocked]


def test_a_newer_reading_replaces_and_an_older_one_does_not(storage: Storage) -> None:
    first = UsageReading("threads/app", "", 50, NOW + HOUR, NOW)
    newer = replace(first, percent=60, regain_at=None, read_at=NOW + HOUR)
    store(storage, first)
    store(storage, newer)
    store(storage, first)
    with storage.read() as unit:
        assert list(unit.limits.readings()) == [newer]


def test_old_readings_go_unless_they_still_block(storage: Storage) -> None:
    old = UsageReading("a", "", 1, None, NOW - DAY)
    over = UsageReading("b", "", 1, NOW - 2 * HOUR, NOW - DAY)
    blocking = UsageReading("c", "", 1, NOW + HOUR, NOW - DAY)
    fresh = UsageReading("d", "", 1, None, NOW)
    store(storage, old, over, blocking, fresh)
    with storage.write() as unit:
        unit.limits.remove_readings(NOW - HOUR)
        unit.commit()
    with storage.read() as unit:
        assert list(unit.limits.readings()) == [blocking, fresh]


def test_quotas_are_kept_by_account_and_kind(storage: Storage) -> None:
    ada, bob = an_account(), an_account()
    put(storage, ada, bob)
    posts = Quota(QuotaKind.POSTS, 4, 250, DAY, NOW)
    replies = Quota(QuotaKind.REPLIES, 0, 1000, DAY, NOW)
    with storage.write() as unit:
        unit.limits.put_quotas(ada.id, [replies, replace(posts, used=1)])
        unit.limits.put_quotas(ada.id, [posts])
        unit.commit()
    with storage.read() as unit:
        assert list(unit.limits.quotas(ada.id)) == [posts, replies]
        assert list(unit.limits.quotas(bob.id)) == []


def live(number: int, minutes: int) -> PartProgress:
    return PartProgress(media_id=f"m{number}", published_at=NOW + timedelta(minutes=minutes), evidence="answer")


def test_what_went_live_counts_by_part(storage: Storage) -> None:
    ada, bob = an_account(), an_account()
    thread, earlier, of_bob = (a_post("x", account.id) for account in (ada, ada, bob))
    published = {"state": DeliveryState.PUBLISHED, "next_action_at": None}
    put(
        storage,
        ada,
        bob,
        thread,
        earlier,
        of_bob,
        a_delivery(thread, ada, parts=(live(1, 0), live(2, 1), PartProgress()), state=DeliveryState.FAILED),
        a_delivery(earlier, ada, parts=(live(3, -1),), **published),
        a_delivery(of_bob, bob, parts=(live(4, 0),), **published),
    )
    with storage.read() as unit:
        assert list(unit.limits.published(ada.id, NOW)) == [
            Publish(NOW, QuotaKind.POSTS),
            Publish(NOW + timedelta(minutes=1), QuotaKind.REPLIES),
        ]
        assert len(unit.limits.published(ada.id, NOW - HOUR)) == 3


def test_only_reels_count_on_facebook(storage: Storage) -> None:
    page = an_account(network=Network.FACEBOOK)
    reel = a_post("r", variants=(Variant(page.id, format=PostFormat.REEL),))
    words = a_post("w", variants=(Variant(page.id),))
    put(storage, page, reel, words)
    for number, post in enumerate((reel, words)):
        put(storage, a_delivery(post, page, parts=(live(number, 0),), state=DeliveryState.PUBLISHED))
    with storage.read() as unit:
        assert list(unit.limits.published(page.id, NOW)) == [Publish(NOW, QuotaKind.REELS)]


def test_what_is_planned_is_what_will_go_out_by_itself(storage: Storage) -> None:
    ada = an_account()
    put(storage, ada)
    for minutes, state, has_timer in (
        (3, DeliveryState.SCHEDULED, True),
        (1, DeliveryState.PREPARING, True),
        (2, DeliveryState.HELD, False),
        (4, DeliveryState.CANCELLED, False),
        (60, DeliveryState.SCHEDULED, True),
    ):
        due_at = NOW + timedelta(minutes=minutes)
        post = a_post("x", ada.id)
        timer = due_at if has_timer else None
        put(storage, post, a_delivery(post, ada, due_at=due_at, next_action_at=timer, state=state))
    waiting_for_its_link = a_post("x", ada.id)
    put(storage, waiting_for_its_link, a_delivery(waiting_for_its_link, ada, parts=(live(1, 0),)))
    with storage.read() as unit:
        assert list(unit.limits.planned(ada.id, NOW + HOUR)) == [
            Publish(NOW + timedelta(minutes=1), QuotaKind.POSTS),
            Publish(NOW + timedelta(minutes=3), QuotaKind.POSTS),
        ]
