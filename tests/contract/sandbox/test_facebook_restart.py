"""What a sandbox with a state file still knows about Pages after it was started again."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from tests.contract.sandbox.conftest import Client, open_client
from tests.contract.sandbox.facebook_films import film, send
from tests.support.sandbox import SandboxConfig, SandboxServer, account, sandbox_process

CONTENT = film(bytes_more=100_000)
HALF = len(CONTENT) // 2


def page_on(url, http):
    found = account(url, "facebook")
    return Client(http, "facebook", found["id"], found["token"])


def test_half_an_upload_goes_on_after_the_server_was_killed(tmp_path):
    state = tmp_path / "state.jsonl"
    with (
        sandbox_process(state_file=state, config={"processing_factor": 0}) as program,
        open_client(program.url) as http,
    ):
        page = page_on(program.url, http)
        reel = page.post("me/video_reels", upload_phase="start").json()
        send(http, page.token, reel["upload_url"], CONTENT[:HALF], offset=0, file_size=len(CONTENT))
        chunked = page.post("me/videos", upload_phase="start", file_size=len(CONTENT)).json()
        chunk = {"video_file_chunk": ("c", CONTENT[:HALF], "application/octet-stream")}
        session = {"upload_session_id": chunked["upload_session_id"]}
        page.post("me/videos", chunk, upload_phase="transfer", start_offset=0, **session)
        program.kill()
    config = SandboxConfig(processing_factor=0)
    with SandboxServer(state_file=state, config=config) as server, open_client(server.url) as http:
        page = page_on(server.url, http)
        url = f"/rupload/video-upload/v25.0/{reel['video_id']}"
        status = page.get(reel["video_id"], fields="status").json()["status"]
        assert status["uploading_phase"] == {"status": "in_progress", "bytes_transfered": HALF}
        send(http, page.token, url, CONTENT[HALF:], offset=HALF, file_size=len(CONTENT))
        page.post("me/video_reels", upload_phase="finish", video_id=reel["video_id"], video_state="PUBLISHED")
        chunk = {"video_file_chunk": ("c", CONTENT[HALF:], "application/octet-stream")}
        page.post("me/videos", chunk, upload_phase="transfer", start_offset=HALF, **session)
        page.post("me/videos", upload_phase="finish", **session)
        posts = http.get("/_sandbox/ledger").json()["posts"]
        assert [p["container_id"] for p in posts] == [reel["video_id"], chunked["video_id"]]
        assert {p["media_hashes"][0] for p in posts} == {sha256(CONTENT).hexdigest()}


def test_films_comments_and_subscriptions_are_kept(tmp_path):
    state = tmp_path / "state.jsonl"
    with SandboxServer(state_file=state) as server, open_client(server.url) as http:
        page = page_on(server.url, http)
        video = page.created("me/videos", {"source": ("a.mp4", CONTENT, "video/mp4")}, title="kept")
        post_id = page.created("me/feed", message="x")
        comment = page.created(f"{post_id}/comments", message="mine")
        page.post("me/subscribed_apps", subscribed_fields="feed")
        assert page.get(video, fields="status").json()["status"]["video_status"] == "processing"
    with SandboxServer(state_file=state) as server, open_client(server.url) as http:
        page = page_on(server.url, http)
        later = server.box.clock.now() + timedelta(days=3)
        http.post("/_sandbox/clock", json={"set": later.isoformat(), "freeze": True})
        found = page.get(video, fields="status,title").json()
        assert (found["status"]["video_status"], found["title"]) == ("ready", "kept")
        assert page.get(comment, fields="message").json()["message"] == "mine"
        assert page.get("me/subscribed_apps").json()["data"][0]["subscribed_fields"] == ["feed"]
        fresh = page.created(f"{post_id}/comments", message="another")
        assert fresh not in {comment, video, post_id}
        before = page.get(f"{post_id}/comments", filter="stream").json()["data"]
        likes = page.get(f"{post_id}/insights", metric="post_media_view").json()["data"]
    with SandboxServer(state_file=state) as server, open_client(server.url) as http:
        page = page_on(server.url, http)
        http.post("/_sandbox/clock", json={"set": later.isoformat(), "freeze": True})
        assert page.get(f"{post_id}/comments", filter="stream").json()["data"] == before
        assert page.get(f"{post_id}/insights", metric="post_media_view").json()["data"] == likes


def test_files_of_calls_that_never_ended_are_removed(tmp_path):
    left_over = tmp_path / "state.jsonl.uploads" / "form-abc"
    left_over.parent.mkdir()
    left_over.write_bytes(b"half a picture")
    with SandboxServer(state_file=tmp_path / "state.jsonl") as server, open_client(server.url) as http:
        page_on(server.url, http).created("me/videos", {"source": ("a.mp4", CONTENT, "video/mp4")})
        assert list(left_over.parent.iterdir()) == []


def test_a_reset_forgets_uploads(tmp_path):
    state = tmp_path / "state.jsonl"
    with SandboxServer(state_file=state) as server, open_client(server.url) as http:
        page = page_on(server.url, http)
        reel = page.post("me/video_reels", upload_phase="start").json()
        send(http, page.token, reel["upload_url"], CONTENT[:HALF], offset=0, file_size=len(CONTENT))
        http.post("/_sandbox/reset", json={}).raise_for_status()
        assert server.box.uploads.size(reel["video_id"]) == 0
        again = page.post("me/video_reels", upload_phase="start").json()
        assert page.get(again["video_id"], fields="status").json()["status"]["uploading_phase"]["bytes_transfered"] == 0
