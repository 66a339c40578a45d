"""Numbers of Instagram posts and accounts (ig-media and ig-user insights references)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from desktop.sandbox import growth, insight_shapes
from desktop.sandbox.auth import account_of
from desktop.sandbox.errors import JSON, unknown_object
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.insight_shapes import Insight
from desktop.sandbox.instagram_account_insights import INTERACTIONS, AccountQuestion
from desktop.sandbox.model import Network, Post, Token
from desktop.sandbox.network_switches import Missing
from desktop.sandbox.rights import Ability, require
from desktop.sandbox.sandbox import Sandbox

_SHARED = {"comments", "likes", "views", "reach", "saved", "shares", "reposts", "total_interactions"}
_OF_PRODUCT: Mapping[str, set[str]] = {
    "FEED": _SHARED | {"follows", "profile_visits", "profile_activity", "facebook_views"},
    "REELS": _SHARED
    | {
        "ig_reels_avg_watch_time",
        "ig_reels_video_view_total_time",
        "reels_skip_rate",
        "crossposted_views",
        "facebook_views",
    },
    "STORY": {
        "views",
        "reach",
        "shares",
        "reposts",
        "replies",
        "navigation",
        "follows",
        "profile_visits",
        "profile_activity",
        "total_interactions",
    },
}
_FACEBOOK_LOGIN_ONLY: Mapping[str, set[str]] = {
    "FEED": {"total_likes", "total_comments", "total_views"},
    "REELS": {"total_likes", "total_comments", "total_views"},
    "STORY": {"total_likes", "total_comments", "total_views", "link_clicks"},
}
_BREAKDOWNS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "navigation": ("story_navigation_action_type", ("SWIPE_FORWARD", "TAP_BACK", "TAP_EXIT", "TAP_FORWARD")),
    "profile_activity": ("action_type", ("BIO_LINK_CLICKED", "CALL", "DIRECTION", "EMAIL", "OTHER", "TEXT")),
}
_STORY_LIFE = timedelta(hours=24)
_KEPT = timedelta(days=730)
_FEWEST_VIEWERS = 5


async def insights(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{media}/insights`` and ``GET /{ig}/insights``; children of carousels have none."""
    post = box.world.posts.get(call.node)
    if post is not None:
        return _of_media(box, call, token, post)
    account = account_of(box.world, call, token)
    require(token, account, Ability.INSIGHTS)
    return AccountQuestion(box, call, account).answer()


def product_of(post: Post) -> str:
    """Return FEED, REELS or STORY."""
    return {"REELS": "REELS", "STORIES": "STORY"}.get(post.extras.get("product", ""), "FEED")


def _of_media(box: Sandbox, call: GraphCall, token: Token, post: Post) -> JSON:
    if post.account_id not in token.reaches or post.deleted_at is not None or post.network is not Network.INSTAGRAM:
        raise unknown_object(call.node)
    require(token, box.world.accounts[post.account_id], Ability.INSIGHTS)
    product = product_of(post)
    known = _OF_PRODUCT[product]
    if call.family is Network.FACEBOOK:
        known = known | _FACEBOOK_LOGIN_ONLY[product]
    metrics = insight_shapes.wanted_metrics(call, known)
    breakdown = call.text("breakdown")
    if breakdown and any(_BREAKDOWNS.get(metric, ("",))[0] != breakdown for metric in metrics):
        raise insight_shapes.unknown_failure()
    age = box.clock.now() - (post.published_at or post.created_at)
    if age < timedelta(seconds=box.config.insights_delay_seconds) or age > _KEPT:
        return {"data": []}
    if product == "STORY":
        if age >= _STORY_LIFE:
            return _old_story(box, post)
        if growth.of_post(box, post, "reach", box.clock.now()) < _FEWEST_VIEWERS:
            raise insight_shapes.no_data("Not enough viewers for the media to show insights")
    return {"data": [_media_insight(box, post, metric, breakdown) for metric in metrics]}


def _old_story(box: Sandbox, post: Post) -> JSON:
    if box.config.instagram_old_story_insights is Missing.ERROR:
        raise unknown_object(post.id)
    return {"data": []}


def _media_insight(box: Sandbox, post: Post, metric: str, breakdown: str) -> Insight:
    value = _media_value(box, post, metric)
    if breakdown:
        parts = growth.parts(value, _BREAKDOWNS[metric][1], box.world.seed, post.id, metric)
        return insight_shapes.broken_down(post.id, metric, "lifetime", breakdown, parts)
    return insight_shapes.single(post.id, metric, value)


def _media_value(box: Sandbox, post: Post, metric: str) -> int:
    now, seed = box.clock.now(), box.world.seed
    seconds = post.media[0].film.seconds if post.media and post.media[0].film else 0.0
    watched = int(seconds * 1000 * (0.3 + 0.4 * growth.draw(seed, post.id, "watched")))
    match metric:
        case "total_interactions":
            return sum(growth.of_post(box, post, name, now) for name in INTERACTIONS)
        case "ig_reels_avg_watch_time":
            return watched
        case "ig_reels_video_view_total_time":
            return watched * growth.of_post(box, post, "views", now)
        case "reels_skip_rate":
            return int(20 + 40 * growth.draw(seed, post.id, "skipped"))
        case "facebook_views" | "crossposted_views":
            return 0  # nothing here is shown on Facebook as well
        case "total_likes" | "total_comments" | "total_views":
            return growth.of_post(box, post, metric.removeprefix("total_"), now)
        case _:
            return growth.of_post(box, post, metric, now)
