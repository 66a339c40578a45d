"""Pages as their guides describe them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.contract.sandbox.conftest import refusal
from tests.support.sandbox import jpeg, png

READ = "id,message,created_time,permalink_url,is_published,scheduled_publish_time,unpublished_content_type"


def read(page, post_id, fields=READ):
    return page.get(f"v25.0/{post_id}", fields=fields).json()


def upload(page, **data):
    return page.created("me/photos", {"source": ("a.jpg", jpeg(), "image/jpeg")}, published="false", **data)


def in_seconds(seconds):
    return int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())


def test_a_post_goes_live_at_once(page, ledger):
    post_id = page.created(f"v25.0/{page.id}/feed", message="Hello")
    assert post_id.startswith(f"{page.id}_")
    found = read(page, post_id)
    assert found["is_published"] is True
    assert found["message"] == "Hello"
    (post,) = ledger()
    assert (post["id"], post["container_id"], post["media_type"]) == (post_id, None, "TEXT")
    assert post["permalink"] == found["permalink_url"]


def test_a_prepared_post_is_flipped(page, ledger, advance):
    post_id = page.created("me/feed", message="Soon", published="false")
    before = read(page, post_id)
    assert (before["is_published"], before["unpublished_content_type"]) == (False, "DRAFT")
    assert ledger() == []
    assert page.get("me/published_posts").json()["data"] == []
    advance(3600)
    assert page.post(post_id, is_published="true").json() == {"success": True}
    after = read(page, post_id)
    assert after["is_published"] is True
    assert datetime.fromisoformat(after["created_time"]) > datetime.fromisoformat(before["created_time"])
    assert [p["container_id"] for p in ledger()] == [post_id]
    for edge in ("feed", "posts", "published_posts"):
        assert [p["id"] for p in page.get(f"me/{edge}", fields="id").json()["data"]] == [post_id]


@pytest.mark.parametrize(
    ("republish", "status", "live"), [("reject", 400, 1), ("idempotent", 200, 1), ("duplicate", 200, 2)]
)
def test_flipping_twice(page, configure, ledger, republish, status, live):
    configure(republish=republish)
    post_id = page.created("me/feed", message="once?", published="false")
    page.post(post_id, is_published="true")
    again = page.post(post_id, is_published="true", message="changed")
    assert again.status_code == status
    assert len(ledger()) == live
    assert {p["container_id"] for p in ledger()} == {post_id}


def test_one_photo_by_upload_and_one_by_address(page, media, ledger):
    source = {"source": ("a.jpg", jpeg(), "image/jpeg")}
    uploaded = page.post("me/photos", source, caption="mine", alt_text_custom="A square").json()
    fetched = page.post("me/photos", url=media.put("b.png", png()), caption="theirs").json()
    assert uploaded["post_id"] != fetched["post_id"]
    assert [p["text"] for p in ledger()] == ["mine", "theirs"]
    assert ledger()[0]["alt_texts"] == ["A square"]
    assert read(page, uploaded["id"], "id,alt_text,page_story_id") == {
        "id": uploaded["id"],
        "alt_text": "A square",
        "page_story_id": uploaded["post_id"],
    }


@pytest.mark.parametrize("style", ["json", "form"])
def test_many_photos_in_one_post(page, ledger, style):
    photos = [upload(page, alt_text_custom=f"alt {n}", temporary="true") for n in range(3)]
    assert ledger() == []
    items = [{"media_fbid": photo} for photo in photos]
    attached = {"attached_media": json.dumps(items)}
    if style == "form":
        attached = {f"attached_media[{n}]": json.dumps(item) for n, item in enumerate(items)}
    post_id = page.created("me/feed", message="three", **attached)
    (post,) = ledger()
    assert (post["media_type"], post["alt_texts"], post["children"]) == ("ALBUM", ["alt 0", "alt 1", "alt 2"], photos)
    (album,) = read(page, post_id, "attachments{media_type,subattachments}")["attachments"]["data"]
    assert [item["target"]["id"] for item in album["subattachments"]["data"]] == photos


def test_photos_cannot_be_posted_twice(page):
    attached = json.dumps([{"media_fbid": upload(page)}])
    draft = page.created("me/feed", message="draft", attached_media=attached, published="false")
    page.created("me/feed", message="live", attached_media=attached)
    assert page.refused("me/feed", message="again", attached_media=attached) == (100, 1366051)
    assert read(page, draft)["is_published"] is False


@pytest.mark.parametrize("content", [b"text named .jpg", jpeg() + bytes(10 << 20), jpeg()[:20]])
def test_bad_photos(page, media, content):
    answer = page.post("me/photos", {"source": ("a.jpg", content, "image/jpeg")})
    assert refusal(answer) == (100, 1366046)
    assert page.refused("me/photos", url=media.put("bad.jpg", content)) == (100, 1366046)


def test_a_photo_that_cannot_be_fetched(page, media):
    assert page.refused("me/photos", url=f"{media.url}/gone.jpg") == (100, 2061006)
    assert page.refused("me/photos", caption="no photo") == (100, None)


def test_a_link(page, ledger):
    made = page.post("me/feed", message="read", link="https://example.org/a", fields="id,permalink_url").json()
    post_id = made["id"]
    assert made["permalink_url"] == ledger()[0]["permalink"]
    (item,) = read(page, post_id, "attachments")["attachments"]["data"]
    assert (item["media_type"], item["url"]) == ("link", "https://example.org/a")
    assert ledger()[0]["link"] == "https://example.org/a"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, (100, None)),
        ({"message": "a" * 63_207}, (100, None)),
        ({"link": "nonsense"}, (100, 1609005)),
        ({"link": "https://www.facebook.com/x"}, (100, 1609008)),
        ({"message": "x", "attached_media": '[{"media_fbid":"1"}]'}, (100, None)),
        ({"message": "x", "attached_media": "not json"}, (100, None)),
        ({"message": "x", "scheduled_publish_time": "tomorrow", "published": "false"}, (100, None)),
    ],
)
def test_bad_posts(page, data, expected):
    assert page.refused("me/feed", **data) == expected


def test_a_scheduled_post_goes_live_by_the_clock(page, ledger, advance):
    at = in_seconds(1200)
    post_id = page.created("me/feed", message="later", published="false", scheduled_publish_time=at)
    assert [p["id"] for p in page.get("me/scheduled_posts").json()["data"]] == [post_id]
    assert read(page, post_id)["scheduled_publish_time"] == at
    advance(1100)
    assert ledger() == []
    advance(200)
    (post,) = ledger()
    assert datetime.fromisoformat(post["created_at"]).timestamp() == at
    assert page.get("me/scheduled_posts").json()["data"] == []
    assert read(page, post_id)["is_published"] is True


def test_the_scheduling_window(page):
    for seconds in (500, 31 * 86_400):
        planned = {"message": "x", "published": "false", "scheduled_publish_time": in_seconds(seconds)}
        assert page.refused("me/feed", **planned) == (100, None)
    live = {"message": "x", "scheduled_publish_time": in_seconds(1200)}
    assert page.refused("me/feed", **live) == (100, None)


def test_scheduled_photos_become_a_draft_unless_told(page):
    planned = {"message": "x", "published": "false", "scheduled_publish_time": in_seconds(1200)}
    draft = page.created("me/feed", attached_media=json.dumps([{"media_fbid": upload(page)}]), **planned)
    kept = page.created(
        "me/feed",
        attached_media=json.dumps([{"media_fbid": upload(page)}]),
        unpublished_content_type="SCHEDULED",
        **planned,
    )
    assert [p["id"] for p in page.get("me/scheduled_posts").json()["data"]] == [kept]
    assert read(page, draft)["unpublished_content_type"] == "DRAFT"


def test_rescheduling_editing_and_cancelling(page, advance, ledger):
    post_id = page.created("me/feed", message="a", published="false", scheduled_publish_time=in_seconds(1200))
    other = page.created("me/feed", message="b", published="false", scheduled_publish_time=in_seconds(1200))
    page.post(post_id, scheduled_publish_time=in_seconds(3600), message="c")
    assert page.delete(other).json() == {"success": True}
    advance(1800)
    assert ledger() == []
    advance(3600)
    assert [p["text"] for p in ledger()] == ["c"]
    assert refusal(page.post(post_id, scheduled_publish_time=in_seconds(9000))) == (100, None)


def test_listing_has_next_with_everything_in_it(page, http):
    ids = [page.created("me/feed", message=str(n)) for n in range(3)]
    first = page.get("me/feed", limit=2, fields="id").json()
    second = http.get(first["paging"]["next"]).json()
    assert [p["id"] for p in first["data"] + second["data"]] == ids[::-1]
    assert "next" not in second["paging"]


def test_the_user_behind_the_pages(client, page):
    user = client("facebook", "login")
    pages = user.get("me/accounts", fields="id,name,access_token,tasks,instagram_business_account{id}").json()["data"]
    assert pages[0]["id"] == page.id
    assert pages[0]["access_token"] == page.token
    assert "CREATE_CONTENT" in pages[0]["tasks"]
    assert pages[0]["instagram_business_account"]["id"] != page.id
    assert user.get("me").json().keys() == {"id", "name"}
    granted = {p["permission"] for p in user.get("me/permissions").json()["data"]}
    assert {"pages_show_list", "pages_manage_posts"} <= granted
    assert page.get("me").json()["id"] == page.id


def test_debug_token_tells_the_kind_and_the_end(client, page):
    never = page.get("debug_token", input_token=page.token).json()["data"]
    assert (never["is_valid"], never["type"], never["expires_at"], never["profile_id"]) == (True, "PAGE", 0, page.id)
    dead = page.get("debug_token", input_token=client("facebook", "expired").token)
    assert dead.status_code == 200
    assert (dead.json()["data"]["is_valid"], dead.json()["data"]["error"]["subcode"]) == (False, 463)
    by_app = page.http.get("/facebook/debug_token", params={"input_token": page.token, "access_token": "1|secret"})
    assert by_app.json()["data"]["is_valid"] is True
