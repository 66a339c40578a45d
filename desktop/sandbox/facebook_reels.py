"""Reels and video stories: start, bytes to the upload host, finish (Reels and stories publishing guides)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from desktop.sandbox.auth import account_of, require_publish
from desktop.sandbox.errors import JSON, GraphError, bad_parameter, unknown_object
from desktop.sandbox.facebook_processing import VideoState, check_open, finish
from desktop.sandbox.facebook_scheduling import REEL_DAYS, planned_time
from desktop.sandbox.facebook_video_rules import unfetchable, upload_trouble
from desktop.sandbox.facebook_videos import list_films, take_texts
from desktop.sandbox.fetching import UnreachableError, fetch
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Token, Video
from desktop.sandbox.sandbox import Sandbox

_DAY = timedelta(days=1)


async def create_reel(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{page}/video_reels``."""
    return await _create(box, call, token, "REEL")


async def create_story(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{page}/video_stories``."""
    return await _create(box, call, token, "STORY")


async def list_reels(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{page}/video_reels``; the feed does not show them."""
    return list_films(box, call, token, {"REEL"})


async def receive(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST`` on the upload host: bytes from ``offset`` on, or ``file_url``; what came before a break stays."""
    video = box.world.videos.get(call.node)
    if call.stream is None or video is None or video.account_id not in token.reaches:
        raise unknown_object(call.node)
    require_publish(token, box.world.accounts[video.account_id])
    check_open(box, video)
    if call.text("file_url"):
        try:
            video.media = await fetch(call.text("file_url"), box.config, box.pictures)
        except UnreachableError:
            raise unfetchable() from None
        box.world.save(video)
    else:
        await _take_bytes(box, call, video, call.stream)
    return {"success": True}


async def _take_bytes(box: Sandbox, call: GraphCall, video: Video, stream: AsyncIterator[bytes]) -> None:
    size, offset = call.number("file_size", 0), call.number("offset", -1)
    if not 0 < size <= box.config.facebook_video_largest_bytes or size != (video.size_bytes or size):
        raise upload_trouble("The header file_size must be the size of the whole file")
    if offset != box.uploads.size(video.id):
        raise upload_trouble(f"The header offset must be {box.uploads.size(video.id)}", 6001)
    video.size_bytes = size
    box.world.save(video)
    await box.uploads.append(video.id, stream)
    if box.uploads.size(video.id) > size:
        box.uploads.shorten(video.id, offset)
        raise upload_trouble("More bytes came than were announced")


async def _create(box: Sandbox, call: GraphCall, token: Token, kind: str) -> JSON:
    page = account_of(box.world, call, token)
    require_publish(token, page)
    match call.text("upload_phase"):
        case "start":
            return _start(box, call, page, kind)
        case "finish":
            return await _finish(box, call, page, kind)
        case _:
            raise bad_parameter("Param upload_phase must be start or finish", blamed="upload_phase")


def _start(box: Sandbox, call: GraphCall, page: Account, kind: str) -> JSON:
    if kind == "REEL":
        _check_quota(box, page)
    video = Video(box.world.new_id(), page.id, kind, box.clock.now())
    box.world.save(video)
    address = f"{call.base_url}/rupload/video-upload/{call.version}/{video.id}"
    return {"video_id": video.id, "upload_url": address}


async def _finish(box: Sandbox, call: GraphCall, page: Account, kind: str) -> JSON:
    video = box.world.videos.get(call.text("video_id"))
    if video is None or video.account_id != page.id or video.kind != kind:
        raise bad_parameter("Param video_id names an unknown video", blamed="video_id")
    take_texts(call, video)
    state = _state(call) if kind == "REEL" else VideoState.PUBLISHED
    if kind == "REEL" and state is not VideoState.DRAFT and not video.post_id:
        _check_quota(box, page)
    at = planned_time(box, call, REEL_DAYS) if state is VideoState.SCHEDULED else None
    await finish(box, video, state, at)
    return {"success": True} | ({"post_id": video.post_id} if box.config.facebook_finish_tells_post else {})


def _state(call: GraphCall) -> VideoState:
    try:
        return VideoState(call.text("video_state").upper())
    except ValueError:
        raise bad_parameter("Param video_state must be PUBLISHED, DRAFT or SCHEDULED", blamed="video_state") from None


def _check_quota(box: Sandbox, page: Account) -> None:
    """Refuse more reels than a Page may publish in 24 hours; drafts do not count."""
    since = box.clock.now() - _DAY
    reels = (v for v in box.world.videos.values() if v.account_id == page.id and v.kind == "REEL" and v.finished_at)
    posts = (box.world.posts[v.post_id] for v in reels if v.finished_at and v.finished_at > since and not v.error)
    used = sum(1 for post in posts if post.published_at or post.scheduled_for)
    if used >= box.config.facebook_reel_quota_total:
        raise GraphError("(#613) The Page reached the maximum number of reels for 24 hours", 613, status=403)
