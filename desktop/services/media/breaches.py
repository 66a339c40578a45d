"""What keeps a network from taking a picture or a video: every limit it breaks, with both figures.

The same rules judge originals before a post goes out and files the pipeline has made. What only the file knows
(``Asset.details``) is judged when it is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from desktop.domain.media import Asset, AudioDetails, ImageDetails, MediaKind, VideoDetails
from desktop.domain.networks import ImageRules, VideoRules
from desktop.kit.i18n import tr

# cameras round: 1080 x 1351 is meant as 4:5
RATIO_ROUNDING = 0.005
# 59.94 frames count as 60, and a video of 60 seconds may end with half a frame more
_RATE_ROUNDING = 0.05
_LENGTH_ROUNDING = timedelta(milliseconds=50)
_FOUR_TWO_ZERO = ("yuv420p", "yuvj420p", "nv12", "yuv420p10le", "p010le")
_ADVISED_ROUNDING = 0.02


@dataclass(frozen=True, slots=True)
class Breach:
    """One limit that is not kept. ``shown`` and ``allowed`` complete "has …" and "takes …" of a sentence."""

    code: str
    shown: str
    allowed: str


def breaches(asset: Asset, limits: ImageRules | VideoRules) -> tuple[Breach, ...]:
    """Return every limit the asset breaks, the file's own ones first."""
    if (asset.kind is MediaKind.IMAGE) is not isinstance(
        limits, ImageRules
    ) or asset.mime_type not in limits.mime_types:
        kinds = ", ".join(type_name(mime_type) for mime_type in limits.mime_types)
        return (Breach("media_type", type_name(asset.mime_type), kinds),)
    found = _too_large(asset, limits)
    if isinstance(limits, ImageRules):
        return (*found, *_of_image(asset, limits))
    return (*found, *_of_video(asset, limits))


def has_shape(asset: Asset, limits: ImageRules | VideoRules) -> bool:
    """Whether the picture is neither too tall nor too wide."""
    return limits.min_ratio - RATIO_ROUNDING <= asset.ratio <= limits.max_ratio + RATIO_ROUNDING


def has_advised_shape(asset: Asset, limits: ImageRules | VideoRules) -> bool:
    """Whether it fills the screen it is meant for."""
    return limits.advised_ratio is None or abs(asset.ratio - limits.advised_ratio) <= _ADVISED_ROUNDING


def bit_rate(asset: Asset) -> float:
    """Return the bits a second of the whole file, 0 for an image."""
    seconds = asset.duration.total_seconds() if asset.duration else 0.0
    return asset.size_bytes * 8 / seconds if seconds else 0.0


def type_name(mime_type: str) -> str:
    """Return a file type as people know it."""
    return "MOV" if mime_type == "video/quicktime" else mime_type.partition("/")[2].upper()


def megabytes(size_bytes: int) -> str:
    """Return the size rounded up, so that what is over a limit also reads so."""
    return tr("{size} MB", size=f"{math.ceil(size_bytes / 100_000) / 10:g}")


def ratio_words(ratio: float) -> str:
    """Return a shape as people know it: ``4:5``, ``9:16`` or ``1.33:1``."""
    known = {1.0: "1:1", 0.8: "4:5", 0.5625: "9:16", 0.75: "3:4", 1.7778: "16:9", 1.3333: "4:3"}
    near = next((words for value, words in known.items() if abs(value - ratio) < RATIO_ROUNDING), None)
    return near or f"{ratio:.2f}:1"


def _too_large(asset: Asset, limits: ImageRules | VideoRules) -> tuple[Breach, ...]:
    if asset.size_bytes <= limits.max_bytes:
        return ()
    return (Breach("media_too_large", megabytes(asset.size_bytes), megabytes(limits.max_bytes)),)


def _of_image(asset: Asset, limits: ImageRules) -> Iterator[Breach]:
    yield from _shape(asset, limits)
    if not limits.min_width <= asset.width <= limits.max_width:
        allowed = tr("{low} to {high} pixels", low=limits.min_width, high=limits.max_width)
        yield Breach("media_width", tr("a width of {width} pixels", width=asset.width), allowed)
    details = asset.details
    if isinstance(details, ImageDetails) and details.is_animated and asset.mime_type != "image/gif":
        yield Breach("media_animated", tr("an animation"), tr("still pictures"))


