"""Looks inside videos and takes single frames out of them. PyAV is loaded by the functions that need it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.media import AudioDetails, VideoDetails
from desktop.files.boxes import BoxesInvalid, VideoFacts, read_video

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from PIL.Image import Image

# 8K; a header may promise any size, and memory is set aside for it
MAX_FRAME_PIXELS = 8192 * 4320
_HDR_TRANSFERS = (16, 18)  # SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG), ITU-T H.273 table 3
_RATE_DIFFERENCE = 0.05
# errors of the disk, not of the file, go on to whoever knows what to say of them
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class VideoInvalid(ValueError):
    """Not a video whose frames can be read."""


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """Open a video of the MP4 family; whatever FFmpeg says of it, here or later, is ``VideoInvalid``.

    The format is given, so that a hostile file cannot pass for a playlist that names other files or addresses.
    """
    # slow to load: not before the first video is added
    import av

    try:
        with av.open(str(path), format="mov", metadata_errors="ignore", options={"enable_drefs": "0"}) as container:
            yield container
    except av.FFmpegError as error:
        if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
            raise
        raise VideoInvalid(str(error)) from error


def shown_streams(container: InputContainer) -> tuple[VideoStream, AudioStream | None]:
    """Return the picture and the sound that are played; ``VideoInvalid`` without a picture that can be decoded."""
    for video in container.streams.video:
        context = video.codec_context
        # a still cover has no rate; FFmpeg gives tracks it cannot decode no context
        if context is None or not context.width or video.average_rate is None:
            continue
        if context.width * context.height > MAX_FRAME_PIXELS:
            raise VideoInvalid(f"{context.width} x {context.height} pixels are too many")
        video.thread_type = "AUTO"
        sounds = [audio for audio in container.streams.audio if audio.codec_context is not None]
        return video, sounds[0] if sounds else None
    raise VideoInvalid("no picture in it")


def probe_video(path: Path) -> VideoDetails:
    """Return what a video is; one whose frames cannot be read has no codec. ``VideoInvalid`` for no video at all."""
    try:
        with path.open("rb") as file:
            facts = read_video(file, path.stat().st_size)
    except BoxesInvalid as error:
        raise VideoInvalid(str(error)) from error
    try:
        with opened(path) as container:
            video, audio = shown_streams(container)
            return _details(facts, video, next(_frames(container, video)), audio)
    except (VideoInvalid, StopIteration):
        return VideoDetails(codec="", frame_rate=0.0, is_moov_first=facts.is_moov_first)


def length_of(path: Path) -> timedelta:
    """Return how long a video plays, for files whose header does not say; ``VideoInvalid``."""
    with opened(path) as container:
        return timedelta(microseconds=container.duration or 0)


def frame_at(path: Path, offset: timedelta) -> Image:
    """Return the frame shown at ``offset``, the last one for later, upright and in square pixels; ``VideoInvalid``."""
    with opened(path) as container:
        video, _ = shown_streams(container)
        if offset:
            container.seek(int(offset.total_seconds() * 1_000_000))
        shown: VideoFrame | None = None
        for frame in _frames(container, video):
            # without a time the first one has to do
            if shown is not None and (frame.time is None or frame.time > offset.total_seconds()):
                break
            shown = frame
        if shown is None:
            raise VideoInvalid("no frame in it")
        return _upright(shown, video)


def turn_of(frame: VideoFrame) -> int:
    """Return by how many degrees a frame is turned clockwise to be shown: 0, 90, 180 or 270."""
    return round(-frame.rotation / 90) * 90 % 360


def _frames(container: InputContainer, video: VideoStream) -> Iterator[VideoFrame]:
    yield from container.decode(video)


def _details(facts: VideoFacts, video: VideoStream, frame: VideoFrame, audio: AudioStream | None) -> VideoDetails:
    context, average = video.codec_context, float(video.average_rate or 0)
    finest = float(video.base_rate or 0)
    return VideoDetails(
        codec=context.codec.canonical_name,
        profile=context.profile or "",
        pixel_format=context.pix_fmt or "",
        frame_rate=round(average, 3),
        is_variable_rate=bool(average) and abs(finest / average - 1) > _RATE_DIFFERENCE,
        rotation=turn_of(frame),
        is_moov_first=facts.is_moov_first,
        has_edits=facts.has_edits,
        is_fragmented=facts.is_fragmented,
        is_hdr=context.color_trc in _HDR_TRANSFERS,
        is_interlaced=frame.interlaced_frame,
        audio=_audio_details(audio) if audio is not None else None,
    )


def _audio_details(audio: AudioStream) -> AudioDetails:
    context = audio.codec_context
    rate = context.bit_rate or audio.bit_rate or 0
    return AudioDetails(context.codec.canonical_name, context.sample_rate, context.channels, rate)


def _upright(frame: VideoFrame, video: VideoStream) -> Image:
    aspect = video.sample_aspect_ratio or 1
    width = max(1, round(frame.width * aspect))
    square = frame.reformat(width=width, height=frame.height, format="rgb24")
    picture: Image = square.to_image()  # type: ignore[no-untyped-call]
    return picture.rotate(-turn_of(frame), expand=True)
