"""Reading Instagram: posts, listings, the account, the quota left (ig-user and ig-media references)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox.auth import account_of, require_publish, require_read
from desktop.sandbox.errors import JSON
from desktop.sandbox.fields import parse_fields, project, timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Network, Post, Token
from desktop.sandbox.paging import list_posts
from desktop.sandbox.permalinks import permalink
from desktop.sandbox.sandbox import Sandbox


async def list_media(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{ig}/media``: everything but stories."""
    return _listing(box, call, token, stories=False)


async def list_stories(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{ig}/stories``."""
    return _listing(box, call, token, stories=True)


async def publishing_limit(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{ig}/content_publishing_limit``: the rolling 24 h quota."""
    account = account_of(box.world, call, token)
    require_publish(token, account)
    quota: dict[str, JSON] = {
        "quota_usage": box.world.quotas.used(account.id, "posts", box.clock.now()),
        "config": {"quota_total": box.config.instagram_quota_total, "quota_duration": 86_400},
    }
    wanted = [field.name for field in parse_fields(call.text("fields", "quota_usage"))]
    return {"data": [{name: quota[name] for name in wanted if name in quota}]}


def profile(box: Sandbox, call: GraphCall, account: Account) -> JSON:
    """``GET /me`` and ``GET /{ig}``: with Instagram Login ``id`` is app-scoped and ``user_id`` the one for paths."""
    scoped = call.family is Network.INSTAGRAM
    readers: Mapping[str, Callable[[Account], JSON]] = {
        "id": lambda a: a.app_scoped_id if scoped else a.id,
        "user_id": lambda a: a.id if scoped else None,
        "username": lambda a: a.username,
        "name": lambda a: a.name,
        "account_type": lambda a: a.account_type if scoped else None,
        "biography": lambda _: "An account of the sandbox.",
        "profile_picture_url": lambda a: f"{call.base_url}/view/avatar/{a.id}.svg",
        "followers_count": lambda _: 1234,
        "follows_count": lambda _: 56,
        "media_count": lambda a: sum(1 for p in box.world.posts_of(a.id) if p.published_at),
    }
    return project(account, readers, parse_fields(call.text("fields", "id")), "IGUser")


def render(box: Sandbox, call: GraphCall, post: Post) -> JSON:
    """``GET /{media}``: one post, with the fields asked for."""
    username = box.world.accounts[post.account_id].username
    child_kinds = ["VIDEO" if m.kind == "mp4" else "IMAGE" for m in post.media]
    is_feed = post.extras.get("product") != "STORIES"
    children: list[JSON] = [
        {"id": child, "media_type": kind, "media_url": media.url}
        for child, kind, media in zip(post.children, child_kinds, post.media, strict=False)
    ]
    readers: Mapping[str, Callable[[Post], JSON]] = {
        "id": lambda p: p.id,
        "caption": lambda p: p.text or None if is_feed else None,
        "media_type": lambda p: p.kind,
        "media_product_type": lambda p: {"REELS": "REELS", "STORIES": "STORY"}.get(p.extras.get("product", ""), "FEED"),
        "media_url": lambda p: p.media[0].url if p.media else None,
        "thumbnail_url": lambda p: p.media[0].url if p.kind == "VIDEO" else None,
        "permalink": lambda p: permalink(call.base_url, p, username),
        "shortcode": lambda p: p.shortcode,
        "timestamp": lambda p: timestamp(p.published_at or p.created_at),
        "username": lambda _: username,
        "owner": lambda p: {"id": p.account_id},
        "children": lambda _: {"data": children} if children else None,
        "like_count": lambda _: 0,
        "comments_count": lambda _: 0,
        "is_comment_enabled": lambda _: True,
        "is_shared_to_feed": lambda p: True if p.extras.get("product") == "REELS" else None,
        "alt_text": lambda p: p.media[0].alt_text or None if p.media and not p.children else None,
    }
    return project(post, readers, parse_fields(call.text("fields", "id")), "IGMedia")


def _listing(box: Sandbox, call: GraphCall, token: Token, *, stories: bool) -> JSON:
    account = account_of(box.world, call, token)
    require_read(token, account)
    posts = (p for p in box.world.posts_of(account.id) if (p.extras.get("product") == "STORIES") is stories)
    return list_posts(box, call, posts, lambda post: render(box, call, post))
