"""Page posts left to Facebook's own scheduler, against the real sandbox: on time while this computer is off, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.domain.deliveries import DeliveryState as S
from desktop.domain.deliveries import HandOver
from desktop.domain.networks import Network
from desktop.domain.options import FacebookOptions
from desktop.domain.schedules import Schedule
from desktop.domain.transitions import CancelRequested, Rescheduled, transition
from tests.support.publishing_rig import Kind, publishing_rig, ram_folder

TEXT = Kind(Network.FACEBOOK, "text")


@pytest.fixture
def rig(tmp_path):
    with ram_folder(tmp_path) as folder, publishing_rig(folder) as made:
        yield made


def live(rig, delivery_id):
    return sum(len(posts) for posts in rig.published(delivery_id))


def plan(rig, ahead=timedelta(days=2)):
    """Store a Page post that Facebook shall publish."""
    delivery_id = rig.plan(TEXT, late_limit=timedelta(minutes=15))
    with rig.storage.write() as uow:
        delivery = uow.deliveries.get(delivery_id)
        post = uow.posts.get(delivery.post_id)
        variants = tuple(replace(v, options=FacebookOptions(hands_over=True)) for v in post.variants)
        uow.posts.save(replace(post, variants=variants))
        uow.commit()
    ask(rig, delivery_id, Rescheduled(Schedule((rig.clock.now() + ahead).replace(tzinfo=None), "UTC"), hands_over=True))
    return delivery_id


def ask(rig, delivery_id, event):
    with rig.storage.write() as uow:
        uow.deliveries.save(transition(uow.deliveries.get(delivery_id), event, rig.clock.now(), rig.timers))
        uow.commit()


def run(rig, delivery_id):
    engine, lease = rig.process()
    engine.run(delivery_id, lease)
    return rig.get(delivery_id)


def test_trap_20_it_goes_out_once_and_on_time_while_this_computer_is_off(rig):
    delivery_id = plan(rig)
    handed = run(rig, delivery_id)
    assert (handed.state, handed.part.hand_over, handed.reason) == (S.READY, HandOver.CONFIRMED, "handed_over")
    rig.clock.advance(timedelta(days=2, hours=5))  # nobody was here
    assert live(rig, delivery_id) == 1
    done = run(rig, delivery_id)
    assert done.state is S.PUBLISHED
    assert done.permalink
    assert live(rig, delivery_id) == 1


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "http_5xx_after"])
def test_a_hand_over_without_an_answer_is_said_again(rig, fault):
    delivery_id = plan(rig)
    engine, lease = rig.process(
        lambda edge: (
            rig.faults({"kind": fault, "match": {"endpoint": "publish"}, "times": 1})
            if edge == "after_HandOverIntended_commit"
            else None
        )
    )
    engine.run(delivery_id, lease)
    rig.faults()
    rig.clock.advance(timedelta(hours=1))
    assert run(rig, delivery_id).part.hand_over is HandOver.CONFIRMED
    rig.clock.advance(timedelta(days=2))
    assert run(rig, delivery_id).state is S.PUBLISHED
    assert live(rig, delivery_id) == 1


def test_a_network_that_does_not_take_it_leaves_it_to_this_computer(rig):
    rig.server.box.config = replace(rig.server.box.config, facebook_reschedules_drafts=False)
    delivery_id = plan(rig)
    refused = run(rig, delivery_id)
    assert (refused.state, refused.part.hand_over) == (S.READY, HandOver.REFUSED)
    assert refused.next_action_at == refused.due_at
    rig.clock.advance(timedelta(days=2, seconds=1))
    assert run(rig, delivery_id).state is S.PUBLISHED
    assert live(rig, delivery_id) == 1


def test_too_near_is_published_by_this_computer(rig):
    delivery_id = plan(rig, ahead=timedelta(minutes=5))
    assert run(rig, delivery_id).part.hand_over is None
    rig.clock.advance(timedelta(minutes=5, seconds=1))
    assert run(rig, delivery_id).state is S.PUBLISHED
    assert live(rig, delivery_id) == 1


def test_a_cancelled_one_is_taken_back_and_never_goes_out(rig):
    delivery_id = plan(rig)
    run(rig, delivery_id)
    ask(rig, delivery_id, CancelRequested())
    assert rig.get(delivery_id).state is S.READY  # not called off before Facebook said so
    assert run(rig, delivery_id).state is S.CANCELLED
    rig.clock.advance(timedelta(days=3))
    assert live(rig, delivery_id) == 0


def test_a_moved_one_goes_out_at_its_new_time_only(rig):
    delivery_id = plan(rig)
    run(rig, delivery_id)
    later = Schedule((rig.clock.now() + timedelta(days=4)).replace(tzinfo=None), "UTC")
    ask(rig, delivery_id, Rescheduled(later, hands_over=True))
    assert run(rig, delivery_id).part.hand_over is HandOver.CONFIRMED
    rig.clock.advance(timedelta(days=3))
    assert live(rig, delivery_id) == 0
    rig.clock.advance(timedelta(days=1, minutes=2))
    assert run(rig, delivery_id).state is S.PUBLISHED
    assert live(rig, delivery_id) == 1


def test_what_went_out_before_it_could_be_taken_back_is_called_published(rig):
    delivery_id = plan(rig)
    run(rig, delivery_id)
    rig.clock.advance(timedelta(days=2, minutes=1))
    assert live(rig, delivery_id) == 1
    ask(rig, delivery_id, CancelRequested())
    assert run(rig, delivery_id).state is S.PUBLISHED


def test_a_crash_after_the_effect_and_before_the_note_changes_nothing(rig):
    class Crash(BaseException):
        pass

    def crash(edge):
        if edge == "before_HandedOver_commit":
            raise Crash

    delivery_id = plan(rig)
    engine, lease = rig.process(crash)
    with pytest.raises(Crash):
        engine.run(delivery_id, lease)
    assert rig.get(delivery_id).part.hand_over is HandOver.INTENDED
    rig.clock.advance(timedelta(days=2, minutes=1))
    assert run(rig, delivery_id).state is S.PUBLISHED
    assert live(rig, delivery_id) == 1
