"""Instagram publishing, the same under Instagram Login and Facebook Login (ig-user and ig-media references)."""

from __future__ import annotations

from desktop.sandbox import containers, text_rules
from desktop.sandbox.auth import account_of, require_delete, require_publish
from desktop.sandbox.errors import (
    JSON,
    GraphError,
    bad_parameter,
    instagram_expired,
    instagram_not_found,
    instagram_not_ready,
    media_unreachable,
    quota_reached,
)
from desktop.sandbox.fetching import UnreachableError, fetch
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.media_rules import (
    INSTAGRAM_IMAGE,
    INSTAGRAM_SCALED_IMAGE,
    INSTAGRAM_STORY_IMAGE,
    ImageRule,
    check_image,
)
from desktop.sandbox.model import Container, Media, Network, Post, Token
from desktop.sandbox.sandbox import Sandbox

_LONGEST_CAPTION = 2200
_LONGEST_ALT_TEXT = 1000
_MOST_HASHTAGS = 30
_MOST_MENTIONS = 20
_MOST_CHILDREN = 10
_KINDS = {"", "IMAGE", "REELS", "STORIES", "CAROUSEL", "VIDEO"}
_REFUSALS = containers.Refusals(instagram_not_found, instagram_expired, lambda _: instagram_not_ready())


async def create(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{ig}/media``: make a container; at most 400 in 24 h."""
    account = account_of(box.world, call, token)
    require_publish(token, account)
    now = box.clock.now()
    if box.world.quotas.used(account.id, "containers", now) >= box.config.instagram_container_total:
        raise quota_reached()
    kind = _kind(call)
    _check_caption(call)
    container = Container(box.world.new_id(), Network.INSTAGRAM, account.id, kind, now, None)
    container.text = call.text("caption")
    container.is_carousel_item = call.flag("is_carousel_item")
    if kind in {"REELS", "STORIES"}:
        container.extras["product"] = kind
    if kind == "CAROUSEL":
        children = containers.children_of(box, account, call.ids("children"), _MOST_CHILDREN, 2207028)
        container.children = [child.id for child in children]
    else:
        await _attach(box, call, container)
    return containers.add(box, container)


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


def _kind(call: GraphCall) -> str:
    kind = call.text("media_type").upper()
    if kind not in _KINDS or (kind == "VIDEO" and not call.flag("is_carousel_item")):
        raise bad_parameter("Param media_type is not supported; use REELS for films", subcode=2207023)
    if call.flag("is_carousel_item") and (kind in {"REELS", "STORIES", "CAROUSEL"} or call.text("caption")):
        raise bad_parameter("A carousel item is a picture or a film without a caption", blamed="is_carousel_item")
    return kind or "IMAGE"


def _check_caption(call: GraphCall) -> None:
    caption = call.text("caption")
    if (
        len(caption) > _LONGEST_CAPTION
        or len(text_rules.hashtags(caption)) > _MOST_HASHTAGS
        or len(text_rules.mentions(caption)) > _MOST_MENTIONS
    ):
        raise GraphError(
            "The caption is too long",
            36004,
            2207010,
            title="Caption too long",
            advice="A caption may have 2,200 characters, 30 hashtags and 20 mentions.",
        )
    if len(call.text("alt_text")) > _LONGEST_ALT_TEXT:
        raise bad_parameter(f"Param alt_text must be at most {_LONGEST_ALT_TEXT} characters", blamed="alt_text")
    if len(call.ids("collaborators")) > 3:
        raise bad_parameter("A post may have at most 3 collaborators", blamed="collaborators")


async def _attach(box: Sandbox, call: GraphCall, container: Container) -> None:
    is_film = container.kind in {"REELS", "VIDEO"} or (container.kind == "STORIES" and not call.text("image_url"))
    name = "video_url" if is_film else "image_url"
    url = call.text(name)
    if not url:
        raise bad_parameter(f"The parameter {name} is required", blamed=name)
    if is_film and call.text("alt_text"):
        raise bad_parameter("Param alt_text is for pictures only", blamed="alt_text")
    try:
        media = await fetch(url, box.config, box.pictures)
    except UnreachableError:
        if not is_film:
            raise media_unreachable(url) from None
        # A film is fetched after its container was made, and fails there.
        media = Media("mp4", "", 0, url)
        container.error = "2207052"
    if not is_film:
        check_image(media, _image_rule(box, container))
    elif media.kind != "mp4":
        container.error = "2207026"
    media.alt_text = call.text("alt_text")
    container.media = [media]


def _image_rule(box: Sandbox, container: Container) -> ImageRule:
    if container.kind == "STORIES":
        return INSTAGRAM_STORY_IMAGE
    return INSTAGRAM_IMAGE if box.config.unscaled_instagram_width else INSTAGRAM_SCALED_IMAGE
