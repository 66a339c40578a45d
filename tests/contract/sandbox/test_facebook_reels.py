"""Reels and stories of Pages: the upload host, resuming, the states of a film, the quota, used media."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest

from tests.contract.sandbox.conftest import refusal
from tests.contract.sandbox.facebook_films import film, send
from tests.support.sandbox import jpeg

STATUS = "status,published,post_id,permalink_url"


def in_seconds(seconds):
    return int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())


def start(page, edge="video_reels"):
    return page.post(f"v25.0/me/{edge}", upload_phase="start").json()


def finish(page, video, edge="video_reels", **more):
    state = {"video_state": "PUBLISHED"} if edge == "video_reels" else {}
    return page.post(f"me/{edge}", upload_phase="finish", video_id=video, **state | more)


def uploaded(page, content, edge="video_reels"):
    opened = start(page, edge)
    answer = send(page.http, page.token, opened["upload_url"], content, offset=0, file_size=len(content))
    assert answer.json() == {"success": True}, answer.text
    return opened["video_id"]


def status(page, video):
    return page.get(video, fields=STATUS).json()["status"]


def upload_photo(page):
    return page.created("me/photos", {"source": ("a.jpg", jpeg(), "image/jpeg")}, published="false")


def test_a_reel_from_start_to_public(page, configure, advance, ledger, http):
    configure(processing_factor=1)
    content = film(bytes_more=5000)
    opened = start(page)
    assert opened["upload_url"] == str(http.base_url.join(f"/rupload/video-upload/v25.0/{opened['video_id']}"))
    video = opened["video_id"]
    assert status(page, video)["uploading_phase"] == {"status": "not_started", "bytes_transfered": 0}
    send(http, page.token, opened["upload_url"], content, offset=0, file_size=len(content))
    assert status(page, video)["video_status"] == "upload_complete"
    answer = finish(page, video, description="Words").json()
    assert answer["success"] is True
    during = status(page, video)
    assert (during["video_status"], during["processing_phase"]["status"]) == ("processing", "in_progress")
    assert ledger() == []
    advance(11)
    after = status(page, video)
    assert (after["video_status"], after["publishing_phase"]["publish_status"]) == ("ready", "published")
    (post,) = ledger()
    assert (post["id"], post["container_id"], post["media_type"], post["text"]) == (
        answer["post_id"],
        video,
        "REEL",
        "Words",
    )
    assert (post["media_hashes"], post["media_sizes"]) == ([sha256(content).hexdigest()], [len(content)])
    assert [r["id"] for r in page.get("me/video_reels").json()["data"]] == [video]
    assert page.get("me/published_posts").json()["data"] == []


def test_a_cut_upload_goes_on_where_it_broke(page, play, ledger, http):
    content = film(bytes_more=200_000)
    opened = start(page)
    play({"kind": "cut_upload", "match": {"endpoint": "upload"}, "times": 1, "after_bytes": 70_000})
    with pytest.raises(httpx.TransportError):
        send(http, page.token, opened["upload_url"], content, offset=0, file_size=len(content))
    there = status(page, opened["video_id"])["uploading_phase"]
    assert there == {"status": "in_progress", "bytes_transfered": 70_000}
    assert refusal(finish(page, opened["video_id"])) == (6000, None)
    wrong = send(http, page.token, opened["upload_url"], content, offset=0, file_size=len(content))
    assert refusal(wrong) == (6001, None)
    rest = send(http, page.token, opened["upload_url"], content[70_000:], offset=70_000, file_size=len(content))
    assert rest.json() == {"success": True}
    finish(page, opened["video_id"])
    assert ledger()[0]["media_hashes"] == [sha256(content).hexdigest()]


def test_a_reel_from_an_address(page, media, ledger, http):
    content = film()
    opened = start(page)
    assert refusal(send(http, page.token, opened["upload_url"], file_url=f"{media.url}/gone.mp4")) == (389, None)
    there = media.put("a.mp4", content)
    assert send(http, page.token, opened["upload_url"], file_url=there).json() == {"success": True}
    finish(page, opened["video_id"])
    assert ledger()[0]["media_hashes"] == [sha256(content).hexdigest()]


def test_the_upload_host_wants_its_own_form_of_token_and_headers(page, client, http):
    opened = start(page)
    url, content = opened["upload_url"], film()
    sized = {"offset": "0", "file_size": str(len(content))}
    bearer = http.post(url, content=content, headers={"Authorization": f"Bearer {page.token}", **sized})
    query = http.post(url, content=content, params={"access_token": page.token}, headers=sized)
    assert refusal(bearer) == refusal(query) == (190, None)
    other = client("facebook", "ready", 1)
    assert refusal(send(http, other.token, url, content, **sized)) == (100, 33)
    assert refusal(send(http, page.token, url, content)) == (6000, None)
    assert refusal(send(http, page.token, url, content, offset=0, file_size=10)) == (6000, None)
    assert status(page, opened["video_id"])["uploading_phase"]["bytes_transfered"] == 0
    no_publish = client("facebook", "no_publish")
    assert refusal(send(http, no_publish.token, url, content, **sized)) == (200, None)
    assert refusal(http.post("/rupload/feed/v25.0/me", headers={"Authorization": f"OAuth {page.token}"})) == (100, None)


@pytest.mark.parametrize(
    ("content", "subcode"),
    [
        (film(width=1080, height=1080), 1363040),
        (film(width=360, height=640), 1363127),
        (film(seconds=2), 1363128),
        (film(seconds=91), 1363128),
        (film(rate=12), 1363129),
        (b"text that is no film " * 9, 1349125),
    ],
)
def test_films_that_are_no_reels(page, configure, ledger, content, subcode):
    assert refusal(finish(page, uploaded(page, content))) == (100, subcode)
    configure(facebook_late_film_errors=True)
    late = uploaded(page, content)
    assert finish(page, late).json()["success"] is True
    found = status(page, late)
    assert (found["video_status"], found["processing_phase"]["error"]["code"]) == ("error", subcode)
    assert ledger() == []


@pytest.mark.parametrize("content", [film(seconds=3), film(seconds=90), film(width=540, height=960), film(rate=24)])
def test_films_that_just_fit(page, content):
    assert finish(page, uploaded(page, content)).json()["success"] is True


def test_drafts_and_scheduled_reels(page, ledger, advance):
    draft, planned = uploaded(page, film()), uploaded(page, film(number=1))
    assert refusal(finish(page, draft, video_state="LATER")) == (100, None)
    finish(page, draft, video_state="DRAFT")
    for seconds in (60, 30 * 86_400):
        late = {"video_state": "SCHEDULED", "scheduled_publish_time": in_seconds(seconds)}
        assert refusal(finish(page, planned, **late)) == (100, None)
    finish(page, planned, video_state="SCHEDULED", scheduled_publish_time=in_seconds(3600))
    assert status(page, planned)["publishing_phase"]["publish_status"] == "scheduled"
    assert status(page, draft)["publishing_phase"]["publish_status"] == "draft"
    advance(3700)
    assert [p["container_id"] for p in ledger()] == [planned]


def test_thirty_in_a_day(page, configure, advance):
    configure(facebook_reel_quota_total=2)
    for number in range(2):
        finish(page, uploaded(page, film(number=number)))
    assert refusal(page.post("me/video_reels", upload_phase="start")) == (613, None)
    advance(86_500)
    video = uploaded(page, film(number=9))
    assert finish(page, video).json()["success"] is True


def test_the_answer_to_finish_with_and_without_a_post(page, configure):
    configure(facebook_finish_tells_post=False)
    video = uploaded(page, film())
    assert finish(page, video).json() == {"success": True}
    assert page.get(video, fields="post_id").json()["post_id"].startswith(f"{page.id}_")
    assert refusal(finish(page, "1")) == (100, None)
    assert refusal(finish(page, video, edge="video_stories")) == (100, None)


@pytest.mark.parametrize(("republish", "live"), [("reject", 1), ("idempotent", 1), ("duplicate", 2)])
def test_finishing_twice(page, configure, ledger, republish, live):
    configure(republish=republish)
    video = uploaded(page, film())
    finish(page, video)
    finish(page, video)
    assert [p["container_id"] for p in ledger()] == [video] * live


def test_uploads_left_alone_expire(page, advance, http):
    opened = start(page)
    advance(90_000)
    assert status(page, opened["video_id"])["video_status"] == "expired"
    content = film()
    late = send(http, page.token, opened["upload_url"], content, offset=0, file_size=len(content))
    assert refusal(late) == (6000, None)


def test_a_photo_story(page, ledger):
    photo = upload_photo(page)
    made = page.post("me/photo_stories", photo_id=photo).json()
    assert made["success"] is True
    (post,) = ledger()
    assert (post["id"], post["container_id"], post["media_type"]) == (made["post_id"], photo, "STORY")
    assert page.refused("me/photo_stories", photo_id=photo) == (100, 1366051)
    assert page.refused("me/photo_stories", photo_id="1") == (100, None)
    assert page.get("me/feed").json()["data"] == []


def test_media_in_a_post_is_no_story(page):
    published = page.post("me/photos", {"source": ("a.jpg", jpeg(), "image/jpeg")}).json()["id"]
    assert page.refused("me/photo_stories", photo_id=published) == (100, 1366051)
    in_draft = upload_photo(page)
    draft = page.created("me/feed", published="false", attached_media=f'[{{"media_fbid":"{in_draft}"}}]')
    assert page.refused("me/photo_stories", photo_id=in_draft) == (100, 1366051)
    page.delete(draft)
    assert page.post("me/photo_stories", photo_id=in_draft).json()["success"] is True


def test_a_video_story_and_its_length(page, configure, ledger):
    story = uploaded(page, film(seconds=59), "video_stories")
    made = finish(page, story, "video_stories").json()
    assert ledger()[0]["id"] == made["post_id"]
    long = uploaded(page, film(seconds=75), "video_stories")
    assert refusal(finish(page, long, "video_stories")) == (100, 1363128)
    configure(facebook_story_longest_seconds=90)
    assert finish(page, long, "video_stories").json()["success"] is True


def test_stories_are_archived_after_a_day(page, advance):
    page.post("me/photo_stories", photo_id=upload_photo(page))
    fields = {"status", "media_type", "post_id", "creation_time", "media_id", "url", "id"}
    (story,) = page.get("me/stories").json()["data"]
    assert (set(story), story["status"], story["media_type"]) == (fields, "PUBLISHED", "photo")
    assert page.get("me/stories", status="ARCHIVED").json()["data"] == []
    advance(86_500)
    assert [s["status"] for s in page.get("me/stories", status="ARCHIVED").json()["data"]] == ["ARCHIVED"]
    assert page.get("me/stories", status="PUBLISHED").json()["data"] == []
    assert refusal(page.get("me/stories", status="GONE")) == (100, None)
