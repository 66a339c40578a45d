"""Reading Threads: posts, listings, the profile, the quotas left (Threads reference pages)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from desktop.sandbox.auth import account_of, require_publish, require_read
from desktop.sandbox.errors import JSON
from desktop.sandbox.fields import parse_fields, project, timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Post, Token
from desktop.sandbox.paging import list_posts
from desktop.sandbox.permalinks import permalink
from desktop.sandbox.sandbox import Sandbox


async def list_threads(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{user}/threads``: the profile's own posts; replies have a list of their own."""
    return _listing(box, call, token, replies=False)


async def list_replies(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{user}/replies``: the profile's replies, the later parts of its chains among them."""
    return _listing(box, call, token, replies=True)


async def publishing_limit(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{user}/threads_publishing_limit``: the rolling 24 h quotas."""
    account = account_of(box.world, call, token)
    require_publish(token, account)
    used, now, config = box.world.quotas.used, box.clock.now(), box.config
    quotas: dict[str, JSON] = {}
    for prefix, bucket, total in (
        ("", "posts", config.threads_quota_total),
        ("reply_", "replies", config.threads_reply_quota_total),
        ("delete_", "deletes", config.threads_delete_quota_total),
    ):
        quotas[f"{prefix}quota_usage"] = used(account.id, bucket, now)
        quotas[f"{prefix}config"] = {"quota_total": total, "quota_duration": 86_400}
    wanted = [field.name for field in parse_fields(call.text("fields", "quota_usage,config"))]
    return {"data": [{name: quotas[name] for name in wanted if name in quotas}]}


def profile(call: GraphCall, account: Account) -> JSON:
    """``GET /me``: the profile."""
    readers: Mapping[str, Callable[[Account], JSON]] = {
        "id": lambda a: a.id,
        "username": lambda a: a.username,
        "name": lambda a: a.name,
        "threads_profile_picture_url": lambda a: f"{call.base_url}/view/avatar/{a.id}.svg",
        "threads_biography": lambda _: "A profile of the sandbox.",
        "is_verified": lambda _: False,
        "is_eligible_for_geo_gating": lambda _: False,
    }
    return project(account, readers, parse_fields(call.text("fields", "id")), "ThreadsUser")


def render(box: Sandbox, call: GraphCall, post: Post) -> JSON:
    """``GET /{media}``: one post, with the fields asked for."""
    return project(post, _readers(box, call), parse_fields(call.text("fields", "id")), "ThreadsMedia")


def _listing(box: Sandbox, call: GraphCall, token: Token, *, replies: bool) -> JSON:
    account = account_of(box.world, call, token)
    require_read(token, account)
    posts = (p for p in box.world.posts_of(account.id) if bool(p.reply_to_id) is replies)
    return list_posts(box, call, posts, lambda post: render(box, call, post))


def _root(box: Sandbox, post: Post) -> str:
    while post.reply_to_id in box.world.posts:
        post = box.world.posts[post.reply_to_id]
    return post.id


def _readers(box: Sandbox, call: GraphCall) -> Mapping[str, Callable[[Post], JSON]]:
    accounts = box.world.accounts

    def published(post: Post) -> datetime:
        return post.published_at or post.created_at

    def extra(name: str) -> Callable[[Post], JSON]:
        return lambda post: post.extras.get(name)

    def own_parent(post: Post) -> JSON:
        parent = box.world.posts.get(post.reply_to_id)
        return parent is not None and parent.account_id == post.account_id

    return {
        "id": lambda p: p.id,
        "media_product_type": lambda _: "THREADS",
        "media_type": lambda p: p.kind,
        "media_url": lambda p: p.media[0].url if p.media else None,
        "permalink": lambda p: permalink(call.base_url, p, accounts[p.account_id].username),
        "shortcode": lambda p: p.shortcode,
        "owner": lambda p: {"id": p.account_id},
        "username": lambda p: accounts[p.account_id].username,
        "text": lambda p: p.text or None,
        "timestamp": lambda p: timestamp(published(p)),
        "children": lambda p: {"data": [{"id": child} for child in p.children]} if p.children else None,
        "alt_text": lambda p: p.media[0].alt_text or None if p.media and not p.children else None,
        "link_attachment_url": lambda p: p.link or None,
        "is_quote_post": lambda p: "quote_post_id" in p.extras,
        "topic_tag": extra("topic_tag"),
        "has_replies": lambda p: any(q.reply_to_id == p.id for q in box.world.posts.values()),
        "is_reply": lambda p: bool(p.reply_to_id),
        "is_reply_owned_by_me": lambda p: own_parent(p) if p.reply_to_id else None,
        "root_post": lambda p: {"id": _root(box, p)} if p.reply_to_id else None,
        "replied_to": lambda p: {"id": p.reply_to_id} if p.reply_to_id else None,
        "reply_audience": lambda p: p.extras.get("reply_control", "everyone").upper(),
        "hide_status": lambda p: "NOT_HUSHED" if p.reply_to_id else None,
    }
