"""Every parameter of a Threads container: what is kept, what is refused, and how."""

from __future__ import annotations

import json

import pytest

from tests.support.sandbox import jpeg

TEXT = {"media_type": "TEXT", "text": "Hello tides"}
PLACE = "176100000000001"


def post(threads, **data):
    container = threads.created("v1.0/me/threads", **{**TEXT, **data})
    return threads.created("v1.0/me/threads_publish", creation_id=container)


def read(threads, media_id, fields):
    return threads.get(f"v1.0/{media_id}", fields=fields).json()


def refused(threads, **data):
    return threads.refused("v1.0/me/threads", **{**TEXT, **data})


STYLED = {
    "plaintext": "A long story",
    "link_attachment_url": "https://example.org/story",
    "text_with_styling_info": [
        {"offset": 2, "length": 4, "styling_info": ["bold", "italic"]},
        {"offset": 7, "length": 5, "styling_info": ["underline"]},
    ],
}
SPOILERS = [{"entity_type": "SPOILER", "offset": 6, "length": 5}]


def test_what_was_sent_can_be_read_back(threads):
    media_id = post(
        threads,
        reply_control="mentioned_only",
        topic_tag="tides",
        location_id=PLACE,
        text_entities=json.dumps(SPOILERS),
        text_attachment=json.dumps(STYLED),
    )
    fields = "reply_audience,topic_tag,location_id,location{name,city},text_entities,text_attachment"
    assert read(threads, media_id, fields) == {
        "id": media_id,
        "reply_audience": "MENTIONED_ONLY",
        "topic_tag": "tides",
        "location_id": PLACE,
        "location": {"id": PLACE, "name": "Old Harbour", "city": "Hamburg"},
        "text_entities": SPOILERS,
        "text_attachment": STYLED,
    }
    assert read(threads, media_id, "location") == {"id": media_id, "location": {"id": PLACE}}


def test_features_that_were_not_used_are_left_out(threads):
    fields = (
        "poll_attachment,gif_url,topic_tag,location_id,location,allowlisted_country_codes,quoted_post,reposted_post,"
        "is_spoiler_media,text_entities,text_attachment,ghost_post_status,ghost_post_expiration_timestamp,"
        "reply_approval_status,hide_status,thumbnail_url,media_url,link_attachment_url,replied_to,root_post"
    )
    media_id = post(threads)
    assert read(threads, media_id, fields) == {"id": media_id}


def test_the_fields_everybody_has(threads):
    read_back = read(
        threads, post(threads), "media_product_type,owner,is_quote_post,is_verified,profile_picture_url,has_replies"
    )
    assert read_back["owner"] == {"id": threads.id}
    assert (read_back["media_product_type"], read_back["is_quote_post"], read_back["is_verified"]) == (
        "THREADS",
        False,
        False,
    )
    assert read_back["profile_picture_url"].endswith(f"{threads.id}.svg")


def test_polls(threads):
    options = {"option_a": "Low", "option_b": "High", "option_c": "Slack"}
    poll = read(threads, post(threads, poll_attachment=json.dumps(options)), "poll_attachment")["poll_attachment"]
    assert {name: poll[name] for name in options} == options
    assert set(poll) == {
        *options,
        *(f"{name}_votes_percentage" for name in options),
        "total_votes",
        "expiration_timestamp",
    }


@pytest.mark.parametrize(
    "poll", ["nonsense", "[]", '{"a":"x","b":"y"}', '{"option_a":"x"}', '{"option_a":1,"option_b":"y"}']
)
def test_a_poll_of_the_wrong_shape_is_dropped_in_silence_or_refused(threads, configure, poll):
    media_id = post(threads, poll_attachment=poll)
    assert read(threads, media_id, "media_type,poll_attachment") == {"id": media_id, "media_type": "TEXT_POST"}
    configure(threads_refuse_bad_polls=True)
    assert refused(threads, poll_attachment=poll) == (100, None)


def test_quotes_name_a_published_media(threads, client):
    theirs = post(client("threads", index=1))
    media_id = post(threads, quote_post_id=theirs)
    assert read(threads, media_id, "is_quote_post,quoted_post") == {
        "id": media_id,
        "is_quote_post": True,
        "quoted_post": {"id": theirs},
    }
    container = threads.created("v1.0/me/threads", **TEXT)
    assert refused(threads, quote_post_id=container) == (100, None)


def test_links_become_previews(threads):
    media_id = post(threads, text="See https://example.org/first and https://example.org/second.")
    assert read(threads, media_id, "link_attachment_url")["link_attachment_url"] == "https://example.org/first"
    media_id = post(threads, link_attachment="https://example.org/chosen")
    assert read(threads, media_id, "link_attachment_url")["link_attachment_url"] == "https://example.org/chosen"


def test_gifs_come_from_giphy(threads):
    media_id = post(threads, gif_attachment='{"gif_id":"abc","provider":"GIPHY"}')
    assert "abc" in read(threads, media_id, "gif_url")["gif_url"]
    assert refused(threads, gif_attachment='{"gif_id":"abc","provider":"TENOR"}') == (100, None)


