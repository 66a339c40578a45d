"""Photos of Facebook Pages (page/photos reference)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox.auth import account_of, require_delete, require_publish, require_read
from desktop.sandbox.errors import JSON, GraphError, bad_parameter, unknown_object
from desktop.sandbox.facebook import check_message, new_post
from desktop.sandbox.facebook_scheduling import planned_time
from desktop.sandbox.fetching import UnreachableError, describe, fetch
from desktop.sandbox.fields import parse_fields, project, timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.media_rules import FACEBOOK_IMAGE_KINDS
from desktop.sandbox.model import Account, Media, Photo, Token
from desktop.sandbox.sandbox import Sandbox


async def create_photo(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{page}/photos``: from ``url`` or multipart ``source``; live unless ``published=false``."""
    page = account_of(box.world, call, token)
    require_publish(token, page)
    caption = call.text("caption") or call.text("message")
    check_message(caption)
    is_scheduled = bool(call.text("scheduled_publish_time"))
    if is_scheduled and not box.config.facebook_schedules_photos:
        raise bad_parameter("Photos are scheduled as part of a post", blamed="scheduled_publish_time")
    if is_scheduled and call.flag("published", default=True):
        raise bad_parameter("scheduled_publish_time requires published=false", blamed="published")
    media = await _photo_media(box, call)
    photo = Photo(box.world.new_id(), page.id, media, caption, box.clock.now())
    photo.is_temporary = call.flag("temporary")
    answer: dict[str, JSON] = {"id": photo.id}
    if is_scheduled or call.flag("published", default=True):
        answer["post_id"] = _post(box, call, page, photo)
    box.world.save(photo)
    return answer


def render_photo(box: Sandbox, call: GraphCall, token: Token, photo: Photo) -> JSON:
    """``GET /{photo}``."""
    require_read(token, box.world.accounts[photo.account_id])
    if photo.is_deleted:
        raise unknown_object(photo.id)
    readers: Mapping[str, Callable[[Photo], JSON]] = {
        "id": lambda p: p.id,
        "name": lambda p: p.caption or None,
        "alt_text": lambda p: p.media.alt_text or None,
        "alt_text_custom": lambda p: p.media.alt_text or None,
        "created_time": lambda p: timestamp(p.created_at),
        "width": lambda p: p.media.width,
        "height": lambda p: p.media.height,
        "page_story_id": lambda p: p.post_id or None,
        "images": lambda p: [{"width": p.media.width, "height": p.media.height, "source": _address(call, p)}],
        "picture": lambda p: _address(call, p),
        "link": lambda p: _address(call, p),
    }
    return project(photo, readers, parse_fields(call.text("fields") or "id,name,created_time"), "Photo")


def delete_photo(box: Sandbox, token: Token, photo: Photo) -> JSON:
    """``DELETE /{photo}``: with the post it was published as."""
    require_delete(token, box.world.accounts[photo.account_id])
    if photo.is_deleted:
        raise unknown_object(photo.id)
    photo.is_deleted = True
    box.world.save(photo)
    post = box.world.posts.get(photo.post_id)
    if post is not None and post.children == [photo.id] and post.deleted_at is None:
        post.deleted_at = box.clock.now()
        box.world.save(post)
    return {"success": True}


def _post(box: Sandbox, call: GraphCall, page: Account, photo: Photo) -> str:
    post = new_post(box, page, "PHOTO")
    post.text, post.media, post.children = photo.caption, [photo.media], [photo.id]
    photo.post_id = post.id
    if call.text("scheduled_publish_time"):
        post.scheduled_for = planned_time(box, call, box.config.facebook_schedule_days)
        box.world.save(post)
    else:
        box.world.go_live(post, post.created_at)
    return post.id


async def _photo_media(box: Sandbox, call: GraphCall) -> Media:
    url, source = call.text("url"), call.files.get("source")
    if not url and source is None:
        raise bad_parameter("Either url or source is required", blamed="source")
    largest = box.config.facebook_photo_largest_bytes
    if source is not None and source.size_bytes > largest:  # before it is read: it may be anything
        raise _bad_photo()
    try:
        media = describe(source.read(), box.pictures) if source else await fetch(url, box.config, box.pictures)
    except UnreachableError:
        raise bad_parameter("The photo could not be fetched from its address", subcode=2061006, blamed="url") from None
    if media.kind not in FACEBOOK_IMAGE_KINDS or not media.width or media.size_bytes > largest:
        raise _bad_photo()
    media.alt_text = call.text("alt_text_custom")
    return media


def _bad_photo() -> GraphError:
    return bad_parameter("The photo has a format or a size that is not supported", subcode=1366046)


def _address(call: GraphCall, photo: Photo) -> str:
    return f"{call.base_url}/view/picture/{photo.media.sha256}"
