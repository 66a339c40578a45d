"""The living metrics of Pages, posts, films and stories, each with how it is counted (page and post insights)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desktop.sandbox import facebook_comment_reading, facebook_counts, growth
from desktop.sandbox.errors import JSON
from desktop.sandbox.model import Account, Post
from desktop.sandbox.sandbox import Sandbox

PageMeasure = Callable[[Sandbox, Account, datetime, datetime], JSON]
PostMeasure = Callable[[Sandbox, Post], JSON]

_WATCHED, _WATCHED_30S, _AVERAGE_MS = 0.6, 0.1, 8000
_CLICKS = ("link clicks", "photo view", "other clicks")


def _page(metric: str, factor: float = 1.0) -> PageMeasure:
    return lambda box, page, since, until: int(factor * growth.of_account(box, page, metric, since, until))


def _page_views(box: Sandbox, page: Account, since: datetime, until: datetime) -> JSON:
    total = growth.of_account(box, page, "views", since, until)
    if not box.config.facebook_views_by_source:
        return total
    return {"paid": 0, "organic": total}


def _engagements(box: Sandbox, page: Account, since: datetime, until: datetime) -> JSON:
    return sum(growth.of_account(box, page, metric, since, until) for metric in ("likes", "shares", "clicks"))


def _page_reactions(box: Sandbox, page: Account, since: datetime, until: datetime) -> JSON:
    total = growth.of_account(box, page, "likes", since, until)
    return dict(growth.parts(total, facebook_counts.REACTIONS, box.world.seed, page.id, until.date()))


def _follows(box: Sandbox, page: Account, _since: datetime, until: datetime) -> JSON:
    return _follows_at(box, page, until)


def _gained(box: Sandbox, page: Account, since: datetime, until: datetime) -> JSON:
    return _follows_at(box, page, until) - _follows_at(box, page, since) + _lost(box, page, since, until)


def _follows_at(box: Sandbox, page: Account, at: datetime) -> int:
    return page.followers + sum(growth.of_post(box, post, "follows", at) for post in box.world.posts_of(page.id))


def _lost(box: Sandbox, page: Account, since: datetime, until: datetime) -> int:
    days = growth.days_between(since, until)
    return sum(int(3 * growth.draw(box.world.seed, page.id, "unfollows", day)) for day in days)


def _watched(factor: float) -> PageMeasure:
    def measure(box: Sandbox, page: Account, since: datetime, until: datetime) -> JSON:
        films = [post for post in box.world.posts_of(page.id) if post.kind in {"VIDEO", "REEL"}]
        views = sum(growth.of_post(box, p, "views", until) - growth.of_post(box, p, "views", since) for p in films)
        return int(views * factor)

    return measure


def _post(metric: str, factor: float = 1.0) -> PostMeasure:
    return lambda box, post: int(factor * growth.of_post(box, post, metric, box.clock.now()))


def _clicks_by_type(box: Sandbox, post: Post) -> JSON:
    total = growth.of_post(box, post, "clicks", box.clock.now())
    return dict(growth.parts(total, _CLICKS, box.world.seed, post.id, "clicks"))


def _reactions_by_type(box: Sandbox, post: Post) -> JSON:
    return {kind: count for kind, count in facebook_counts.reactions(box, post).items() if count}


def _reactions_of(kind: str) -> PostMeasure:
    return lambda box, post: facebook_counts.reactions(box, post)[kind]


def _activity(box: Sandbox, post: Post) -> JSON:
    found = {
        "like": sum(facebook_counts.reactions(box, post).values()),
        "comment": len(facebook_comment_reading.living(box, post)),
        "share": facebook_counts.shares(box, post),
    }
    return {kind: count for kind, count in found.items() if count}


PAGE_METRICS: dict[str, PageMeasure] = {
    "page_media_view": _page_views,
    "page_total_media_view_unique": _page("reach"),
    "page_post_engagements": _engagements,
    "page_total_actions": _page("profile_activity"),
    "page_views_total": _page("profile_visits"),
    "page_follows": _follows,
    "page_daily_follows": _gained,
    "page_daily_follows_unique": _gained,
    "page_daily_unfollows_unique": _lost,
    "page_video_views": _watched(_WATCHED),
    "page_video_view_time": _watched(_WATCHED * _AVERAGE_MS),
    "page_video_complete_views_30s": _watched(_WATCHED_30S),
    "page_video_complete_views_30s_organic": _watched(_WATCHED_30S),
    "page_actions_post_reactions_total": _page_reactions,
}
POST_METRICS: dict[str, PostMeasure] = {
    "post_media_view": _post("views"),
    "post_total_media_view_unique": _post("reach"),
    "post_clicks": _post("clicks"),
    "post_clicks_by_type": _clicks_by_type,
    "post_reactions_by_type_total": _reactions_by_type,
    **{f"post_reactions_{kind}_total": _reactions_of(kind) for kind in facebook_counts.REACTIONS},
    "post_activity_by_action_type": _activity,
}
VIDEO_METRICS: dict[str, PostMeasure] = {
    "post_video_views": _post("views", _WATCHED),
    "post_video_view_time": _post("views", _WATCHED * _AVERAGE_MS),
    "post_video_avg_time_watched": lambda _box, _post: _AVERAGE_MS,
    "post_video_complete_views_30s": _post("views", _WATCHED_30S),
}
STORY_METRICS: dict[str, PostMeasure] = {
    "STORY_MEDIA_VIEW": _post("views"),
    "STORY_TOTAL_MEDIA_VIEW_UNIQUE": _post("reach"),
    "STORY_INTERACTION": _post("likes"),
    "PAGES_FB_STORY_REPLIES": _post("reposts"),
    "PAGES_FB_STORY_SHARES": _post("shares"),
}
