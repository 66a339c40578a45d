"""Ordinary films of Pages, and what all their films have in common (page/videos and video references)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from desktop.sandbox import facebook_chunks
from desktop.sandbox.auth import account_of, require_delete, require_publish, require_read
from desktop.sandbox.errors import JSON, bad_parameter, missing_permission, unknown_object
from desktop.sandbox.facebook import check_message
from desktop.sandbox.facebook_processing import VideoState, finish, is_expired, status
from desktop.sandbox.facebook_scheduling import planned_time, scheduled_time
from desktop.sandbox.facebook_video_rules import unfetchable
from desktop.sandbox.fetching import UnreachableError, describe, fetch
from desktop.sandbox.fields import parse_fields, project, timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.media_rules import FACEBOOK_IMAGE_KINDS
from desktop.sandbox.model import Account, Post, Token, Video
from desktop.sandbox.paging import list_posts
from desktop.sandbox.permalinks import permalink
from desktop.sandbox.sandbox import Sandbox


async def create_video(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{page}/videos``: whole, from ``file_url`` or ``source``, or in the phase ``upload_phase`` names."""
    page = account_of(box.world, call, token)
    require_publish(token, page)
    if box.config.facebook_needs_publish_video and "publish_video" not in token.scopes:
        raise missing_permission("publish_video", 200)
    match call.text("upload_phase"):
        case "start":
            return facebook_chunks.start(box, call, page)
        case "transfer":
            return facebook_chunks.transfer(box, call, page)
        case "cancel":
            return facebook_chunks.cancel(box, call, page)
        case "finish":
            await _finish(box, call, facebook_chunks.session(box, call, page))
            return {"success": True}
        case "":
            return await _create_whole(box, call, page)
        case _:
            raise bad_parameter("Param upload_phase must be start, transfer, finish or cancel", blamed="upload_phase")


async def list_videos(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{page}/videos``."""
    return list_films(box, call, token, {"VIDEO", "REEL"})


def list_films(box: Sandbox, call: GraphCall, token: Token, kinds: set[str]) -> JSON:
    """Return one page of the public films of these kinds."""
    page = account_of(box.world, call, token)
    require_read(token, page)
    posts = (p for p in box.world.posts_of(page.id) if p.kind in kinds and p.published_at is not None)
    return list_posts(box, call, posts, lambda post: render(box, call, token, box.world.videos[post.children[0]]))


def render(box: Sandbox, call: GraphCall, token: Token, video: Video) -> JSON:
    """``GET /{video}``."""
    page = box.world.accounts[video.account_id]
    require_read(token, page)
    post = _living_post(box, video)
    if post is None and is_expired(box, video) and video.session_id:
        raise unknown_object(video.id)
    film = video.media.film if video.media else None
    readers: Mapping[str, Callable[[Video], JSON]] = {
        "id": lambda v: v.id,
        "title": lambda v: v.title or None,
        "description": lambda v: v.description or None,
        "created_time": lambda v: timestamp(v.created_at),
        "updated_time": lambda v: timestamp(v.finished_at or v.created_at),
        "length": lambda _: film.seconds if film else None,
        "published": lambda _: post is not None and post.published_at is not None,
        "scheduled_publish_time": lambda _: _seconds(scheduled_time(post)) if post else None,
        "status": lambda v: status(box, v),
        "permalink_url": lambda _: permalink(call.base_url, post, page.username) if post else None,
        "post_id": lambda v: v.post_id or None,
        "from": lambda _: {"id": page.id, "name": page.name},
    }
    return project(video, readers, parse_fields(call.text("fields") or "id,description,updated_time"), "Video")


def update(box: Sandbox, call: GraphCall, token: Token, video: Video) -> JSON:
    """``POST /{video}``: change title and description."""
    require_publish(token, box.world.accounts[video.account_id])
    take_texts(call, video)
    post = _living_post(box, video)
    if post is not None:
        post.text = video.description
        box.world.save(post)
    box.world.save(video)
    return {"success": True}


def delete(box: Sandbox, token: Token, video: Video) -> JSON:
    """``DELETE /{video}``: with its post."""
    require_delete(token, box.world.accounts[video.account_id])
    post = _living_post(box, video)
    if post is None:
        raise unknown_object(video.id)
    post.deleted_at = box.clock.now()
    box.world.save(post)
    return {"success": True}


def take_texts(call: GraphCall, video: Video) -> None:
    """Take title and description; what a later phase leaves out stays."""
    check_message(call.text("description"))
    video.title = call.text("title", video.title)
    video.description = call.text("description", video.description)


async def _create_whole(box: Sandbox, call: GraphCall, page: Account) -> JSON:
    url, source = call.text("file_url"), call.files.get("source")
    if not url and source is None:
        raise bad_parameter("Either file_url or source is required", blamed="source")
    video = Video(box.world.new_id(), page.id, "VIDEO", box.clock.now())
    try:
        if source is not None:
            video.size_bytes = source.size_bytes
            box.uploads.append_upload(video.id, source)
        else:
            video.media = await fetch(url, box.config, box.pictures)
        await _finish(box, call, video)
    except UnreachableError:
        raise unfetchable() from None
    finally:
        box.uploads.discard(video.id)
    return {"id": video.id}


async def _finish(box: Sandbox, call: GraphCall, video: Video) -> None:
    take_texts(call, video)
    _check_thumb(box, call)
    is_public = call.flag("published", default=True)
    if not call.text("scheduled_publish_time"):
        await finish(box, video, VideoState.PUBLISHED if is_public else VideoState.DRAFT, None)
        return
    if is_public:
        raise bad_parameter("scheduled_publish_time requires published=false", blamed="published")
    at = planned_time(box, call, box.config.facebook_video_schedule_days)
    await finish(box, video, VideoState.SCHEDULED, at)


def _check_thumb(box: Sandbox, call: GraphCall) -> None:
    thumb = call.files.get("thumb")
    if thumb is None:
        return
    is_small = thumb.size_bytes <= box.config.facebook_photo_largest_bytes
    if not is_small or describe(thumb.read(), box.pictures).kind not in FACEBOOK_IMAGE_KINDS:
        raise bad_parameter("The thumb has a format or a size that is not supported", subcode=1366046, blamed="thumb")


def _living_post(box: Sandbox, video: Video) -> Post | None:
    post = box.world.posts.get(video.post_id)
    if post is not None and post.deleted_at is not None:
        raise unknown_object(video.id)
    return post


def _seconds(at: datetime | None) -> JSON:
    return int(at.timestamp()) if at else None
