"""Every kind of post this part can send, checked in the sandbox's ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desktop.domain.accounts import LoginKind
from desktop.domain.deliveries import PayloadMedia, PayloadPart
from desktop.domain.errors import Effect, FailureKind, RemoteFailure
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import Mark, MarkKind
from desktop.services.publishing.ports import ContainerStatus, RemoteAccount
from tests.contract.connectors.world import World, payload

THREADS, INSTAGRAM, FACEBOOK = Network.THREADS, Network.INSTAGRAM, Network.FACEBOOK
TEXT = "Morning ☕ & 1+1=2\nsecond line — “quoted”"


def only_post(world: World, who: RemoteAccount, media_ids: list[str]) -> dict[str, Any]:
    """Return the one live post, after checking that listing, permalink and container tell of it."""
    [post] = world.posts(who)
    assert [post["id"]] == media_ids
    [listed] = world.recent(who)
    assert (listed.id, listed.text, listed.reply_to) == (post["id"], post["text"], None)
    assert listed.permalink == post["permalink"]
    assert world.connector(who.network).read_permalink(who, post["id"]) == post["permalink"]
    assert world.client.get(post["permalink"]).status_code == 200
    return post


@pytest.mark.parametrize("network", [THREADS, FACEBOOK])
def test_text(world: World, network: Network) -> None:
    who = world.who(network)
    post = only_post(world, who, world.publish(who, payload(network, text=TEXT)))
    assert (post["text"], post["media_hashes"]) == (TEXT, [])


@pytest.mark.parametrize("network", [THREADS, FACEBOOK])
def test_a_link_with_its_preview(world: World, network: Network) -> None:
    who = world.who(network)
    link = "https://example.com/a?b=1&c=2"
    post = only_post(world, who, world.publish(who, payload(network, text="read this", link=link)))
    assert (post["text"], post["link"]) == ("read this", link)


@pytest.mark.parametrize("network", Network)
def test_one_image_with_its_description(world: World, network: Network) -> None:
    who = world.who(network)
    image = world.image("a grey square & more")
    post = only_post(world, who, world.publish(who, payload(network, text=TEXT, media=(image,))))
    assert post["text"] == TEXT
    assert post["alt_texts"] == ["a grey square & more"]
    assert post["media_hashes"] == [image.sha256]
    assert world.recent(who)[0].child_count == 0


@pytest.mark.parametrize("network", Network)
def test_several_images_keep_order_and_descriptions(world: World, network: Network) -> None:
    who = world.who(network)
    images = tuple(world.image(f"picture {i}", (i * 20, 0, 0)) for i in range(4))
    post = only_post(world, who, world.publish(who, payload(network, text=TEXT, media=images)))
    assert post["text"] == TEXT
    assert post["alt_texts"] == [f"picture {i}" for i in range(4)]
    assert post["media_hashes"] == [image.sha256 for image in images]
    assert world.recent(who)[0].child_count == 4


@pytest.mark.parametrize("network", [THREADS, INSTAGRAM])
def test_a_film(world: World, network: Network) -> None:
    who = world.who(network)
    film = world.film()
    post = only_post(world, who, world.publish(who, payload(network, text=TEXT, media=(film,))))
    assert (post["media_type"], post["media_hashes"]) == ("VIDEO", [film.sha256])


@pytest.mark.parametrize("network", [THREADS, INSTAGRAM])
def test_a_carousel_of_image_and_film(world: World, network: Network) -> None:
    who = world.who(network)
    media = (world.film(), world.image("still"))
    post = only_post(world, who, world.publish(who, payload(network, text=TEXT, media=media)))
    assert post["media_hashes"] == [item.sha256 for item in media]


def test_media_without_words(world: World) -> None:
    for network in Network:
        who = world.who(network)
        assert only_post(world, who, world.publish(who, payload(network, media=(world.image(),))))["text"] == ""


def test_a_chain_of_parts_answers_itself(world: World) -> None:
    who = world.who(THREADS)
    image = world.image("in the middle")
    parts = (PayloadPart("one"), PayloadPart("two", media=(image,)), PayloadPart("three"))
    media_ids = world.publish(who, payload(THREADS, *parts))
    posts = world.posts(who)
    assert [post["id"] for post in posts] == media_ids
    assert [post["text"] for post in posts] == ["one", "two", "three"]
    assert [post["reply_to_id"] or None for post in posts] == [None, *media_ids[:2]]
    assert {media.id: media.reply_to for media in world.recent(who)} == dict(
        zip(media_ids, [None, *media_ids[:2]], strict=True)
    )


def test_spoilers_are_sent(world: World) -> None:
    who = world.who(THREADS)
    marks = (Mark(0, 3, MarkKind.SPOILER), Mark(4, 6, MarkKind.LINK, "https://example.com"))
    container = world.prepare(who, payload(THREADS, text="who did it", marks=marks))
    kept = world.server.box.world.containers[container].extras["text_entities"]
    assert kept == '[{"entity_type":"SPOILER","offset":0,"length":3}]'


def test_instagram_through_a_page(world: World) -> None:
    page, linked = world.who(FACEBOOK), world.who(INSTAGRAM)
    who = RemoteAccount(INSTAGRAM, LoginKind.FACEBOOK_PAGE, linked.remote_id, page.token)
    world.connector(INSTAGRAM).check_token(who)
    only_post(world, who, world.publish(who, payload(INSTAGRAM, text=TEXT, media=(world.image("x"),))))


@pytest.mark.parametrize("network", Network)
def test_nothing_is_public_before_publishing(world: World, network: Network) -> None:
    who = world.who(network)
    container = world.prepare(who, payload(network, text=TEXT, media=(world.image(), world.image())))
    assert world.connector(network).read_container(who, container).status is ContainerStatus.FINISHED
    assert (world.posts(who), world.recent(who)) == ([], ())


@pytest.mark.parametrize("network", Network)
def test_a_passed_deadline_reaches_nobody(world: World, network: Network) -> None:
    who = world.who(network)
    container = world.prepare(who, payload(network, text=TEXT, media=(world.image(),)))
    before = len(world.control("GET", "ledger")["calls"])
    with pytest.raises(RemoteFailure) as caught:
        world.connector(network).publish(who, container, deadline=datetime.now(UTC) - timedelta(milliseconds=1))
    assert caught.value.effect is Effect.NOT_SENT
    assert len(world.control("GET", "ledger")["calls"]) == before
    assert world.posts(who) == []


def test_content_a_network_cannot_take_is_refused_before_any_call(world: World) -> None:
    instagram, facebook = world.connector(INSTAGRAM), world.connector(FACEBOOK)
    story = payload(INSTAGRAM, media=(world.image(),))
    story = type(story)(INSTAGRAM, PostFormat.STORY, story.parts)
    page = world.who(FACEBOOK)
    film = world.film()
    refused = [
        lambda: instagram.create_container(
            world.who(INSTAGRAM), story, 0, children=(), files=world.files, reply_to=None
        ),
        lambda: instagram.create_container(
            world.who(INSTAGRAM), payload(INSTAGRAM, text="x"), 0, children=(), files=world.files, reply_to=None
        ),
        lambda: facebook.create_child(page, payload(FACEBOOK, media=(film,)), 0, film, world.files),
        lambda: facebook.create_container(
            page, payload(FACEBOOK, text="x"), 0, children=(), files=world.files, reply_to="1"
        ),
    ]
    for call in refused:
        with pytest.raises(RemoteFailure) as caught:
            call()
        assert (caught.value.kind, caught.value.effect) == (FailureKind.BAD_INPUT, Effect.NOT_SENT)
    assert world.calls("create") == []


def test_a_listing_of_several_pages_is_read_to_its_end(world: World) -> None:
    who = world.who(FACEBOOK)
    for number in range(103):
        world.client.post(
            f"{world.url}/facebook/{who.remote_id}/feed",
            data={"message": f"post {number}"},
            headers={"Authorization": f"Bearer {who.token}"},
        )
    assert [media.text for media in world.recent(who)] == [f"post {number}" for number in reversed(range(103))]
    assert len(world.calls("list")) == 2


@pytest.mark.parametrize("network", Network)
def test_a_listing_keeps_to_its_time_span(world: World, network: Network) -> None:
    who = world.who(network)
    sent_at = datetime.now(UTC)
    world.publish(who, payload(network, text=TEXT, media=(world.image(),)))
    now = datetime.now(UTC)
    listing = world.connector(network).list_recent
    second = timedelta(seconds=1)
    assert len(listing(who, sent_at, now)) == 1
    assert listing(who, sent_at - 60 * second, sent_at - 2 * second) == ()
    assert listing(who, now + 2 * second, now + 60 * second) == ()
    # Threads refuses times before it existed
    assert len(listing(who, datetime(2010, 1, 1, tzinfo=UTC), now)) == 1


def test_lanes_on_several_threads_do_not_mix(world: World) -> None:
    """One registry serves all lanes: every post reaches its own account with its own words, once."""
    accounts = [world.who(network) for network in Network]
    image = world.image("shared")

    def lane(who: RemoteAccount) -> list[str]:
        return [
            media_id
            for number in range(8)
            for media_id in world.publish(who, payload(who.network, text=f"{who.network} {number}", media=(image,)))
        ]

    with ThreadPoolExecutor(len(accounts)) as lanes:
        published = list(lanes.map(lane, accounts))
    for who, media_ids in zip(accounts, published, strict=True):
        assert [post["id"] for post in world.posts(who)] == media_ids
        assert [post["text"] for post in world.posts(who)] == [f"{who.network} {number}" for number in range(8)]


def test_trap_16_photos_of_a_page_need_no_public_address(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_address(media: PayloadMedia) -> str:
        raise AssertionError("a Page was to fetch a photo")

    monkeypatch.setattr(world.files, "address", no_address)
    page, photos = world.who(FACEBOOK), (world.image("a cat"), world.image(colour=(9, 8, 7)))
    world.publish(page, payload(FACEBOOK, text="two", media=photos))
    (post,) = [post for post in world.posts(page) if post["text"] == "two"]
    assert post["media_hashes"] == [photo.sha256 for photo in photos]
    assert post["alt_texts"][0] == "a cat"
