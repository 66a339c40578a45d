"""The fields of a Threads post (Threads media reference); an unset one reads None and is left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from desktop.sandbox import growth, text_rules
from desktop.sandbox.errors import JSON
from desktop.sandbox.fields import Node, timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Media, Post
from desktop.sandbox.permalinks import permalink
from desktop.sandbox.places import PLACES, describe
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.threads_parameters import ghost_end, is_public, root_of
from desktop.sandbox.visitors import author_of, reply_to

BIOGRAPHY = "A profile of the sandbox."
_POLL_LIFE = timedelta(hours=24)

_Readers = Mapping[str, Callable[[Post], JSON]]


def readers(box: Sandbox, call: GraphCall) -> _Readers:
    """Return what reads each field of a post."""
    return _content(box, call) | _features(box) | _conversation(box)


def picture_of(call: GraphCall, account: Account) -> str:
    """Return the address of a profile's picture."""
    return f"{call.base_url}/view/avatar/{account.id}.svg"


def _content(box: Sandbox, call: GraphCall) -> dict[str, Callable[[Post], JSON]]:
    def author(post: Post) -> Account:
        return author_of(box, post.account_id)

    def only_medium(post: Post) -> Media | None:
        return post.media[0] if post.media and not post.children else None

    def alt_text(post: Post) -> JSON:
        medium = only_medium(post)
        return (medium.alt_text or None) if medium else None

    def children(post: Post) -> Iterator[JSON]:
        for child, media in zip(post.children, post.media, strict=False):
            kind = _media_kind(media)
            about: dict[str, JSON] = {"id": child, "media_type": kind, "media_url": media.url}
            about |= {"thumbnail_url": media.url} if kind == "VIDEO" else {}
            yield Node(about | ({"alt_text": media.alt_text} if media.alt_text else {}))

    return {
        "id": lambda p: p.id,
        "media_product_type": lambda _: "THREADS",
        "media_type": lambda p: p.kind,
        "media_url": lambda p: p.media[0].url if p.media else None,
        "thumbnail_url": lambda p: p.media[0].url if p.kind == "VIDEO" else None,
        "gif_url": lambda p: _gif_url(p.extras.get("gif_attachment")),
        "permalink": lambda p: permalink(call.base_url, p, author(p).username),
        "shortcode": lambda p: p.shortcode,
        "owner": lambda p: {"id": p.account_id},
        "username": lambda p: author(p).username,
        "profile_picture_url": lambda p: picture_of(call, author(p)),
        "is_verified": lambda p: "verified" in author(p).features,
        "text": lambda p: p.text or None,
        "timestamp": lambda p: timestamp(_published(p)),
        "children": lambda p: {"data": list(children(p))} if p.children else None,
        "alt_text": alt_text,
        "link_attachment_url": _link,
    }


def _features(box: Sandbox) -> dict[str, Callable[[Post], JSON]]:
    def reference(name: str) -> Callable[[Post], JSON]:
        return lambda post: {"id": post.extras[name]} if name in post.extras else None

    def document(name: str) -> Callable[[Post], JSON]:
        return lambda post: json.loads(post.extras[name]) if name in post.extras else None

    def ghost_status(post: Post) -> JSON:
        return None if ghost_end(post) is None else "ACTIVE" if is_public(box, post) else "ARCHIVED"

    def ghost_expiry(post: Post) -> JSON:
        end = ghost_end(post)
        return timestamp(end) if end else None

    def place(post: Post) -> JSON:
        found = PLACES.get(post.extras.get("location_id", ""))
        return Node(describe(found)) if found else None

    def countries(post: Post) -> JSON:
        codes = post.extras.get("allowlisted_country_codes", "")
        return [*codes.split(",")] if codes else None

    return {
        "is_quote_post": lambda p: "quote_post_id" in p.extras,
        "quoted_post": reference("quote_post_id"),
        "reposted_post": reference("reposted_post_id"),
        "poll_attachment": lambda p: _poll(box, p),
        "topic_tag": lambda p: p.extras.get("topic_tag"),
        "location_id": lambda p: p.extras.get("location_id"),
        "location": place,
        "allowlisted_country_codes": countries,
        "is_spoiler_media": lambda p: True if "is_spoiler_media" in p.extras else None,
        "text_entities": document("text_entities"),
        "text_attachment": document("text_attachment"),
        "ghost_post_status": ghost_status,
        "ghost_post_expiration_timestamp": ghost_expiry,
    }


def _conversation(box: Sandbox) -> dict[str, Callable[[Post], JSON]]:
    posts = box.world.posts

    def own_parent(post: Post) -> JSON:
        parent = posts.get(post.reply_to_id)
        return parent is not None and parent.account_id == post.account_id

    def has_replies(post: Post) -> JSON:
        reply_to(box, root_of(box, post))
        return any(q.reply_to_id == post.id and q.deleted_at is None for q in posts.values())

    return {
        "has_replies": has_replies,
        "is_reply": lambda p: bool(p.reply_to_id),
        "is_reply_owned_by_me": lambda p: own_parent(p) if p.reply_to_id else None,
        "root_post": lambda p: {"id": root_of(box, p).id} if p.reply_to_id else None,
        "replied_to": lambda p: {"id": p.reply_to_id} if p.reply_to_id else None,
        "hide_status": lambda p: p.extras.get("hide_status", "NOT_HUSHED") if p.reply_to_id else None,
        "reply_audience": lambda p: p.extras.get("reply_control", "everyone").upper(),
        "reply_approval_status": lambda p: p.extras.get("reply_approval_status"),
    }


def _poll(box: Sandbox, post: Post) -> JSON:
    """Return the options with their votes, which come like everything else by the curve."""
    if "poll_attachment" not in post.extras:
        return None
    options: dict[str, str] = json.loads(post.extras["poll_attachment"])
    votes = growth.of_post(box, post, "likes", box.clock.now())
    shares = growth.parts(votes, options, box.world.seed, post.id, "poll")
    percentages: dict[str, JSON] = {
        f"{name}_votes_percentage": round(count * 100 / votes) if votes else 0 for name, count in shares.items()
    }
    end = timestamp(_published(post) + _POLL_LIFE)
    return {**options, **percentages, "total_votes": votes, "expiration_timestamp": end}


def _link(post: Post) -> JSON:
    preview = text_rules.first_link(post.text) if post.kind == "TEXT_POST" else ""
    return post.link or preview or None


def _gif_url(attachment: str | None) -> JSON:
    return f"https://media.giphy.com/media/{json.loads(attachment)['gif_id']}/giphy.gif" if attachment else None


def _media_kind(media: Media) -> str:
    return "VIDEO" if media.kind == "mp4" else "IMAGE"


def _published(post: Post) -> datetime:
    return post.published_at or post.created_at
