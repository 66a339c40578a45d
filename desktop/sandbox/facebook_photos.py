"""Photos of Facebook Pages (page/photos reference)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox.auth import account_of, require_publish, require_read
from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.facebook import new_post
from desktop.sandbox.fetching import UnreachableError, describe, fetch
from desktop.sandbox.fields import parse_fields, project, timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.media_rules import FACEBOOK_IMAGE_KINDS, FACEBOOK_LARGEST_BYTES
from desktop.sandbox.model import Media, Photo, Token
from desktop.sandbox.sandbox import Sandbox


async def create_photo(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{page}/photos``: from ``url`` or multipart ``source``; live unless ``published=false``."""
    page = account_of(box.world, call, token)
    require_publish(token, page)
    media = await _photo_media(box, call)
    media.alt_text = call.text("alt_text_custom")
    caption = call.text("caption") or call.text("message")
    photo = Photo(box.world.new_id(), page.id, media, caption, box.clock.now())
    answer: dict[str, JSON] = {"id": photo.id}
    if call.flag("published", default=True):
        post = new_post(box, page, "PHOTO")
        post.text, post.media, post.children = caption, [media], [photo.id]
        photo.post_id = post.id
        box.world.go_live(post, post.created_at)
        answer["post_id"] = post.id
    box.world.save(photo)
    return answer


def render_photo(box: Sandbox, call: GraphCall, token: Token, photo: Photo) -> JSON:
    """``GET /{photo}``."""
    require_read(token, box.world.accounts[photo.account_id])
    readers: Mapping[str, Callable[[Photo], JSON]] = {
        "id": lambda p: p.id,
        "name": lambda p: p.caption or None,
        "alt_text": lambda p: p.media.alt_text or None,
        "alt_text_custom": lambda p: p.media.alt_text or None,
        "created_time": lambda p: timestamp(p.created_at),
        "width": lambda p: p.media.width,
        "height": lambda p: p.media.height,
        "page_story_id": lambda p: p.post_id or None,
    }
    return project(photo, readers, parse_fields(call.text("fields", "id,name,created_time")), "Photo")


async def _photo_media(box: Sandbox, call: GraphCall) -> Media:
    url = call.text("url")
    if not url and "source" not in call.files:
        raise bad_parameter("Either url or source is required", blamed="source")
    try:
        media = await fetch(url, box.config, box.pictures) if url else describe(call.files["source"], box.pictures)
    except UnreachableError:
        raise bad_parameter("The photo could not be fetched from its address", subcode=2061006, blamed="url") from None
    if media.kind not in FACEBOOK_IMAGE_KINDS or not media.width or media.size_bytes > FACEBOOK_LARGEST_BYTES:
        raise bad_parameter("The photo has a format or a size that is not supported", subcode=1366046)
    return media
