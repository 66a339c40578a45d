"""Threads as its reference describes it."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.conftest import refusal
from tests.support.sandbox import jpeg, mp4, png


def publish(threads, container):
    return threads.created("v1.0/me/threads_publish", creation_id=container)


def text_post(threads, text="Hello", **more):
    return publish(threads, threads.created(f"v1.0/{threads.id}/threads", media_type="TEXT", text=text, **more))


def test_a_text_goes_container_status_publish_read(threads, ledger):
    container = threads.created(f"v1.0/{threads.id}/threads", media_type="TEXT", text="Grüße #daily & more")
    status = threads.get(f"v1.0/{container}", fields="id,status,error_message").json()
    assert status == {"id": container, "status": "FINISHED"}
    media_id = publish(threads, container)
    assert media_id != container
    assert threads.get(f"v1.0/{container}", fields="status").json()["status"] == "PUBLISHED"
    read = threads.get(f"v1.0/{media_id}", fields="id,text,media_type,permalink,timestamp,topic_tag,username").json()
    assert read["media_type"] == "TEXT_POST"
    assert read["text"] == "Grüße #daily & more"
    assert read["topic_tag"] == "daily"
    assert read["timestamp"].endswith("+0000")
    (post,) = ledger()
    assert (post["id"], post["container_id"], post["text"]) == (media_id, container, "Grüße #daily & more")
    assert post["permalink"] == read["permalink"]


def test_unset_fields_are_left_out_and_unknown_ones_refused(threads):
    media_id = text_post(threads)
    assert threads.get(f"v1.0/{media_id}", fields="id,alt_text,children,replied_to").json() == {"id": media_id}
    assert refusal(threads.get(f"v1.0/{media_id}", fields="id,nonsense")) == (100, None)


def test_a_chain_is_listed_under_replies_with_its_parents(threads, ledger):
    first = text_post(threads, "one")
    second = text_post(threads, "two", reply_to_id=first)
    third = text_post(threads, "three", reply_to_id=second)
    roots = threads.get("v1.0/me/threads", fields="id").json()["data"]
    replies = threads.get("v1.0/me/replies", fields="id,replied_to,root_post,is_reply").json()["data"]
    assert [p["id"] for p in roots] == [first]
    assert [(p["id"], p["replied_to"]["id"], p["root_post"]["id"]) for p in replies] == [
        (third, second, first),
        (second, first, first),
    ]
    assert [(p["order"], p["reply_to_id"]) for p in ledger()] == [(1, None), (2, first), (3, second)]


def test_a_reply_needs_a_published_media_id(threads):
    container = threads.created("v1.0/me/threads", media_type="TEXT", text="not yet public")
    assert threads.refused("v1.0/me/threads", media_type="TEXT", text="x", reply_to_id=container) == (100, None)
    assert threads.refused("v1.0/me/threads", media_type="TEXT", text="x", reply_to_id="123") == (100, None)


def test_replying_to_a_stranger_needs_a_scope(client, threads):
    theirs = text_post(client("threads", index=1))
    threads.allow("threads_basic", "threads_content_publish")
    assert threads.refused("v1.0/me/threads", media_type="TEXT", text="x", reply_to_id=theirs) == (10, None)


def test_a_carousel_keeps_order_and_alt_texts(threads, media, ledger):
    children = [
        threads.created("v1.0/me/threads", media_type="IMAGE", image_url=url, is_carousel_item="true", alt_text=alt)
        for url, alt in ((media.put("a.jpg", jpeg()), "first"), (media.put("b.png", png()), "second"))
    ]
    container = threads.created("v1.0/me/threads", media_type="CAROUSEL", children=",".join(children), text="both")
    media_id = publish(threads, container)
    read = threads.get(f"v1.0/{media_id}", fields="media_type,children").json()
    assert read["media_type"] == "CAROUSEL_ALBUM"
    assert [c["id"] for c in read["children"]["data"]] == children
    (post,) = ledger()
    assert post["alt_texts"] == ["first", "second"]
    assert len(set(post["media_hashes"])) == 2


def test_carousel_children_are_checked(threads, media):
    url = media.put("a.jpg", jpeg())
    child = threads.created("v1.0/me/threads", media_type="IMAGE", image_url=url, is_carousel_item="true")
    lone = threads.created("v1.0/me/threads", media_type="IMAGE", image_url=url)
    for children in (child, f"{child},{lone}", f"{child},999"):
        assert threads.refused("v1.0/me/threads", media_type="CAROUSEL", children=children) == (100, None)
    assert threads.refused("v1.0/me/threads_publish", creation_id=child) == (24, 4279009)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a" * 500, True),
        ("a" * 501, False),
        ("ü" * 500, True),
        ("a" * 475 + "👨‍👩‍👧‍👦", True),
        ("a" * 476 + "👨‍👩‍👧‍👦", False),
        ("a" * 496 + "🎉", True),
        ("a" * 497 + "🎉", False),
    ],
)
def test_five_hundred_counts_emoji_in_bytes(threads, text, fits):
    answer = threads.post("v1.0/me/threads", media_type="TEXT", text=text)
    assert (answer.status_code == 200) is fits
    if not fits:
        assert "at most 500 characters" in answer.json()["error"]["message"]


def test_links_and_features_are_refused_with_symbolic_codes(threads):
    links = " ".join(f"https://example.org/{n}" for n in range(5))
    text_post(threads, links + " https://example.org/0")
    sixth = {"media_type": "TEXT", "text": links, "link_attachment": "https://example.org/6"}
    assert threads.refused("v1.0/me/threads", **sixth) == ("THREADS_API__LINK_LIMIT_EXCEEDED", None)
    gated = {"media_type": "TEXT", "text": "x", "allowlisted_country_codes": "DE"}
    assert threads.refused("v1.0/me/threads", **gated) == ("THREADS_API__FEATURE_NOT_AVAILABLE", None)


@pytest.mark.parametrize(
    "data",
    [
        {"media_type": "STORY", "text": "x"},
        {"media_type": "TEXT"},
        {"media_type": "IMAGE"},
        {"media_type": "TEXT", "text": "x", "topic_tag": "a.b"},
        {"media_type": "TEXT", "text": "x", "reply_control": "nobody"},
        {"media_type": "TEXT", "text": "x", "alt_text": "a" * 1001},
    ],
)
def test_bad_parameters_are_code_100(threads, data):
    assert threads.refused("v1.0/me/threads", **data) == (100, None)


def test_nothing_is_published_before_it_is_ready(threads, media, configure, advance):
    configure(processing_factor=1)
    container = threads.created("v1.0/me/threads", media_type="VIDEO", video_url=media.put("a.mp4", mp4()))
    assert threads.get(f"v1.0/{container}", fields="status").json()["status"] == "IN_PROGRESS"
    assert threads.refused("v1.0/me/threads_publish", creation_id=container) == (24, 4279009)
    advance(10)
    assert threads.get(f"v1.0/{container}", fields="status").json()["status"] == "FINISHED"
    publish(threads, container)


def test_a_carousel_waits_for_its_children(threads, media, configure, advance):
    configure(processing_factor=1)
    film, picture = media.put("a.mp4", mp4()), media.put("b.png", png())
    children = [
        threads.created("v1.0/me/threads", media_type="VIDEO", video_url=film, is_carousel_item="true"),
        threads.created("v1.0/me/threads", media_type="IMAGE", image_url=picture, is_carousel_item="true"),
    ]
    container = threads.created("v1.0/me/threads", media_type="CAROUSEL", children=",".join(children))
    advance(4)
    assert threads.get(f"v1.0/{container}", fields="status").json()["status"] == "IN_PROGRESS"
    advance(8)
    assert threads.get(f"v1.0/{container}", fields="status").json()["status"] == "FINISHED"


def test_a_film_that_cannot_be_fetched_fails_in_the_container(threads, media):
    missing = threads.created("v1.0/me/threads", media_type="VIDEO", video_url=f"{media.url}/gone.mp4")
    wrong = threads.created("v1.0/me/threads", media_type="VIDEO", video_url=media.put("a.mp4", b"not a film"))
    for container, why in ((missing, "FAILED_DOWNLOADING_VIDEO"), (wrong, "FAILED_PROCESSING_VIDEO")):
        status = threads.get(f"v1.0/{container}", fields="status,error_message").json()
        assert (status["status"], status["error_message"]) == ("ERROR", why)
        assert threads.refused("v1.0/me/threads_publish", creation_id=container) == (24, 4279009)


def test_containers_expire_after_a_day(threads, advance):
    container = threads.created("v1.0/me/threads", media_type="TEXT", text="late")
    advance(86_399)
    assert threads.get(f"v1.0/{container}", fields="status").json()["status"] == "FINISHED"
    advance(1)
    assert threads.get(f"v1.0/{container}", fields="status").json()["status"] == "EXPIRED"
    assert threads.refused("v1.0/me/threads_publish", creation_id=container) == (24, 4279009)


@pytest.mark.parametrize(("republish", "live"), [("reject", 1), ("idempotent", 1), ("duplicate", 2)])
def test_publishing_twice(threads, configure, ledger, republish, live):
    configure(republish=republish)
    container = threads.created("v1.0/me/threads", media_type="TEXT", text="once?")
    first = publish(threads, container)
    again = threads.post("v1.0/me/threads_publish", creation_id=container)
    assert len(ledger()) == live
    assert {p["container_id"] for p in ledger()} == {container}
    if republish == "reject":
        assert refusal(again) == (100, None)
    else:
        assert (again.json()["id"] == first) is (republish == "idempotent")


def test_another_profiles_container_is_unknown(client, threads):
    other = client("threads", index=1)
    container = other.created("v1.0/me/threads", media_type="TEXT", text="mine")
    assert refusal(threads.get(f"v1.0/{container}", fields="status")) == (100, 33)
    assert threads.refused("v1.0/me/threads_publish", creation_id=container) == (24, 4279009)
    assert threads.refused(f"v1.0/{other.id}/threads", media_type="TEXT", text="x") == (100, 33)


def test_listing_pages_with_cursors_and_windows(threads, advance):
    ids = []
    for number in range(5):
        ids.append(text_post(threads, f"post {number}"))
        advance(60)
    first = threads.get("v1.0/me/threads", fields="id,timestamp", limit=2).json()
    second = threads.get("v1.0/me/threads", fields="id", limit=2, after=first["paging"]["cursors"]["after"]).json()
    third = threads.get("v1.0/me/threads", fields="id", limit=2, after=second["paging"]["cursors"]["after"]).json()
    assert [p["id"] for page in (first, second, third) for p in page["data"]] == ids[::-1]
    assert "after" not in third["paging"]["cursors"]
    assert "next" not in first["paging"]
    since = first["data"][1]["timestamp"]
    recent = threads.get("v1.0/me/threads", fields="id", since=since).json()["data"]
    assert [p["id"] for p in recent] == ids[:2:-1]
    assert refusal(threads.get("v1.0/me/threads", since="1000")) == (100, None)
    assert refusal(threads.get("v1.0/me/threads", limit="101")) == (100, None)


def test_listing_lags_while_reading_by_id_does_not(threads, configure, advance):
    configure(listing_delay_seconds=30)
    media_id = text_post(threads)
    assert threads.get("v1.0/me/threads").json() == {"data": []}
    assert threads.get(f"v1.0/{media_id}").json() == {"id": media_id}
    advance(31)
    assert threads.get("v1.0/me/threads").json()["data"] == [{"id": media_id}]


def test_the_status_can_lag_behind_the_publishing(threads, configure, advance, ledger):
    configure(published_status_delay_seconds=30)
    container = threads.created("me/threads", media_type="TEXT", text="x")
    publish(threads, container)
    assert threads.get(container, fields="status").json()["status"] == "FINISHED"
    assert threads.refused("me/threads_publish", creation_id=container) == (100, None)
    advance(31)
    assert threads.get(container, fields="status").json()["status"] == "PUBLISHED"
    assert len(ledger()) == 1


def test_deleting_leaves_the_ledger_alone(threads, ledger):
    media_id = text_post(threads)
    assert threads.delete(f"v1.0/{media_id}").json() == {"success": True, "deleted_id": media_id}
    assert refusal(threads.get(f"v1.0/{media_id}")) == (100, 33)
    assert threads.get("v1.0/me/threads").json()["data"] == []
    (post,) = ledger()
    assert post["deleted"] is True


def test_quotas_roll_over_24_hours(threads, configure, advance):
    configure(threads_quota_total=2, threads_reply_quota_total=1)
    first = text_post(threads)
    advance(3600)
    text_post(threads)
    text_post(threads, reply_to_id=first)
    container = threads.created("v1.0/me/threads", media_type="TEXT", text="too many")
    reply = threads.created("v1.0/me/threads", media_type="TEXT", text="too many", reply_to_id=first)
    assert threads.refused("v1.0/me/threads_publish", creation_id=container) == (9, 2207042)
    assert threads.refused("v1.0/me/threads_publish", creation_id=reply) == (9, 2207042)
    (limit,) = threads.get(
        "v1.0/me/threads_publishing_limit", fields="quota_usage,config,reply_quota_usage,reply_config"
    ).json()["data"]
    assert (limit["quota_usage"], limit["config"]) == (2, {"quota_total": 2, "quota_duration": 86400})
    assert (limit["reply_quota_usage"], limit["reply_config"]["quota_total"]) == (1, 1)
    advance(82_800 + 1)
    publish(threads, container)


def test_create_and_publish_in_one_call(threads, ledger):
    media_id = threads.created("v1.0/me/threads", media_type="TEXT", text="at once", auto_publish_text="true")
    assert [p["id"] for p in ledger()] == [media_id]


def test_a_picture_keeps_its_alt_text(threads, media):
    url = media.put("a.png", png())
    container = threads.created("v1.0/me/threads", media_type="IMAGE", image_url=url, text="look", alt_text="A square")
    read = threads.get(f"v1.0/{publish(threads, container)}", fields="alt_text,media_url,media_type").json()
    assert (read["alt_text"], read["media_url"], read["media_type"]) == ("A square", url, "IMAGE")
