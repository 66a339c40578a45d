"""What may go wrong with Threads and Instagram beyond the ordinary refusals, as rules of the fault script."""

from __future__ import annotations

import httpx
import pytest

from tests.contract.sandbox.conftest import Client, refusal
from tests.support.films import film
from tests.support.sandbox import account, jpeg

TEXT = {"media_type": "TEXT", "text": "x"}
FILM = film(frames=bytes(100_000))


@pytest.fixture
def picture(media):
    return media.put("a.jpg", jpeg())


def test_a_finished_instagram_container_may_still_not_be_ready(instagram, picture, play, ledger):
    container = instagram.created("me/media", image_url=picture)
    play(
        {"kind": "error", "code": 9007, "subcode": 2207027, "status": 400, "match": {"endpoint": "publish"}, "times": 2}
    )
    for _ in range(2):
        assert instagram.get(container, fields="status_code").json()["status_code"] == "FINISHED"
        assert instagram.refused("me/media_publish", creation_id=container) == (9007, 2207027)
    instagram.created("me/media_publish", creation_id=container)
    assert len(ledger()) == 1


def test_a_dead_token_may_look_like_a_missing_container(threads, play, http):
    container = threads.created("me/threads", **TEXT)
    http.post("/_sandbox/tokens/revoke", json={"token": threads.token, "subcode": 463})
    play({"kind": "error", "code": 24, "subcode": 4279009, "status": 400, "match": {"endpoint": "publish"}})
    assert threads.refused("me/threads_publish", creation_id=container) == (24, 4279009)
    assert refusal(threads.get("me")) == (190, 463)


@pytest.mark.parametrize(("code", "times"), [("24", 1), ("THREADS_API__FEATURE_NOT_AVAILABLE", 3)])
def test_codes_may_be_strings(threads, play, code, times):
    play({"kind": "string_code", "code": code, "match": {"endpoint": "create"}, "times": times})
    for _ in range(times):
        assert threads.refused("me/threads", **TEXT) == (code, None)
    threads.created("me/threads", **TEXT)


def test_a_burst_of_unreachable_media(instagram, picture, play):
    play({"kind": "media_unreachable", "match": {"endpoint": "media"}, "times": 3})
    for _ in range(3):
        assert instagram.refused("me/media", image_url=picture) == (9004, 2207052)
    instagram.created("me/media", image_url=picture)


def test_containers_may_fail_with_any_word_or_number(threads, instagram, picture, play):
    play({"kind": "container_error", "match": {"endpoint": "create"}, "times": 1, "message": "UNKNOWN"})
    container = threads.created("me/threads", **TEXT)
    assert threads.get(container, fields="error_message").json()["error_message"] == "UNKNOWN"
    play({"kind": "container_error", "match": {"endpoint": "create"}, "times": 1, "message": "2207082"})
    container = instagram.created("me/media", image_url=picture)
    assert "2207082" in instagram.get(container, fields="status").json()["status"]


@pytest.mark.parametrize("endpoint", ["insights", "comment", "search", "upload"])
def test_the_new_calls_have_names_in_the_script(http, threads, instagram, picture, play, endpoint):
    page = account(str(http.base_url), "facebook")
    through = Client(http, "facebook", page["linked_instagram_id"], page["token"])
    media_id = instagram.created("me/media_publish", creation_id=instagram.created("me/media", image_url=picture))
    begun = through.post(f"{through.id}/media", media_type="REELS", upload_type="resumable").json()
    headers = {"Authorization": f"OAuth {page['token']}", "offset": "0", "file_size": str(len(FILM))}
    calls = {
        "insights": lambda: instagram.get(f"{media_id}/insights", metric="views"),
        "comment": lambda: instagram.post(f"{media_id}/comments", message="x"),
        "search": lambda: threads.get("keyword_search", q="x"),
        "upload": lambda: http.post(begun["uri"], content=FILM, headers=headers),
    }
    play({"kind": "drop_before", "match": {"endpoint": endpoint}, "times": 1})
    for name, call in calls.items():
        if name == endpoint:
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)):
                call()
        assert call().status_code == 200


def test_an_upload_may_arrive_although_nobody_was_told(http, play):
    page = account(str(http.base_url), "facebook")
    through = Client(http, "facebook", page["linked_instagram_id"], page["token"])
    begun = through.post(f"{through.id}/media", media_type="REELS", upload_type="resumable").json()
    headers = {"Authorization": f"OAuth {page['token']}", "offset": "0", "file_size": str(len(FILM))}
    play({"kind": "drop_after", "match": {"endpoint": "upload"}, "times": 1})
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)):
        http.post(begun["uri"], content=FILM, headers=headers)
    status = through.get(begun["id"], fields="status_code,video_status").json()
    assert status["status_code"] == "FINISHED"
    assert status["video_status"]["uploading_phase"] == {"status": "complete", "bytes_transfered": len(FILM)}
