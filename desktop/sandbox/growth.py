"""How posts and accounts grow: smooth curves drawn from the seed, so that the same moment has the same numbers."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from desktop.sandbox.model import Account, Network, Post
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.visitors import reply_to

PACIFIC = ZoneInfo("America/Los_Angeles")
"""Days of insights end at midnight there."""
_PACE = timedelta(hours=18)
_STORY_PACE = timedelta(hours=5)

_SHARES_OF_VIEWS: dict[str, tuple[float, float]] = {
    "views": (1.0, 1.0),
    "reach": (0.55, 0.85),
    "likes": (0.03, 0.09),
    "reposts": (0.004, 0.012),
    "quotes": (0.001, 0.005),
    "shares": (0.004, 0.012),
    "saved": (0.004, 0.015),
    "follows": (0.01, 0.03),
    "profile_visits": (0.01, 0.03),
    "profile_activity": (0.002, 0.008),
    "clicks": (0.01, 0.04),
    "navigation": (0.7, 0.95),
    "link_clicks": (0.005, 0.02),
}
"""Each post has a number of its own between the two."""

_DAILY_OF_FOLLOWERS: dict[str, tuple[float, float]] = {
    "views": (0.04, 0.09),
    "reach": (0.02, 0.05),
    "likes": (0.002, 0.006),
    "reposts": (0.0, 0.001),
    "profile_visits": (0.004, 0.012),
    "profile_activity": (0.001, 0.004),
    "follows": (0.0, 0.0),
}
"""What an account gets each day without a new post, as a part of its followers."""


def draw(*names: object) -> float:
    """Return a number from 0 up to 1 that belongs to ``names`` for good."""
    digest = hashlib.sha256(":".join(map(str, names)).encode()).digest()
    return int.from_bytes(digest[:6]) / (1 << 48)


def of_post(box: Sandbox, post: Post, metric: str, at: datetime) -> int:
    """Return a count of ``post`` as it stood at ``at``; it never falls."""
    if metric in {"replies", "comments"}:
        return conversation_size(box, post, at)
    low, high = _SHARES_OF_VIEWS[metric]
    share = low + (high - low) * draw(box.world.seed, post.id, metric)
    return int(_views(box, post, at) * share)


def of_account(box: Sandbox, account: Account, metric: str, since: datetime, until: datetime) -> int:
    """Return what an account got between two instants, from its posts and by itself."""
    posts = list(_posts(box, account))
    grown = sum(of_post(box, p, metric, until) - of_post(box, p, metric, since) for p in posts)
    return grown + sum(_quiet_day(box, account, metric, day) for day in days_between(since, until))


def followers(box: Sandbox, account: Account) -> int:
    """Return the followers now: those it began with and those its posts brought."""
    now = box.clock.now()
    return account.followers + sum(of_post(box, post, "follows", now) for post in _posts(box, account))


def parts(total: int, names: Iterable[str], *key: object) -> dict[str, int]:
    """Split ``total`` over ``names`` without remainder, the same way for the same key."""
    weights = {name: 0.2 + draw(*key, name) for name in names}
    whole = sum(weights.values())
    found = {name: int(total * weight / whole) for name, weight in weights.items()}
    first = next(iter(found))
    return found | {first: found[first] + total - sum(found.values())}


def days_between(since: datetime, until: datetime) -> list[date]:
    """Return the Pacific days that end after ``since`` and not after ``until``."""
    day = since.astimezone(PACIFIC).date()
    found: list[date] = []
    while (end := end_of(day)) <= until:
        if end > since:
            found.append(day)
        day += timedelta(days=1)
    return found


def end_of(day: date) -> datetime:
    """Return the midnight after a Pacific ``day``, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), PACIFIC).astimezone(UTC)


def conversation_size(box: Sandbox, post: Post, at: datetime) -> int:
    """Count the direct comments or replies there were at ``at``."""
    reply_to(box, post)
    if post.network is Network.THREADS:
        replies = (p for p in box.world.posts.values() if p.reply_to_id == post.id and p.deleted_at is None)
        hidden = {"PENDING", "IGNORED"}
        shown = (p for p in replies if p.extras.get("reply_approval_status") not in hidden)
        return sum(1 for p in shown if (p.published_at or p.created_at) <= at)
    comments = (c for c in box.world.comments.values() if c.object_id == post.id and c.deleted_at is None)
    return sum(1 for c in comments if c.created_at <= at)


def _views(box: Sandbox, post: Post, at: datetime) -> float:
    if post.published_at is None or at <= post.published_at:
        return 0.0
    luck = draw(box.world.seed, post.id, "luck")
    followers_then = box.world.accounts[post.account_id].followers
    total = 20 + followers_then * (0.1 + 1.5 * luck**3)
    pace = _STORY_PACE if post.extras.get("product") == "STORIES" else _PACE
    return total * -math.expm1(-(at - post.published_at) / pace)


def _quiet_day(box: Sandbox, account: Account, metric: str, day: date) -> int:
    low, high = _DAILY_OF_FOLLOWERS.get(metric, (0.0, 0.0))
    weekend = 0.8 if day.weekday() >= 5 else 1.0
    share = low + (high - low) * draw(box.world.seed, account.id, metric, day)
    return int(account.followers * share * weekend)


def _posts(box: Sandbox, account: Account) -> Iterable[Post]:
    return (p for p in box.world.posts_of(account.id) if p.published_at is not None and p.kind != "REPOST_FACADE")
