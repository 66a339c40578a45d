"""Reading Threads: posts, listings, the profile, the quotas left (Threads reference pages)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox import threads_fields
from desktop.sandbox.auth import account_of, require_publish, require_read
from desktop.sandbox.errors import JSON
from desktop.sandbox.fields import parse_fields, project
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Post, Token
from desktop.sandbox.paging import list_posts
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.threads_fields import BIOGRAPHY, picture_of
from desktop.sandbox.threads_parameters import ghost_end, is_public

_KEYWORDS_SHOWN = 10


async def list_threads(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{user}/threads``: the profile's own posts; replies have a list of their own."""
    return _listing(box, call, token, lambda post: not post.reply_to_id and _is_listed(box, post))


async def list_replies(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{user}/replies``: the profile's replies, the later parts of its chains among them."""
    return _listing(box, call, token, lambda post: bool(post.reply_to_id))


async def list_ghosts(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{user}/ghost_posts``: those still public and those archived after their 24 hours."""
    return _listing(box, call, token, lambda post: ghost_end(post) is not None)


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
        ("location_search_", "location_searches", config.threads_location_quota_total),
    ):
        quotas[f"{prefix}quota_usage"] = used(account.id, bucket, now)
        quotas[f"{prefix}config"] = {"quota_total": total, "quota_duration": 86_400}
    wanted = [field.name for field in parse_fields(call.text("fields", "quota_usage,config"))]
    return {"data": [{name: quotas[name] for name in wanted if name in quotas}]}


def profile(box: Sandbox, call: GraphCall, account: Account) -> JSON:
    """``GET /me``: the profile."""
    readers: Mapping[str, Callable[[Account], JSON]] = {
        "id": lambda a: a.id,
        "username": lambda a: a.username,
        "name": lambda a: a.name,
        "threads_profile_picture_url": lambda a: picture_of(call, a),
        "threads_biography": lambda _: BIOGRAPHY,
        "is_verified": lambda a: "verified" in a.features,
        "is_eligible_for_geo_gating": lambda a: "geo_gating" in a.features,
        "recently_searched_keywords": lambda a: _keywords(box, a) or None,
    }
    return project(account, readers, parse_fields(call.text("fields", "id")), "ThreadsUser")


def render(box: Sandbox, call: GraphCall, post: Post) -> JSON:
    """``GET /{media}``: one post, with the fields asked for."""
    readers = threads_fields.readers(box, call)
    return project(post, readers, parse_fields(call.text("fields", "id")), "ThreadsMedia")


def _listing(box: Sandbox, call: GraphCall, token: Token, is_wanted: Callable[[Post], bool]) -> JSON:
    account = account_of(box.world, call, token)
    require_read(token, account)
    posts = (post for post in box.world.posts_of(account.id) if is_wanted(post))
    return list_posts(box, call, posts, lambda post: render(box, call, post))


def _is_listed(box: Sandbox, post: Post) -> bool:
    return ghost_end(post) is None or (box.config.threads_list_ghosts and is_public(box, post))


def _keywords(box: Sandbox, account: Account) -> list[JSON]:
    uses = (u for u in box.world.uses.values() if u.account_id == account.id and u.bucket == "keyword_searches")
    latest = sorted(uses, key=lambda use: use.used_at, reverse=True)[:_KEYWORDS_SHOWN]
    return [{"query": use.detail, "timestamp": int(use.used_at.timestamp() * 1000)} for use in latest]
