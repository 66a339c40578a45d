"""Facebook Pages: making posts in the feed (Pages posts guide, page/feed reference)."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from desktop.sandbox import facebook_reading
from desktop.sandbox.auth import account_of, require_publish
from desktop.sandbox.errors import JSON, GraphError, bad_parameter
from desktop.sandbox.facebook_scheduling import UNPUBLISHED_TYPES, planned_time
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Network, Photo, Post, Token
from desktop.sandbox.outgoing import NoAnswerError, Outgoing, is_local, send
from desktop.sandbox.sandbox import Sandbox

LONGEST_MESSAGE = 63_206
_MOST_PHOTOS = 10
_TEMPORARY_LIFE = timedelta(days=1)
_DOCUMENTS = ("targeting", "feed_targeting", "call_to_action")
_KEPT = ("backdated_time_granularity", "place", "tags", "text_format_preset_id", *_DOCUMENTS)


async def create_post(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{page}/feed``: a live, scheduled or draft post."""
    page = account_of(box.world, call, token)
    require_publish(token, page)
    photos = _attached(box, call, page)
    _check_content(call, photos)
    post = new_post(box, page, _kind(call, photos))
    post.text, post.link = call.text("message"), call.text("link")
    post.media = [photo.media for photo in photos]
    post.children = [photo.id for photo in photos]
    post.extras = _extras(box, call)
    _schedule(box, call, post)
    await _scrape(box, post.link)
    if call.flag("published", default=True):
        box.world.go_live(post, post.created_at)
    else:
        box.world.save(post)
    for photo in photos:
        photo.post_id = post.id
        box.world.save(photo)
    return facebook_reading.render(box, call, post, token) if call.text("fields") else {"id": post.id}


def new_post(box: Sandbox, page: Account, kind: str) -> Post:
    """Return a post of ``page`` with a fresh id that is not public yet."""
    post_id = f"{page.id}_{box.world.new_id()}"
    return Post(post_id, Network.FACEBOOK, page.id, kind, box.clock.now(), f"pfbid{box.world.new_shortcode()}")


def unused_photo(box: Sandbox, page: Account, photo_id: str, name: str) -> Photo:
    """Return a photo of ``page``; code 100 when it is unknown or expired, 1366051 when it was posted already."""
    photo = box.world.photos.get(photo_id)
    is_expired = photo is not None and photo.is_temporary and box.clock.now() - photo.created_at > _TEMPORARY_LIFE
    if photo is None or photo.account_id != page.id or photo.is_deleted or (is_expired and not photo.post_id):
        raise bad_parameter(f"Param {name} names an unknown photo: {photo_id}", blamed=name)
    holder = box.world.posts.get(photo.post_id)
    if holder is not None and holder.published_at is not None:
        raise bad_parameter("These photos were already posted", subcode=1366051)
    return photo


def _kind(call: GraphCall, photos: list[Photo]) -> str:
    if photos:
        return "PHOTO" if len(photos) == 1 else "ALBUM"
    return "LINK" if call.text("link") else "TEXT"


def _attached(box: Sandbox, call: GraphCall, page: Account) -> list[Photo]:
    ids = [str(item.get("media_fbid", "")) if isinstance(item, dict) else "" for item in call.indexed("attached_media")]
    if len(ids) > _MOST_PHOTOS:
        raise bad_parameter(f"Param attached_media takes at most {_MOST_PHOTOS} photos", blamed="attached_media")
    return [unused_photo(box, page, photo_id, "attached_media") for photo_id in ids]


def _check_content(call: GraphCall, photos: list[Photo]) -> None:
    message, link = call.text("message"), call.text("link")
    if not message and not link and not photos:
        raise bad_parameter("A post needs a message, a link or attached media", blamed="message")
    check_message(message)
    if link and photos:
        raise bad_parameter("Param link cannot be combined with attached_media", blamed="link")


def check_message(message: str) -> None:
    """Refuse a text longer than a post may have."""
    if len(message) > LONGEST_MESSAGE:
        raise bad_parameter(f"Param message must be at most {LONGEST_MESSAGE} characters", blamed="message")


def _extras(box: Sandbox, call: GraphCall) -> dict[str, str]:
    for name in _DOCUMENTS:
        if call.text(name) and not isinstance(call.document(name), dict):
            raise bad_parameter(f"Param {name} must be a JSON object", blamed=name)
    extras = {name: call.text(name) for name in _KEPT if call.text(name)}
    backdated_at = call.instant("backdated_time")
    if backdated_at is not None:
        if backdated_at > box.clock.now():
            raise bad_parameter("Param backdated_time must lie in the past", blamed="backdated_time")
        extras["backdated_time"] = backdated_at.isoformat()
    return extras


def _schedule(box: Sandbox, call: GraphCall, post: Post) -> None:
    kind = call.text("unpublished_content_type").upper()
    if kind and kind not in UNPUBLISHED_TYPES:
        raise bad_parameter("Param unpublished_content_type is not supported", blamed="unpublished_content_type")
    if kind not in {"", "SCHEDULED", "PUBLISHED"}:
        post.extras["unpublished_content_type"] = kind
    if not call.text("scheduled_publish_time"):
        if kind == "SCHEDULED":
            raise bad_parameter("A scheduled post needs scheduled_publish_time", blamed="scheduled_publish_time")
        return
    if call.flag("published", default=True):
        raise bad_parameter("scheduled_publish_time requires published=false", blamed="published")
    at = planned_time(box, call, box.config.facebook_schedule_days)
    # Facebook keeps photos that are not called SCHEDULED as a draft and says nothing.
    if kind == "SCHEDULED" or (not kind and not post.children):
        post.scheduled_for = at


async def _scrape(box: Sandbox, link: str) -> None:
    """Refuse a link that is none; its page is read where this computer serves it, others count as readable."""
    if not link:
        return
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "https"} or host.endswith(".invalid"):
        raise _unreadable_link("it is not an address")
    if host.removeprefix("www.") == "facebook.com":
        raise GraphError("(#100) links to Facebook cannot be shared", 100, 1609008, blamed="link")
    if is_local(link):
        try:
            status, _ = await send(Outgoing("GET", link), box.config.fetch_timeout_seconds)
        except NoAnswerError as error:
            raise _unreadable_link(str(error)) from None
        if status >= HTTPStatus.BAD_REQUEST:
            raise _unreadable_link(f"it was answered with {status}")


def _unreadable_link(reason: str) -> GraphError:
    return GraphError(f"(#100) The link could not be read: {reason}", 100, 1609005, blamed="link")
