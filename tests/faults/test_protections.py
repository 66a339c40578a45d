"""Each protection, and what happens without it: a test here goes red when one is taken away.

(The quiet period and the tombstones are taken away in ``tests/unit/domain/test_transitions.py``.)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.domain.deliveries import DeliveryState, PublishingTimers
from desktop.domain.errors import Effect, InvariantViolation
from desktop.domain.transitions import Refused, SendIntended, transition
from desktop.services.publishing.engine import LeaseLost, PublishingEngine
from desktop.services.publishing.notes import failure_note
from desktop.storage.repositories.deliveries import SqlDeliveryRepository
from tests.support.publishing_rig import KINDS, Crash, publishing_rig, ram_folder

TEXT = KINDS[0]


@pytest.fixture(params=(True, False), ids=("protected", "unprotected"))
def is_protected(request):
    return request.param


@pytest.fixture
def rig(tmp_path):
    with ram_folder(tmp_path) as folder, publishing_rig(folder, republish="duplicate") as made:
        yield made


def times_live(rig, delivery_id):
    return len(rig.published(delivery_id)[0])


def at_edge(name, action):
    """Return an edge that acts the first time ``name`` comes by."""
    pending = [action]

    def edge(current):
        if current == name and pending:
            pending.pop()()

    return edge


def crash():
    raise Crash


def test_the_intent_is_committed_before_the_send(rig, is_protected, monkeypatch):
    if not is_protected:

        def only_in_memory(self, delivery, lease, after, attempts):
            for event in after:
                delivery = self._record(delivery, event, lease, attempts)
            return transition(delivery, SendIntended("t"), self._clock.now(), self._timers)

        monkeypatch.setattr(PublishingEngine, "_commit_intent", only_in_memory)
    delivery_id = rig.plan(TEXT)
    first, lease = rig.process(at_edge("before_PartPublished_commit", crash))
    with pytest.raises(Crash):
        first.run(delivery_id, lease)
    monkeypatch.undo()
    rig.drive(delivery_id)
    assert times_live(rig, delivery_id) == (1 if is_protected else 2)


def test_a_frozen_process_does_not_send_after_its_deadline(tmp_path, is_protected):
    timers = PublishingTimers() if is_protected else replace(PublishingTimers(), send_deadline=timedelta(hours=1))
    with ram_folder(tmp_path) as folder, publishing_rig(folder, timers=timers, republish="duplicate") as rig:
        if not is_protected:
            # another program, which has not heard of the long deadline, waits only as long as it always did
            rig.timers = PublishingTimers()
        delivery_id = rig.plan(TEXT)

        def frozen_while_another_takes_over():
            with rig.storage.write() as uow:
                sending = uow.deliveries.get(delivery_id)
                uow.deliveries.save(
                    replace(
                        sending.with_part(send_deadline_at=rig.clock.now() + PublishingTimers().send_deadline),
                        next_action_at=rig.clock.now() + timedelta(minutes=3),
                    )
                )
                uow.commit()
            assert rig.drive(delivery_id).state is DeliveryState.PUBLISHED

        engine, lease = rig.process(at_edge("after_SendIntended_commit", frozen_while_another_takes_over))
        engine._timers = timers
        engine.run(delivery_id, lease)
        assert times_live(rig, delivery_id) == (1 if is_protected else 2)


def test_a_fenced_out_process_changes_nothing(rig, is_protected, monkeypatch):
    delivery_id = rig.plan(TEXT)

    def frozen_while_another_takes_over():
        assert rig.drive(delivery_id).state is DeliveryState.PUBLISHED
        if not is_protected:
            monkeypatch.setattr(SqlDeliveryRepository, "save", without_fence)

    true_save = SqlDeliveryRepository.save

    def without_fence(self, delivery, *, entries=(), attempts=()):
        stored = self.get(delivery.id)
        stale = replace(delivery, version=stored.version, epoch=stored.epoch)
        return true_save(self, stale, entries=entries, attempts=attempts)

    engine, lease = rig.process(at_edge("after_SendIntended_commit", frozen_while_another_takes_over))
    if is_protected:
        engine.run(delivery_id, lease)
    else:
        # it goes for the row of a post that is live, and only the ledger's own guard is left to stop it
        with pytest.raises(InvariantViolation):
            engine.run(delivery_id, lease)
    assert times_live(rig, delivery_id) == 1


def test_a_former_owner_cannot_commit_an_intent(rig):
    delivery_id = rig.plan(TEXT)
    # taken over by a process that has not touched this delivery yet, so that only the lease can tell
    engine, lease = rig.process(at_edge("after_ContainerCreated_commit", rig.process))
    with pytest.raises(LeaseLost):
        engine.run(delivery_id, lease)
    assert times_live(rig, delivery_id) == 0
    rig.drive(delivery_id)
    assert times_live(rig, delivery_id) == 1


def test_only_listed_refusals_count_as_refusals(rig, is_protected, monkeypatch):
    if not is_protected:
        true_outcome = PublishingEngine._outcome

        def trusting(self, failure):
            is_4xx = failure.effect is Effect.UNKNOWN and 400 <= (failure.http_status or 0) < 500
            return Refused(failure_note(failure)) if is_4xx else true_outcome(self, failure)

        monkeypatch.setattr(PublishingEngine, "_outcome", trusting)
    rig.faults({"kind": "blocked_2207051_live", "match": {"endpoint": "publish"}, "times": 1})
    delivery_id = rig.plan(TEXT)
    rig.drive(delivery_id)
    assert times_live(rig, delivery_id) == (1 if is_protected else 2)
