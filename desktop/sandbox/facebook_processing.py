"""The life of a film of a Page: uploading, processing, then public, scheduled or a draft (Reels guide, ``status``)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.facebook import new_post
from desktop.sandbox.facebook_editing import publish_again
from desktop.sandbox.facebook_scheduling import scheduled_time
from desktop.sandbox.facebook_video_rules import film_error, upload_trouble
from desktop.sandbox.faults import FaultKind, FaultRule
from desktop.sandbox.fetching import describe_file
from desktop.sandbox.fields import timestamp
from desktop.sandbox.model import Post, Video
from desktop.sandbox.sandbox import Sandbox

_SHORTEST_SECONDS, _LONGEST_SECONDS = 5.0, 10.0


class VideoState(StrEnum):
    """``video_state`` of the finish call."""

    PUBLISHED = "PUBLISHED"
    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"


async def finish(box: Sandbox, video: Video, state: VideoState, planned_at: datetime | None) -> None:
    """End the upload and begin the processing, after which the post is what ``state`` says.

    Finishing again does what ``config.republish`` says; the rules for films are checked here or, by configuration,
    told in the processing phase.
    """
    if video.post_id:
        publish_again(box, box.world.posts[video.post_id], "upload_phase")
        return
    received = box.uploads.size(video.id)
    if video.media is None and (not received or received < video.size_bytes):
        raise upload_trouble("The upload is not complete")
    media = video.media or await describe_file(box.uploads.path(video.id))
    if (error := film_error(video, media, box.config)) is not None:
        if not box.config.facebook_late_film_errors:
            raise error
        video.error, video.error_code = error.message, error.subcode or int(error.code)
    video.media, video.finished_at = media, box.clock.now()
    video.ready_at = video.finished_at + box.processing_time(_SHORTEST_SECONDS, _LONGEST_SECONDS)
    post = _post(box, video)
    if state is not VideoState.DRAFT and not video.error:
        post.scheduled_for = max(planned_at or video.ready_at, video.ready_at)
        if state is VideoState.PUBLISHED:
            post.extras["processing"] = "true"
    box.world.save(post)
    box.world.save(video)
    box.uploads.discard(video.id)


def is_expired(box: Sandbox, video: Video) -> bool:
    """Tell whether the upload was left unfinished for too long."""
    life = timedelta(seconds=box.config.facebook_upload_life_seconds)
    return video.finished_at is None and box.clock.now() > video.created_at + life


def status(box: Sandbox, video: Video) -> JSON:
    """Return the ``status`` object: one word for the whole and the three phases."""
    received = video.media.size_bytes if video.media else box.uploads.size(video.id)
    is_received = video.media is not None or 0 < video.size_bytes <= received
    is_processed = video.ready_at is not None and video.ready_at <= box.clock.now()
    uploading: dict[str, JSON] = {"status": "complete" if is_received else "in_progress" if received else "not_started"}
    return {
        "video_status": _word(box, video, is_received=is_received, is_processed=is_processed),
        "uploading_phase": uploading | {"bytes_transfered": received},
        "processing_phase": _processing(video, is_processed=is_processed),
        "publishing_phase": _publishing(box.world.posts.get(video.post_id)),
    }


def spoil(box: Sandbox, video_id: str, rule: FaultRule) -> None:
    """Let the processing of a finished film fail, or take its time, or never end."""
    found = (v for v in box.world.videos.values() if video_id in {v.id, v.session_id})
    video = next(found, None)
    if not video_id or video is None or video.finished_at is None:
        return
    post = box.world.posts[video.post_id]
    if rule.kind is FaultKind.CONTAINER_ERROR:
        video.error, video.error_code = rule.message or "Video processing failed", rule.subcode or 1363047
        post.scheduled_for = None
    else:
        wait = rule.for_seconds
        video.ready_at = None if wait is None else video.finished_at + timedelta(seconds=wait)
        if post.scheduled_for is not None:
            post.scheduled_for = max(post.scheduled_for, video.ready_at) if video.ready_at else None
    box.world.save(post)
    box.world.save(video)


def check_open(box: Sandbox, video: Video) -> None:
    """Refuse bytes for an upload that is over."""
    if video.finished_at is not None:
        raise bad_parameter("The video was finished already")
    if is_expired(box, video):
        raise upload_trouble("The upload session has expired")


def _post(box: Sandbox, video: Video) -> Post:
    post = new_post(box, box.world.accounts[video.account_id], video.kind)
    post.text, post.children, post.container_id = video.description, [video.id], video.id
    post.media = [video.media] if video.media else []
    if video.kind == "STORY":
        post.extras["product"] = "STORIES"
    video.post_id = post.id
    return post


def _word(box: Sandbox, video: Video, *, is_received: bool, is_processed: bool) -> str:
    if video.finished_at is None:
        return "expired" if is_expired(box, video) else "upload_complete" if is_received else "uploading"
    return "processing" if not is_processed else "error" if video.error else "ready"


def _processing(video: Video, *, is_processed: bool) -> JSON:
    if video.finished_at is None:
        return {"status": "not_started"}
    if is_processed and video.error:
        return {"status": "error", "error": {"message": video.error, "code": video.error_code}}
    return {"status": "complete" if is_processed else "in_progress"}


def _publishing(post: Post | None) -> JSON:
    if post is None:
        return {"status": "not_started"}
    if post.published_at is not None:
        return {"status": "complete", "publish_status": "published", "publish_time": timestamp(post.published_at)}
    if (planned_at := scheduled_time(post)) is not None:
        return {"status": "not_started", "publish_status": "scheduled", "publish_time": timestamp(planned_at)}
    if "processing" in post.extras:
        return {"status": "not_started"}
    return {"status": "not_started", "publish_status": "draft"}
