"""The Threads API: containers, publishing, reading, deleting (Threads reference pages)."""

from __future__ import annotations

from desktop.sandbox import containers, text_rules
from desktop.sandbox.auth import account_of, require_delete, require_publish
from desktop.sandbox.errors import (
    JSON,
    GraphError,
    bad_parameter,
    media_unreachable,
    missing_permission,
    quota_reached,
    threads_not_found,
)
from desktop.sandbox.fetching import UnreachableError, fetch
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.media_rules import THREADS_IMAGE, check_image
from desktop.sandbox.model import Account, Container, Media, Network, Post, Token
from desktop.sandbox.sandbox import Sandbox

_LONGEST_TEXT = 500
_LONGEST_ALT_TEXT = 1000
_MOST_LINKS = 5
_MOST_CHILDREN = 20
_UNAVAILABLE = [
    "allowlisted_country_codes",
    "location_id",
    "gif_attachment",
    "is_ghost_post",
    "crossreshare_to_ig",
    "crossreshare_to_ig_dark_mode",
]
_KEPT = [
    "topic_tag",
    "link_attachment",
    "reply_control",
    "quote_post_id",
    "poll_attachment",
    "text_entities",
    "text_attachment",
]
_REPLY_CONTROLS = {
    "everyone", "accounts_you_follow", "mentioned_only", "parent_post_author_only", "followers_only",
}  # fmt: skip
_REFUSALS = containers.Refusals(threads_not_found, threads_not_found, threads_not_found)


async def create(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{user}/threads``: make a container; with ``auto_publish_text`` publish it at once."""
    account = account_of(box.world, call, token)
    require_publish(token, account)
    kind = call.text("media_type").upper()
    if kind not in {"TEXT", "IMAGE", "VIDEO", "CAROUSEL"}:
        raise bad_parameter("Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}", blamed="media_type")
    _check_features(call, kind)
    _check_text(call, kind)
    _check_reply(box, call, token)
    container = _container(box, call, account, kind)
    if kind == "CAROUSEL":
        children = containers.children_of(box, account, call.ids("children"), _MOST_CHILDREN, None)
        container.children = [child.id for child in children]
    elif kind != "TEXT":
        await _attach(box, call, container)
    answer = containers.add(box, container)
    if call.flag("auto_publish_text") and kind == "TEXT":
        container.ready_at = container.created_at
        return {"id": containers.publish(box, account, container.id, _REFUSALS).media_ids[-1]}
    return answer


async def publish(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{user}/threads_publish``: answer the media id."""
    account = account_of(box.world, call, token)
    require_publish(token, account)
    if not call.text("creation_id"):
        raise bad_parameter("The parameter creation_id is required", blamed="creation_id")
    return {"id": containers.publish(box, account, call.text("creation_id"), _REFUSALS).media_ids[-1]}


def delete(box: Sandbox, token: Token, post: Post) -> JSON:
    """``DELETE /{media}``: at most 100 in 24 h."""
    account, now = box.world.accounts[post.account_id], box.clock.now()
    require_delete(token, account)
    if box.world.quotas.used(account.id, "deletes", now) >= box.config.threads_delete_quota_total:
        raise quota_reached()
    post.deleted_at = now
    box.world.save(post)
    box.world.quotas.note(account.id, "deletes", now)
    return {"success": True, "deleted_id": post.id}


def _container(box: Sandbox, call: GraphCall, account: Account, kind: str) -> Container:
    container = Container(box.world.new_id(), Network.THREADS, account.id, kind, box.clock.now(), None)
    container.text = call.text("text")
    container.reply_to_id = call.text("reply_to_id")
    container.is_carousel_item = call.flag("is_carousel_item")
    container.extras = {name: call.text(name) for name in _KEPT if call.text(name)}
    if not container.extras.get("topic_tag") and (topic := text_rules.first_topic(container.text)):
        container.extras["topic_tag"] = topic
    return container


def _check_features(call: GraphCall, kind: str) -> None:
    for name in _UNAVAILABLE:
        if call.text(name) and call.text(name).lower() != "false":
            raise GraphError(f"{name} is not available for this user", "THREADS_API__FEATURE_NOT_AVAILABLE")
    text_only = [n for n in ("link_attachment", "poll_attachment", "text_attachment") if call.text(n)]
    if text_only and kind != "TEXT":
        raise bad_parameter(f"Param {text_only[0]} is only supported with media_type TEXT", blamed=text_only[0])
    if call.text("reply_control") and call.text("reply_control") not in _REPLY_CONTROLS:
        raise bad_parameter("Param reply_control is invalid", blamed="reply_control")
    tag = call.text("topic_tag")
    if tag and (len(tag) > 50 or "." in tag or "&" in tag):
        raise bad_parameter("Param topic_tag must be 1 to 50 characters without '.' and '&'", blamed="topic_tag")


def _check_text(call: GraphCall, kind: str) -> None:
    text = call.text("text")
    if kind == "TEXT" and not text:
        raise bad_parameter("The parameter text is required", blamed="text")
    if text_rules.threads_length(text) > _LONGEST_TEXT:
        raise bad_parameter(f"Param text must be at most {_LONGEST_TEXT} characters long.", blamed="text")
    if len(text_rules.links(text) | text_rules.links(call.text("link_attachment"))) > _MOST_LINKS:
        raise GraphError("The post has more than 5 links", "THREADS_API__LINK_LIMIT_EXCEEDED")
    if len(call.text("alt_text")) > _LONGEST_ALT_TEXT:
        raise bad_parameter(f"Param alt_text must be at most {_LONGEST_ALT_TEXT} characters long.", blamed="alt_text")


def _check_reply(box: Sandbox, call: GraphCall, token: Token) -> None:
    for name in ("reply_to_id", "quote_post_id"):
        if not (target := call.text(name)):
            continue
        post = box.world.posts.get(target)
        if post is None or post.network is not Network.THREADS or post.deleted_at is not None:
            raise bad_parameter(f"Param {name} must be the id of a published media", blamed=name)
        if (
            name == "reply_to_id"
            and post.account_id != token.account_id
            and "threads_manage_mentions" not in token.scopes
        ):
            raise missing_permission("threads_manage_mentions")


async def _attach(box: Sandbox, call: GraphCall, container: Container) -> None:
    name = "image_url" if container.kind == "IMAGE" else "video_url"
    url = call.text(name)
    if not url:
        raise bad_parameter(f"The parameter {name} is required", blamed=name)
    try:
        media = await fetch(url, box.config, box.pictures)
    except UnreachableError:
        if container.kind == "IMAGE":
            raise media_unreachable(url) from None
        # A film is fetched after its container was made, and fails there.
        media = Media("mp4", "", 0, url)
        container.error = "FAILED_DOWNLOADING_VIDEO"
    if container.kind == "IMAGE":
        check_image(media, THREADS_IMAGE)
    elif media.kind != "mp4":
        container.error = "FAILED_PROCESSING_VIDEO"
    media.alt_text = call.text("alt_text")
    container.media = [media]
