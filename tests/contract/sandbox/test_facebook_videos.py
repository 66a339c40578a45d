"""Ordinary films of Pages: whole, from an address, in chunks, and what can go wrong on the way."""

from __future__ import annotations

import os
import tracemalloc
from datetime import UTC, datetime, timedelta
from hashlib import file_digest, sha256

import httpx
import pytest

from tests.contract.sandbox.conftest import refusal
from tests.contract.sandbox.facebook_films import film
from tests.support.sandbox import jpeg

STATUS = "status,published,post_id,permalink_url,title,description,length"


def in_seconds(seconds):
    return int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())


def source(content):
    return {"source": ("a.mp4", content, "video/mp4")}


def read(page, node, fields=STATUS):
    return page.get(node, fields=fields).json()


def start(page, content):
    return page.post("me/videos", upload_phase="start", file_size=len(content)).json()


def transfer(page, session, content, begin, end):
    chunk = {"video_file_chunk": ("chunk", content[int(begin) : int(end)], "application/octet-stream")}
    return page.post("me/videos", chunk, upload_phase="transfer", upload_session_id=session, start_offset=begin)


def transfer_all(page, opened, content):
    answers = [opened]
    while (at := answers[-1])["start_offset"] != at["end_offset"]:
        session = opened["upload_session_id"]
        answers.append(transfer(page, session, content, at["start_offset"], at["end_offset"]).json())
    return answers


def finish(page, session, **more):
    return page.post("me/videos", upload_phase="finish", upload_session_id=session, **more)


def test_a_whole_film_goes_live_after_its_processing(page, ledger, configure, advance):
    configure(processing_factor=1)
    content = film(seconds=12)
    thumb = {"thumb": ("t.jpg", jpeg(), "image/jpeg")}
    video = page.created("me/videos", source(content) | thumb, title="Title", description="Words")
    found = read(page, video)
    assert found["status"]["video_status"] == "processing"
    assert found["published"] is False
    assert ledger() == []
    advance(11)
    found = read(page, video)
    assert (found["status"]["video_status"], found["published"], found["length"]) == ("ready", True, 12)
    assert (found["title"], found["description"]) == ("Title", "Words")
    (post,) = ledger()
    assert post["id"] == found["post_id"] != video
    assert (post["text"], post["container_id"], post["media_type"]) == ("Words", video, "VIDEO")
    assert (post["media_hashes"], post["media_sizes"]) == ([sha256(content).hexdigest()], [len(content)])
    assert found["permalink_url"] == post["permalink"]
    (item,) = read(page, post["id"], "attachments{media_type,target}")["attachments"]["data"]
    assert (item["media_type"], item["target"]["id"]) == ("video", video)


def test_a_film_from_an_address(page, media, ledger):
    content = film()
    page.created("me/videos", file_url=media.put("a.mp4", content))
    assert ledger()[0]["media_hashes"] == [sha256(content).hexdigest()]
    assert page.refused("me/videos", file_url=f"{media.url}/gone.mp4") == (389, None)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"tiny", (382, None)),
        (b"text that is no film " * 9, (100, 1349125)),
        (jpeg(), (100, 1349125)),
        (film(seconds=20_000), (6001, None)),
        (film(bytes_more=3 << 20), (6001, None)),
    ],
)
def test_bad_films(page, configure, ledger, content, expected):
    configure(facebook_video_largest_bytes=2 << 20)
    assert refusal(page.post("me/videos", source(content))) == expected
    assert ledger() == []
    assert page.get("me/videos").json()["data"] == []


def test_what_is_missing(page):
    assert page.refused("me/videos", description="no film") == (100, None)
    assert page.refused("me/videos", upload_phase="start") == (100, None)
    assert page.refused("me/videos", upload_phase="dance") == (100, None)
    assert page.refused("me/videos", upload_phase="transfer", upload_session_id="1") == (6001, None)
    bad_thumb = source(film()) | {"thumb": ("t.jpg", b"no picture", "image/jpeg")}
    assert refusal(page.post("me/videos", bad_thumb)) == (100, 1366046)


