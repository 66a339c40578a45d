"""Insights of Pages and posts: living and dead metrics, Pacific days, windows, growth."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from tests.contract.sandbox.conftest import refusal
from tests.contract.sandbox.facebook_films import film
from tests.support.sandbox import jpeg

DAY = 86_400
PAGE_METRICS = [
    "page_media_view",
    "page_total_media_view_unique",
    "page_post_engagements",
    "page_total_actions",
    "page_views_total",
    "page_follows",
    "page_daily_follows",
    "page_daily_follows_unique",
    "page_daily_unfollows_unique",
    "page_video_views",
    "page_video_view_time",
    "page_video_complete_views_30s",
    "page_actions_post_reactions_total",
]
POST_METRICS = [
    "post_media_view",
    "post_total_media_view_unique",
    "post_clicks",
    "post_clicks_by_type",
    "post_reactions_by_type_total",
    "post_reactions_like_total",
    "post_activity_by_action_type",
]
DEAD = [
    "page_fans",
    "page_fan_adds",
    "page_impressions",
    "page_impressions_unique",
    "page_posts_impressions",
    "post_impressions",
    "page_engaged_users",
]


@pytest.fixture
def noon(http):
    """Put the clock on a day of winter, so that the days of a window are known."""
    http.post("/_sandbox/clock", json={"set": "2026-12-10T20:00:00+00:00"}).raise_for_status()


def values(page, node, metric, **params):
    (row,) = page.get(f"{node}/insights", metric=metric, **params).json()["data"]
    return row["values"]


def lifetime(page, node, metric):
    (value,) = values(page, node, metric)
    return value["value"]


def test_days_end_at_midnight_in_california(page, noon):
    rows = values(page, "me", "page_media_view", period="day", since="2026-12-01", until="2026-12-04")
    assert [v["end_time"] for v in rows] == [f"2026-12-0{n}T08:00:00+0000" for n in (2, 3, 4)]
    assert all(v["value"] > 0 for v in rows)
    summer = values(page, "me", "page_media_view", period="day", since="2026-10-30", until="2026-11-03")
    assert [v["end_time"] for v in summer] == [
        "2026-10-31T07:00:00+0000",
        "2026-11-01T07:00:00+0000",
        "2026-11-02T08:00:00+0000",
        "2026-11-03T08:00:00+0000",
    ]


def test_days_that_are_not_over_are_not_told(page, noon):
    until = int(datetime(2026, 12, 20, tzinfo=UTC).timestamp())
    rows = values(page, "me", "page_views_total", since="2026-12-08", until=until)
    assert rows[-1]["end_time"] == "2026-12-10T08:00:00+0000"


def test_the_same_day_has_the_same_number(page, noon, advance):
    window = {"since": "2026-12-01", "until": "2026-12-05"}
    before = values(page, "me", "page_total_media_view_unique", **window)
    advance(2 * DAY)
    assert values(page, "me", "page_total_media_view_unique", **window) == before


def test_every_living_metric_is_told(page, noon):
    found = page.get("me/insights", metric=",".join(PAGE_METRICS), period="day").json()
    assert [row["name"] for row in found["data"]] == PAGE_METRICS
    assert {"name", "period", "values", "title", "description", "id"} == set(found["data"][0])
    assert page.token in found["paging"]["next"]


def test_windows_lead_on(page, noon, http):
    first = page.get("me/insights", metric="page_follows", since="2026-12-01", until="2026-12-04").json()
    earlier = http.get(first["paging"]["previous"]).json()
    assert earlier["data"][0]["values"][-1]["end_time"] == "2026-12-01T08:00:00+0000"
    assert len(earlier["data"][0]["values"]) == 3
    assert http.get(earlier["paging"]["next"]).json()["data"] == first["data"]


def test_followers_are_a_running_total(page, noon, advance):
    for number in range(5):
        page.created("me/feed", message=str(number))
    advance(3 * DAY)
    window = {"since": "2026-12-09", "until": "2026-12-13"}
    totals = [v["value"] for v in values(page, "me", "page_follows", **window)]
    gained = [v["value"] for v in values(page, "me", "page_daily_follows", **window)]
    lost = [v["value"] for v in values(page, "me", "page_daily_unfollows_unique", **window)]
    assert totals[-1] > totals[0]
    assert [b - a for a, b in itertools.pairwise(totals)] == [g - u for g, u in zip(gained[1:], lost[1:], strict=True)]


def test_weeks_overlap(page, noon):
    days = values(page, "me", "page_views_total", period="day", since="2026-11-20", until="2026-12-05")
    weeks = values(page, "me", "page_views_total", period="week", since="2026-11-26", until="2026-11-27")
    assert weeks[0]["value"] == sum(d["value"] for d in days if d["end_time"] <= weeks[0]["end_time"])
    assert page.get("me/insights", metric="page_follows", period="week").json()["data"] == []


@pytest.mark.parametrize("metric", [*DEAD, "nonsense", ""])
def test_one_bad_metric_fails_the_call(page, metric):
    assert refusal(page.get("me/insights", metric=f"page_follows,{metric}" if metric else "")) == (100, None)
    post_id = page.created("me/feed", message="x")
    answer = page.get(f"{post_id}/insights", metric=f"post_media_view,{metric}" if metric else "")
    assert refusal(answer) == (100, None)
    assert answer.json()["error"]["message"] == "(#100) The value must be a valid insights metric"


def test_windows_that_are_refused(page, noon):
    metric = {"metric": "page_follows"}
    assert refusal(page.get("me/insights", since="2026-08-01", until="2026-12-01", **metric)) == (100, None)
    assert refusal(page.get("me/insights", since="2026-12-02", until="2026-12-01", **metric)) == (100, None)
    assert refusal(page.get("me/insights", period="month", **metric)) == (100, None)
    assert len(values(page, "me", "page_follows", since="2026-09-02", until="2026-12-01")) == 90
    assert values(page, "me", "page_follows", since="2024-11-01", until="2024-12-01") == []


def test_values_as_objects(page, configure, noon):
    plain = values(page, "me", "page_media_view")
    configure(facebook_views_by_source=True)
    split = values(page, "me", "page_media_view")
    assert [sum(v["value"].values()) for v in split] == [v["value"] for v in plain]
    reactions = values(page, "me", "page_actions_post_reactions_total")
    assert all(set(v["value"]) == {"like", "love", "wow", "haha", "sorry", "anger"} for v in reactions)


def test_a_post_grows(page, advance):
    post_id = page.created("me/feed", message="x")
    assert page.get(f"{post_id}/insights", metric="post_media_view").json()["data"] == []
    seen = []
    for _ in range(4):
        advance(DAY)
        seen.append(lifetime(page, post_id, "post_media_view"))
    assert seen == sorted(seen)
    assert seen[0] > 0
    rows = page.get(f"{post_id}/insights", metric=",".join(POST_METRICS)).json()["data"]
    assert [(row["name"], row["period"]) for row in rows] == [(name, "lifetime") for name in POST_METRICS]
    by_type = lifetime(page, post_id, "post_reactions_by_type_total")
    summary = page.get(post_id, fields="reactions.limit(0).summary(true)").json()["reactions"]["summary"]
    assert sum(by_type.values()) == summary["total_count"]
    activity = lifetime(page, post_id, "post_activity_by_action_type")
    comments = page.get(f"{post_id}/comments", filter="stream", summary="true").json()["summary"]["total_count"]
    assert (activity.get("comment", 0), activity["like"]) == (comments, summary["total_count"])


def test_films_and_stories_have_metrics_of_their_own(page, advance):
    text = page.created("me/feed", message="x")
    video = page.created("me/videos", {"source": ("a.mp4", film(), "video/mp4")})
    photo = page.created("me/photos", {"source": ("a.jpg", jpeg(), "image/jpeg")}, published="false")
    story = page.post("me/photo_stories", photo_id=photo).json()["post_id"]
    advance(DAY)
    post_id = page.get(video, fields="post_id").json()["post_id"]
    assert lifetime(page, post_id, "post_video_views") > 0
    assert page.get(f"{text}/insights", metric="post_video_views").json()["data"] == []
    assert lifetime(page, story, "STORY_MEDIA_VIEW") > 0
    assert refusal(page.get(f"{text}/insights", metric="STORY_MEDIA_VIEW")) == (100, None)


def test_small_pages_and_missing_rights(page, server, configure):
    record = server.box.world.accounts[page.id]
    record.followers = 99
    assert refusal(page.get("me/insights", metric="page_follows")) == (10, None)
    configure(insights_few_followers="empty")
    assert page.get("me/insights", metric="page_follows").json() == {"data": []}
    record.followers = 100
    assert values(page, "me", "page_follows") != []
    record.roles[server.box.world.tokens[page.token].person_id] = ["MODERATE"]
    assert refusal(page.get("me/insights", metric="page_follows")) == (10, None)
    server.box.world.tokens[page.token].scopes.remove("read_insights")
    assert refusal(page.get("me/insights", metric="page_follows")) == (10, None)
