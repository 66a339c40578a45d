"""Finding posts, profiles and places on Threads (keyword-search, profile and location references)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from desktop.sandbox import growth, places, text_rules
from desktop.sandbox.errors import JSON, GraphError, bad_parameter, unknown_object
from desktop.sandbox.fields import parse_fields, project
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Post, Token
from desktop.sandbox.paging import list_posts
from desktop.sandbox.places import PLACES, Place
from desktop.sandbox.rights import Ability, require
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.threads_fields import BIOGRAPHY, picture_of
from desktop.sandbox.threads_parameters import is_public
from desktop.sandbox.threads_reading import render
from desktop.sandbox.visitors import VISITORS, author_of, mention, posts_of

_KINDS = {"TEXT": "TEXT_POST", "IMAGE": "IMAGE", "VIDEO": "VIDEO"}


async def keyword_search(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /keyword_search``: without advanced access the profile's own posts only."""
    account = _allowed(box, token, Ability.KEYWORD_SEARCH)
    wanted = call.text("q").strip()
    if not wanted:
        raise bad_parameter("The parameter q is required", blamed="q")
    _one_of(call, "search_type", "TOP", "RECENT")
    is_tag = _one_of(call, "search_mode", "KEYWORD", "TAG") == "TAG"
    kind = _KINDS[_one_of(call, "media_type", *_KINDS)] if call.text("media_type") else ""
    _count(box, account, "keyword_searches", box.config.threads_keyword_quota_total, wanted)
    author = call.text("author_username").removeprefix("@")
    found = (
        post
        for post in _searchable(box, account)
        if _matches(post, wanted.casefold(), is_tag=is_tag)
        and (not kind or post.kind == kind)
        and (not author or author_of(box, post.account_id).username == author)
    )
    return list_posts(box, call, found, lambda post: render(box, call, post))


async def profile_lookup(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /profile_lookup?username=``: a public profile with enough followers."""
    profile = _looked_up(box, call, token)
    views, likes, quotes, reposts = (
        sum(growth.of_post(box, post, metric, box.clock.now()) for post in box.world.posts_of(profile.id))
        if profile.id in box.world.accounts
        else int(profile.followers * share)
        for metric, share in (("views", 9.0), ("likes", 0.7), ("quotes", 0.02), ("reposts", 0.08))
    )
    readers: Mapping[str, Callable[[Account], JSON]] = {
        "id": lambda a: a.id,
        "username": lambda a: a.username,
        "name": lambda a: a.name,
        "profile_picture_url": lambda a: picture_of(call, a),
        "biography": lambda _: BIOGRAPHY,
        "is_verified": lambda a: "verified" in a.features,
        "follower_count": lambda a: a.followers,
        "views_count": lambda _: views,
        "likes_count": lambda _: likes,
        "quotes_count": lambda _: quotes,
        "reposts_count": lambda _: reposts,
    }
    return project(profile, readers, parse_fields(call.text("fields", ",".join(readers))), "ThreadsPublicProfile")


async def profile_posts(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /profile_posts?username=``: the public posts of such a profile."""
    profile = _looked_up(box, call, token)
    written = posts_of(box, profile) if profile.id in VISITORS else box.world.posts_of(profile.id)
    public = (post for post in written if is_public(box, post) and not post.reply_to_id)
    return list_posts(box, call, public, lambda post: render(box, call, post))


async def location_search(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /location_search``: by name, or near a point."""
    account = _allowed(box, token, Ability.LOCATIONS)
    if call.text("q"):
        found = places.search(call.text("q"))
    elif call.text("latitude") and call.text("longitude"):
        found = places.near(_degrees(call, "latitude", 90), _degrees(call, "longitude", 180))
    else:
        raise bad_parameter("Either q or latitude and longitude is required", blamed="q")
    _count(box, account, "location_searches", box.config.threads_location_quota_total, call.text("q"))
    return {"data": [_render_place(call, place) for place in found]}


def location(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{location}``."""
    _allowed(box, token, Ability.LOCATIONS)
    return _render_place(call, PLACES[call.node])


def _render_place(call: GraphCall, place: Place) -> JSON:
    def reader(name: str) -> Callable[[Place], JSON]:
        return lambda subject: places.describe(subject)[name]

    readers = {name: reader(name) for name in places.describe(place)}
    return project(place, readers, parse_fields(call.text("fields", "id,name")), "ThreadsLocation")


def _allowed(box: Sandbox, token: Token, ability: Ability) -> Account:
    account = box.world.accounts[token.account_id]
    require(token, account, ability)
    return account


def _looked_up(box: Sandbox, call: GraphCall, token: Token) -> Account:
    account = _allowed(box, token, Ability.PROFILES)
    username = call.text("username").removeprefix("@")
    if not username:
        raise bad_parameter("The parameter username is required", blamed="username")
    _count(box, account, "profile_lookups", box.config.threads_profile_quota_total, username)
    profiles = chain(VISITORS.values(), (a for a in box.world.accounts.values() if a.network is account.network))
    profile = next((p for p in profiles if p.username == username and not p.is_private), None)
    if profile is None or profile.followers < box.config.threads_profile_followers:
        raise unknown_object(username)
    return profile


def _searchable(box: Sandbox, account: Account) -> Iterator[Post]:
    posts: dict[str, Post] = {post.id: post for post in box.world.posts_of(account.id)}
    if box.config.threads_advanced_access:
        others = chain(mention(box, account), *(posts_of(box, visitor) for visitor in VISITORS.values()))
        posts |= {post.id: post for post in others}
    return (post for post in posts.values() if is_public(box, post))


def _matches(post: Post, wanted: str, *, is_tag: bool) -> bool:
    if not is_tag:
        return wanted in post.text.casefold()
    tag = post.extras.get("topic_tag") or text_rules.first_topic(post.text)
    return tag.casefold() == wanted.removeprefix("#")


def _one_of(call: GraphCall, name: str, *values: str) -> str:
    value = call.text(name, values[0]).upper()
    if value not in values:
        raise bad_parameter(f"Param {name} must be one of {{{', '.join(values)}}}", blamed=name)
    return value


def _degrees(call: GraphCall, name: str, most: int) -> float:
    try:
        value = float(call.text(name))
    except ValueError:
        value = most + 1.0
    if not -most <= value <= most:
        raise bad_parameter(f"Param {name} must be degrees", blamed=name)
    return value


def _count(box: Sandbox, account: Account, bucket: str, total: int, detail: str) -> None:
    now = box.clock.now()
    if box.world.quotas.used(account.id, bucket, now) >= total:
        raise GraphError("(#613) Calls to this api have exceeded the rate limit.", 613, status=403)
    box.world.note_use(account.id, bucket, now, detail)