def test_scheduled_films_drafts_and_their_windows(page, ledger, advance):
    scheduled = page.created("me/videos", source(film()), published="false", scheduled_publish_time=in_seconds(7200))
    draft = page.created("me/videos", source(film(number=1)), published="false")
    assert read(page, scheduled)["status"]["publishing_phase"]["publish_status"] == "scheduled"
    assert read(page, draft)["status"]["publishing_phase"]["publish_status"] == "draft"
    assert [p["id"] for p in page.get("me/scheduled_posts").json()["data"]] == [read(page, scheduled)["post_id"]]
    for seconds in (60, 181 * 86_400):
        late = {"published": "false", "scheduled_publish_time": in_seconds(seconds)}
        assert refusal(page.post("me/videos", source(film()), **late)) == (100, None)
    public = {"scheduled_publish_time": in_seconds(7200)}
    assert refusal(page.post("me/videos", source(film()), **public)) == (100, None)
    advance(7300)
    assert [p["container_id"] for p in ledger()] == [scheduled]
    page.post(read(page, draft)["post_id"], is_published="true")
    assert [p["container_id"] for p in ledger()] == [scheduled, draft]


def test_chunks(page, configure, ledger):
    configure(facebook_chunk_bytes=1000)
    content = film(bytes_more=2500)
    opened = start(page, content)
    assert opened["start_offset"] == "0"
    assert opened["video_id"] != opened["upload_session_id"]
    answers = transfer_all(page, opened, content)
    assert len(answers) == -(-len(content) // 1000) + 1
    assert answers[-1] == {"start_offset": str(len(content)), "end_offset": str(len(content))}
    assert read(page, opened["video_id"])["status"]["video_status"] == "upload_complete"
    assert ledger() == []
    assert finish(page, opened["upload_session_id"], description="done", title="T").json() == {"success": True}
    (post,) = ledger()
    assert (post["container_id"], post["media_hashes"]) == (opened["video_id"], [sha256(content).hexdigest()])


def test_offsets_rewind(page, configure, play, ledger):
    configure(facebook_chunk_bytes=1000)
    content = film(bytes_more=2500)
    opened = start(page, content)
    play({"kind": "rewound_offset", "match": {"endpoint": "upload", "nth": 2}, "after_bytes": 700})
    answers = transfer_all(page, opened, content)
    assert answers[2] == {"start_offset": "700", "end_offset": "1700"}
    finish(page, opened["upload_session_id"])
    assert ledger()[0]["media_hashes"] == [sha256(content).hexdigest()]


def test_a_chunk_for_another_offset(page, configure):
    configure(facebook_chunk_bytes=500)
    content = film(bytes_more=2000)
    opened = start(page, content)
    session = opened["upload_session_id"]
    wanted = transfer(page, session, content, 0, 500).json()
    assert transfer(page, session, content, 0, 500).json() == wanted == {"start_offset": "500", "end_offset": "1000"}
    configure(facebook_refuses_wrong_offsets=True)
    assert refusal(transfer(page, session, content, 1000, 1500)) == (6001, None)
    assert read(page, opened["video_id"])["status"]["uploading_phase"]["bytes_transfered"] == 500
    assert refusal(transfer(page, session, content + bytes(9), 500, len(content) + 9)) == (6000, None)


def test_finishing_too_early_cancelling_and_leaving_it(page, advance):
    content = film()
    opened = start(page, content)
    session = opened["upload_session_id"]
    assert refusal(finish(page, session)) == (6000, None)
    assert page.post("me/videos", upload_phase="cancel", upload_session_id=session).json() == {"success": True}
    assert refusal(finish(page, session)) == (6001, None)
    left = start(page, content)
    advance(90_000)
    assert refusal(transfer(page, left["upload_session_id"], content, 0, len(content))) == (6000, None)


@pytest.mark.parametrize(
    ("republish", "status", "live"), [("reject", 400, 1), ("idempotent", 200, 1), ("duplicate", 200, 2)]
)
def test_finishing_twice(page, configure, ledger, republish, status, live):
    configure(republish=republish)
    content = film()
    opened = start(page, content)
    transfer_all(page, opened, content)
    finish(page, opened["upload_session_id"])
    assert len(ledger()) == 1
    assert finish(page, opened["upload_session_id"]).status_code == status
    assert [p["container_id"] for p in ledger()] == [opened["video_id"]] * live


def test_processing_fails_or_never_ends(page, play, ledger, advance):
    play({"kind": "container_error", "match": {"endpoint": "publish", "nth": 1}, "message": "broken"})
    failed = page.created("me/videos", source(film()))
    play({"kind": "stuck_in_progress", "match": {"endpoint": "publish", "nth": 1}})
    stuck = page.created("me/videos", source(film()))
    advance(3600)
    found = read(page, failed)["status"]
    assert (found["video_status"], found["processing_phase"]["error"]["message"]) == ("error", "broken")
    assert read(page, stuck)["status"]["video_status"] == "processing"
    for video in (failed, stuck):
        assert page.refused(read(page, video)["post_id"], is_published="true") == (100, None)
        assert page.refused(read(page, video)["post_id"], scheduled_publish_time=in_seconds(9000)) == (100, None)
    assert ledger() == []


def test_slow_processing_holds_drafts_and_plans_up_but_changes_neither(page, play, ledger, advance):
    play({"kind": "stuck_in_progress", "match": {"endpoint": "create"}, "for_seconds": 9000})
    draft = page.created("me/videos", source(film()), published="false")
    at = in_seconds(1200)
    planned = page.created("me/videos", source(film(number=1)), published="false", scheduled_publish_time=at)
    advance(8000)
    assert ledger() == []
    advance(2000)
    assert [p["container_id"] for p in ledger()] == [planned]
    assert read(page, draft)["status"]["publishing_phase"]["publish_status"] == "draft"


def test_finish_is_carried_out_although_the_connection_drops(page, play, ledger):
    content = film()
    opened = start(page, content)
    transfer_all(page, opened, content)
    play({"kind": "drop_after", "match": {"endpoint": "publish"}, "times": 1})
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        finish(page, opened["upload_session_id"])
    assert [p["container_id"] for p in ledger()] == [opened["video_id"]]


def test_editing_and_deleting(page, ledger):
    video = page.created("me/videos", source(film()), title="a", description="b")
    assert page.post(video, title="c", description="d").json() == {"success": True}
    assert {k: v for k, v in read(page, video).items() if k in {"title", "description"}} == {
        "title": "c",
        "description": "d",
    }
    assert ledger()[0]["text"] == "d"
    assert [v["id"] for v in page.get("me/videos").json()["data"]] == [video]
    assert page.delete(video).json() == {"success": True}
    assert refusal(page.get(video)) == (100, 33)
    assert page.get("me/videos").json()["data"] == []


def test_the_permission_named_by_one_guide_only(page, configure, server):
    server.box.world.tokens[page.token].scopes.remove("publish_video")
    page.created("me/videos", source(film()))
    configure(facebook_needs_publish_video=True)
    assert refusal(page.post("me/videos", source(film()))) == (200, None)


def test_a_large_film_is_never_held_in_memory(page, ledger, tmp_path):
    size = 64 << 20
    path = tmp_path / "large.mp4"
    path.write_bytes(film())
    with path.open("ab") as file:
        for _ in range(size >> 20):
            file.write(os.urandom(1 << 20))
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            page.created("me/videos", {"source": ("large.mp4", file, "video/mp4")})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 24 << 20
    with path.open("rb") as file:
        assert ledger()[0]["media_hashes"] == [file_digest(file, "sha256").hexdigest()]
    assert ledger()[0]["media_sizes"] == [path.stat().st_size]


def test_no_upload_is_left_behind(page, server):
    page.created("me/videos", source(film()))
    page.post("me/videos", source(b"tiny"))
    page.post("me/feed", source(film()), message="a file nobody asked for")
    assert list(server.box.uploads.path("x").parent.iterdir()) == []
