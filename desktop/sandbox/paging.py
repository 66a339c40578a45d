"""Listings, newest first, with cursors, ``since``/``until``, and the delay with which new posts show up."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from datetime import timedelta
from urllib.parse import urlencode

from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Network, Post
from desktop.sandbox.sandbox import Sandbox

_LARGEST_PAGE = 100
_FIRST_THREADS_SECOND = 1_688_540_400


def list_posts(box: Sandbox, call: GraphCall, posts: Iterable[Post], render: Callable[[Post], JSON]) -> JSON:
    """Return one page of ``posts``: ``{"data": [...], "paging": {...}}``.

    Threads gives cursors only; the other two add ``next``, which holds the token, as theirs does.
    """
    found = _in_window(box, call, posts)
    limit = call.number("limit", 25)
    if not 0 < limit <= _LARGEST_PAGE:
        raise bad_parameter("Param limit must be between 1 and 100", blamed="limit")
    start = _after(call.text("after"), found)
    shown = found[start : start + limit]
    answer: dict[str, JSON] = {"data": [render(post) for post in shown]}
    if shown:
        answer["paging"] = _paging(call, shown, has_more=start + limit < len(found))
    return answer


def _in_window(box: Sandbox, call: GraphCall, posts: Iterable[Post]) -> list[Post]:
    since, until = call.instant("since"), call.instant("until")
    if call.family is Network.THREADS and since and since.timestamp() < _FIRST_THREADS_SECOND:
        raise bad_parameter(f"Param since must be at least {_FIRST_THREADS_SECOND}", blamed="since")
    visible = box.clock.now() - timedelta(seconds=box.config.listing_delay_seconds)
    found = [
        post
        for post in posts
        if (at := post.published_at or post.created_at) <= visible
        and (since is None or at >= since)
        and (until is None or at <= until)
    ]
    return sorted(found, key=lambda p: (p.published_at or p.created_at, p.order), reverse=True)


def _after(cursor: str, found: list[Post]) -> int:
    if not cursor:
        return 0
    try:
        last = base64.urlsafe_b64decode(cursor).decode("ascii")
    except ValueError:
        raise bad_parameter("Invalid cursors values", blamed="after") from None
    return next((index + 1 for index, post in enumerate(found) if post.id == last), len(found))


def _paging(call: GraphCall, shown: list[Post], *, has_more: bool) -> JSON:
    before, after = (base64.urlsafe_b64encode(post.id.encode()).decode() for post in (shown[0], shown[-1]))
    if call.family is Network.THREADS:
        return {"cursors": {"before": before, "after": after} if has_more else {"before": before}}
    paging: dict[str, JSON] = {"cursors": {"before": before, "after": after}}
    if has_more:
        query = urlencode({**call.params, "after": after, "access_token": call.token})
        paging["next"] = f"{call.base_url}{call.path}?{query}"
    return paging
