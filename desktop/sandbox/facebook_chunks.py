"""Chunked uploads of ordinary films: start, transfer until both offsets agree, finish, cancel (page/videos)."""

from __future__ import annotations

from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.facebook_processing import check_open
from desktop.sandbox.facebook_video_rules import upload_trouble
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Video
from desktop.sandbox.sandbox import Sandbox


def start(box: Sandbox, call: GraphCall, page: Account) -> JSON:
    """Open a session for ``file_size`` bytes."""
    size = call.number("file_size", 0)
    if size <= 0:
        raise bad_parameter("Param file_size must be the size of the file in bytes", blamed="file_size")
    if size > box.config.facebook_video_largest_bytes:
        raise upload_trouble("The video file is too large", 6001)
    video = Video(box.world.new_id(), page.id, "VIDEO", box.clock.now(), size, box.world.new_id())
    box.world.save(video)
    return {"video_id": video.id, "upload_session_id": video.session_id, **_offsets(box, video)}


def transfer(box: Sandbox, call: GraphCall, page: Account) -> JSON:
    """Take ``video_file_chunk`` when it begins where the last one ended, and answer what is wanted next."""
    video = session(box, call, page)
    check_open(box, video)
    chunk = call.files.get("video_file_chunk")
    if chunk is None:
        raise bad_parameter("The parameter video_file_chunk is required", blamed="video_file_chunk")
    received = box.uploads.size(video.id)
    if call.number("start_offset", -1) != received:
        if box.config.facebook_refuses_wrong_offsets:
            raise upload_trouble(f"The chunk must start at {received}", 6001)
    elif received + chunk.size_bytes > video.size_bytes:
        raise upload_trouble("More bytes came than were announced")
    else:
        box.uploads.append_upload(video.id, chunk)
    return _offsets(box, video)


def cancel(box: Sandbox, call: GraphCall, page: Account) -> JSON:
    """Forget a session and what came of its file."""
    video = session(box, call, page)
    check_open(box, video)
    box.uploads.discard(video.id)
    video.session_id = ""
    box.world.save(video)
    return {"success": True}


def rewind(box: Sandbox, call: GraphCall, left_bytes: int) -> JSON:
    """Lose what came after the first ``left_bytes`` of a session, and answer the offsets as they are then."""
    video = session(box, call, None)
    if box.uploads.size(video.id) > left_bytes:
        box.uploads.shorten(video.id, left_bytes)
    return _offsets(box, video)


def session(box: Sandbox, call: GraphCall, page: Account | None) -> Video:
    """Return the film of ``upload_session_id``; 6001 when there is no such session of ``page``."""
    wanted = call.text("upload_session_id")
    for video in box.world.videos.values():
        if wanted and video.session_id == wanted and (page is None or video.account_id == page.id):
            return video
    raise upload_trouble("The upload session is unknown", 6001)


def _offsets(box: Sandbox, video: Video) -> dict[str, JSON]:
    received = box.uploads.size(video.id)
    end = min(received + box.config.facebook_chunk_bytes, video.size_bytes)
    return {"start_offset": str(received), "end_offset": str(end)}
