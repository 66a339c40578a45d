"""Numbers of posts and accounts: metrics by product, shapes, breakdowns, windows."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.contract.sandbox.conftest import Client, refusal
from tests.support.films import film
from tests.support.sandbox import account, jpeg

DAY = 86_400
FEED = "comments,likes,views,reach,saved,shares,reposts,total_interactions,follows,profile_visits,profile_activity"
REELS = (
    "comments,likes,views,reach,saved,shares,reposts,total_interactions,ig_reels_avg_watch_time,"
    "ig_reels_video_view_total_time,reels_skip_rate,crossposted_views,facebook_views"
)
STORY = "views,reach,shares,reposts,replies,navigation,follows,profile_visits,profile_activity,total_interactions"
DEAD = ["impressions", "plays", "video_views", "clips_replays_count", "engagement", "exits", "taps_forward"]


def publish(instagram, **data):
    container = instagram.created("me/media", **data)
    return instagram.created("me/media_publish", creation_id=container)


@pytest.fixture
def picture(instagram, media):
    return publish(instagram, image_url=media.put("a.jpg", jpeg()))


@pytest.fixture
def reel(instagram, media):
    return publish(instagram, media_type="REELS", video_url=media.put("a.mp4", film()))


@pytest.fixture
def story(instagram, media):
    return publish(instagram, media_type="STORIES", image_url=media.put("a.jpg", jpeg()))


@pytest.fixture
def through(http):
    page = account(str(http.base_url), "facebook")
    return Client(http, "facebook", page["linked_instagram_id"], page["token"])


def values(answer):
    return {row["name"]: row["values"][0]["value"] for row in answer.json()["data"]}


def asked(instagram, **params):
    return instagram.get(f"{instagram.id}/insights", **{"period": "day", "metric_type": "total_value", **params})


def total(answer):
    return answer.json()["data"][0]["total_value"]


def now(http):
    return int(datetime.fromisoformat(http.get("/_sandbox/clock").json()["now"]).timestamp())


def test_numbers_come_late_and_grow(instagram, picture, advance):
    assert instagram.get(f"{picture}/insights", metric=FEED).json() == {"data": []}
    advance(7200)
    early = values(instagram.get(f"{picture}/insights", metric=FEED))
    advance(5 * DAY)
    late = values(instagram.get(f"{picture}/insights", metric=FEED))
    assert list(late) == FEED.split(",")
    assert late["views"] > early["views"] > 0
    assert all(late[name] >= early[name] for name in late)
    assert late["views"] > late["reach"] > late["likes"]
    parts = ("likes", "comments", "saved", "shares", "reposts")
    assert late["total_interactions"] == sum(late[name] for name in parts)
    read = instagram.get(picture, fields="like_count,comments_count,view_count,saved_count").json()
    assert (read["like_count"], read["comments_count"], read["view_count"], read["saved_count"]) == (
        late["likes"],
        late["comments"],
        late["views"],
        late["saved"],
    )


def test_the_shape_of_a_lifetime_number(instagram, picture, advance):
    advance(DAY)
    (row,) = instagram.get(f"{picture}/insights", metric="reach").json()["data"]
    assert set(row) == {"name", "period", "values", "title", "description", "id"}
    assert (row["name"], row["period"], row["id"]) == ("reach", "lifetime", f"{picture}/insights/reach/lifetime")


def test_reels_have_their_own_metrics(instagram, reel, picture, advance):
    advance(DAY)
    found = values(instagram.get(f"{reel}/insights", metric=REELS))
    assert list(found) == REELS.split(",")
    assert 0 < found["ig_reels_avg_watch_time"] < 10_000
    assert found["ig_reels_video_view_total_time"] == found["ig_reels_avg_watch_time"] * found["views"]
    assert refusal(instagram.get(f"{reel}/insights", metric="views,profile_visits")) == (100, None)
    assert refusal(instagram.get(f"{picture}/insights", metric="views,reels_skip_rate")) == (100, None)


@pytest.mark.parametrize("metric", [*DEAD, ""])
def test_dead_metrics_fail_the_whole_call(instagram, picture, reel, advance, metric):
    advance(DAY)
    for media_id in (picture, reel):
        assert refusal(instagram.get(f"{media_id}/insights", metric=f"views,{metric}" if metric else "")) == (100, None)


def test_a_storys_numbers_live_a_day(instagram, story, advance, configure):
    configure(insights_delay_seconds=0)
    assert refusal(instagram.get(f"{story}/insights", metric=STORY)) == (10, None)
    advance(12 * 3600)
    assert list(values(instagram.get(f"{story}/insights", metric=STORY))) == STORY.split(",")
    (row,) = instagram.get(f"{story}/insights", metric="navigation", breakdown="story_navigation_action_type").json()[
        "data"
    ]
    (breakdown,) = row["total_value"]["breakdowns"]
    assert breakdown["dimension_keys"] == ["story_navigation_action_type"]
    moves = {r["dimension_values"][0]: r["value"] for r in breakdown["results"]}
    assert set(moves) == {"SWIPE_FORWARD", "TAP_BACK", "TAP_EXIT", "TAP_FORWARD"}
    assert sum(moves.values()) == row["total_value"]["value"]
    assert refusal(instagram.get(f"{story}/insights", metric="saved")) == (100, None)
    advance(12 * 3600)
    assert instagram.get(f"{story}/insights", metric="views").json() == {"data": []}
    configure(instagram_old_story_insights="error")
    assert refusal(instagram.get(f"{story}/insights", metric="views")) == (100, 33)
    assert instagram.get("me/stories").json() == {"data": []}
    assert instagram.get(story, fields="media_product_type").json()["media_product_type"] == "STORY"


def test_a_wrong_breakdown_is_an_unknown_error(instagram, picture, advance):
    advance(DAY)
    question = {"metric": "profile_activity,likes", "breakdown": "action_type"}
    assert refusal(instagram.get(f"{picture}/insights", **question)) == (1, None)
    question["metric"] = "profile_activity"
    assert instagram.get(f"{picture}/insights", **question).json()["data"][0]["total_value"]["breakdowns"]
    assert refusal(asked(instagram, metric="likes", breakdown="age")) == (1, None)


def test_some_metrics_need_facebook_login(instagram, through, picture, story, advance):
    advance(12 * 3600)
    assert refusal(instagram.get(f"{picture}/insights", metric="total_likes")) == (100, None)
    found = values(through.get(f"{picture}/insights", metric="likes,total_likes,total_comments,total_views"))
    assert found["likes"] == found["total_likes"]
    assert "link_clicks" in values(through.get(f"{story}/insights", metric="link_clicks"))


def test_carousel_children_have_no_numbers(instagram, media, advance):
    url = media.put("a.jpg", jpeg())
    items = [instagram.created("me/media", image_url=url, is_carousel_item="true") for _ in range(2)]
    carousel = publish(instagram, media_type="CAROUSEL", children=",".join(items))
    advance(DAY)
    child = instagram.get(carousel, fields="children").json()["children"]["data"][0]["id"]
    assert refusal(instagram.get(f"{child}/insights", metric="views")) == (100, 33)
    assert values(instagram.get(f"{carousel}/insights", metric="views"))["views"] > 0


def test_account_totals_and_their_parts(instagram, picture, advance):
    advance(2 * DAY)
    metrics = (
        "reach,views,accounts_engaged,total_interactions,likes,comments,shares,saves,replies,reposts,"
        "profile_links_taps,follows_and_unfollows"
    )
    rows = asked(instagram, metric=metrics).json()["data"]
    assert [row["name"] for row in rows] == metrics.split(",")
    assert all(set(row) == {"name", "period", "title", "description", "total_value", "id"} for row in rows)
    assert all(row["period"] == "day" and set(row["total_value"]) == {"value"} for row in rows)
    split = total(asked(instagram, metric="views", breakdown="media_product_type"))
    (parts,) = split["breakdowns"]
    assert parts["dimension_keys"] == ["media_product_type"]
    assert sum(row["value"] for row in parts["results"]) == split["value"]


def test_the_spelling_of_the_followers_breakdown_is_a_setting(instagram, configure):
    for breakdown in ("follow_type", "follower_type"):
        found = total(asked(instagram, metric="views", breakdown=breakdown))["breakdowns"][0]
        assert found["dimension_keys"] == [breakdown]
        assert [r["dimension_values"] for r in found["results"]] == [["FOLLOWER"], ["NON_FOLLOWER"]]
    configure(instagram_views_breakdowns=["follow_type"])
    assert refusal(asked(instagram, metric="views", breakdown="follower_type")) == (1, None)


def test_a_series_of_days_and_its_pages(instagram, picture, advance, http):
    advance(10 * DAY)
    until = now(http)
    answer = instagram.get("me/insights", metric="reach", period="day", since=until - 7 * DAY, until=until).json()
    (row,) = answer["data"]
    assert 6 <= len(row["values"]) <= 8
    assert all(set(v) == {"value", "end_time"} and v["value"] > 0 for v in row["values"])
    assert {datetime.fromisoformat(v["end_time"]).hour for v in row["values"]} <= {7, 8}
    assert set(answer["paging"]) == {"previous", "next"}
    assert f"until={until - 7 * DAY}" in answer["paging"]["previous"]


@pytest.mark.parametrize(
    "params",
    [
        {"metric": "impressions"},
        {"metric": "views,profile_views"},
        {"metric": "website_clicks"},
        {"metric": "follower_count"},
        {"metric": "views", "period": "week"},
        {"metric": "views", "period": ""},
        {"metric": "views", "metric_type": ""},
        {"metric": "views", "metric_type": "time_series"},
        {"metric": "follower_demographics", "breakdown": "age", "timeframe": "this_week"},
        {"metric": "follower_demographics", "period": "lifetime", "timeframe": "this_week"},
        {"metric": "follower_demographics", "period": "lifetime", "breakdown": "age"},
        {"metric": "follower_demographics", "period": "lifetime", "breakdown": "age", "timeframe": "last_30_days"},
    ],
)
def test_wrong_questions(instagram, params):
    assert refusal(asked(instagram, **params)) == (100, None)


def test_windows_have_a_longest_span(instagram, http, configure):
    until = now(http)
    assert asked(instagram, metric="views", since=until - 30 * DAY, until=until).status_code == 200
    assert refusal(asked(instagram, metric="views", since=until - 31 * DAY, until=until)) == (100, None)
    assert refusal(asked(instagram, metric="views", since=until, until=until - DAY)) == (100, None)
    configure(instagram_insights_window_days=90)
    assert asked(instagram, metric="views", since=until - 31 * DAY, until=until).status_code == 200


def test_who_follows(instagram, configure):
    params = {"metric": "follower_demographics", "period": "lifetime", "timeframe": "this_month"}
    followers = instagram.get("me", fields="followers_count").json()["followers_count"]
    for breakdown in ("age", "city", "country", "gender"):
        found = total(asked(instagram, **params, breakdown=breakdown))["breakdowns"][0]
        assert found["dimension_keys"] == [breakdown]
        assert sum(r["value"] for r in found["results"]) == followers
    params["metric"] = "engaged_audience_demographics"
    assert asked(instagram, **params, breakdown="age").status_code == 200
    instagram.become(followers=99)
    assert refusal(asked(instagram, **params, breakdown="age")) == (10, None)
    assert refusal(asked(instagram, metric="follows_and_unfollows")) == (10, None)
    configure(insights_few_followers="empty")
    assert asked(instagram, **params, breakdown="age").json() == {"data": []}


def test_disputed_metrics_are_a_setting(instagram, configure):
    configure(instagram_follower_count_metric=True)
    found = instagram.get("me/insights", metric="follower_count", period="day").json()["data"]
    assert found[0]["name"] == "follower_count"
    assert instagram.get("me/insights", metric="online_followers", period="lifetime").json()["data"] == []


def test_scopes_of_both_logins(instagram, through, client, picture, advance):
    advance(DAY)
    assert refusal(client("instagram", index=1).get(f"{picture}/insights", metric="views")) == (100, 33)
    instagram.allow("instagram_business_basic")
    through.allow("instagram_basic")
    for caller in (instagram, through):
        assert refusal(caller.get(f"{picture}/insights", metric="views")) == (10, None)
        assert refusal(asked(caller, metric="views")) == (10, None)
