"""Instagram publishing, the same under Instagram Login and Facebook Login (ig-user and ig-media references)."""

from __future__ import annotations

from desktop.sandbox import containers
from desktop.sandbox.auth import account_of, require_delete, require_publish
from desktop.sandbox.errors import (
    JSON,
    bad_parameter,
    instagram_expired,
    instagram_not_found,
    instagram_not_ready,
    media_unreachable,
    quota_reached,
)
from desktop.sandbox.fetching import NoRangesError, UnreachableError, fetch
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.instagram_films import OFFSET_OUT_OF_RANGE, film_error
from desktop.sandbox.instagram_parameters import offset_refusal, read_kind, read_parameters
from desktop.sandbox.media_rules import (
    INSTAGRAM_IMAGE,
    INSTAGRAM_SCALED_IMAGE,
    INSTAGRAM_STORY_IMAGE,
    ImageRule,
    check_image,
)
from desktop.sandbox.model import Container, Media, Network, Post, Token
from desktop.sandbox.sandbox import Sandbox

_MOST_CHILDREN = 10
_REFUSALS = containers.Refusals(instagram_not_found, instagram_expired, lambda _: instagram_not_ready())


async def create(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{ig}/media``: make a container; at most 400 in 24 h."""
    account = account_of(box.world, call, token)
    require_publish(token, account)
    now = box.clock.now()
    if box.world.quotas.used(account.id, "containers", now) >= box.config.instagram_container_total:
        raise quota_reached()
    kind = read_kind(call)
    extras = read_parameters(box, call, account, kind)
    container = Container(box.world.new_id(), Network.INSTAGRAM, account.id, kind, now, None)
    container.text = call.text("caption")
    container.is_carousel_item = call.flag("is_carousel_item")
    container.extras = extras
    container.is_resumable = bool(call.text("upload_type"))
    if kind == "CAROUSEL":
        children = containers.children_of(box, account, call.ids("children"), _MOST_CHILDREN, 2207028)
        container.children = [child.id for child in children]
    else:
        await _check_cover(box, call)
        if not container.is_resumable:
            await _attach(box, call, container)
    answer = containers.add(box, container)
    if container.is_resumable:
        answer["uri"] = f"{call.base_url}/rupload/ig-api-upload/{call.version}/{container.id}"
    return answer


async def publish(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{ig}/media_publish``: answer the media id."""
    account = account_of(box.world, call, token)
    require_publish(token, account)
    if not call.text("creation_id"):
        raise bad_parameter("The parameter creation_id is required", blamed="creation_id")
    return {"id": containers.publish(box, account, call.text("creation_id"), _REFUSALS).media_ids[-1]}


def delete(box: Sandbox, token: Token, post: Post) -> JSON:
    """``DELETE /{media}``: Facebook Login only."""
    if token.family is not Network.FACEBOOK:
        raise bad_parameter("Unsupported delete request")
    require_delete(token, box.world.accounts[post.account_id])
    post.deleted_at = box.clock.now()
    box.world.save(post)
    return {"success": True}


async def _attach(box: Sandbox, call: GraphCall, container: Container) -> None:
    is_film = container.kind in {"REELS", "VIDEO"} or (container.kind == "STORIES" and not call.text("image_url"))
    name = "video_url" if is_film else "image_url"
    url = call.text(name)
    if not url:
        raise bad_parameter(f"The parameter {name} is required", blamed=name)
    if is_film and call.text("alt_text"):
        raise bad_parameter("Param alt_text is for pictures only", blamed="alt_text")
    if is_film:
        await _attach_film(box, container, url)
    else:
        media = await _fetched_image(box, url)
        check_image(media, _image_rule(box, container))
        media.alt_text = call.text("alt_text")
        container.media = [media]


async def _attach_film(box: Sandbox, container: Container, url: str) -> None:
    """A film is fetched after its container was made, and fails there."""
    try:
        media = await fetch(url, box.config, box.pictures)
        container.error = film_error(container, media, box.config)
    except NoRangesError:
        media, container.error = Media("mp4", "", 0, url), "2207077"
    except UnreachableError:
        media, container.error = Media("mp4", "", 0, url), "2207052"
    if container.error == OFFSET_OUT_OF_RANGE and box.config.instagram_thumb_offset_at_creation:
        raise offset_refusal()
    container.media = [media]


async def _check_cover(box: Sandbox, call: GraphCall) -> None:
    if url := call.text("cover_url"):
        check_image(await _fetched_image(box, url), INSTAGRAM_STORY_IMAGE)  # covers may have any shape as well


async def _fetched_image(box: Sandbox, url: str) -> Media:
    try:
        return await fetch(url, box.config, box.pictures)
    except UnreachableError:
        raise media_unreachable(url) from None


def _image_rule(box: Sandbox, container: Container) -> ImageRule:
    if container.kind == "STORIES":
        return INSTAGRAM_STORY_IMAGE
    return INSTAGRAM_IMAGE if box.config.unscaled_instagram_width else INSTAGRAM_SCALED_IMAGE
