"""Which encoder makes H.264 on this computer. Only those a closed product may ship or borrow from the system.

PyAV's wheels also hold x264 and x265, which are under the GPL (or a paid licence): they are never chosen, and a bundle
has to be built without them. ``encumbered_parts`` tells whether a build still has them.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext

# by quality for the time it takes: of the system and its graphics card, then Cisco's (BSD), then small boards'
H264_ENCODERS = (
    "h264_videotoolbox",
    "h264_mf",
    "h264_nvenc",
    "h264_qsv",
    "h264_amf",
    "libopenh264",
    "h264_v4l2m2m",
)
_ENCUMBERED = ("libx264", "libx265", "libxvid", "libx262", "libfdk_aac")
_TRIAL_SIZE = (640, 360)
_PIXELS = ("yuv420p", "nv12")


@lru_cache(maxsize=8)
def usable_encoder(candidates: tuple[str, ...] = H264_ENCODERS) -> str | None:
    """Return the first encoder that really encodes a frame here: many are built in, few find their hardware."""
    return next((name for name in candidates if _works(name)), None)


def pixels_for(encoder: str) -> str:
    """Return the pixel format to hand an encoder."""
    # slow to load: not before the first video is made
    import av

    taken = [entry.name for entry in av.Codec(encoder, "w").video_formats or ()]
    return next((name for name in _PIXELS if name in taken), _PIXELS[0])


def encumbered_parts() -> tuple[str, ...]:
    """Name the parts of this FFmpeg build that a closed product must not ship, as its configuration tells."""
    # slow to load: asked for when a bundle is checked
    import av._core

    configuration = " ".join(meta["configuration"] for meta in av._core.library_meta.values())
    return tuple(name for name in _ENCUMBERED if f"--enable-{name}" in configuration.split())


def _works(name: str) -> bool:
    # slow to load: not before the first video is looked at
    import av

    try:
        context = cast("VideoCodecContext", av.CodecContext.create(name, "w"))
        context.width, context.height = _TRIAL_SIZE
        context.pix_fmt = pixels_for(name)
        context.bit_rate = 500_000
        context.framerate = Fraction(30)
        context.time_base = Fraction(1, 30)
        frame = av.VideoFrame(*_TRIAL_SIZE, context.pix_fmt)
        frame.pts = 0
        return bool([*context.encode(frame), *context.encode(None)])
    except (av.FFmpegError, ValueError):  # unknown to this build, or without its driver or device
        return False
