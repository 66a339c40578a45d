"""What Threads and Instagram remember over a restart, and what is the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.contract.sandbox.conftest import Client, open_client, refusal
from tests.support.films import film
from tests.support.sandbox import SandboxConfig, SandboxServer, account, jpeg

DAYS = 4 * 86_400
FILM = film(frames=bytes(500_000))


@contextmanager
def served(state_file, seed=1) -> Iterator[tuple[Client, Client]]:
    """Run a sandbox on a state file; yield clients of Threads and of Instagram through Facebook Login."""
    config = SandboxConfig(processing_factor=0, threads_keyword_quota_total=1)
    with SandboxServer(config=config, seed=seed, state_file=state_file) as server, open_client(server.url) as http:
        found, page = account(server.url, "threads"), account(server.url, "facebook")
        yield (
            Client(http, "threads", found["id"], found["token"]),
            Client(http, "facebook", page["linked_instagram_id"], page["token"]),
        )


def test_threads_remember_replies_approvals_features_and_searches(tmp_path):
    state = tmp_path / "state.jsonl"
    data = {"media_type": "TEXT", "text": "Hello", "auto_publish_text": "true"}
    with served(state) as (threads, _):
        threads.become(features=["geo_gating"], followers=99)
        root = threads.created("me/threads", **data, enable_reply_approvals="true", allowlisted_country_codes="DE")
        threads.http.post("/_sandbox/clock", json={"advance": DAYS})
        waiting = threads.get(f"{root}/pending_replies").json()["data"]
        threads.post(f"{waiting[0]['id']}/manage_pending_reply", approve="true")
        threads.get("keyword_search", q="once")
        insights = threads.get(f"{root}/insights", metric="views,likes").json()
    with served(state) as (threads, _):
        assert threads.get(f"{root}/conversation").json()["data"] == waiting[:1]
        assert threads.get(f"{root}/pending_replies").json()["data"] == waiting[1:]
        assert threads.get(root, fields="allowlisted_country_codes").json()["allowlisted_country_codes"] == ["DE"]
        assert refusal(threads.get("keyword_search", q="twice")) == (613, None)
        assert threads.get(f"{root}/insights", metric="views,likes").json() == insights
        assert refusal(threads.get("me/threads_insights", metric="follower_demographics", breakdown="age"))[0] == 10
        fresh = threads.created("me/threads", **data)
        assert int(fresh) > int(root)


def test_instagram_remembers_comments_and_half_an_upload(tmp_path):
    state = tmp_path / "state.jsonl"
    with served(state) as (_, instagram):
        path = f"v25.0/{instagram.id}/media"
        begun = instagram.post(path, media_type="REELS", upload_type="resumable").json()
        headers = {"Authorization": f"OAuth {instagram.token}", "offset": "0", "file_size": str(len(FILM))}
        address = begun["uri"].removeprefix(str(instagram.http.base_url))
        instagram.http.post(address, content=FILM[:200_000], headers=headers)
    with served(state) as (_, instagram):
        status = instagram.get(begun["id"], fields="video_status").json()["video_status"]
        assert status["uploading_phase"] == {"status": "in_progress", "bytes_transfered": 200_000}
        headers["offset"] = "200000"
        assert instagram.http.post(address, content=FILM[200_000:], headers=headers).json()["success"] is True
        post = instagram.created(f"{instagram.id}/media_publish", creation_id=begun["id"])
        comment = instagram.created(f"{post}/comments", message="First!")
        instagram.post(post, comment_enabled="false")
    with served(state) as (_, instagram):
        assert instagram.get(post, fields="is_comment_enabled").json()["is_comment_enabled"] is False
        assert instagram.get(f"{post}/comments").json()["data"][0]["id"] == comment


@pytest.mark.parametrize(("seed", "same"), [(1, True), (2, False)])
def test_numbers_belong_to_the_seed(tmp_path, seed, same):
    def numbers(of_seed, name):
        with served(tmp_path / name, of_seed) as (threads, _):
            threads.created("me/threads", media_type="TEXT", text="Hello", auto_publish_text="true")
            threads.http.post("/_sandbox/clock", json={"freeze": True})
            threads.http.post("/_sandbox/clock", json={"advance": DAYS})
            root = threads.get("me/threads").json()["data"][0]["id"]
            rows = threads.get(f"{root}/insights", metric="likes,reposts,shares").json()["data"]
            texts = [r["text"] for r in threads.get(f"{root}/conversation", fields="text").json()["data"]]
            return texts, [row["values"][0]["value"] for row in rows]

    assert (numbers(1, "a") == numbers(seed, "b")) is same


def test_pictures_of_visitors_and_their_replies_open_as_pages(threads, http, advance):
    root = threads.created("me/threads", media_type="TEXT", text="Hello", auto_publish_text="true")
    advance(DAYS)
    (reply, *_) = threads.get(f"{root}/replies", fields="permalink,profile_picture_url,text").json()["data"]
    page = http.get(reply["permalink"])
    assert page.status_code == 200
    assert http.get(reply["profile_picture_url"]).status_code == 200
    assert http.get("/").text.count("<article>") == 1


def test_hidden_likes_and_new_stories(instagram, media, configure):
    container = instagram.created("me/media", image_url=media.put("a.jpg", jpeg()))
    media_id = instagram.created("me/media_publish", creation_id=container)
    assert instagram.get(media_id, fields="like_count").json() == {"like_count": 0, "id": media_id}
    configure(instagram_hidden_likes=True)
    assert instagram.get(media_id, fields="like_count").json() == {"id": media_id}
