"""Every parameter of an Instagram container: what is kept, what is refused, and how."""

from __future__ import annotations

import json

import pytest

from tests.contract.sandbox.conftest import Client
from tests.support.films import film
from tests.support.sandbox import account, jpeg, png

PLACE = "176100000000001"


@pytest.fixture
def picture(media):
    return media.put("a.jpg", jpeg())


@pytest.fixture
def reel(media):
    return {"media_type": "REELS", "video_url": media.put("a.mp4", film())}


@pytest.fixture
def through(http):
    """The same account with Facebook Login."""
    page = account(str(http.base_url), "facebook")
    return Client(http, "facebook", page["linked_instagram_id"], page["token"])


def refused(instagram, **data):
    return instagram.refused("v25.0/me/media", **data)


def tags(*positions):
    return json.dumps([{"username": f"u{n}", **p} for n, p in enumerate(positions)])


def test_a_picture_takes_people_and_a_place(instagram, picture):
    container = instagram.created(
        "me/media",
        image_url=picture,
        caption="Sea",
        location_id=PLACE,
        user_tags=tags({"x": 0, "y": 1.0}, {"x": 0.5, "y": 0.5}),
        collaborators='["one","two","three"]',
        is_ai_generated="true",
        is_paid_partnership="true",
        branded_content_sponsor_ids="1,2",
    )
    instagram.created("me/media_publish", creation_id=container)


def test_a_reel_takes_its_own(instagram, media, reel):
    instagram.become(features=["trial_reels"])
    cover = media.put("cover.jpg", jpeg(1080, 1920))
    container = instagram.created(
        "me/media",
        **reel,
        cover_url=cover,
        thumb_offset="99999999",  # the cover wins
        share_to_feed="false",
        audio_name="Waves",
        trial_params='{"graduation_strategy":"SS_PERFORMANCE"}',
        user_tags=tags({}),
    )
    assert instagram.get(container, fields="status_code").json()["status_code"] == "FINISHED"
    media_id = instagram.created("me/media_publish", creation_id=container)
    assert instagram.get(media_id, fields="is_shared_to_feed").json()["is_shared_to_feed"] is False


@pytest.mark.parametrize("offset", ["0", "10000"])
def test_thumbnails_from_inside_the_film(instagram, reel, offset):
    container = instagram.created("me/media", **reel, thumb_offset=offset)
    assert instagram.get(container, fields="status_code").json()["status_code"] == "FINISHED"


def test_thumbnails_from_outside_the_film(instagram, reel, configure):
    container = instagram.created("me/media", **reel, thumb_offset="10001")
    assert "2207057" in instagram.get(container, fields="status").json()["status"]
    assert refused(instagram, **reel, thumb_offset="-1") == (1, 2207057)
    configure(instagram_thumb_offset_at_creation=True)
    assert refused(instagram, **reel, thumb_offset="10001") == (1, 2207057)


def test_covers_are_pictures_that_can_be_fetched(instagram, media, reel):
    assert refused(instagram, **reel, cover_url=f"{media.url}/gone.jpg") == (9004, 2207052)
    assert refused(instagram, **reel, cover_url=media.put("cover.png", png())) == (36001, 2207005)


def test_trial_reels_are_for_some(instagram, reel):
    assert refused(instagram, **reel, trial_params='{"graduation_strategy":"MANUAL"}') == (100, 2207081)
    instagram.become(features=["trial_reels"])
    assert refused(instagram, **reel, trial_params='{"graduation_strategy":"NEVER"}') == (100, None)


def test_places_must_be_places(instagram, picture):
    code = "INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID"
    assert refused(instagram, image_url=picture, location_id="123") == (code, None)


@pytest.mark.parametrize(
    ("user_tags", "expected"),
    [
        ("{}", (100, None)),
        (tags({}), (100, None)),
        (tags({"x": 0.5}), (100, None)),
        (tags({"x": 1.1, "y": 0}), (100, None)),
        (tags({"x": "0", "y": "0"}), (100, None)),
        ('[{"x":0,"y":0}]', (100, None)),
        (tags(*[{"x": 0, "y": 0}] * 21), (100, 2207040)),
        ("not json", (100, None)),
    ],
)
def test_tags_on_pictures_have_a_place(instagram, picture, user_tags, expected):
    assert refused(instagram, image_url=picture, user_tags=user_tags) == expected


def test_tags_on_stories_and_films(instagram, media, picture, reel):
    instagram.created("me/media", media_type="STORIES", image_url=picture, user_tags=tags({}))
    instagram.created("me/media", media_type="STORIES", image_url=picture, user_tags=tags({"x": 0.1, "y": 0.1}))
    assert refused(instagram, **reel, user_tags=tags({"x": 0.1, "y": 0.1})) == (100, None)


@pytest.mark.parametrize(
    "data",
    [
        {"collaborators": "a,b,c,d"},
        {"media_type": "STORIES", "collaborators": "a"},
        {"is_carousel_item": "true", "collaborators": "a"},
        {"is_carousel_item": "true", "location_id": PLACE},
        {"branded_content_sponsor_ids": "1,2,3"},
        {"thumb_offset": "5"},
        {"audio_name": "Waves"},
        {"share_to_feed": "true"},
        {"cover_url": "http://127.0.0.1/cover.jpg"},
        {"trial_params": "{}"},
        {"upload_type": "resumable"},
        {"upload_type": "chunked"},
    ],
)
def test_what_does_not_go_with_a_picture_or_its_kind(instagram, picture, data):
    assert refused(instagram, image_url=picture, **data) == (100, None)


def test_carousels_take_films_and_perhaps_collaborators(instagram, media, picture, configure):
    url = media.put("a.mp4", film())
    children = [
        instagram.created("me/media", media_type="VIDEO", video_url=url, is_carousel_item="true"),
        instagram.created("me/media", image_url=picture, is_carousel_item="true", alt_text="Sea"),
    ]
    data = {"media_type": "CAROUSEL", "children": ",".join(children), "collaborators": "one"}
    container = instagram.created("me/media", **data)
    media_id = instagram.created("me/media_publish", creation_id=container)
    read = instagram.get(media_id, fields="media_type,children{media_type,media_url}").json()
    assert [c["media_type"] for c in read["children"]["data"]] == ["VIDEO", "IMAGE"]
    bare = instagram.get(media_id, fields="children").json()["children"]["data"]
    assert bare == [{"id": child["id"]} for child in read["children"]["data"]]
    configure(instagram_carousel_collaborators=False)
    assert refused(instagram, **data) == (100, None)


def test_stories_are_for_business_accounts(client, picture, configure):
    creator = client("instagram", index=1)
    assert refused(creator, media_type="STORIES", image_url=picture) == (10, None)
    configure(instagram_stories_business_only=False)
    creator.created("me/media", media_type="STORIES", image_url=picture)


def test_product_tags_need_facebook_login_and_a_shop(instagram, through, picture):
    products = json.dumps([{"product_id": "1"}])
    assert refused(instagram, image_url=picture, product_tags=products) == (100, 2207035)
    through.become(features=["shop"])
    path = f"{through.id}/media"
    through.created(path, image_url=picture, product_tags=products)
    six = json.dumps([{"product_id": "1"}] * 6)
    assert through.refused(path, image_url=picture, product_tags=six) == (100, 2207036)
    assert through.refused(path, image_url=picture, product_tags="[{}]") == (100, 2207037)
