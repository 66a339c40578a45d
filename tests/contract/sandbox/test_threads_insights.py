"""Numbers of posts and profiles: metrics, shapes, windows."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.contract.sandbox.conftest import refusal

MEDIA = "views,likes,replies,reposts,quotes,shares"
DAY = 86_400


@pytest.fixture
def post(threads):
    text = {"media_type": "TEXT", "text": "See https://example.org/tides", "auto_publish_text": "true"}
    return threads.created("me/threads", **text)


def values(answer):
    return {row["name"]: row["values"][0]["value"] for row in answer.json()["data"]}


def test_a_post_has_no_numbers_at_first_then_growing_ones(threads, post, advance):
    assert threads.get(f"{post}/insights", metric=MEDIA).json() == {"data": []}
    advance(7200)
    early = values(threads.get(f"{post}/insights", metric=MEDIA))
    assert values(threads.get(f"{post}/insights", metric=MEDIA)) == early
    advance(3 * DAY)
    late = values(threads.get(f"{post}/insights", metric=MEDIA))
    assert list(late) == MEDIA.split(",")
    assert late["views"] > early["views"] > 0
    assert all(late[name] >= early[name] for name in late)
    assert late["views"] > late["likes"] > 0
    assert late["replies"] == len(threads.get(f"{post}/replies").json()["data"])


def test_the_shape_of_a_lifetime_number(threads, post, advance):
    advance(DAY)
    (row,) = threads.get(f"{post}/insights", metric="views").json()["data"]
    assert set(row) == {"name", "period", "values", "title", "description", "id"}
    assert (row["name"], row["period"], row["title"]) == ("views", "lifetime", "Views")
    assert row["id"] == f"{post}/insights/views/lifetime"
    assert set(row["values"][0]) == {"value"}


@pytest.mark.parametrize("metric", ["impressions", "views,reach", "", "plays"])
def test_one_unknown_metric_fails_the_whole_call(threads, post, advance, metric):
    advance(DAY)
    assert refusal(threads.get(f"{post}/insights", metric=metric)) == (100, None)
    assert refusal(threads.get("me/threads_insights", metric=metric)) == (100, None)


def test_the_shapes_of_a_profiles_numbers(threads, post, advance):
    advance(3 * DAY)
    metrics = "views,likes,replies,reposts,quotes,clicks"
    rows = {r["name"]: r for r in threads.get("me/threads_insights", metric=metrics).json()["data"]}
    assert list(rows) == metrics.split(",")
    assert [set(v) for v in rows["views"]["values"]] == [{"value", "end_time"}] * 2
    for name in ("likes", "replies", "reposts", "quotes"):
        assert set(rows[name]["total_value"]) == {"value"}
    assert {row["period"] for row in rows.values()} == {"day"}
    window = {"since": "1712991600"}
    clicks = threads.get("me/threads_insights", metric="clicks", **window).json()["data"][0]["link_total_values"]
    assert clicks == [{"value": clicks[0]["value"], "link_url": "https://example.org/tides"}]
    assert clicks[0]["value"] > 0


def test_windows(threads, post, advance):
    advance(10 * DAY)
    now = int(datetime.fromisoformat(threads.http.get("/_sandbox/clock").json()["now"]).timestamp())
    week = threads.get("me/threads_insights", metric="views", since=now - 7 * DAY, until=now).json()["data"][0]
    ends = [datetime.fromisoformat(v["end_time"]) for v in week["values"]]
    # the day running at the beginning, six whole ones, and the one running now; one more or less at a change of time
    assert 7 <= len(ends) <= 9
    steps = {later - earlier for earlier, later in pairwise(ends)}
    assert max(steps) <= timedelta(hours=25)
    assert {end.hour for end in ends} <= {7, 8}
    for window in ({"since": "1712991599"}, {"until": "1"}, {"since": now, "until": now - 5}):
        assert refusal(threads.get("me/threads_insights", metric="views", **window)) == (100, None)
    for metric in ("followers_count", "follower_demographics"):
        params = {"metric": metric, "breakdown": "age", "since": now - DAY}
        assert refusal(threads.get("me/threads_insights", **params)) == (100, None)


def test_followers_and_who_they_are(threads, post, advance, configure):
    advance(5 * DAY)
    (row,) = threads.get("me/threads_insights", metric="followers_count").json()["data"]
    followers = row["total_value"]["value"]
    assert followers > 1234
    for breakdown in ("country", "city", "age", "gender"):
        params = {"metric": "follower_demographics", "breakdown": breakdown}
        (row,) = threads.get("me/threads_insights", **params).json()["data"]
        assert row["period"] == "lifetime"
        (found,) = row["total_value"]["breakdowns"]
        assert found["dimension_keys"] == [breakdown]
        assert sum(r["value"] for r in found["results"]) == followers
        assert all(len(r["dimension_values"]) == 1 for r in found["results"])
    for breakdown in ("", "language", "age,gender"):
        params = {"metric": "follower_demographics", "breakdown": breakdown}
        assert refusal(threads.get("me/threads_insights", **params)) == (100, None)


def test_small_profiles_tell_nothing_about_followers(threads, configure):
    threads.become(followers=99)
    params = {"metric": "follower_demographics", "breakdown": "age"}
    assert refusal(threads.get("me/threads_insights", **params)) == (10, None)
    configure(insights_few_followers="empty")
    assert threads.get("me/threads_insights", **params).json() == {"data": []}


def test_scope_and_reach(threads, client, post):
    assert refusal(client("threads", index=1).get(f"{post}/insights", metric="views")) == (100, 33)
    threads.allow("threads_basic")
    assert refusal(threads.get(f"{post}/insights", metric="views")) == (10, None)
    assert refusal(threads.get("me/threads_insights", metric="views")) == (10, None)
