"""Listings, newest first, with cursors, ``since``/``until``, and the delay with which new posts show up."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlencode

from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Comment, Network, Post
from desktop.sandbox.sandbox import Sandbox

Item = TypeVar("Item", Post, Comment)

_LARGEST_PAGE = 100
_FIRST_THREADS_SECOND = 1_688_540_400


def list_posts(box: Sandbox, call: GraphCall, posts: Iterable[Post], render: Callable[[Post], JSON]) -> JSON:
    """Return one page of ``posts``: ``{"data": [...], "paging": {...}}``.

    Threads gives cursors only; the other two add ``next``, which holds the token, as theirs does.
    """
    return one_page(call, _in_window(box, call, posts), render)


def one_page(call: GraphCall, found: Sequence[Item], render: Callable[[Item], JSON]) -> JSON:
    """Return the page of ``found`` (in the order of the listing) that ``limit``, ``after`` and ``before`` name."""
    limit = call.number("limit", 25)
    if not 0 < limit <= _LARGEST_PAGE:
        raise bad_parameter("Param limit must be between 1 and 100", blamed="limit")
    if call.text("after") and call.text("before"):
        raise bad_parameter("Only one of the params after and before may be given", blamed="before")
    start = _position(call, "after", found) + 1 if call.text("after") else 0
    end = start + limit
    if call.text("before"):
        end = _position(call, "before", found)
        start = max(end - limit, 0)
    shown = found[start:end]
    answer: dict[str, JSON] = {"data": [render(item) for item in shown]}
    if shown:
        answer["paging"] = _paging(call, shown, has_less=start > 0, has_more=end < len(found))
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


def _position(call: GraphCall, name: str, found: Sequence[Item]) -> int:
    try:
        last = base64.urlsafe_b64decode(call.text(name)).decode("ascii")
    except ValueError:
        raise bad_parameter("Invalid cursors values", blamed=name) from None
    return next((index for index, item in enumerate(found) if item.id == last), len(found))


def _paging(call: GraphCall, shown: Sequence[Item], *, has_less: bool, has_more: bool) -> JSON:
    before, after = (base64.urlsafe_b64encode(item.id.encode()).decode() for item in (shown[0], shown[-1]))
    if call.family is Network.THREADS:
        return {"cursors": {"before": before, "after": after} if has_more else {"before": before}}
    paging: dict[str, JSON] = {"cursors": {"before": before, "after": after}}
    if has_less:
        paging["previous"] = _address(call, before=before)
    if has_more:
        paging["next"] = _address(call, after=after)
    return paging


def _address(call: GraphCall, **cursor: str) -> str:
    """Return the address of another page, which holds the token, as Meta's does."""
    params = {name: value for name, value in call.params.items() if name not in {"after", "before"}}
    return f"{call.base_url}{call.path}?{urlencode({**params, **cursor, 'access_token': call.token})}"
