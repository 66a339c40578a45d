"""Reading the posts of Facebook Pages (page/feed and page post references)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from desktop.sandbox import facebook_comment_reading, facebook_counts
from desktop.sandbox.auth import account_of, require_read
from desktop.sandbox.errors import JSON
from desktop.sandbox.facebook_scheduling import scheduled_time, unpublished_type
from desktop.sandbox.facebook_visitors import write_posts
from desktop.sandbox.fields import Field, parse_fields, project, timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Post, Token
from desktop.sandbox.paging import list_posts
from desktop.sandbox.permalinks import permalink
from desktop.sandbox.sandbox import Sandbox

_DEFAULT_FIELDS = "id,message,created_time"
_OUT_OF_FEED = frozenset({"REEL", "STORY"})


async def list_feed(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{page}/feed``: what the Page and what visitors wrote; reels and stories are not in it."""
    return _listing(box, call, token, lambda post: post.published_at is not None)


async def list_published(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{page}/posts`` and ``/published_posts``: the Page's own."""
    return _listing(box, call, token, lambda post: post.published_at is not None and "author_id" not in post.extras)


async def list_visitors(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{page}/visitor_posts``: what people wrote on the Page."""
    return _listing(box, call, token, lambda post: "author_id" in post.extras)


async def list_scheduled(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{page}/scheduled_posts``."""
    return _listing(box, call, token, lambda post: scheduled_time(post) is not None)


def render(box: Sandbox, call: GraphCall, post: Post, token: Token) -> dict[str, JSON]:
    """``GET /{post}``: one post, with the fields asked for."""
    wanted = parse_fields(call.text("fields") or _DEFAULT_FIELDS)
    readers = _own_readers(box, call, post) | _audience_readers(box, call, token, wanted)
    return project(post, readers, wanted, "PagePost")


def _listing(box: Sandbox, call: GraphCall, token: Token, wanted: Callable[[Post], bool]) -> JSON:
    page = account_of(box.world, call, token)
    require_read(token, page)
    write_posts(box, page)
    posts = (post for post in box.world.posts_of(page.id) if post.kind not in _OUT_OF_FEED and wanted(post))
    return list_posts(box, call, posts, lambda post: render(box, call, post, token))


def _own_readers(box: Sandbox, call: GraphCall, post: Post) -> dict[str, Callable[[Post], JSON]]:
    page = box.world.accounts[post.account_id]
    at = scheduled_time(post)
    created_at = post.published_at or post.created_at
    backdated = post.extras.get("backdated_time")
    changed_at = datetime.fromisoformat(post.extras.get("updated_at", created_at.isoformat()))
    status_types = {"TEXT": "mobile_status_update", "LINK": "shared_story", "VIDEO": "added_video"}
    return {
        "id": lambda p: p.id,
        "message": lambda p: p.text or None,
        "created_time": lambda _: timestamp(datetime.fromisoformat(backdated) if backdated else created_at),
        "backdated_time": lambda _: timestamp(datetime.fromisoformat(backdated)) if backdated else None,
        "updated_time": lambda _: timestamp(changed_at),
        "permalink_url": lambda p: permalink(call.base_url, p, page.username),
        "is_published": lambda p: p.published_at is not None,
        "is_hidden": lambda p: bool(p.extras.get("is_hidden")),
        "is_pinned": lambda p: bool(p.extras.get("is_pinned")),
        "is_expired": lambda _: False,
        "scheduled_publish_time": lambda _: int(at.timestamp()) if at else None,
        "unpublished_content_type": unpublished_type,
        "status_type": lambda p: status_types.get(p.kind, "added_photos"),
        "full_picture": lambda p: _picture(call, p),
        "attachments": lambda p: _attachments(p, permalink(call.base_url, p, page.username)),
        "from": lambda p: _sender(p, page),
        "targeting": lambda p: json.loads(p.extras.get("targeting", "null")),
        "feed_targeting": lambda p: json.loads(p.extras.get("feed_targeting", "null")),
        "shares": lambda p: {"count": n} if (n := facebook_counts.shares(box, p)) else None,
    }


def _audience_readers(
    box: Sandbox, call: GraphCall, token: Token, wanted: tuple[Field, ...]
) -> dict[str, Callable[[Post], JSON]]:
    asked = {field.name: field for field in wanted}

    def comments(post: Post) -> JSON:
        return facebook_comment_reading.expand(box, call, token, post, asked["comments"])

    def reactions(post: Post) -> JSON:
        return facebook_counts.expand_reactions(box, token, post, asked["reactions"])

    return {"comments": comments, "reactions": reactions}


def _sender(post: Post, page: Account) -> JSON:
    if "author_id" in post.extras:
        return {"id": post.extras["author_id"], "name": post.extras["author_name"]}
    return {"id": page.id, "name": page.name}


def _picture(call: GraphCall, post: Post) -> JSON:
    if not post.media or post.media[0].kind == "mp4":
        return None
    return f"{call.base_url}/view/picture/{post.media[0].sha256}"


def _attachments(post: Post, address: str) -> JSON:
    if post.link:
        return {"data": [{"type": "share", "media_type": "link", "url": post.link}]}
    kind = "video" if post.kind in {"VIDEO", "REEL"} else "photo"
    items: list[JSON] = [
        {
            "type": "video_inline" if kind == "video" else "photo",
            "media_type": kind,
            "target": {"id": child},
            "description": media.alt_text or None,
            "url": address,
        }
        for child, media in zip(post.children, post.media, strict=False)
    ]
    if len(items) > 1:
        return {"data": [{"type": "album", "media_type": "album", "subattachments": {"data": items}}]}
    return {"data": items} if items else None
