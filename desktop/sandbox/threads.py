"""The Threads API: containers, publishing, reading, deleting (Threads reference pages)."""

from __future__ import annotations

from desktop.sandbox import containers
from desktop.sandbox.auth import account_of, require_delete, require_publish
from desktop.sandbox.errors import (
    JSON,
    bad_parameter,
    media_unreachable,
    quota_reached,
    threads_not_found,
    unknown_object,
)
from desktop.sandbox.fetching import UnreachableError, fetch
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.media_rules import THREADS_FILM, THREADS_IMAGE, check_image, film_flaw, threads_word
from desktop.sandbox.model import Account, Container, Media, Network, Post, Token
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.threads_parameters import is_public, read_parameters

_MOST_CHILDREN = 20
_REFUSALS = containers.Refusals(threads_not_found, threads_not_found, threads_not_found)


async def create(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{user}/threads``: make a container; with ``auto_publish_text`` publish it at once."""
    account = account_of(box.world, call, token)
    require_publish(token, account)
    kind = call.text("media_type").upper()
    if kind not in {"TEXT", "IMAGE", "VIDEO", "CAROUSEL"}:
        raise bad_parameter("Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}", blamed="media_type")
    container = Container(box.world.new_id(), Network.THREADS, account.id, kind, box.clock.now(), None)
    container.extras = read_parameters(box, call, account, token, kind)
    container.text = call.text("text")
    container.reply_to_id = call.text("reply_to_id")
    container.is_carousel_item = call.flag("is_carousel_item")
    if kind == "CAROUSEL":
        children = containers.children_of(box, account, call.ids("children"), _MOST_CHILDREN, None)
        container.children = [child.id for child in children]
    elif kind != "TEXT":
        await _attach(box, call, container)
    answer = containers.add(box, container)
    if call.flag("auto_publish_text") and kind == "TEXT":
        container.ready_at = container.created_at
        published = _published(box, account, container.id)
        return answer if box.config.threads_auto_publish_answers_container else published
    return answer


async def publish(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{user}/threads_publish``: answer the media id, and how sharing to Instagram went."""
    account = account_of(box.world, call, token)
    require_publish(token, account)
    if not call.text("creation_id"):
        raise bad_parameter("The parameter creation_id is required", blamed="creation_id")
    return _published(box, account, call.text("creation_id"))


async def repost(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{media}/repost``: a post of its own kind, which has no content."""
    account = box.world.accounts[token.account_id]
    require_publish(token, account)
    original = box.world.posts.get(call.node)
    if original is None or not is_public(box, original) or original.kind == "REPOST_FACADE":
        raise unknown_object(call.node)
    now, world = box.clock.now(), box.world
    post = Post(world.new_id(), Network.THREADS, account.id, "REPOST_FACADE", now, world.new_shortcode())
    post.extras = {"reposted_post_id": original.id}
    world.go_live(post, now)
    return {"id": post.id}


def _published(box: Sandbox, account: Account, container_id: str) -> JSON:
    container = containers.publish(box, account, container_id, _REFUSALS)
    answer: dict[str, JSON] = {"id": container.media_ids[-1]}
    if "crossreshare_to_ig" in container.extras:
        answer["crossreshare_to_ig_status"] = "SUCCESS" if box.config.threads_sharing_succeeds else "FAILED"
    return answer


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
    else:
        if container.kind == "VIDEO":
            container.error = threads_word(film_flaw(media, THREADS_FILM, box.config))
    if container.kind == "IMAGE":
        check_image(media, THREADS_IMAGE)
    media.alt_text = call.text("alt_text")
    container.media = [media]
