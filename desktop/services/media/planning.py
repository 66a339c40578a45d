"""Decides what has to be done to a file so that a network takes it. Pure: it reads figures, never files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from desktop.domain.media import Asset, AudioDetails, ImageDetails, MediaKind, VideoDetails
from desktop.domain.networks import ImageRules, VideoRules
from desktop.kit.i18n import tr
from desktop.services.media.breaches import (
    bit_rate,
    breaches,
    codec_name,
    has_shape,
    megabytes,
    ratio_words,
    type_name,
)
from desktop.services.media.layouts import NoLayout, layout_for
from desktop.services.media.plans import (
    AudioPlan,
    FitChoice,
    ImagePlan,
    Layout,
    MediaNotFittable,
    Plan,
    Size,
    Step,
    StepKind,
    VideoPlan,
)

JPEG = "image/jpeg"
MP4 = "video/mp4"
H264 = "h264"
AUDIO_BIT_RATE = 128_000
_LEAST_BIT_RATE = 100_000
_BITS_PER_PIXEL = 0.12  # of H.264 that looks like its source on a phone
_USUAL_RATE = 30.0
_TRIM_MARGIN = timedelta(milliseconds=100)  # sound starts and ends a little beside the frames
_ROOM = 0.92  # of a size limit is aimed at: encoders only come near the rate they are told
_FRAME_BREACHES = {
    "video_codec",
    "video_pixels",
    "video_interlaced",
    "video_frame_rate",
    "video_bit_rate",
    "video_width",
    "media_shape",
    "media_too_large",
    "video_edits",
}
_AUDIO_BREACHES = {"video_audio_codec", "video_audio_rate", "video_audio_channels"}


def plan(asset: Asset, limits: ImageRules | VideoRules, choice: FitChoice | None = None) -> Plan:
    """Return how to make what the network takes; a plan without steps means that the file is fine as it is.

    ``asset.details`` are used when they are known. ``MediaNotFittable`` says what stands in the way.
    """
    choice = choice or FitChoice()
    try:
        if isinstance(limits, ImageRules):
            return _image_plan(asset, limits, choice)
        return _video_plan(asset, limits, choice)
    except NoLayout as error:
        raise MediaNotFittable(name=asset.original_name, reason=str(error)) from error


def _image_plan(asset: Asset, limits: ImageRules, choice: FitChoice) -> ImagePlan:
    if asset.kind is not MediaKind.IMAGE:
        raise _refusal(asset, tr("it is a video"))
    # GIFs mostly move, so one nobody has looked into is taken for one that does
    unknown = ImageDetails(is_animated=asset.mime_type == "image/gif")
    details = asset.details if isinstance(asset.details, ImageDetails) else unknown
    layout = layout_for(asset, limits, _needed(asset, limits, choice))
    changes = (*_image_steps(asset, details, limits), *_layout_steps(asset, layout))
    if changes or asset.mime_type not in limits.mime_types:
        if JPEG not in limits.mime_types:
            raise _refusal(asset, tr("no JPEG is taken there"))
        if details.is_animated:
            raise _refusal(asset, tr("it is animated"))
        changes = (*changes, *_jpeg_steps(asset, details, choice))
    return ImagePlan(changes, layout, choice.background, limits)


def _needed(asset: Asset, limits: ImageRules | VideoRules, choice: FitChoice) -> FitChoice:
    """Leave the shape alone when it is right and no other was wished for."""
    is_right = has_shape(asset, limits) and choice.ratio is None
    return FitChoice(background=choice.background, is_trimmed=choice.is_trimmed) if is_right else choice


def _image_steps(asset: Asset, details: ImageDetails, limits: ImageRules) -> Iterator[Step]:
    if not details.is_upright:
        yield Step(StepKind.TURN)
    if not details.is_srgb:
        yield Step(StepKind.COLOURS, details.colours, "sRGB")
    if asset.size_bytes > limits.max_bytes:
        yield Step(StepKind.SHRINK, megabytes(asset.size_bytes), megabytes(limits.max_bytes))


def _jpeg_steps(asset: Asset, details: ImageDetails, choice: FitChoice) -> Iterator[Step]:
    if details.has_transparency:
        yield Step(StepKind.FLATTEN, after=choice.background)
    if details.bits > 8:
        yield Step(StepKind.DEPTH, str(details.bits), "8")
    if asset.mime_type != JPEG:
        yield Step(StepKind.TYPE, type_name(asset.mime_type), "JPEG")


def _layout_steps(asset: Asset, layout: Layout) -> tuple[Step, ...]:
    whole, found = Size(asset.width, asset.height), []
    if layout.crop != whole:
        found.append(Step(StepKind.CROP, str(whole), f"{layout.crop} ({_shape(layout.crop)})"))
    if layout.scaled != layout.crop:
        found.append(Step(StepKind.RESIZE, str(layout.crop), str(layout.scaled)))
    if layout.canvas != layout.scaled:
        found.append(Step(StepKind.PAD, str(layout.scaled), f"{layout.canvas} ({_shape(layout.canvas)})"))
    return tuple(found)


def _shape(size: Size) -> str:
    return ratio_words(size.width / size.height)


def _video_plan(asset: Asset, limits: VideoRules, choice: FitChoice) -> VideoPlan:
    if asset.kind is not MediaKind.VIDEO:
        raise _refusal(asset, tr("it is a picture"))
    unknown = VideoDetails(H264, can_encode=False)
    details = asset.details if isinstance(asset.details, VideoDetails) else unknown
    if not details.codec:
        raise _refusal(asset, tr("its frames cannot be read"))
    if MP4 not in limits.mime_types:
        raise _refusal(asset, tr("no MP4 is taken there"))
    found = {breach.code for breach in breaches(replace(asset, mime_type=MP4), limits)}
    ends_at = _end(asset, limits, choice) if "video_duration" in found else None
    length = ends_at or asset.duration or timedelta()
    layout = layout_for(asset, limits, _needed(asset, limits, choice), multiple=2)
    is_new = bool(found & _FRAME_BREACHES) or _is_moved(asset, layout)
    if not is_new:
        layout = _untouched(asset)
    if is_new and not details.can_encode:
        raise _refusal(asset, tr("this computer has no H.264 encoder that Tidings may use"))
    rate = _frame_rate(details, limits) if is_new else None
    audio = _audio_plan(details.audio, limits) if found & _AUDIO_BREACHES else None
    bits = _video_bit_rate(asset, details, limits, layout, length, rate) if is_new else None
    bare = VideoPlan((), layout, choice.background, limits.max_bytes, bits, rate, audio, ends_at)
    return replace(bare, steps=tuple(_video_steps(asset, details, bare, limits)))


def _end(asset: Asset, limits: VideoRules, choice: FitChoice) -> timedelta:
    duration = asset.duration or timedelta()
    seconds = f"{duration.total_seconds():.1f}"
    if duration < limits.min_duration:
        raise _refusal(asset, tr("it is only {seconds} seconds long", seconds=seconds))
    if not choice.is_trimmed:
        raise _refusal(asset, tr("it is {seconds} seconds long and may not be shortened", seconds=seconds))
    return limits.max_duration - _TRIM_MARGIN


def _is_moved(asset: Asset, layout: Layout) -> bool:
    """Whether the frames change; an odd side alone is no reason to encode them again."""
    return bool(
        layout.crop != Size(asset.width, asset.height)
        or layout.canvas != layout.scaled
        or abs(layout.scaled.width - layout.crop.width) > 1
    )


def _untouched(asset: Asset) -> Layout:
    whole = Size(asset.width, asset.height)
    return Layout(0, 0, whole, whole, whole)


def _frame_rate(details: VideoDetails, limits: VideoRules) -> float | None:
    low, high = limits.min_frame_rate, limits.max_frame_rate
    if details.frame_rate < low:
        return min(max(low, _USUAL_RATE), high)
    return high if details.frame_rate > high else None


def _audio_plan(audio: AudioDetails | None, limits: VideoRules) -> AudioPlan | None:
    if audio is None:
        return None
    usual = [rate for rate in (44_100, 48_000) if rate <= limits.max_sample_rate] or [limits.max_sample_rate]
    rate = audio.sample_rate if audio.sample_rate in usual else usual[-1]
    return AudioPlan(rate, min(audio.channels or 2, limits.max_channels, 2))


def _video_steps(asset: Asset, details: VideoDetails, bare: VideoPlan, limits: VideoRules) -> Iterator[Step]:
    if bare.ends_at is not None and asset.duration is not None:
        yield Step(StepKind.TRIM, f"{asset.duration.total_seconds():.1f}", f"{bare.ends_at.total_seconds():g}")
    yield from _layout_steps(asset, bare.layout)
    if bare.frame_rate is not None:
        yield Step(StepKind.FRAME_RATE, f"{details.frame_rate:.4g}", f"{bare.frame_rate:g}")
    if bare.bit_rate is not None:
        yield Step(StepKind.CODEC, codec_name(details.codec), codec_name(H264))
    if bare.audio is not None and details.audio is not None:
        old, new = details.audio, bare.audio
        before = tr(
            "{codec}, {rate} Hz, {channels} channels",
            codec=codec_name(old.codec),
            rate=old.sample_rate,
            channels=old.channels,
        )
        after = tr("{codec}, {rate} Hz, {channels} channels", codec="AAC", rate=new.sample_rate, channels=new.channels)
        yield Step(StepKind.AUDIO, before, after)
    if asset.size_bytes > limits.max_bytes:
        yield Step(StepKind.SHRINK, megabytes(asset.size_bytes), megabytes(limits.max_bytes))
    if asset.mime_type not in limits.mime_types:
        yield Step(StepKind.TYPE, type_name(asset.mime_type), "MP4")
    if details.is_fragmented or (limits.needs_moov_first and not details.is_moov_first):
        yield Step(StepKind.HEADER)


def _video_bit_rate(
    asset: Asset,
    details: VideoDetails,
    limits: VideoRules,
    layout: Layout,
    length: timedelta,
    frame_rate: float | None,
) -> int:
    pixels = layout.canvas.width * layout.canvas.height
    rate = max(_LEAST_BIT_RATE, pixels * (frame_rate or details.frame_rate) * _BITS_PER_PIXEL)
    if details.codec == H264:
        rate = min(rate, max(bit_rate(asset), _LEAST_BIT_RATE))
    if limits.max_bit_rate is not None:
        rate = min(rate, limits.max_bit_rate * _ROOM - AUDIO_BIT_RATE)
    most = limits.max_bytes * 8 * _ROOM / max(length.total_seconds(), 0.1) - AUDIO_BIT_RATE
    if min(rate, most) < _LEAST_BIT_RATE:
        raise _refusal(asset, tr("it is too long for {size}", size=megabytes(limits.max_bytes)))
    return int(min(rate, most))


def _refusal(asset: Asset, reason: str) -> MediaNotFittable:
    return MediaNotFittable(name=asset.original_name, reason=reason)
