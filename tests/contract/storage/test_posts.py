from __future__ import annotations

from datetime import timedelta

import pytest

from desktop.domain.deliveries import DeliveryState
from desktop.domain.errors import NotFound, StaleVersion
from desktop.domain.media import AssetId
from desktop.domain.networks import PostFormat
from desktop.domain.posts import Content, Mark, MarkKind, MediaUse, Part, Variant
from desktop.services.unit_of_work import Storage
from tests.support.stored_things import NOW, a_delivery, a_post, an_account, put


def test_a_post_comes_back_as_it_was(storage: Storage) -> None:
    one, two = an_account(), an_account()
    rich = Content(
        (
            Part("👩‍👩‍👧‍👦 “hi”\n\\ '", (Mark(0, 3, MarkKind.BOLD), Mark(1, 2, MarkKind.LINK, "https://example.org"))),
            Part("", media=(MediaUse(AssetId("a"), "a cat"), MediaUse(AssetId("b")))),
        )
    )
    post = a_post(
        shared=rich,
        variants=(Variant(two.id, Content((Part("other"),)), PostFormat.REEL), Variant(one.id)),
        is_sample=True,
        deleted_at=NOW,
    )
    put(storage, one, two, post)
    with storage.read() as unit:
        assert unit.posts.get(post.id) == post
        assert unit.posts.by_ids([post.id, a_post().id]) == {post.id: post}
        with pytest.raises(NotFound):
            unit.posts.get(a_post().id)


def test_saving_replaces_variants_and_refuses_an_old_version(storage: Storage) -> None:
    one, two = an_account(), an_account()
    post = a_post("first", one.id)
    put(storage, one, two, post)
    with storage.write() as unit:
        saved = unit.posts.save(post.with_accounts((two.id, one.id)))
        assert saved.version == 1
        assert unit.posts.get(post.id) == saved
        with pytest.raises(StaleVersion):
            unit.posts.save(post)
        with pytest.raises(StaleVersion):
            unit.posts.save(a_post())
        unit.commit()
    with storage.read() as unit:
        assert [variant.account_id for variant in unit.posts.get(post.id).variants] == [two.id, one.id]


def test_the_list_is_by_last_change_and_leaves_out_the_bin(storage: Storage) -> None:
    posts = [a_post(str(hours), updated_at=NOW + timedelta(hours=hours)) for hours in (1, 3, 2)]
    put(storage, *posts, a_post(deleted_at=NOW))
    with storage.read() as unit:
        assert [post.shared.title for post in unit.posts.list()] == ["3", "2", "1"]
        assert [post.shared.title for post in unit.posts.list(limit=1, offset=1)] == ["2"]


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("Grüße aus KÖLN", "köln"),
        ("Straße", "STRASSE"),
        ("ΚΑΛΗΜΕΡΑ κόσμε", "καλημερα"),
        ("100 % sure_ly \\o/", "% SURE_LY \\O/"),
        ("two\nlines 👋🏽", "LINES 👋🏽"),
    ],
)
def test_search_finds_any_language_ignoring_case(storage: Storage, text: str, search: str) -> None:
    put(storage, a_post(text), a_post("something else"), a_post("100 percent surely"))
    with storage.read() as unit:
        assert [post.shared.parts[0].text for post in unit.posts.list(search=search)] == [text]


def test_search_looks_into_overrides_and_follows_changes(storage: Storage) -> None:
    account = an_account()
    post = a_post("shared", account.id).with_override(account.id, Content((Part("one"), Part("Special"))))
    put(storage, account, post)
    with storage.write() as unit:
        assert unit.posts.list(search="special") == [post]
        unit.posts.save(post.with_override(account.id, None))
        assert unit.posts.list(search="special") == []


def test_posts_can_be_chosen_by_account_and_sample(storage: Storage) -> None:
    account = an_account()
    mine, sample = a_post("mine", account.id), a_post("sample", is_sample=True)
    put(storage, account, mine, sample)
    with storage.read() as unit:
        assert unit.posts.list(account_id=account.id) == [mine]
        assert unit.posts.list(samples_only=True) == [sample]


def test_the_backlog_holds_posts_without_a_living_delivery(storage: Storage) -> None:
    account = an_account()
    idea, dropped, planned = a_post("idea"), a_post("dropped", account.id), a_post("planned", account.id)
    cancelled = a_delivery(dropped, account, state=DeliveryState.CANCELLED, next_action_at=None)
    put(storage, account, idea, dropped, planned, cancelled, a_delivery(planned, account))
    with storage.read() as unit:
        backlog = unit.posts.list(without_delivery=True)
        assert {post.id for post in backlog} == {idea.id, dropped.id}


def test_purging_a_sample_takes_its_deliveries_along(storage: Storage) -> None:
    account = an_account()
    sample, real = a_post("s", account.id, is_sample=True), a_post("r", account.id)
    gone, kept = a_delivery(sample, account), a_delivery(real, account)
    put(storage, account, sample, real, gone, kept)
    with storage.write() as unit:
        unit.posts.purge([sample.id])
        unit.commit()
    with storage.read() as unit:
        assert unit.posts.by_ids([sample.id, real.id]) == {real.id: real}
        assert unit.deliveries.list() == [kept]
        assert list(unit.deliveries.timeline(gone.id)) == []
