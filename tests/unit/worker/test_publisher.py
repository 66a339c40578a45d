"""The publisher's loop on real threads and the real clock, against the real sandbox."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.domain.deliveries import DeliveryState as S
from desktop.domain.deliveries import PublishingTimers
from desktop.domain.errors import PublisherBusy
from desktop.host.process_lock import ProcessLock
from desktop.kit.clock import SystemClock
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.publishing.calls import no_edge
from desktop.services.publishing.engine import PublishingEngine
from desktop.services.publishing.lease import LeaseKeeper
from desktop.services.publishing.service import DeliveryService
from desktop.worker.publisher import Publisher, PublisherState
from tests.support.publishing_rig import KINDS, publishing_rig, ram_folder

TEXT, PHOTO = KINDS[0], KINDS[4]
DEADLINE_SECONDS = 30


class Bench:
    """A rig with publishers that share one lock file, as processes of one profile do."""

    def __init__(self, rig, folder):
        self.rig, self.folder, self.changes = rig, folder, ChangeFeed()

    def publisher(self, edge=no_edge):
        rig = self.rig
        engine = PublishingEngine(
            rig.storage,
            rig.connectors,
            rig,
            rig.host,
            rig.store.path,
            rig.rules,
            rig.clock,
            rig.timers,
            self.changes,
            edge,
        )
        lock = ProcessLock(self.folder / "publisher.lock")
        keeper = LeaseKeeper(rig.storage, lock, rig.clock, rig.timers, "test")
        return Publisher(engine, keeper, rig.storage, rig.clock, rig.timers, self.changes)

    def wait_for(self, condition):
        """Wait until ``condition`` holds; looked at after every change that is announced."""
        changed = threading.Condition()

        def wake(_change):
            with changed:
                changed.notify_all()

        unsubscribe = self.changes.subscribe(wake)
        try:
            with changed:
                assert changed.wait_for(condition, DEADLINE_SECONDS)
        finally:
            unsubscribe()


@pytest.fixture
def bench(tmp_path):
    timers = replace(PublishingTimers(), scan=timedelta(seconds=5))
    with (
        ram_folder(tmp_path) as folder,
        publishing_rig(folder, timers=timers, clock=SystemClock()) as rig,
    ):
        yield Bench(rig, folder)


def test_everything_due_is_published_and_then_it_ends(bench):
    planned = [bench.rig.plan(kind) for kind in (TEXT, PHOTO, KINDS[7], TEXT, TEXT)]
    bench.publisher().run_until_idle()
    assert [bench.rig.get(each).state for each in planned] == [S.PUBLISHED] * 5


def test_an_account_has_one_lane_and_accounts_work_side_by_side(bench):
    running, overlaps = set(), []
    lock = threading.Lock()
    side_by_side = threading.Barrier(2)
    publisher = bench.publisher()
    original = publisher._engine.run

    def run(delivery_id, lease, should_stop):
        account = bench.rig.get(delivery_id).account_id
        with lock:
            if account in running:
                overlaps.append(account)
            running.add(account)
        # neither account goes on before the other has come here too
        side_by_side.wait(DEADLINE_SECONDS)
        try:
            return original(delivery_id, lease, should_stop)
        finally:
            with lock:
                running.discard(account)

    publisher._engine.run = run
    planned = [bench.rig.plan(kind) for kind in (TEXT, PHOTO, TEXT, PHOTO)]
    publisher.run_until_idle()
    assert overlaps == []
    assert {bench.rig.get(each).state for each in planned} == {S.PUBLISHED}


def test_a_second_publisher_does_not_start(bench):
    first = bench.publisher()
    first.start()
    bench.wait_for(lambda: first.status().state is PublisherState.RUNNING)
    with pytest.raises(PublisherBusy):
        bench.publisher().run_until_idle()
    assert first.stop()
    bench.publisher().run_until_idle()


def test_a_new_post_is_noticed_at_once_when_poked(bench):
    publisher = bench.publisher()
    publisher.start()
    bench.wait_for(lambda: publisher.status().state is PublisherState.RUNNING)
    delivery_id = bench.rig.plan(TEXT)
    publisher.poke()
    bench.wait_for(lambda: bench.rig.get(delivery_id).state is S.PUBLISHED)
    assert publisher.stop()
    assert publisher.status().state is PublisherState.STOPPED


def test_pause_rests_and_resume_goes_on(bench):
    publisher = bench.publisher()
    service = DeliveryService(bench.rig.storage, bench.rig.clock, bench.changes, bench.rig.timers, publisher.poke)
    service.pause()
    delivery_id = bench.rig.plan(TEXT)
    publisher.run_until_idle()
    assert bench.rig.get(delivery_id).state is S.SCHEDULED
    publisher.start()
    service.resume()
    bench.wait_for(lambda: bench.rig.get(delivery_id).state is S.PUBLISHED)
    assert publisher.stop()


@pytest.mark.logs_errors
def test_a_bug_in_one_delivery_does_not_stop_the_others(bench):
    broken, fine = bench.rig.plan(TEXT), bench.rig.plan(PHOTO)
    publisher = bench.publisher()
    original = publisher._engine.run

    def run(delivery_id, lease, should_stop):
        if delivery_id == broken:
            raise RuntimeError("a bug")
        return original(delivery_id, lease, should_stop)

    publisher._engine.run = run
    publisher.start()
    bench.wait_for(lambda: bench.rig.get(fine).state is S.PUBLISHED)
    assert publisher.stop()
    assert bench.rig.get(broken).state is S.SCHEDULED


def test_changes_are_announced(bench):
    seen = []
    bench.changes.subscribe(lambda change: seen.append(change.noun))
    bench.rig.plan(TEXT)
    bench.publisher().run_until_idle()
    assert {Noun.DELIVERIES, Noun.PUBLISHER} <= set(seen)
