"""Deliveries of webhooks: every envelope, each event once, in order; and whatever else somebody may send."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.connectors.meta.webhook_events import (
    MOST_EVENTS,
    SEEN_FOR,
    CommentReceived,
    MemorySeenEvents,
    MentionReceived,
    OtherChange,
    PageFeedChanged,
    StoryMeasured,
    ThreadsChanged,
    WebhookEvent,
    fresh_events,
    read_events,
)
from desktop.connectors.meta.webhooks import MOST_BYTES, WebhookFault, WebhookRefused

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
SENT = SECONDS - 60


def delivery(kind: str, *changes: dict[str, Any], entry_id: str = "1001", time: int = SENT) -> dict[str, Any]:
    return {"object": kind, "entry": [{"id": entry_id, "time": time, "changes": list(changes)}]}


def read(document: Any) -> tuple[WebhookEvent, ...]:
    return read_events(json.dumps(document).encode(), NOW)


def only(document: Any) -> Any:
    [event] = read(document)
    return event


def feed(verb: str, at: int, **value: Any) -> dict[str, Any]:
    return {"field": "feed", "value": {"item": "comment", "verb": verb, "created_time": at} | value}


# ---- what they say ----


def test_a_comment_on_a_page() -> None:
    change = feed(
        "add",
        SECONDS - 90,
        post_id="1001_5",
        comment_id="5_7",
        parent_id="1001_5",
        message="Grüße 🌍",
        **{"from": {"id": 42, "name": "Ada"}},
    )
    event = only(delivery("page", change))
    assert isinstance(event, PageFeedChanged)
    assert (event.object, event.target_id, event.field) == ("page", "1001", "feed")
    assert event.at == NOW - timedelta(seconds=90)
    assert (event.item, event.verb, event.comment_id, event.from_id) == ("comment", "add", "5_7", "42")
    assert (event.message, event.from_name, event.is_hidden) == ("Grüße 🌍", "Ada", False)


def test_comments_mentions_and_stories_on_instagram() -> None:
    comment = {"id": "9", "text": "hi", "from": {"id": "1", "username": "bob"}, "media": {"id": "m1"}}
    story = {"media_id": "s1", "impressions": 444, "replies": -1, "exits": "7", "reach": None}
    first, second, third = read(
        delivery(
            "instagram",
            {"field": "comments", "value": comment},
            {"field": "mentions", "value": {"media_id": "m2", "comment_id": "c2"}},
            {"field": "story_insights", "value": story},
        )
    )
    assert isinstance(first, CommentReceived)
    assert (first.comment_id, first.media_id, first.from_name, first.text) == ("9", "m1", "bob", "hi")
    assert first.at == NOW - timedelta(seconds=60)
    assert isinstance(second, MentionReceived)
    assert (second.media_id, second.comment_id) == ("m2", "c2")
    assert isinstance(third, StoryMeasured)
    assert third.metrics == {"impressions": 444, "replies": None, "exits": 7}


def test_the_flat_form_of_instagrams_own_login() -> None:
    entry = {"id": "17", "time": SENT, "field": "comments", "value": {"id": "9", "text": "hi"}}
    event = only({"object": "instagram", "entry": [entry]})
    assert isinstance(event, CommentReceived)
    assert (event.target_id, event.comment_id) == ("17", "9")


REPLY = {
    "id": "8901234",
    "username": "gogomidas",
    "text": "Reply",
    "timestamp": "2026-11-22T11:58:00+0000",
    "root_post": {"id": "123"},
    "replied_to": {"id": "567"},
    "permalink": "https://www.threads.net/@gogomidas/post/Pp",
}


def test_both_forms_of_threads_say_the_same() -> None:
    documented = {
        "app_id": "123456",
        "topic": "moderate",
        "target_id": "78901",
        "time": SENT,
        "subscription_id": "234567",
        "has_uid_field": False,
        "values": {"field": "replies", "value": REPLY},
    }
    event = only(documented)
    assert isinstance(event, ThreadsChanged)
    assert (event.media_id, event.replied_to_id, event.root_post_id) == ("8901234", "567", "123")
    assert event.at == NOW - timedelta(minutes=2)
    assert only(delivery("threads", {"field": "replies", "value": REPLY}, entry_id="78901")) == event
    assert only(documented | {"values": [documented["values"]]}) == event


def test_what_has_no_name_here_is_kept_as_it_came() -> None:
    event = only(delivery("user", {"field": "photos", "value": ["a", 1]}))
    assert isinstance(event, OtherChange)
    assert event.value == ["a", 1]
    assert isinstance(only(delivery("page", {"field": "feed2", "value": 3})), OtherChange)
    assert read(delivery("page", {"value": 3}, {"field": None}, {"field": ["x"]})) == ()


# ---- once, and in order ----


def test_a_repeated_delivery_is_the_same_event_whenever_and_however_it_is_sent() -> None:
    value = {"id": "9", "text": "hi", "media": {"id": "m1"}}
    first = only(delivery("instagram", {"field": "comments", "value": value}))
    again = only(delivery("instagram", {"value": dict(reversed(value.items())), "field": "comments"}, time=SENT + 3600))
    other = only(delivery("instagram", {"field": "comments", "value": value | {"id": "10"}}))
    assert first.key == again.key
    assert len({first.key, other.key}) == 2


def test_each_event_is_passed_on_once_for_two_days() -> None:
    seen = MemorySeenEvents()
    events = read(delivery("page", feed("add", SECONDS - 5), feed("add", SECONDS - 5), feed("add", SECONDS - 4)))
    assert len(fresh_events(events, seen, NOW)) == 2
    assert fresh_events(events, seen, NOW + timedelta(hours=36)) == ()
    assert len(fresh_events(events, seen, NOW + SEEN_FOR)) == 2


def test_what_is_remembered_is_bounded() -> None:
    seen = MemorySeenEvents(most=3)
    hour = timedelta(hours=1)
    assert [seen.add(key, NOW, hour) for key in "abca"] == [True, True, True, False]
    assert seen.add("d", NOW, hour)
    assert [seen.add(key, NOW, hour) for key in "cad"] == [False, False, False], "b was not met for longest"
    assert seen.add("b", NOW, hour)


def test_events_come_in_the_order_things_happened() -> None:
    late = read(delivery("page", feed("remove", SECONDS - 10), feed("add", SECONDS - 10), time=SENT))
    early = read(delivery("page", feed("edited", SECONDS - 10), feed("add", SECONDS - 20), time=SENT + 30))
    ordered = fresh_events([*late, *early], MemorySeenEvents(), NOW)
    assert [(e.verb, e.at) for e in ordered if isinstance(e, PageFeedChanged)] == [
        ("add", NOW - timedelta(seconds=20)),
        ("add", NOW - timedelta(seconds=10)),
        ("edited", NOW - timedelta(seconds=10)),
        ("remove", NOW - timedelta(seconds=10)),
    ]


# ---- hostile ----


def refused(body: bytes) -> WebhookFault:
    with pytest.raises(WebhookRefused) as caught:
        read_events(body, NOW)
    return caught.value.fault


def test_more_than_a_delivery_can_hold_is_refused() -> None:
    full = delivery("page", *({"field": "feed", "value": number} for number in range(MOST_EVENTS)))
    assert len(read(full)) == MOST_EVENTS
    full["entry"][0]["changes"].append({"field": "feed"})
    assert refused(json.dumps(full).encode()) is WebhookFault.TOO_LARGE
    assert refused(b" " * (MOST_BYTES + 1)) is WebhookFault.TOO_LARGE


@pytest.mark.parametrize(
    "document",
    [{}, {"object": "page"}, {"object": "permissions", "entry": []}, {"object": "page", "entry": {}}, {"values": 1}],
)
def test_what_is_no_delivery_is_refused(document: Any) -> None:
    assert refused(json.dumps(document).encode()) is WebhookFault.SHAPE


@pytest.mark.parametrize("depth", [900, 990, 5000])
def test_deep_values_never_exhaust_the_stack(depth: int) -> None:
    frame = b'{"object":"page","entry":[{"id":"1","changes":[{"field":"x","value":%s}]}]}'
    assert len(read_events(frame % (b"[" * 100 + b"]" * 100), NOW)) == 1
    with suppress(WebhookRefused):  # where the stack ends is not ours to say
        assert len(read_events(frame % (b"[" * depth + b"]" * depth), NOW)) == 1


@pytest.mark.parametrize(
    "timestamp", ["0001-01-01T00:00:00+2359", "9999-12-31T23:59:59-2359", "1999-01-01T00:00:00+0000", "x", 5, None]
)
def test_impossible_times_are_the_time_of_sending(timestamp: object) -> None:
    event = only(delivery("threads", {"field": "publish", "value": {"id": "1", "timestamp": timestamp}}))
    assert event.at == NOW - timedelta(seconds=60)


def test_half_a_surrogate_pair_can_be_stored() -> None:
    event = only(delivery("threads", {"field": "publish", "value": {"id": "\ud800", "text": "a\ud83c"}}))
    assert isinstance(event, ThreadsChanged)
    assert (event.media_id, event.text.encode()) == ("", b"a?")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
)
names = st.sampled_from(
    ["feed", "comments", "mentions", "story_insights", "replies", "publish", "created_time", "timestamp", "from", "id"]
)
changes = st.fixed_dictionaries(
    {}, optional={"field": names | json_values, "value": st.dictionaries(names, json_values) | json_values}
)
entries = st.fixed_dictionaries(
    {}, optional={"id": json_values, "time": json_values, "changes": st.lists(changes | json_values) | json_values}
)
documents = st.one_of(
    st.fixed_dictionaries(
        {"object": st.sampled_from(["page", "instagram", "user", "threads"]), "entry": st.lists(entries | json_values)}
    ),
    st.fixed_dictionaries({"target_id": json_values, "values": changes | st.lists(changes), "time": json_values}),
    json_values,
)


@given(documents)
def test_whatever_is_sent_is_read_or_refused(document: Any) -> None:
    try:
        events = read(document)
    except WebhookRefused:
        return
    assert all(len(event.key) == 64 and event.at.tzinfo is UTC for event in events)
    assert sorted(fresh_events(events, MemorySeenEvents(), NOW), key=lambda event: event.at) == list(
        fresh_events(events, MemorySeenEvents(), NOW)
    )


@given(st.binary(max_size=100))
def test_bytes_that_mean_nothing_are_refused(body: bytes) -> None:
    refused(body)
