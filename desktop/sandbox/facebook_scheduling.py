"""When a Page post goes out: the window of ``scheduled_publish_time`` and what a post waits for."""

from __future__ import annotations

from datetime import datetime, timedelta

from desktop.sandbox.errors import bad_parameter
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Post
from desktop.sandbox.sandbox import Sandbox

_SOONEST = timedelta(minutes=10)
REEL_DAYS = 29.0
UNPUBLISHED_TYPES = frozenset(
    {
        "SCHEDULED",
        "DRAFT",
        "PUBLISHED",
        "ADS_POST",
        "INLINE_CREATED",
        "PUBLISH_PENDING",
        "REVIEWABLE_BRANDED_CONTENT",
        "SCHEDULED_RECURRING",
    }
)


def planned_time(box: Sandbox, call: GraphCall, latest_days: float) -> datetime:
    """Return ``scheduled_publish_time``; code 100 outside of 10 minutes to ``latest_days`` from now."""
    at, now = call.instant("scheduled_publish_time"), box.clock.now()
    if at is None or not now + _SOONEST <= at <= now + timedelta(days=latest_days):
        raise bad_parameter(
            f"The scheduled publish time must be between 10 minutes and {latest_days:g} days from now",
            blamed="scheduled_publish_time",
        )
    return at


def scheduled_time(post: Post) -> datetime | None:
    """Return when a scheduled post goes out; None for others, also for a film that waits for its processing only."""
    return None if "processing" in post.extras else post.scheduled_for


def unpublished_type(post: Post) -> str | None:
    """Return SCHEDULED, DRAFT or what the author called it; None once it is public."""
    if post.published_at is not None or "processing" in post.extras:
        return None
    return "SCHEDULED" if post.scheduled_for else post.extras.get("unpublished_content_type", "DRAFT")
