from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from desktop.domain.deliveries import Delivery, DeliveryId, DeliveryState, PartProgress, TimelineEntry, Tombstone
from desktop.domain.errors import NotFound, StaleVersion
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import Content, Mark, MarkKind, MediaUse, Part, Post, Variant
from desktop.domain.schedules import Schedule
from desktop.files.network_rules import load_rules
from desktop.kit.clock import ManualClock
from desktop.services.changes import Change, ChangeFeed, Noun
from desktop.services.drafting.rendering import render_payload
from desktop.services.drafting.service import DraftingService
from tests.support.drafts import NOW, a_content, an_account, an_image, wall
from tests.support.memory_storage import MemoryStorage

RULES = load_rules()
THREADS, FACEBOOK = an_account(Network.THREADS), an_account(Network.FACEBOOK)
S = DeliveryState


@dataclass
class Desk:
    storage: MemoryStorage
    clock: ManualClock
    heard: list[Change]
    drafting: DraftingService

    def deliver(self, post: Post, account=THREADS, state: DeliveryState = S.READY, **changes: object) -> Delivery:
        payload = render_payload(post.content_for(account.id), PostFormat.FEED, RULES[account.network], {})
        delivery = Delivery(
            id=DeliveryId(f"{post.id}-{account.id}"),
            post_id=post.id,
            account_id=account.id,
            network=account.network,
            slot_key="once",
            schedule=Schedule(wall("2026-11-22 15:00"), "UTC"),
            due_at=NOW + timedelta(hours=3),
            late_limit=None,
            state=state,
            state_since=NOW,
            created_at=NOW,
            next_action_at=NOW,
            payload=payload,
        )
        delivery = replace(delivery, **changes)  # type: ignore[arg-type]
        with self.storage.write() as work:
            work.deliveries.add(delivery, TimelineEntry(NOW, None, state, "planned"))
            work.commit()
        return delivery

    def delivery(self, delivery: Delivery) -> Delivery:
        with self.storage.read() as work:
            return work.deliveries.get(delivery.id)


@pytest.fixture
def desk() -> Desk:
    storage, clock, changes, heard = MemoryStorage(), ManualClock(NOW), ChangeFeed(), []
    changes.subscribe(heard.append)
    with storage.write() as work:
        work.accounts.add(THREADS)
        work.accounts.add(FACEBOOK)
        work.assets.add(an_image())
        work.commit()
    return Desk(storage, clock, heard, DraftingService(storage, clock, changes, RULES))


def test_a_new_post_is_stored_and_announced(desk: Desk) -> None:
    post = desk.drafting.create(
        a_content("Hello"), [THREADS.id, FACEBOOK.id, THREADS.id], formats={FACEBOOK.id: PostFormat.STORY}
    )
    assert desk.drafting.get(post.id) == post
    assert [(v.account_id, v.format) for v in post.variants] == [
        (THREADS.id, PostFormat.FEED),
        (FACEBOOK.id, PostFormat.STORY),
    ]
    assert desk.heard == [Change(Noun.POSTS, frozenset({post.id}))]


def test_text_is_stored_in_nfc_and_marks_stay_on_their_words(desk: Desk) -> None:
    part = Part("cafe\u0301\r\nau lait\x00", (Mark(7, 9, MarkKind.BOLD), Mark(3, 5, MarkKind.ITALIC)))
    saved = desk.drafting.create(Content((part,))).shared.parts[0]
    assert saved.text == "café\nau lait"
    assert [(saved.text[m.start : m.end], m.kind) for m in saved.marks] == [
        ("é", MarkKind.ITALIC),
        ("au", MarkKind.BOLD),
    ]
    media = Part("x", media=(MediaUse(an_image().id, "cafe\u0301"),))
    assert desk.drafting.create(Content((media,))).shared.parts[0].media[0].alt_text == "café"
    assert desk.drafting.create(Content(())).shared == Content()


