"""Facebook Pages: the feed, photos, publishing and scheduling of prepared posts (Pages posts guide, page/feed)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from desktop.sandbox import facebook_reading
from desktop.sandbox.auth import account_of, require_delete, require_publish
from desktop.sandbox.config import Republish
from desktop.sandbox.errors import JSON, GraphError, bad_parameter
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Network, Photo, Post, Token
from desktop.sandbox.sandbox import Sandbox

_LONGEST_MESSAGE = 63_206
_MOST_PHOTOS = 10
_SOONEST, _LATEST = timedelta(minutes=10), timedelta(days=30)


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
    _schedule(box, call, post)
    _store(box, call, post)
    for photo in photos:
        photo.post_id = post.id
        box.world.save(photo)
    return facebook_reading.render(box, call, post) if call.text("fields") else {"id": post.id}


def update(box: Sandbox, call: GraphCall, token: Token, post: Post) -> JSON:
    """``POST /{post}``: change the message or the planned time, or publish it with ``is_published=true``."""
    require_publish(token, box.world.accounts[post.account_id])
    if len(call.text("message")) > _LONGEST_MESSAGE:
        raise bad_parameter("Param message is too long", blamed="message")
    if call.text("scheduled_publish_time"):
        if post.published_at is not None:
            raise bad_parameter("A published post cannot be scheduled", blamed="scheduled_publish_time")
        _schedule_at(box, call, post)
    if call.flag("is_published"):
        _publish(box, post)
    post.text = call.text("message", post.text)
    box.world.save(post)
    return {"success": True}


def delete(box: Sandbox, token: Token, post: Post) -> JSON:
    """``DELETE /{post}``: live, scheduled or draft."""
    require_delete(token, box.world.accounts[post.account_id])
    post.deleted_at = box.clock.now()
    box.world.save(post)
    return {"success": True}


def new_post(box: Sandbox, page: Account, kind: str) -> Post:
    """Return a post of ``page`` with a fresh id that is not public yet."""
    post_id = f"{page.id}_{box.world.new_id()}"
    return Post(post_id, Network.FACEBOOK, page.id, kind, box.clock.now(), f"pfbid{box.world.new_shortcode()}")


def _kind(call: GraphCall, photos: list[Photo]) -> str:
    if photos:
        return "PHOTO" if len(photos) == 1 else "ALBUM"
    return "LINK" if call.text("link") else "TEXT"


def _store(box: Sandbox, call: GraphCall, post: Post) -> None:
    if call.flag("published", default=True):
        box.world.go_live(post, post.created_at)
    else:
        box.world.save(post)


def _attached(box: Sandbox, call: GraphCall, page: Account) -> list[Photo]:
    ids = [str(item.get("media_fbid", "")) if isinstance(item, dict) else "" for item in call.indexed("attached_media")]
    if len(ids) > _MOST_PHOTOS:
        raise bad_parameter(f"Param attached_media takes at most {_MOST_PHOTOS} photos", blamed="attached_media")
    photos = []
    for photo_id in ids:
        photo = box.world.photos.get(photo_id)
        if photo is None or photo.account_id != page.id:
            raise bad_parameter(f"Param attached_media names an unknown photo: {photo_id}", blamed="attached_media")
        holder = box.world.posts.get(photo.post_id)
        if holder is not None and holder.published_at is not None:
            raise bad_parameter("These photos were already posted", subcode=1366051)
        photos.append(photo)
    return photos


def _check_content(call: GraphCall, photos: list[Photo]) -> None:
    message, link = call.text("message"), call.text("link")
    if not message and not link and not photos:
        raise bad_parameter("A post needs a message, a link or attached media", blamed="message")
    if len(message) > _LONGEST_MESSAGE:
        raise bad_parameter(f"Param message must be at most {_LONGEST_MESSAGE} characters", blamed="message")
    if link and photos:
        raise bad_parameter("Param link cannot be combined with attached_media", blamed="link")
    if link:
        parts = urlsplit(link)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise GraphError("(#100) link is not a URL", 100, 1609005, blamed="link")
        if parts.hostname.removeprefix("www.") == "facebook.com":
            raise GraphError("(#100) links to Facebook cannot be shared", 100, 1609008, blamed="link")


def _schedule(box: Sandbox, call: GraphCall, post: Post) -> None:
    if not call.text("scheduled_publish_time"):
        return
    if call.flag("published", default=True):
        raise bad_parameter("scheduled_publish_time requires published=false", blamed="published")
    _schedule_at(box, call, post)
    if post.children and call.text("unpublished_content_type") != "SCHEDULED":
        post.scheduled_for = None  # Facebook keeps it as a draft and says nothing


def _schedule_at(box: Sandbox, call: GraphCall, post: Post) -> None:
    at, now = call.instant("scheduled_publish_time"), box.clock.now()
    if at is None or not now + _SOONEST <= at <= now + _LATEST:
        raise bad_parameter(
            "The scheduled publish time must be between 10 minutes and 30 days from now",
            blamed="scheduled_publish_time",
        )
    post.scheduled_for = at


def _publish(box: Sandbox, post: Post) -> None:
    """Flip a prepared post to public; flipping it again does what ``config.republish`` says."""
    now = box.clock.now()
    if post.published_at is None:
        post.container_id = post.id
        box.world.go_live(post, now)
    elif box.config.republish is Republish.REJECT:
        raise bad_parameter("The post is already published", blamed="is_published")
    elif box.config.republish is Republish.DUPLICATE:
        again = new_post(box, box.world.accounts[post.account_id], post.kind)
        again.text, again.link, again.media, again.children = post.text, post.link, post.media, post.children
        again.container_id = post.id
        box.world.go_live(again, now)
