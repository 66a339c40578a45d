"""Reading Instagram: posts, listings, the account, the quota left (ig-user and ig-media references)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from desktop.sandbox import growth
from desktop.sandbox.auth import account_of, require_publish, require_read
from desktop.sandbox.errors import JSON
from desktop.sandbox.fields import Node, parse_fields, project, timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.instagram_insights import product_of
from desktop.sandbox.model import Account, Media, Network, Post, Token
from desktop.sandbox.paging import list_posts
from desktop.sandbox.permalinks import permalink
from desktop.sandbox.sandbox import Sandbox

_STORY_LIFE = timedelta(hours=24)
_MOST_LISTED = 10_000


async def list_media(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{ig}/media``: the newest 10 000, stories apart."""
    return _listing(box, call, token, stories=False)


async def list_stories(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{ig}/stories``: those of the last 24 hours."""
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
        "website": lambda _: "https://tidings.example/",
        "followers_count": lambda a: growth.followers(box, a),
        "follows_count": lambda _: 56,
        "media_count": lambda a: sum(1 for p in box.world.posts_of(a.id) if p.published_at),
    }
    return project(account, readers, parse_fields(call.text("fields", "id")), "IGUser")


def render(box: Sandbox, call: GraphCall, post: Post) -> JSON:
    """``GET /{media}``: one post, with the fields asked for."""
    readers = _content(box, call, post) | _counts(box)
    return project(post, readers, parse_fields(call.text("fields", "id")), "IGMedia")


def _content(box: Sandbox, call: GraphCall, post: Post) -> dict[str, Callable[[Post], JSON]]:
    username = box.world.accounts[post.account_id].username
    is_feed = post.extras.get("product") != "STORIES"

    def address(media: Media) -> JSON:
        is_protected = media.kind == "mp4" and box.config.instagram_copyright_matches
        return None if is_protected else media.url or f"{call.base_url}/view/picture/{media.sha256}"

    def children(post: Post) -> Iterator[JSON]:
        for child, media in zip(post.children, post.media, strict=False):
            kind = "VIDEO" if media.kind == "mp4" else "IMAGE"
            about: dict[str, JSON] = {"id": child, "media_type": kind, "media_url": address(media)}
            yield Node({name: value for name, value in about.items() if value is not None})

    return {
        "id": lambda p: p.id,
        "caption": lambda p: p.text or None if is_feed else None,
        "media_type": lambda p: p.kind,
        "media_product_type": product_of,
        "media_url": lambda p: address(p.media[0]) if p.media else None,
        "thumbnail_url": lambda p: address(p.media[0]) if p.kind == "VIDEO" else None,
        "permalink": lambda p: permalink(call.base_url, p, username),
        "shortcode": lambda p: p.shortcode,
        "timestamp": lambda p: timestamp(p.published_at or p.created_at),
        "username": lambda _: username,
        "owner": lambda p: {"id": p.account_id},
        "children": lambda p: {"data": list(children(p))} if p.children else None,
        "is_comment_enabled": lambda p: p.extras.get("comment_enabled") != "false",
        "is_shared_to_feed": _shared_to_feed,
        "alt_text": lambda p: p.media[0].alt_text or None if p.media and not p.children else None,
    }


def _counts(box: Sandbox) -> dict[str, Callable[[Post], JSON]]:
    def grown(metric: str) -> Callable[[Post], JSON]:
        return lambda post: growth.of_post(box, post, metric, box.clock.now())

    likes = grown("likes")
    return {
        "like_count": lambda p: None if box.config.instagram_hidden_likes else likes(p),
        "comments_count": grown("comments"),
        "view_count": grown("views"),
        "reposts_count": grown("reposts"),
        "saved_count": grown("saved"),
        "shares_count": grown("shares"),
    }


def _shared_to_feed(post: Post) -> JSON:
    return post.extras.get("share_to_feed") != "false" if post.extras.get("product") == "REELS" else None


def _listing(box: Sandbox, call: GraphCall, token: Token, *, stories: bool) -> JSON:
    account = account_of(box.world, call, token)
    require_read(token, account)
    posts = [p for p in box.world.posts_of(account.id) if (p.extras.get("product") == "STORIES") is stories]
    if stories:
        oldest = box.clock.now() - _STORY_LIFE
        posts = [p for p in posts if (p.published_at or p.created_at) > oldest]
    return list_posts(box, call, posts[-_MOST_LISTED:], lambda post: render(box, call, post))
