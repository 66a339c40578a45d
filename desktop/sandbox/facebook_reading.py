"""Reading the posts of Facebook Pages (page/feed and page post references)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox.auth import account_of, require_read
from desktop.sandbox.errors import JSON
from desktop.sandbox.fields import parse_fields, project, timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Post, Token
from desktop.sandbox.paging import list_posts
from desktop.sandbox.permalinks import permalink
from desktop.sandbox.sandbox import Sandbox

_DEFAULT_FIELDS = "id,message,created_time"


async def list_published(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{page}/feed``, ``/posts`` and ``/published_posts``."""
    return _listing(box, call, token, lambda post: post.published_at is not None)


async def list_scheduled(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{page}/scheduled_posts``."""
    return _listing(box, call, token, lambda post: post.scheduled_for is not None)


def render(box: Sandbox, call: GraphCall, post: Post) -> JSON:
    """``GET /{post}``: one post, with the fields asked for."""
    return project(post, _readers(box, call), parse_fields(call.text("fields", _DEFAULT_FIELDS)), "PagePost")


def _listing(box: Sandbox, call: GraphCall, token: Token, wanted: Callable[[Post], bool]) -> JSON:
    page = account_of(box.world, call, token)
    require_read(token, page)
    return list_posts(box, call, filter(wanted, box.world.posts_of(page.id)), lambda post: render(box, call, post))


def _readers(box: Sandbox, call: GraphCall) -> Mapping[str, Callable[[Post], JSON]]:
    def sender(post: Post) -> JSON:
        return {"id": post.account_id, "name": box.world.accounts[post.account_id].name}

    def address(post: Post) -> str:
        return permalink(call.base_url, post, box.world.accounts[post.account_id].username)

    def attachments(post: Post) -> JSON:
        if post.link:
            return {"data": [{"type": "share", "media_type": "link", "url": post.link}]}
        items: list[JSON] = [
            {
                "type": "photo",
                "media_type": "photo",
                "target": {"id": child},
                "description": media.alt_text,
                "url": address(post),
            }
            for child, media in zip(post.children, post.media, strict=False)
        ]
        if len(items) > 1:
            return {"data": [{"type": "album", "media_type": "album", "subattachments": {"data": items}}]}
        return {"data": items} if items else None

    return {
        "id": lambda p: p.id,
        "message": lambda p: p.text or None,
        "created_time": lambda p: timestamp(p.published_at or p.created_at),
        "updated_time": lambda p: timestamp(p.published_at or p.created_at),
        "permalink_url": address,
        "is_published": lambda p: p.published_at is not None,
        "is_hidden": lambda _: False,
        "scheduled_publish_time": lambda p: int(p.scheduled_for.timestamp()) if p.scheduled_for else None,
        "unpublished_content_type": lambda p: None if p.published_at else "SCHEDULED" if p.scheduled_for else "DRAFT",
        "status_type": lambda p: "added_photos" if p.children else "shared_story" if p.link else "mobile_status_update",
        "full_picture": lambda p: p.media[0].url or None if p.media else None,
        "attachments": attachments,
        "from": sender,
        "shares": lambda _: None,
        "comments": lambda _: {"data": [], "summary": {"total_count": 0}},
        "reactions": lambda _: {"data": [], "summary": {"total_count": 0}},
    }
