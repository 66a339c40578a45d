"""Instagram publishing as its reference describes it, under both logins."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.conftest import Client, refusal
from tests.support.sandbox import account, jpeg, mp4, png


@pytest.fixture
def picture(media):
    return media.put("a.jpg", jpeg())


def publish(instagram, container):
    return instagram.created(f"v25.0/{instagram.id}/media_publish", creation_id=container)


def test_a_picture_goes_container_status_publish_read(instagram, picture, ledger):
    container = instagram.created(
        f"v25.0/{instagram.id}/media", image_url=picture, caption="Sea #blue", alt_text="The sea"
    )
    status = instagram.get(f"v25.0/{container}", fields="id,status_code,status").json()
    assert status["status_code"] == "FINISHED"
    media_id = publish(instagram, container)
    assert instagram.get(f"v25.0/{container}", fields="status_code").json()["status_code"] == "PUBLISHED"
    fields = "id,caption,media_type,media_product_type,permalink,timestamp,alt_text,username,shortcode"
    read = instagram.get(f"v25.0/{media_id}", fields=fields).json()
    assert (read["caption"], read["media_type"], read["media_product_type"]) == ("Sea #blue", "IMAGE", "FEED")
    assert read["alt_text"] == "The sea"
    assert "/p/" in read["permalink"]
    listed = instagram.get(f"v25.0/{instagram.id}/media", fields="id,caption").json()["data"]
    assert listed == [{"id": media_id, "caption": "Sea #blue"}]
    (post,) = ledger()
    assert (post["container_id"], post["alt_texts"], post["text"]) == (container, ["The sea"], "Sea #blue")


def test_me_tells_two_ids(instagram):
    me = instagram.get("v25.0/me", fields="user_id,username,account_type").json()
    assert me["user_id"] == instagram.id
    assert me["id"] != instagram.id
    assert me["account_type"] == "BUSINESS"


def test_a_carousel_gets_fresh_child_ids(instagram, media, ledger):
    urls = [media.put(f"{n}.jpg", jpeg(400 + n, 400)) for n in range(3)]
    children = [
        instagram.created("me/media", image_url=url, is_carousel_item="true", alt_text=f"alt {n}")
        for n, url in enumerate(urls)
    ]
    container = instagram.created("me/media", media_type="CAROUSEL", children=",".join(children), caption="three")
    read = instagram.get(publish(instagram, container), fields="media_type,children{id,media_type}").json()
    assert read["media_type"] == "CAROUSEL_ALBUM"
    assert [c["media_type"] for c in read["children"]["data"]] == ["IMAGE"] * 3
    assert not {c["id"] for c in read["children"]["data"]} & set(children)
    assert ledger()[0]["alt_texts"] == ["alt 0", "alt 1", "alt 2"]


@pytest.mark.parametrize("count", [0, 1, 11])
def test_a_carousel_has_two_to_ten_children(instagram, picture, count):
    children = [instagram.created("me/media", image_url=picture, is_carousel_item="true") for _ in range(count)]
    assert instagram.refused("me/media", media_type="CAROUSEL", children=",".join(children)) == (100, 2207028)


def test_a_reel(instagram, media, ledger):
    container = instagram.created("me/media", media_type="REELS", video_url=media.put("a.mp4", mp4()), caption="film")
    read = instagram.get(publish(instagram, container), fields="media_type,media_product_type,permalink").json()
    assert (read["media_type"], read["media_product_type"]) == ("VIDEO", "REELS")
    assert "/reel/" in read["permalink"]
    assert ledger()[0]["media_type"] == "VIDEO"


def test_a_story_is_listed_apart(instagram, picture):
    story = publish(instagram, instagram.created("me/media", media_type="STORIES", image_url=picture))
    assert instagram.get("me/media").json()["data"] == []
    assert instagram.get("me/stories").json()["data"] == [{"id": story}]


def test_a_reel_that_cannot_be_fetched_names_the_number(instagram, media):
    missing = instagram.created("me/media", media_type="REELS", video_url=f"{media.url}/gone.mp4")
    wrong = instagram.created("me/media", media_type="REELS", video_url=media.put("b.mp4", b"no film"))
    for container, number in ((missing, "2207052"), (wrong, "2207026")):
        status = instagram.get(container, fields="status_code,status").json()
        assert status["status_code"] == "ERROR"
        assert number in status["status"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (jpeg(320, 400), None),
        (jpeg(1440, 754), None),
        (png(), (36001, 2207005)),
        (b"just text", (36001, 2207005)),
        (jpeg() + bytes(9 << 20), (36000, 2207004)),
        (jpeg(400, 600), (36003, 2207009)),
        (jpeg(800, 400), (36003, 2207009)),
        (jpeg(300, 300), (36003, 2207009)),
        (jpeg(1500, 1500), (36003, 2207009)),
    ],
)
def test_pictures_are_judged_by_their_bytes(instagram, media, content, expected):
    answer = instagram.post("me/media", image_url=media.put("picture.jpg", content))
    assert (answer.status_code == 200) is (expected is None)
    if expected:
        assert refusal(answer) == expected


def test_width_can_be_left_to_scaling(instagram, media, configure):
    configure(unscaled_instagram_width=False)
    instagram.created("me/media", image_url=media.put("wide.jpg", jpeg(1500, 1500)))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"caption": "a" * 2201}, (36004, 2207010)),
        ({"caption": " ".join(f"#t{n}" for n in range(31))}, (36004, 2207010)),
        ({"caption": " ".join(f"@t{n}" for n in range(21))}, (36004, 2207010)),
        ({"alt_text": "a" * 1001}, (100, None)),
        ({"media_type": "VIDEO"}, (100, 2207023)),
        ({"media_type": "TEXT"}, (100, 2207023)),
        ({"is_carousel_item": "true", "caption": "no"}, (100, None)),
        ({"image_url": ""}, (100, None)),
    ],
)
def test_bad_parameters(instagram, picture, data, expected):
    assert instagram.refused("me/media", **{"image_url": picture, **data}) == expected


def test_captions_at_the_limit_fit(instagram, picture):
    instagram.created("me/media", image_url=picture, caption="a" * 2200)
    instagram.created("me/media", image_url=picture, caption=" ".join(f"#t{n}" for n in range(30)))


def test_too_early_unknown_and_expired_have_their_own_codes(instagram, picture, configure, advance):
    configure(processing_factor=1)
    container = instagram.created("me/media", image_url=picture)
    assert instagram.refused("me/media_publish", creation_id=container) == (9007, 2207027)
    assert instagram.refused("me/media_publish", creation_id="1") == (24, 2207006)
    advance(86_400)
    assert instagram.get(container, fields="status_code").json()["status_code"] == "EXPIRED"
    assert instagram.refused("me/media_publish", creation_id=container) == (24, 2207008)


@pytest.mark.parametrize(("republish", "live"), [("reject", 1), ("idempotent", 1), ("duplicate", 2)])
def test_publishing_twice(instagram, picture, configure, ledger, republish, live):
    configure(republish=republish)
    container = instagram.created("me/media", image_url=picture)
    publish(instagram, container)
    again = instagram.post("me/media_publish", creation_id=container)
    assert len(ledger()) == live
    assert (again.status_code == 400) is (republish == "reject")


def test_quotas(instagram, picture, configure, advance):
    configure(instagram_quota_total=1, instagram_container_total=3)
    publish(instagram, instagram.created("me/media", image_url=picture))
    advance(3600)
    second = instagram.created("me/media", image_url=picture)
    assert instagram.refused("me/media_publish", creation_id=second) == (9, 2207042)
    instagram.created("me/media", image_url=picture)
    assert instagram.refused("me/media", image_url=picture) == (9, 2207042)
    limit = instagram.get("me/content_publishing_limit", fields="config,quota_usage").json()["data"]
    assert limit == [{"config": {"quota_total": 1, "quota_duration": 86400}, "quota_usage": 1}]
    advance(82_800)
    publish(instagram, second)


def test_the_same_account_through_facebook_login(http, instagram, picture, ledger):
    page = account(str(http.base_url), "facebook")
    through = Client(http, "facebook", page["linked_instagram_id"], page["token"])
    assert through.id == instagram.id
    container = through.created(f"v25.0/{through.id}/media", image_url=picture, caption="via the Page")
    media_id = through.created(f"v25.0/{through.id}/media_publish", creation_id=container)
    assert through.get(f"v25.0/{media_id}", fields="caption").json()["caption"] == "via the Page"
    assert through.get(f"v25.0/{through.id}", fields="username").json()["id"] == through.id
    assert instagram.get("me/media").json()["data"] == [{"id": media_id}]
    assert through.delete(f"v25.0/{media_id}").json() == {"success": True}
    assert ledger()[0]["deleted"] is True


def test_instagram_login_cannot_delete(instagram, picture):
    media_id = publish(instagram, instagram.created("me/media", image_url=picture))
    assert refusal(instagram.delete(media_id)) == (100, None)


def test_a_personal_account_may_do_nothing(client, picture):
    personal = client("instagram", "personal")
    assert personal.get("me", fields="account_type").json()["account_type"] == "PERSONAL"
    assert personal.refused("me/media", image_url=picture) == (10, None)
    assert refusal(personal.get("me/media")) == (10, None)
