"""Insights of Pages and their posts: the question and the form of the answer (page and post insights references)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from desktop.sandbox import growth
from desktop.sandbox.auth import require_read
from desktop.sandbox.errors import JSON, bad_parameter, unknown_object
from desktop.sandbox.facebook_metrics import PAGE_METRICS, POST_METRICS, STORY_METRICS, VIDEO_METRICS
from desktop.sandbox.facebook_rights import page_of, require
from desktop.sandbox.fields import timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.insight_shapes import no_data
from desktop.sandbox.model import Account, Post, Token
from desktop.sandbox.network_switches import Missing
from desktop.sandbox.sandbox import Sandbox

_FEWEST_LIKES = 100
_LONGEST_WINDOW = timedelta(days=90)
_DEFAULT_WINDOW = timedelta(days=2)
_KEPT = timedelta(days=730)
_SPANS = {"day": 1, "week": 7, "days_28": 28}
_ONLY_DAILY = {"page_follows"}


async def read_insights(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{page or post}/insights``: one metric the network does not know fails the whole call."""
    node = token.account_id if call.node == "me" else call.node
    post = box.world.posts.get(node)
    if post is not None and post.deleted_at is not None:
        raise unknown_object(node)
    page = page_of(box, token, post.account_id if post else node, node)
    require_read(token, page)
    require(token, page, "read_insights", "ANALYZE", 10)
    if page.followers < _FEWEST_LIKES:
        if box.config.insights_few_followers is Missing.ERROR:
            raise no_data("Insights need a Page with at least 100 likes")
        return {"data": []}
    return _of_post(box, call, post) if post else _of_page(box, call, page)


def _of_post(box: Sandbox, call: GraphCall, post: Post) -> JSON:
    known = STORY_METRICS if post.kind == "STORY" else POST_METRICS | VIDEO_METRICS
    wanted = _wanted(call, known)
    if call.text("period", "lifetime") not in {"lifetime", "day", "week", "days_28"}:
        raise _bad_period()
    now = box.clock.now()
    first_at = (post.published_at or now) + timedelta(seconds=box.config.insights_delay_seconds)
    if post.published_at is None or now < first_at or call.text("period", "lifetime") != "lifetime":
        return {"data": []}
    is_video = post.kind in {"VIDEO", "REEL"}
    rows: list[JSON] = [
        _row(post.id, name, "lifetime", [{"value": known[name](box, post)}])
        for name in wanted
        if is_video or name not in VIDEO_METRICS
    ]
    return {"data": rows}


def _of_page(box: Sandbox, call: GraphCall, page: Account) -> JSON:
    wanted = _wanted(call, PAGE_METRICS)
    period = call.text("period", "day")
    if period not in _SPANS:
        raise _bad_period()
    now = box.clock.now()
    until = _instant(call, "until") or now
    since = _instant(call, "since") or until - _DEFAULT_WINDOW
    if since >= until:
        raise bad_parameter("Param since must be before until", blamed="since")
    if until - since > _LONGEST_WINDOW:
        raise bad_parameter("There cannot be more than 90 days between since and until", blamed="since")
    ends = [growth.end_of(day) for day in growth.days_between(max(since, now - _KEPT), min(until, now))]
    rows: list[JSON] = []
    for name in wanted:
        if period == "day" or name not in _ONLY_DAILY:
            measure = PAGE_METRICS[name]
            span = timedelta(days=_SPANS[period])
            values: list[JSON] = [
                {"value": measure(box, page, end - span, end), "end_time": timestamp(end.astimezone(UTC))}
                for end in ends
            ]
            rows.append(_row(page.id, name, period, values))
    return {"data": rows, "paging": _paging(call, since, until)}


def _wanted(call: GraphCall, known: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(call.ids("metric")))
    if not wanted or not set(wanted) <= set(known):
        raise bad_parameter("The value must be a valid insights metric", blamed="metric")
    return wanted


def _bad_period() -> Exception:
    return bad_parameter("Param period is not supported", blamed="period")


def _instant(call: GraphCall, name: str) -> datetime | None:
    """Read a time; a bare date is the beginning of that day in Pacific time."""
    value = call.text(name)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return datetime.fromisoformat(value).replace(tzinfo=growth.PACIFIC)
    return call.instant(name)


def _row(subject: str, name: str, period: str, values: list[JSON]) -> JSON:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name,
        "period": period,
        "values": values,
        "title": title,
        "description": f"{title} as the sandbox counts them.",
        "id": f"{subject}/insights/{name}/{period}",
    }


def _paging(call: GraphCall, since: datetime, until: datetime) -> JSON:
    def address(start: datetime, end: datetime) -> str:
        window = {"since": str(int(start.timestamp())), "until": str(int(end.timestamp()))}
        return f"{call.base_url}{call.path}?{urlencode({**call.params, **window, 'access_token': call.token})}"

    span = until - since
    return {"previous": address(since - span, since), "next": address(until, until + span)}