def test_saving_grows_the_version_and_refuses_an_old_one(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"))
    desk.clock.advance(timedelta(minutes=1))
    saved = desk.drafting.save(replace(post, shared=a_content("two")))
    assert (saved.version, saved.updated_at) == (post.version + 1, NOW + timedelta(minutes=1))
    with pytest.raises(StaleVersion):
        desk.drafting.save(replace(post, shared=a_content("three")))
    assert desk.drafting.get(post.id) == saved


def test_an_edit_has_prepared_deliveries_prepared_again(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"), [THREADS.id, FACEBOOK.id])
    ready, other = desk.deliver(post), desk.deliver(post, FACEBOOK)
    own = post.with_override(FACEBOOK.id, post.shared)
    desk.drafting.save(replace(own, shared=a_content("two")))
    after = desk.delivery(ready)
    assert (after.state, after.payload) == (S.SCHEDULED, None)
    assert after.next_action_at is not None
    assert desk.delivery(other) == other
    assert desk.heard[-1] == Change(Noun.DELIVERIES, frozenset({ready.id}))
    with desk.storage.read() as work:
        assert work.deliveries.timeline(ready.id)[-1].why == "the post was edited"


def test_an_edit_leaves_what_was_sent_alone(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"), [THREADS.id])
    sent = desk.deliver(post, state=S.UNCERTAIN, parts=(PartProgress(tombstones=(Tombstone("c"),)),))
    desk.drafting.save(replace(post, shared=a_content("two"), variants=()))
    assert desk.delivery(sent) == sent


def test_an_edit_that_changes_nothing_disturbs_no_delivery(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"), [THREADS.id])
    ready = desk.deliver(post)
    desk.drafting.save(post)
    assert desk.delivery(ready) == ready


def test_a_changed_format_counts_as_an_edit(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"), [THREADS.id])
    ready = desk.deliver(post)
    desk.drafting.save(replace(post, variants=(Variant(THREADS.id, None, PostFormat.CAROUSEL),)))
    assert desk.delivery(ready).state is S.SCHEDULED


def test_taking_an_account_out_cancels_its_delivery(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"), [THREADS.id, FACEBOOK.id])
    ready, other = desk.deliver(post), desk.deliver(post, FACEBOOK)
    desk.drafting.save(post.with_accounts((FACEBOOK.id,)))
    assert desk.delivery(ready).state is S.CANCELLED
    assert desk.delivery(other) == other


def test_nothing_is_stored_when_the_commit_fails(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"), [THREADS.id])
    ready = desk.deliver(post)
    heard = list(desk.heard)
    desk.storage.fail_commit = StaleVersion(noun="post")
    with pytest.raises(StaleVersion):
        desk.drafting.save(replace(post, shared=a_content("two")))
    assert desk.drafting.get(post.id) == post
    assert desk.delivery(ready) == ready
    assert desk.heard == heard


def test_the_bin_cancels_and_restoring_plans_again(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"), [THREADS.id, FACEBOOK.id])
    ready = desk.deliver(post)
    earlier = desk.deliver(post, FACEBOOK, S.CANCELLED, next_action_at=None)
    desk.clock.advance(timedelta(minutes=1))
    desk.drafting.delete([post.id])
    assert desk.drafting.list() == []
    assert desk.drafting.get(post.id).deleted_at == desk.clock.now()
    assert desk.delivery(ready).state is S.CANCELLED
    desk.drafting.delete([post.id])
    desk.clock.advance(timedelta(minutes=1))
    desk.drafting.restore([post.id])
    restored = desk.delivery(ready)
    assert (restored.state, restored.schedule) == (S.SCHEDULED, ready.schedule)
    assert desk.delivery(earlier) == earlier
    assert [p.id for p in desk.drafting.list()] == [post.id]


def test_deleting_leaves_what_is_out(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"), [THREADS.id])
    live = PartProgress(media_id="1", evidence="receipt", published_at=NOW)
    published = desk.deliver(post, state=S.PUBLISHED, parts=(live,), next_action_at=None)
    desk.drafting.delete([post.id])
    assert desk.delivery(published) == published


def test_a_duplicate_is_a_draft_of_its_own(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"), [THREADS.id])
    desk.deliver(post)
    copy = desk.drafting.duplicate(post.id)
    assert copy.id != post.id
    assert (copy.shared, copy.variants) == (post.shared, post.variants)
    assert [p.id for p in desk.drafting.list(without_delivery=True)] == [copy.id]
    with pytest.raises(NotFound):
        desk.drafting.duplicate(type(post.id)("none"))


def test_lists_are_searched_in_every_text(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"), [THREADS.id])
    desk.drafting.save(post.with_override(THREADS.id, a_content("ÅSE")))
    assert [p.id for p in desk.drafting.list(search="åse", account_id=THREADS.id)] == [post.id]
    assert desk.drafting.list(search="åse", account_id=FACEBOOK.id) == []


def test_preflight_reads_accounts_and_assets_of_an_unsaved_post(desk: Desk) -> None:
    post = desk.drafting.create(a_content("one"), [THREADS.id])
    assert not desk.drafting.preflight(post).is_blocked
    part = Part("x", media=(MediaUse(an_image().id, "a cat"),))
    assert not desk.drafting.preflight(replace(post, shared=Content((part,)))).is_blocked
    gone = Part("x", media=(MediaUse(type(an_image().id)("none"), "a cat"),))
    override = post.with_override(THREADS.id, Content((gone,)))
    assert [f.code for f in desk.drafting.preflight(override).blocking] == ["media_gone"]