def _shape(asset: Asset, limits: ImageRules | VideoRules) -> Iterator[Breach]:
    if not has_shape(asset, limits):
        allowed = tr("{low} to {high}", low=f"{limits.min_ratio:g}:1", high=f"{limits.max_ratio:g}:1")
        yield Breach("media_shape", tr("the shape {ratio}", ratio=f"{asset.ratio:.2f}:1"), allowed)


def _of_video(asset: Asset, limits: VideoRules) -> Iterator[Breach]:
    duration = asset.duration or timedelta()
    if not limits.min_duration <= duration <= limits.max_duration + _LENGTH_ROUNDING:
        low, high = limits.min_duration.total_seconds(), limits.max_duration.total_seconds()
        shown = tr("{seconds} seconds", seconds=f"{duration.total_seconds():.1f}")
        yield Breach("video_duration", shown, tr("{low} to {high} seconds", low=f"{low:g}", high=f"{high:g}"))
    yield from _shape(asset, limits)
    if not limits.min_width <= asset.width <= limits.max_width:
        allowed = tr("{low} to {high} pixels", low=limits.min_width, high=limits.max_width)
        yield Breach("video_width", tr("a width of {width} pixels", width=asset.width), allowed)
    if limits.max_bit_rate is not None and bit_rate(asset) > limits.max_bit_rate:
        shown = tr("{rate} megabits a second", rate=f"{bit_rate(asset) / 1e6:.1f}")
        yield Breach("video_bit_rate", shown, tr("at most {rate}", rate=f"{limits.max_bit_rate / 1e6:g}"))
    if isinstance(asset.details, VideoDetails):
        yield from _of_stream(asset.details, limits)


def _of_stream(details: VideoDetails, limits: VideoRules) -> Iterator[Breach]:
    if not details.codec:
        yield Breach("video_damaged", tr("no pictures that can be read"), tr("whole videos"))
        return
    if details.codec not in limits.codecs:
        yield Breach("video_codec", tr("the codec {codec}", codec=codec_name(details.codec)), _codecs(limits.codecs))
    elif details.pixel_format not in _FOUR_TWO_ZERO:
        yield Breach("video_pixels", tr("the pixels {pixels}", pixels=details.pixel_format), "4:2:0")
    if details.is_interlaced:
        yield Breach("video_interlaced", tr("interlaced frames"), tr("whole frames"))
    low, high = limits.min_frame_rate, limits.max_frame_rate
    if not low - _RATE_ROUNDING <= details.frame_rate <= high + _RATE_ROUNDING:
        shown = tr("{rate} frames a second", rate=f"{details.frame_rate:.4g}")
        yield Breach("video_frame_rate", shown, tr("{low} to {high}", low=f"{low:g}", high=f"{high:g}"))
    if details.audio is not None:
        yield from _of_audio(details.audio, limits)
    if limits.needs_moov_first and not details.is_moov_first:
        yield Breach("video_moov_last", tr("its header at the end"), tr("videos with the header in front"))
    if details.has_edits and not limits.allows_edits:
        yield Breach("video_edits", tr("an edit list"), tr("videos without one"))


def _of_audio(audio: AudioDetails, limits: VideoRules) -> Iterator[Breach]:
    if audio.codec not in limits.audio_codecs:
        shown = tr("sound in {codec}", codec=codec_name(audio.codec))
        yield Breach("video_audio_codec", shown, _codecs(limits.audio_codecs))
    if audio.sample_rate > limits.max_sample_rate:
        shown = tr("sound of {rate} kHz", rate=f"{audio.sample_rate / 1000:g}")
        yield Breach("video_audio_rate", shown, tr("at most {rate} kHz", rate=f"{limits.max_sample_rate / 1000:g}"))
    if audio.channels > limits.max_channels:
        shown = tr("sound of {channels} channels", channels=audio.channels)
        yield Breach("video_audio_channels", shown, tr("at most {channels}", channels=limits.max_channels))


def codec_name(codec: str) -> str:
    """Return a codec as people know it."""
    return {"h264": "H.264", "hevc": "HEVC", "av1": "AV1", "mpeg4": "MPEG-4", "prores": "ProRes"}.get(
        codec, codec.upper()
    )


def _codecs(codecs: tuple[str, ...]) -> str:
    return ", ".join(codec_name(codec) for codec in codecs)
