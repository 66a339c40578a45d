"""After a restore nothing goes out that may be out already."""

from __future__ import annotations

from datetime import timedelta

from desktop.domain.deliveries import DeliveryState, PublishingTimers, Tombstone
from desktop.kit.clock import ManualClock
from desktop.services.recovery.restored import begun_deliveries, hold_restored
from tests.support.memory_storage import MemoryStorage
from tests.support.stored_things import NOW, a_delivery, a_post, an_account, put

LATER = NOW + timedelta(hours=1)


def test_what_is_due_or_was_begun_waits_for_a_person() -> None:
    storage, account = MemoryStorage(), an_account()
    posts = [a_post(text, account.id) for text in ("due", "begun", "ahead", "published")]
    due = a_delivery(posts[0], account, due_at=NOW - timedelta(minutes=1))
    begun = a_delivery(posts[1], account, due_at=LATER)
    ahead = a_delivery(posts[2], account, due_at=LATER)
    published = a_delivery(posts[3], account, state=DeliveryState.PUBLISHED, next_action_at=None)
    put(storage, account, *posts, due, begun, ahead, published)

    assert hold_restored(storage, ManualClock(NOW), PublishingTimers(), [begun.id, "gone"]) == 2  # type: ignore[list-item]

    with storage.read() as uow:
        after = {delivery.id: delivery for delivery in uow.deliveries.list()}
        assert [entry.why for entry in uow.deliveries.timeline(due.id)][-1] == "held: restored"
    held = {delivery.id for delivery in after.values() if delivery.state is DeliveryState.HELD}
    assert held == {due.id, begun.id}
    assert {(after[i].reason, after[i].next_action_at) for i in held} == {("restored", None)}
    assert after[ahead.id] == ahead
    assert after[published.id] == published


def test_begun_is_whatever_was_ever_sent() -> None:
    storage, account = MemoryStorage(), an_account()
    posts = [a_post(text, account.id) for text in ("quiet", "sent")]
    quiet, sent = (a_delivery(post, account) for post in posts)
    sent = sent.with_part(container_id="c1", tombstones=(Tombstone("c1"),))
    put(storage, account, *posts, quiet, sent)
    assert begun_deliveries(storage) == {sent.id}
