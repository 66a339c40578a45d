"""What the publisher does about trouble, against the real sandbox."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop.domain.accounts import AccountState
from desktop.domain.deliveries import DeliveryState as S
from desktop.domain.deliveries import PublishingTimers
from desktop.domain.networks import Network
from desktop.services.changes import ChangeFeed
from desktop.services.publishing.service import DeliveryService
from tests.support.publishing_rig import KINDS, Kind, publishing_rig, ram_folder

TEXT = KINDS[0]


@pytest.fixture
def rig(tmp_path):
    with ram_folder(tmp_path) as folder, publishing_rig(folder) as made:
        yield made


def deliveries(rig):
    return DeliveryService(rig.storage, rig.clock, ChangeFeed(), rig.timers)


def live(rig, delivery_id):
    return sum(len(posts) for posts in rig.published(delivery_id))


def test_an_expired_token_holds_the_delivery_and_marks_the_account(rig):
    rig.faults({"kind": "token_expired", "match": {"endpoint": "publish"}})
    delivery_id = rig.plan(TEXT)
    held = rig.drive(delivery_id)
    assert (held.state, held.reason) == (S.HELD, "reauth")
    with rig.storage.read() as uow:
        account = uow.accounts.get(held.account_id)
    assert account.state is AccountState.RECONNECT
    assert live(rig, delivery_id) == 0
    # everything else of the account waits without asking the network again
    other = rig.drive(rig.plan(TEXT))
    assert (other.state, other.reason) == (S.HELD, "reconnect")


def test_a_blip_never_marks_an_account(rig):
    rig.faults({"kind": "read_100_33", "match": {"endpoint": "status"}, "times": 2})
    delivery_id = rig.plan(TEXT)
    assert rig.drive(delivery_id).state is S.PUBLISHED
    with rig.storage.read() as uow:
        assert all(account.can_publish for account in uow.accounts.list())
    assert live(rig, delivery_id) == 1


def test_what_is_too_late_is_asked_about_and_can_be_sent_by_hand(rig):
    delivery_id = rig.plan(TEXT, late_limit=PublishingTimers().late_limit)
    rig.clock.advance(timedelta(hours=3))
    assert rig.drive(delivery_id).state is S.MISSED
    assert live(rig, delivery_id) == 0
    deliveries(rig).retry(delivery_id)
    assert rig.drive(delivery_id).state is S.PUBLISHED
    assert live(rig, delivery_id) == 1


def test_pause_stops_everything_before_the_next_send(rig):
    service = deliveries(rig)
    delivery_id = rig.plan(TEXT)
    engine, lease = rig.process(lambda edge: service.pause() if edge == "after_ContainerCreated_commit" else None)
    assert engine.run(delivery_id, lease) is False
    assert rig.get(delivery_id).state is S.PREPARING
    assert live(rig, delivery_id) == 0
    service.resume()
    assert rig.drive(delivery_id).state is S.PUBLISHED


def test_a_lost_container_is_made_again_after_its_death_is_proven(rig):
    rig.faults({"kind": "not_found_4279009", "match": {"endpoint": "publish"}, "times": 1})
    delivery_id = rig.plan(TEXT)
    done = rig.drive(delivery_id)
    assert done.state is S.PUBLISHED
    assert [tombstone.is_dead for tombstone in done.parts[0].tombstones] == [True, False]
    assert live(rig, delivery_id) == 1


def test_an_account_told_to_stop_is_left_alone_for_a_while(rig):
    rig.faults({"kind": "blocked_2207051_live", "match": {"endpoint": "publish"}, "times": 1})
    first = rig.plan(TEXT)
    assert rig.drive(first).state is S.PUBLISHED
    second = rig.plan(TEXT)
    engine, lease = rig.process()
    engine.run(second, lease)
    assert (rig.get(second).state, rig.get(second).reason) == (S.HELD, "resting")
    assert rig.drive(second).state is S.PUBLISHED
    assert (live(rig, first), live(rig, second)) == (1, 1)


def test_trap_24_a_throttled_account_is_asked_nothing_until_its_time(rig):
    rig.faults({"kind": "rate_limited", "match": {"endpoint": "create"}, "times": 1})
    first, second = rig.plan(TEXT), rig.plan(TEXT)
    engine, lease = rig.process()
    engine.run(first, lease)
    assert rig.get(first).state is S.HELD
    calls = len(rig.calls())
    engine.run(second, lease)
    assert (rig.get(second).state, rig.get(second).reason) == (S.HELD, "resting")
    assert len(rig.calls()) == calls
    assert (rig.drive(first).state, rig.drive(second).state) == (S.PUBLISHED, S.PUBLISHED)
    assert (live(rig, first), live(rig, second)) == (1, 1)


def test_the_network_unreachable_for_a_while(rig):
    rig.faults({"kind": "drop_before", "match": {"endpoint": "create"}, "times": 3})
    delivery_id = rig.plan(TEXT)
    assert rig.drive(delivery_id).state is S.PUBLISHED
    assert live(rig, delivery_id) == 1


def test_a_refused_content_fails_with_the_reason(rig):
    delivery_id = rig.plan(Kind(Network.INSTAGRAM, "nothing to show"))
    failed = rig.drive(delivery_id)
    assert failed.state is S.FAILED
    assert failed.last_failure is not None
    assert failed.last_failure.message


def test_a_quota_waits_for_its_window(rig):
    rig.faults({"kind": "quota_exceeded", "match": {"endpoint": "publish"}, "times": 1})
    delivery_id = rig.plan(KINDS[4])
    begun = rig.clock.now()
    assert rig.drive(delivery_id).state is S.PUBLISHED
    assert rig.clock.now() - begun >= timedelta(minutes=59)
    assert live(rig, delivery_id) == 1


def test_the_timeline_tells_the_whole_story(rig):
    rig.faults({"kind": "drop_after", "match": {"endpoint": "publish"}, "times": 1})
    delivery_id = rig.plan(TEXT)
    rig.drive(delivery_id)
    detail = deliveries(rig).show(delivery_id)
    states = [entry.after for entry in detail.timeline]
    assert states == [S.SCHEDULED, S.PREPARING, S.READY, S.SENDING, S.UNCERTAIN, S.PUBLISHED]
    publish = next(attempt for attempt in detail.attempts if attempt.phase == "publish")
    assert (publish.outcome, publish.http_status) == ("unknown", None)
