"""The edges of Pages and their objects, and the names the fault script knows writes on them by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from desktop.sandbox import (
    facebook,
    facebook_comment_reading,
    facebook_comments,
    facebook_insights,
    facebook_photos,
    facebook_reading,
    facebook_reels,
    facebook_stories,
    facebook_subscriptions,
    facebook_videos,
)
from desktop.sandbox.errors import JSON
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Token
from desktop.sandbox.sandbox import Sandbox

PAGE_EDGES: Mapping[tuple[str, str], Callable[[Sandbox, GraphCall, Token], Awaitable[JSON]]] = {
    ("POST", "feed"): facebook.create_post,
    ("GET", "feed"): facebook_reading.list_feed,
    ("GET", "posts"): facebook_reading.list_published,
    ("GET", "published_posts"): facebook_reading.list_published,
    ("GET", "scheduled_posts"): facebook_reading.list_scheduled,
    ("GET", "visitor_posts"): facebook_reading.list_visitors,
    ("POST", "photos"): facebook_photos.create_photo,
    ("POST", "videos"): facebook_videos.create_video,
    ("GET", "videos"): facebook_videos.list_videos,
    ("POST", "video_reels"): facebook_reels.create_reel,
    ("GET", "video_reels"): facebook_reels.list_reels,
    ("POST", "video-upload"): facebook_reels.receive,
    ("POST", "video_stories"): facebook_reels.create_story,
    ("POST", "photo_stories"): facebook_stories.create_photo_story,
    ("GET", "stories"): facebook_stories.list_stories,
    ("POST", "comments"): facebook_comments.create_comment,
    ("GET", "comments"): facebook_comment_reading.list_comments,
    ("GET", "insights"): facebook_insights.read_insights,
    ("POST", "subscribed_apps"): facebook_subscriptions.subscribe,
    ("GET", "subscribed_apps"): facebook_subscriptions.list_subscriptions,
    ("DELETE", "subscribed_apps"): facebook_subscriptions.unsubscribe,
}
LISTS = frozenset({"feed", "posts", "published_posts", "scheduled_posts", "visitor_posts", "videos", "video_reels"})


def write_names(call: GraphCall) -> frozenset[str]:
    """Return the names of a POST on an edge of films and stories; empty for other calls."""
    match call.edge, call.text("upload_phase"):
        case "videos" | "video_reels" | "video_stories", "start":
            return frozenset({"create"})
        case "videos", "transfer":
            return frozenset({"upload", "media"})
        case "videos", "cancel":
            return frozenset({"edit"})
        case "videos", phase:
            name = "publish" if call.flag("published", default=True) else "create"
            return frozenset({name} if phase else {name, "media"})
        case "video_reels", _:
            return frozenset({"publish" if call.text("video_state").upper() == "PUBLISHED" else "create"})
        case "video_stories" | "photo_stories", _:
            return frozenset({"publish"})
        case "comments", _:
            return frozenset({"comment"})
    return frozenset()
