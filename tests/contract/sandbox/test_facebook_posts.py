"""The feed of Pages in depth: links, kinds of unpublished posts, windows, editing, listings, what people add."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.contract.sandbox.conftest import refusal
from tests.support.sandbox import jpeg, png

DAY = 86_400


def in_seconds(seconds):
    return int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())


def planned(seconds, **more):
    return {"message": "x", "published": "false", "scheduled_publish_time": in_seconds(seconds), **more}


def read(page, node, fields):
    return page.get(node, fields=fields).json()


def upload(page, **data):
    return page.created("me/photos", {"source": ("a.jpg", jpeg(), "image/jpeg")}, published="false", **data)


def attach(*photos):
    return json.dumps([{"media_fbid": photo} for photo in photos])


def test_a_link_is_read_when_it_is_posted(page, media, ledger):
    page.created("me/feed", link=media.put("article", b"<html>"))
    assert media.requests == [("GET", "article")]
    assert page.refused("me/feed", link=f"{media.url}/gone") == (100, 1609005)
    assert page.refused("me/feed", link="http://127.0.0.1:1/") == (100, 1609005)
    assert page.refused("me/feed", link="https://nowhere.invalid/") == (100, 1609005)
    assert page.refused("me/feed", link="http://[broken/") == (100, 1609005)
    assert [p["link"] for p in ledger()] == [f"{media.url}/article"]


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({}, "DRAFT"),
        ({"unpublished_content_type": "DRAFT"}, "DRAFT"),
        ({"unpublished_content_type": "ADS_POST"}, "ADS_POST"),
        ({"scheduled_publish_time": in_seconds(DAY)}, "SCHEDULED"),
        ({"scheduled_publish_time": in_seconds(DAY), "unpublished_content_type": "SCHEDULED"}, "SCHEDULED"),
        ({"scheduled_publish_time": in_seconds(DAY), "unpublished_content_type": "DRAFT"}, "DRAFT"),
    ],
)
def test_kinds_of_unpublished_posts(page, more, kind):
    post_id = page.created("me/feed", message="x", published="false", **more)
    assert read(page, post_id, "unpublished_content_type")["unpublished_content_type"] == kind


def test_kinds_that_do_not_fit(page):
    for kind in ("SCHEDULED", "LATER"):
        assert page.refused("me/feed", message="x", published="false", unpublished_content_type=kind) == (100, None)


@pytest.mark.parametrize(("days", "inside"), [(29, 28.9), (30, 29.9), (75, 74.9)])
def test_the_far_end_of_the_window_is_a_switch(page, configure, days, inside):
    configure(facebook_schedule_days=days)
    page.created("me/feed", **planned(inside * DAY))
    assert page.refused("me/feed", **planned((days + 0.1) * DAY)) == (100, None)


def test_times_as_iso_text(page):
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    post_id = page.created("me/feed", message="x", published="false", scheduled_publish_time=at.isoformat())
    assert read(page, post_id, "scheduled_publish_time")["scheduled_publish_time"] == at.timestamp()


def test_a_draft_is_scheduled_later_where_that_is_allowed(page, configure, advance, ledger):
    draft = page.created("me/feed", message="x", published="false")
    configure(facebook_reschedules_drafts=False)
    assert page.refused(draft, scheduled_publish_time=in_seconds(1200)) == (100, None)
    configure(facebook_reschedules_drafts=True)
    assert page.post(draft, scheduled_publish_time=in_seconds(1200)).json() == {"success": True}
    assert [p["id"] for p in page.get("me/scheduled_posts").json()["data"]] == [draft]
    advance(1300)
    assert [p["container_id"] for p in ledger()] == [draft]


def test_deleting_a_scheduled_post_is_a_switch(page, configure, advance, ledger):
    post_id = page.created("me/feed", **planned(1200))
    configure(facebook_deletes_scheduled=False)
    assert refusal(page.delete(post_id)) == (100, None)
    configure(facebook_deletes_scheduled=True)
    assert page.delete(post_id).json() == {"success": True}
    assert refusal(page.get(post_id)) == (100, 33)
    advance(1300)
    assert ledger() == []


def test_editing(page):
    post_id = page.created("me/feed", message="old")
    assert page.post(post_id, message="new", is_hidden="true", is_pinned="true").json() == {"success": True}
    fields = "message,is_hidden,is_pinned,updated_time,created_time"
    found = read(page, post_id, fields)
    assert (found["message"], found["is_hidden"], found["is_pinned"]) == ("new", True, True)
    page.post(post_id, is_hidden="false")
    assert read(page, post_id, "is_hidden")["is_hidden"] is False
    assert page.refused(post_id, message="a" * 63_207) == (100, None)


def test_audience_and_backdating(page):
    targeting = {"geo_locations": {"countries": ["NO"]}}
    post_id = page.created(
        "me/feed", message="x", targeting=json.dumps(targeting), backdated_time="2026-01-31T08:00:00+0000"
    )
    found = read(page, post_id, "targeting,created_time,backdated_time")
    assert found["targeting"] == targeting
    assert found["created_time"] == found["backdated_time"] == "2026-01-31T08:00:00+0000"
    assert page.refused("me/feed", message="x", targeting="[1]") == (100, None)
    assert page.refused("me/feed", message="x", backdated_time=in_seconds(60)) == (100, None)


def test_refusals_inside_answers_of_success(page, play, ledger):
    post_id = page.created("me/feed", message="x")
    play({"kind": "success_false", "match": {"endpoint": "delete"}, "times": 1})
    answer = page.delete(post_id)
    assert (answer.status_code, answer.json()) == (200, {"success": False})
    assert ledger()[0]["deleted"] is False
    play({"kind": "error_in_200", "match": {"endpoint": "publish"}, "times": 1, "code": 368, "subcode": 1390008})
    answer = page.post("me/feed", message="y")
    assert (answer.status_code, refusal(answer)) == (200, (368, 1390008))
    assert len(ledger()) == 1


def test_photo_limits_and_formats(page, configure, media):
    large = {"source": ("a.jpg", jpeg() + bytes(5 << 20), "image/jpeg")}
    assert page.post("me/photos", large, published="false").status_code == 200
    configure(facebook_photo_largest_bytes=4 << 20)
    assert refusal(page.post("me/photos", large)) == (100, 1366046)
    assert page.refused("me/photos", url=media.put("b.jpg", jpeg() + bytes(5 << 20))) == (100, 1366046)
    made = page.post("me/photos", {"source": ("b.png", png(), "image/png")}, published="false").json()
    assert made.keys() == {"id"}


def test_photos_are_scheduled_on_their_own_only_by_switch(page, configure, advance, ledger):
    source = {"source": ("a.jpg", jpeg(), "image/jpeg")}
    when = {"published": "false", "scheduled_publish_time": in_seconds(1200), "caption": "x"}
    assert refusal(page.post("me/photos", source, **when)) == (100, None)
    configure(facebook_schedules_photos=True)
    made = page.post("me/photos", source, **when).json()
    assert ledger() == []
    advance(1300)
    assert [p["id"] for p in ledger()] == [made["post_id"]]


def test_temporary_photos_are_gone_after_a_day(page, advance):
    kept, lost = upload(page), upload(page, temporary="true")
    advance(DAY + 60)
    page.created("me/feed", message="x", attached_media=attach(kept))
    assert page.refused("me/feed", message="x", attached_media=attach(lost)) == (100, None)


def test_deleting_a_photo_takes_its_post_along(page, ledger):
    made = page.post("me/photos", {"source": ("a.jpg", jpeg(), "image/jpeg")}).json()
    assert page.delete(made["id"]).json() == {"success": True}
    assert ledger()[0]["deleted"] is True
    assert refusal(page.get(made["id"])) == (100, 33)
    assert refusal(page.delete(made["id"])) == (100, 33)


def test_an_album_is_read_back(page):
    photos = [upload(page, alt_text_custom=f"alt {n}") for n in range(2)]
    post_id = page.created("me/feed", attached_media=attach(*photos))
    found = read(page, post_id, "full_picture,attachments{media_type,subattachments{media_type,target,description}}")
    assert page.http.get(found["full_picture"]).content == jpeg()
    (album,) = found["attachments"]["data"]
    assert album["media_type"] == "album"
    assert [(s["target"]["id"], s["description"]) for s in album["subattachments"]["data"]] == [
        (photos[0], "alt 0"),
        (photos[1], "alt 1"),
    ]


def test_pages_of_a_listing_lead_both_ways_and_hold_the_token(page, http):
    ids = [page.created("me/feed", message=str(n)) for n in range(5)][::-1]
    first = page.get("me/published_posts", limit=2, fields="id").json()
    second = http.get(first["paging"]["next"]).json()
    back = http.get(second["paging"]["previous"]).json()
    assert [p["id"] for p in second["data"]] == ids[2:4]
    assert back["data"] == first["data"]
    assert "previous" not in first["paging"]
    assert page.token in first["paging"]["next"]
    assert refusal(page.get("me/feed", limit=101)) == (100, None)


def test_what_people_wrote_is_counted_among_the_fields(page, advance, ledger):
    post_id = page.created("me/feed", message="x")
    fields = "comments.limit(0).summary(true),reactions.limit(0).summary(true),shares"
    assert read(page, post_id, fields)["comments"] == {
        "data": [],
        "summary": {"order": "chronological", "total_count": 0, "can_comment": True},
    }
    advance(3 * DAY)
    later = read(page, post_id, fields)
    comments = page.get(f"{post_id}/comments", filter="stream", limit=100).json()["data"]
    assert later["comments"]["summary"]["total_count"] == len(comments)
    assert later["reactions"]["summary"]["total_count"] > 0
    inside = read(page, post_id, "comments.limit(1){message,from}")["comments"]["data"]
    assert [set(c) for c in inside] == [{"id", "message", "from"}][: len(comments)]
    assert "summary" not in read(page, post_id, "comments")["comments"]
    assert len(ledger()) == 1


def test_reading_what_people_wrote_needs_a_permission(page, server):
    post_id = page.created("me/feed", message="x")
    server.box.world.tokens[page.token].scopes.remove("pages_read_user_content")
    assert refusal(page.get(post_id, fields="comments.limit(0).summary(true)")) == (10, None)
    assert refusal(page.get(post_id, fields="reactions")) == (10, None)
    assert page.get(post_id, fields="message").status_code == 200


def test_visitors_write_on_the_page(page, configure, ledger, http):
    own = page.created("me/feed", message="mine")
    assert page.get("me/visitor_posts").json() == {"data": []}
    configure(facebook_visitor_posts=True)
    found = page.get("me/visitor_posts", fields="message,from", limit=100).json()["data"]
    assert 20 <= len(found) <= 30
    assert all(post["from"]["id"] != page.id for post in found)
    assert own in [p["id"] for p in page.get("me/feed", fields="id", limit=100).json()["data"]]
    assert [p["id"] for p in page.get("me/posts", fields="id").json()["data"]] == [own]
    assert [p["id"] for p in ledger()] == [own]
    assert page.post(found[0]["id"], is_hidden="true").json() == {"success": True}
    assert page.refused(found[0]["id"], message="not mine") == (100, None)


def test_rules_of_version_26(page, http):
    post_id = page.created("me/feed", message="x")
    assert refusal(page.get("v26.0/", ids=f"{post_id},{post_id}")) == (100, None)
    assert refusal(page.get(f"v26.0/{post_id}", date_format="U")) == (100, None)
    assert refusal(page.get("v26.0/me", fields="id,current_location")) == (100, None)
    plain = page.get(f"v26.0/{post_id}", fields="message", pretty="1", debug="all")
    assert plain.json() == {"message": "x", "id": post_id}
    assert "\n" not in plain.text
    again = http.get(
        f"/facebook/v26.0/{post_id}", params={"access_token": page.token}, headers={"If-None-Match": '"anything"'}
    )
    assert again.status_code == 200
    assert "etag" not in again.headers
    assert page.get(f"v20.0/{post_id}").headers["facebook-api-version"] == "v21.0"
