"""What ``POST /{user}/threads`` takes besides media (Threads posts reference, with its single features)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from desktop.sandbox import text_rules
from desktop.sandbox.countries import CODES
from desktop.sandbox.errors import JSON, GraphError, bad_parameter, missing_permission
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Network, Post, Token
from desktop.sandbox.places import PLACES
from desktop.sandbox.rights import Ability, require
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.threads_attachments import check_gif, check_spoilers, read_poll, read_text_attachment

_LONGEST_TEXT = 500
_LONGEST_ALT_TEXT = 1000
_LONGEST_TOPIC = 50
_MOST_LINKS = 5
_GHOST_LIFE = timedelta(hours=24)
_TEXT_ONLY = ("link_attachment", "poll_attachment", "text_attachment", "gif_attachment")
_REPLY_CONTROLS = {
    "everyone", "accounts_you_follow", "mentioned_only", "parent_post_author_only", "followers_only",
}  # fmt: skip
_KEPT = (
    "reply_control",
    "link_attachment",
    "quote_post_id",
    "topic_tag",
    "location_id",
    "text_entities",
    "text_attachment",
    "gif_attachment",
)
_KEPT_FLAGS = (
    "enable_reply_approvals",
    "is_spoiler_media",
    "is_ghost_post",
    "crossreshare_to_ig",
    "crossreshare_to_ig_dark_mode",
)


def read_parameters(box: Sandbox, call: GraphCall, account: Account, token: Token, kind: str) -> dict[str, str]:
    """Return what a post keeps of the parameters; the refusal of Threads for the first that is wrong."""
    _check_combinations(call, kind)
    _check_text(call, kind)
    _check_topic(call)
    _check_target(box, call, token)
    _check_place(call, account, token)
    check_spoilers(call)
    check_gif(call)
    attached_text = read_text_attachment(call)
    _check_links(call, attached_text)
    extras = {name: call.text(name) for name in _KEPT if call.text(name)}
    extras |= {name: "true" for name in _KEPT_FLAGS if call.flag(name)}
    if countries := _countries(call, account):
        extras["allowlisted_country_codes"] = ",".join(countries)
    if poll := read_poll(box, call):
        extras["poll_attachment"] = json.dumps(poll)
    if not call.text("topic_tag") and (topic := text_rules.first_topic(call.text("text"))):
        extras["topic_tag"] = topic
    return extras


def is_public(box: Sandbox, post: Post) -> bool:
    """Tell whether ``post`` is a living post on Threads."""
    end = ghost_end(post)
    is_gone = end is not None and end <= box.clock.now()
    return post.network is Network.THREADS and post.deleted_at is None and not is_gone


def ghost_end(post: Post) -> datetime | None:
    """Return when a ghost post vanishes, None for other posts."""
    if "is_ghost_post" not in post.extras:
        return None
    return (post.published_at or post.created_at) + _GHOST_LIFE


def root_of(box: Sandbox, post: Post) -> Post:
    """Return the post that began the conversation of ``post``."""
    while post.reply_to_id in box.world.posts:
        post = box.world.posts[post.reply_to_id]
    return post


def _check_combinations(call: GraphCall, kind: str) -> None:
    for name in _TEXT_ONLY:
        if call.text(name) and kind != "TEXT":
            raise bad_parameter(f"Param {name} is only supported with media_type TEXT", blamed=name)
    if call.flag("is_carousel_item") and kind not in {"IMAGE", "VIDEO"}:
        raise bad_parameter("A carousel item must be an image or a video", blamed="is_carousel_item")
    if call.text("reply_control") and call.text("reply_control") not in _REPLY_CONTROLS:
        raise bad_parameter("Param reply_control is invalid", blamed="reply_control")
    for one, other in (("poll_attachment", "link_attachment"), ("poll_attachment", "text_attachment")):
        if call.text(one) and call.text(other):
            raise bad_parameter(f"The params {one} and {other} cannot be used together", blamed=one)
    if call.flag("is_ghost_post") and (
        kind != "TEXT" or call.text("reply_to_id") or call.flag("enable_reply_approvals")
    ):
        raise bad_parameter("A ghost post is a text, no reply, and has no reply approvals", blamed="is_ghost_post")
    if call.flag("is_spoiler_media") and kind == "TEXT":
        raise bad_parameter("Param is_spoiler_media needs media", blamed="is_spoiler_media")


def _check_text(call: GraphCall, kind: str) -> None:
    text = call.text("text")
    if kind == "TEXT" and not text:
        raise bad_parameter("The parameter text is required", blamed="text")
    if text_rules.threads_length(text) > _LONGEST_TEXT:
        raise bad_parameter(f"Param text must be at most {_LONGEST_TEXT} characters long.", blamed="text")
    if len(call.text("alt_text")) > _LONGEST_ALT_TEXT:
        raise bad_parameter(f"Param alt_text must be at most {_LONGEST_ALT_TEXT} characters long.", blamed="alt_text")


def _check_topic(call: GraphCall) -> None:
    tag = call.text("topic_tag")
    if tag and (len(tag) > _LONGEST_TOPIC or "." in tag or "&" in tag):
        raise bad_parameter("Param topic_tag must be 1 to 50 characters without '.' and '&'", blamed="topic_tag")


def _check_target(box: Sandbox, call: GraphCall, token: Token) -> None:
    for name in ("reply_to_id", "quote_post_id"):
        if not (target := call.text(name)):
            continue
        post = box.world.posts.get(target)
        if post is None or not is_public(box, post):  # a container's id is none
            raise bad_parameter(f"Param {name} must be the id of a published media", blamed=name)
        if name == "reply_to_id" and token.account_id not in {post.account_id, root_of(box, post).account_id}:
            scopes = {Ability.MENTIONS.value, Ability.KEYWORD_SEARCH.value}
            if not scopes.intersection(token.scopes):
                raise missing_permission(Ability.MENTIONS.value)


def _check_place(call: GraphCall, account: Account, token: Token) -> None:
    if call.text("location_id"):
        require(token, account, Ability.LOCATIONS)
        if call.text("location_id") not in PLACES:
            raise bad_parameter("Param location_id must be the id of a location", blamed="location_id")
    if call.flag("crossreshare_to_ig"):
        require(token, account, Ability.SHARE)


def _countries(call: GraphCall, account: Account) -> list[str]:
    codes = call.ids("allowlisted_country_codes")
    if call.text("allowlisted_country_codes") and "geo_gating" not in account.features:
        raise GraphError("Geo-gating is not available for this user", "THREADS_API__FEATURE_NOT_AVAILABLE")
    if not CODES.issuperset(codes):
        raise GraphError("A country code is not valid", "THREADS_API__GEO_GATING_INVALID_COUNTRY_CODES")
    return codes


def _check_links(call: GraphCall, attachment: Mapping[str, JSON]) -> None:
    link, attached = call.text("link_attachment"), str(attachment.get("link_attachment_url") or "")
    for url in filter(None, (link, attached)):
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise bad_parameter("Param link_attachment must be an address", blamed="link_attachment")
    texts = (call.text("text"), link, str(attachment.get("plaintext") or ""), attached)
    if len(set().union(*map(text_rules.links, texts))) > _MOST_LINKS:
        raise GraphError("The post has more than 5 links", "THREADS_API__LINK_LIMIT_EXCEEDED")
