"""Numbers of Threads posts and profiles (Threads insights reference)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from desktop.sandbox import growth, insight_crowds, insight_shapes, text_rules
from desktop.sandbox.auth import account_of
from desktop.sandbox.errors import JSON, bad_parameter, unknown_object
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.insight_shapes import Insight
from desktop.sandbox.model import Account, Post, Token
from desktop.sandbox.network_switches import Missing
from desktop.sandbox.rights import Ability, require
from desktop.sandbox.sandbox import Sandbox

_OF_POST = {"views", "likes", "replies", "reposts", "quotes", "shares"}
_TOTALS = {"likes", "replies", "reposts", "quotes"}
_WINDOWLESS = {"followers_count", "follower_demographics"}
_OF_PROFILE = _TOTALS | _WINDOWLESS | {"views", "clicks"}
_FIRST_SECOND = 1_712_991_600
_DEFAULT_WINDOW = timedelta(days=2)


async def of_media(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{media}/insights``: lifetime numbers; none for a repost, and none at first."""
    post = box.world.posts.get(call.node)
    if post is None or post.account_id not in token.reaches or post.deleted_at is not None:
        raise unknown_object(call.node)
    require(token, box.world.accounts[post.account_id], Ability.INSIGHTS)
    metrics = insight_shapes.wanted_metrics(call, _OF_POST)
    now = box.clock.now()
    if post.kind == "REPOST_FACADE" or now < _first_numbers_at(box, post):
        return {"data": []}
    return {"data": [insight_shapes.single(post.id, m, growth.of_post(box, post, m, now)) for m in metrics]}


async def of_profile(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{user}/threads_insights``: yesterday and today unless ``since`` and ``until`` say otherwise."""
    account = account_of(box.world, call, token)
    require(token, account, Ability.INSIGHTS)
    metrics = insight_shapes.wanted_metrics(call, _OF_PROFILE)
    if (call.text("since") or call.text("until")) and (windowless := _WINDOWLESS.intersection(metrics)):
        raise bad_parameter(f"The params since and until are not supported for {min(windowless)}", blamed="since")
    since, until = _window(box, call)
    found = [_profile_insight(box, call, account, metric, since, until) for metric in metrics]
    return {"data": [insight for insight in found if insight is not None]}


def _profile_insight(
    box: Sandbox, call: GraphCall, account: Account, metric: str, since: datetime, until: datetime
) -> Insight | None:
    match metric:
        case "views":
            return insight_shapes.series(account.id, metric, _daily_views(box, account, since, until))
        case "followers_count":
            return insight_shapes.total(account.id, metric, growth.followers(box, account))
        case "follower_demographics":
            return _demographics(box, call, account)
        case "clicks":
            return insight_shapes.links(account.id, metric, _clicks(box, account, since, until))
        case _:
            return insight_shapes.total(account.id, metric, growth.of_account(box, account, metric, since, until))


def _daily_views(box: Sandbox, account: Account, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    # The day that is still running is told as well, with what it has so far.
    days = growth.days_between(since, until + timedelta(days=1))
    starts = [growth.end_of(day - timedelta(days=1)) for day in days]
    ends = [growth.end_of(day) for day in days]
    now = box.clock.now()
    return [
        (growth.of_account(box, account, "views", start, min(end, now)), end)
        for start, end in zip(starts, ends, strict=True)
        if start < now
    ]


def _clicks(box: Sandbox, account: Account, since: datetime, until: datetime) -> dict[str, int]:
    clicks: dict[str, int] = {}
    for post in box.world.posts_of(account.id):
        new = growth.of_post(box, post, "clicks", until) - growth.of_post(box, post, "clicks", since)
        link = post.link or text_rules.first_link(post.text)
        if link and new:
            clicks[link] = clicks.get(link, 0) + new
    return clicks


def _demographics(box: Sandbox, call: GraphCall, account: Account) -> Insight | None:
    breakdown, followers = call.text("breakdown"), growth.followers(box, account)
    if breakdown not in insight_crowds.BREAKDOWNS:
        raise bad_parameter("Param breakdown must be exactly one of country, city, age, gender", blamed="breakdown")
    if followers < insight_crowds.FEWEST_FOLLOWERS:
        if box.config.insights_few_followers is Missing.EMPTY:
            return None
        raise insight_shapes.no_data("Demographics need at least 100 followers")
    people = insight_crowds.crowd(followers, breakdown, box.world.seed, account.id)
    name = "follower_demographics"
    return insight_shapes.broken_down(account.id, name, "lifetime", breakdown, people, with_total=False)


def _window(box: Sandbox, call: GraphCall) -> tuple[datetime, datetime]:
    since, until, now = call.instant("since"), call.instant("until"), box.clock.now()
    for name, at in (("since", since), ("until", until)):
        if at is not None and at.timestamp() < _FIRST_SECOND:
            raise bad_parameter(f"Param {name} must be at least {_FIRST_SECOND}", blamed=name)
    until = min(until or now, now)
    today = datetime.combine(until.astimezone(growth.PACIFIC).date(), time(), growth.PACIFIC)
    since = since or today - _DEFAULT_WINDOW + timedelta(days=1)
    if since > until:
        raise bad_parameter("Param since must be before until", blamed="since")
    return since, until


def _first_numbers_at(box: Sandbox, post: Post) -> datetime:
    return (post.published_at or post.created_at) + timedelta(seconds=box.config.insights_delay_seconds)
