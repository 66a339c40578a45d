"""Ghost posts, reposts, sharing to Instagram, publishing at once, films and the quotas of Threads."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.conftest import refusal
from tests.support.films import film

TEXT = {"media_type": "TEXT", "text": "Hello"}


def post(threads, **data):
    container = threads.created("me/threads", **{**TEXT, **data})
    return threads.created("me/threads_publish", creation_id=container)


def ids(answer):
    return [item["id"] for item in answer.json()["data"]]


def test_a_ghost_is_gone_after_a_day(threads, http, advance, ledger):
    ghost = post(threads, is_ghost_post="true")
    fields = "ghost_post_status,ghost_post_expiration_timestamp,timestamp,permalink"
    before = threads.get(ghost, fields=fields).json()
    assert before["ghost_post_status"] == "ACTIVE"
    assert http.get(before["permalink"]).status_code == 200
    assert ids(threads.get("me/threads")) == ids(threads.get("me/ghost_posts")) == [ghost]
    advance(86_400)
    assert threads.get(ghost, fields=fields).json()["ghost_post_status"] == "ARCHIVED"
    assert ids(threads.get("me/threads")) == []
    assert ids(threads.get("me/ghost_posts")) == [ghost]
    assert http.get(before["permalink"]).status_code == 404
    assert threads.refused("me/threads", **TEXT, reply_to_id=ghost) == (100, None)
    assert ledger()[0]["deleted"] is False


def test_ghosts_can_stay_out_of_the_ordinary_list(threads, configure):
    configure(threads_list_ghosts=False)
    ghost = post(threads, is_ghost_post="true")
    assert ids(threads.get("me/threads")) == []
    assert ids(threads.get("me/ghost_posts")) == [ghost]


def test_a_ghost_is_no_reply(threads):
    root = post(threads)
    assert threads.refused("me/threads", **TEXT, is_ghost_post="true", reply_to_id=root) == (100, None)


@pytest.mark.parametrize(("works", "status"), [(True, "SUCCESS"), (False, "FAILED")])
def test_sharing_to_instagram_tells_how_it_went(threads, configure, ledger, works, status):
    configure(threads_sharing_succeeds=works)
    container = threads.created("me/threads", **TEXT, crossreshare_to_ig="true")
    answer = threads.post("me/threads_publish", creation_id=container).json()
    assert answer == {"id": answer["id"], "crossreshare_to_ig_status": status}
    assert [p["id"] for p in ledger()] == [answer["id"]]


def test_publishing_at_once_may_answer_either_id(threads, configure, ledger):
    media_id = threads.created("me/threads", **TEXT, auto_publish_text="true")
    assert ledger()[0]["id"] == media_id
    configure(threads_auto_publish_answers_container=True)
    container = threads.created("me/threads", **TEXT, auto_publish_text="true")
    assert ledger()[1]["container_id"] == container


def test_reposts_have_no_content_and_no_numbers(threads, client):
    original = post(client("threads", index=1))
    repost = threads.created(f"{original}/repost")
    read = threads.get(repost, fields="media_type,reposted_post,text").json()
    assert read == {"id": repost, "media_type": "REPOST_FACADE", "reposted_post": {"id": original}}
    assert threads.get(f"{repost}/insights", metric="views").json() == {"data": []}
    assert refusal(threads.post(f"{repost}/repost")) == (100, 33)
    assert refusal(threads.post("123/repost")) == (100, 33)


def test_all_quotas_in_one_answer(threads, advance):
    root = post(threads)
    threads.delete(post(threads, reply_to_id=root))
    threads.get("location_search", q="harbour")
    fields = (
        "quota_usage,config,reply_quota_usage,reply_config,delete_quota_usage,delete_config,"
        "location_search_quota_usage,location_search_config"
    )

    def limit(total):
        return {"quota_total": total, "quota_duration": 86_400}

    assert threads.get("me/threads_publishing_limit", fields=fields).json() == {
        "data": [
            {
                "quota_usage": 1,
                "config": limit(250),
                "reply_quota_usage": 1,
                "reply_config": limit(1000),
                "delete_quota_usage": 1,
                "delete_config": limit(100),
                "location_search_quota_usage": 1,
                "location_search_config": limit(500),
            }
        ]
    }
    advance(86_401)
    (later,) = threads.get("me/threads_publishing_limit", fields=fields).json()["data"]
    assert [later[f"{p}quota_usage"] for p in ("", "reply_", "delete_", "location_search_")] == [0, 0, 0, 0]


def test_deleting_needs_its_scope_and_a_free_place(threads, configure):
    first, second = post(threads), post(threads)
    configure(threads_delete_quota_total=1)
    threads.allow("threads_basic", "threads_content_publish")
    assert refusal(threads.delete(first)) == (10, None)
    threads.allow("threads_basic", "threads_content_publish", "threads_delete")
    assert threads.delete(first).json() == {"success": True, "deleted_id": first}
    assert refusal(threads.delete(second)) == (9, 2207042)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (film(), None),
        (film(brand=b"qt  ", codec=b"hvc1"), None),
        (film(301), "INVALID_DURATION"),
        (film(fps=15), "INVALID_FRAME_RATE"),
        (film(width=1200, height=100), "INVALID_ASPEC_RATIO"),
        (film(channels=6), "INVALID_AUDIO_CHANNELS"),
        (film(hertz=65_000), "FAILED_PROCESSING_AUDIO"),
        (film(codec=b"vp09"), "FAILED_PROCESSING_VIDEO"),
        (film(moov_first=False), "FAILED_PROCESSING_VIDEO"),
        (film(0.001, frames=bytes(1 << 20)), "INVALID_BIT_RATE"),
        (b"not a film", "FAILED_PROCESSING_VIDEO"),
    ],
)
def test_films_are_judged_in_the_container(threads, media, content, word):
    url = media.put("a.mp4", content)
    container = threads.created("me/threads", media_type="VIDEO", video_url=url)
    status = threads.get(container, fields="status,error_message").json()
    expected = {"id": container, "status": "ERROR", "error_message": word}
    assert status == (expected if word else {"id": container, "status": "FINISHED"})
    if word is None:
        media_id = threads.created("me/threads_publish", creation_id=container)
        read = threads.get(media_id, fields="media_type,media_url,thumbnail_url").json()
        assert (read["media_type"], read["media_url"], read["thumbnail_url"]) == ("VIDEO", url, url)


def test_hosts_of_films_may_have_to_serve_parts(threads, media, configure):
    configure(fetch_needs_ranges=True)
    container = threads.created("me/threads", media_type="VIDEO", video_url=media.put("a.mp4", film()))
    assert threads.get(container, fields="error_message").json()["error_message"] == "FAILED_DOWNLOADING_VIDEO"
