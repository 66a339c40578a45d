"""Makes the MP4 a ``VideoPlan`` describes, frame by frame. PyAV is loaded by the functions that need it.

The header comes first and there is no edit list. FFmpeg's own AAC encoder makes the sound (LGPL).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from desktop.files.fitting import NotFittable
from desktop.files.video_encoders import pixels_for
from desktop.files.video_filters import Filters
from desktop.files.video_reading import opened, shown_streams
from desktop.kit.i18n import tr
from desktop.services.media.planning import AUDIO_BIT_RATE
from desktop.services.media.plans import AudioPlan, Size, VideoPlan

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

_MUXER = {"movflags": "+faststart+negative_cts_offsets", "use_editlist": "0"}
_TRIES = 4
_LESS = 0.9
_KEYFRAME_SECONDS = 2
_USUAL_RATES = [Fraction(rate) for rate in (24, 25, 30, 50, 60)] + [Fraction(n, 1001) for n in (24_000, 30_000, 60_000)]
_RATE_ROUNDING = 0.0005  # half of what 30 and 29.97 differ by
_REORDERING_SECONDS = 1.0  # frames are stored at most this long before or after they are shown


@dataclass(frozen=True, slots=True)
class VideoWork:
    """One video to make of another: ``whole`` is its size as shown, ``encoder`` makes H.264 where that is needed."""

    source: Path
    target: Path
    whole: Size
    length: timedelta
    plan: VideoPlan
    encoder: str | None


def write_video(work: VideoWork, check: Callable[[], object], progress: Callable[[float], object]) -> None:
    """Carry out the plan; ``VideoInvalid`` or ``NotFittable``.

    ``check`` is called for every packet and may raise to stop; ``progress`` gets 0 to 1. A result that is too large is
    made again with fewer bits.
    """
    bit_rate = work.plan.bit_rate
    for _ in range(_TRIES):
        _write(work, bit_rate, check, progress)
        size_bytes = work.target.stat().st_size
        if size_bytes <= work.plan.max_bytes:
            progress(1.0)
            return
        if bit_rate is None:
            break
        bit_rate = int(bit_rate * work.plan.max_bytes / size_bytes * _LESS)
    raise NotFittable(tr("it stays too large"))


def _write(
    work: VideoWork, bit_rate: int | None, check: Callable[[], object], progress: Callable[[float], object]
) -> None:
    # slow to load: not before the first video is made
    import av

    with opened(work.source) as source, av.open(str(work.target), "w", format="mp4", options=_MUXER) as target:
        video, audio = shown_streams(source)
        tracks: dict[int, _Track] = {video.index: _video_track(target, video, work, bit_rate)}
        if audio is not None:
            tracks[audio.index] = _audio_track(target, audio, work.plan)
        length = (work.plan.ends_at or work.length).total_seconds() or 1.0
        for packet, share in _packets(source, [video, *([audio] if audio else [])], length):
            check()
            for made in tracks[packet.stream_index].take(packet):
                target.mux(made)
            progress(min(0.99, share))
        for track in tracks.values():
            for made in track.finish():
                check()
                target.mux(made)


def _packets(source: InputContainer, streams: list[Stream], length: float) -> Iterator[tuple[Packet[Any], float]]:
    """Yield the packets up to the end, each with the share of the work that is done then."""
    furthest = 0.0
    for packet in source.demux(streams):
        if packet.dts is None:
            continue  # FFmpeg's sign that a stream has ended: the tracks flush themselves
        furthest = max(furthest, float(packet.dts * packet.time_base))
        if furthest > length + _REORDERING_SECONDS:
            return
        yield packet, furthest / length


class _Track(Protocol):
    def take(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        """Yield what becomes of a packet."""
        ...

    def finish(self) -> Iterator[Packet[Any]]:
        """Yield what is left when there are no more packets."""
        ...


def _video_track(target: OutputContainer, video: VideoStream, work: VideoWork, bit_rate: int | None) -> _Track:
    ends_at = work.plan.ends_at
    if bit_rate is None:
        return _CopiedTrack(target, video, ends_at)
    if work.encoder is None:
        raise NotFittable(tr("this computer has no H.264 encoder that Tidings may use"))
    return _EncodedVideo(target, video, work, work.encoder, bit_rate)


def _audio_track(target: OutputContainer, audio: AudioStream, plan: VideoPlan) -> _Track:
    if plan.audio is None:
        return _CopiedTrack(target, audio, plan.ends_at)
    return _EncodedAudio(target, audio, plan.audio, plan.ends_at)


class _CopiedTrack:
    def __init__(self, target: OutputContainer, source: VideoStream | AudioStream, ends_at: timedelta | None) -> None:
        self._stream = target.add_stream_from_template(source)
        self._end = _seconds(ends_at)

    def take(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        time = packet.pts if packet.pts is not None else packet.dts
        if time is not None and float((time + (packet.duration or 0)) * packet.time_base) <= self._end:
            packet.stream = self._stream
            yield packet

    def finish(self) -> Iterator[Packet[Any]]:
        yield from ()


class _EncodedVideo:
    def __init__(
        self, target: OutputContainer, source: VideoStream, work: VideoWork, encoder: str, bit_rate: int
    ) -> None:
        rate = _steady(Fraction(work.plan.frame_rate or source.average_rate or 30))
        pixels = pixels_for(encoder)
        self._source = source
        self._end = _seconds(work.plan.ends_at)
        self._filters = Filters(source, work.whole, work.plan, rate, pixels)
        self._stream = cast("VideoStream", target.add_stream(encoder, rate=rate))
        context = self._stream.codec_context
        context.width, context.height = work.plan.layout.canvas.width, work.plan.layout.canvas.height
        context.pix_fmt, context.bit_rate = pixels, bit_rate
        context.gop_size = round(rate * _KEYFRAME_SECONDS)
        context.max_b_frames = 0  # so that frames are stored as they are shown, and no edit list is needed

    def take(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        yield from self._encode(packet)

    def finish(self) -> Iterator[Packet[Any]]:
        yield from self._encode(None)
        for frame in self._filters.flush():
            yield from self._stream.encode(frame)
        yield from self._stream.encode(None)

    def _encode(self, packet: Packet[Any] | None) -> Iterator[Packet[Any]]:
        for decoded in self._source.decode(packet):
            decoded.time_base = self._source.time_base  # PyAV forgets it for what is left at the end
            if decoded.time is not None and decoded.time >= self._end:
                continue
            for frame in self._filters.take(decoded):
                yield from self._stream.encode(frame)


class _EncodedAudio:
    def __init__(
        self, target: OutputContainer, source: AudioStream, plan: AudioPlan, ends_at: timedelta | None
    ) -> None:
        self._source = source
        self._end = _seconds(ends_at)
        self._stream = target.add_stream("aac", rate=plan.sample_rate)
        self._stream.codec_context.layout = "mono" if plan.channels == 1 else "stereo"
        self._stream.codec_context.bit_rate = AUDIO_BIT_RATE

    def take(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        yield from self._encode(packet)

    def finish(self) -> Iterator[Packet[Any]]:
        yield from self._encode(None)
        yield from self._stream.encode(None)

    def _encode(self, packet: Packet[Any] | None) -> Iterator[Packet[Any]]:
        for frame in self._source.decode(packet):
            frame.time_base = self._source.time_base  # PyAV forgets it for what is left at the end
            if frame.time is None or frame.time + frame.samples / frame.sample_rate <= self._end:
                yield from self._stream.encode(frame)


def _steady(rate: Fraction) -> Fraction:
    """Return the usual rate an average is meant to be, or the average itself."""
    nearest = min(_USUAL_RATES, key=lambda usual: abs(usual - rate))
    return nearest if abs(nearest / rate - 1) < _RATE_ROUNDING else rate.limit_denominator(1001)


def _seconds(ends_at: timedelta | None) -> float:
    return ends_at.total_seconds() if ends_at is not None else float("inf")