def test_countries_are_for_eligible_profiles(threads):
    assert threads.get("me", fields="is_eligible_for_geo_gating").json()["is_eligible_for_geo_gating"] is False
    assert refused(threads, allowlisted_country_codes="DE") == ("THREADS_API__FEATURE_NOT_AVAILABLE", None)
    threads.become(features=["geo_gating"])
    assert threads.get("me", fields="is_eligible_for_geo_gating").json()["is_eligible_for_geo_gating"] is True
    media_id = post(threads, allowlisted_country_codes="DE,PT")
    assert read(threads, media_id, "allowlisted_country_codes")["allowlisted_country_codes"] == ["DE", "PT"]
    code = "THREADS_API__GEO_GATING_INVALID_COUNTRY_CODES"
    assert refused(threads, allowlisted_country_codes='["DE","XX"]') == (code, None)


def styled(*ranges):
    info = [{"offset": o, "length": n, "styling_info": ["bold"]} for o, n in ranges]
    return json.dumps({"plaintext": "0123456789", "text_with_styling_info": info})


@pytest.mark.parametrize(
    "data",
    [
        {"poll_attachment": json.dumps({"option_a": "x" * 26, "option_b": "y"})},
        {"poll_attachment": '{"option_a":"x","option_b":"y"}', "link_attachment": "https://example.org/"},
        {"poll_attachment": '{"option_a":"x","option_b":"y"}', "text_attachment": styled()},
        {"link_attachment": "not an address"},
        {"reply_control": "friends"},
        {"topic_tag": "x" * 51},
        {"location_id": "1"},
        {"quote_post_id": "1"},
        {"text_entities": "{}"},
        {"text_entities": json.dumps(SPOILERS * 11)},
        {"text_entities": '[{"entity_type":"BOLD","offset":0,"length":1}]'},
        {"text_entities": '[{"entity_type":"SPOILER","offset":9,"length":3}]'},
        {"text_attachment": "[]"},
        {"text_attachment": json.dumps({"plaintext": "x" * 10_001})},
        {"text_attachment": styled((0, 5), (4, 2))},
        {"text_attachment": styled((8, 3))},
        {"text_attachment": styled((-1, 3))},
        {"text_attachment": json.dumps(STYLED), "link_attachment": "https://example.org/"},
        {"gif_attachment": '{"provider":"GIPHY"}'},
        {"is_spoiler_media": "true"},
        {"is_carousel_item": "true"},
        {"is_ghost_post": "true", "enable_reply_approvals": "true"},
    ],
)
def test_what_is_wrong_is_code_100(threads, data):
    assert refused(threads, **data) == (100, None)


@pytest.mark.parametrize(
    "name", ["link_attachment", "poll_attachment", "text_attachment", "gif_attachment", "is_ghost_post"]
)
def test_text_only_parameters_do_not_go_with_media(threads, media, name):
    url = media.put("a.jpg", jpeg())
    value = {"link_attachment": "https://example.org/", "is_ghost_post": "true"}.get(name, "{}")
    assert refused(threads, media_type="IMAGE", image_url=url, **{name: value}) == (100, None)


def test_adjacent_styles_and_the_longest_text_fit(threads):
    post(threads, text_attachment=styled((0, 5), (5, 5)))
    post(threads, text_attachment=json.dumps({"plaintext": "x" * 10_000}))


def test_links_are_counted_everywhere(threads):
    links = " ".join(f"https://example.org/{n}" for n in range(4))
    attachment = json.dumps({"plaintext": "https://example.org/5", "link_attachment_url": "https://example.org/6"})
    code = "THREADS_API__LINK_LIMIT_EXCEEDED"
    assert refused(threads, text=links, text_attachment=attachment) == (code, None)


@pytest.mark.parametrize(
    ("data", "scope"),
    [({"location_id": PLACE}, "location_tagging"), ({"crossreshare_to_ig": "true"}, "share_to_instagram")],
)
def test_scopes(threads, data, scope):
    threads.allow("threads_basic", "threads_content_publish")
    assert refused(threads, **data) == (10, None)
    threads.allow("threads_basic", "threads_content_publish", f"threads_{scope}")
    post(threads, **data)


def test_spoiler_media_and_expanded_children(threads, media):
    urls = [media.put(f"{n}.jpg", jpeg(400 + n)) for n in range(2)]
    children = [
        threads.created("me/threads", media_type="IMAGE", image_url=url, is_carousel_item="true", alt_text="look")
        for url in urls
    ]
    media_id = post(threads, media_type="CAROUSEL", children=",".join(children), is_spoiler_media="true")
    answer = read(threads, media_id, "is_spoiler_media,children{media_type,media_url,alt_text}")
    assert answer["is_spoiler_media"] is True
    assert answer["children"]["data"] == [
        {"id": child, "media_type": "IMAGE", "media_url": url, "alt_text": "look"}
        for child, url in zip(children, urls, strict=True)
    ]
    assert read(threads, media_id, "children")["children"] == {"data": [{"id": child} for child in children]}
