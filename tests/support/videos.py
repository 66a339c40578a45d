"""Video files: as small as their headers allow (ISO/IEC 14496-12), or really filmed, a second of a few pixels."""

from __future__ import annotations

import math
import struct
import tempfile
from array import array
from fractions import Fraction
from pathlib import Path
from typing import Any, cast


def small_video(number: int = 0, *, width: int = 1080, height: int = 1920, seconds: int = 10) -> bytes:
    """Return an MP4 header with one video track; ``number`` makes the content differ."""
    identity = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    movie = struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80)
    track = bytes(40) + identity + struct.pack(">II", width << 16, height << 16)
    handler = bytes(8) + b"vide" + bytes(13)
    trak = _box(b"trak", _box(b"tkhd", track) + _box(b"mdia", _box(b"hdlr", handler)))
    return (
        _box(b"ftyp", b"isom" + struct.pack(">I", 512) + b"isommp41")
        + _box(b"moov", _box(b"mvhd", movie) + trak)
        + _box(b"mdat", str(number).encode())
    )


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def filmed(
    *,
    size: tuple[int, int] = (64, 48),
    seconds: float = 1.0,
    rate: int = 24,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    rotation: int = 0,
    sound: tuple[str, int, str] | None = ("aac", 44_100, "stereo"),
    moov_first: bool = False,
    is_varied: bool = False,
    is_noisy: bool = False,
    options: dict[str, str] | None = None,
    container: str = "mp4",
    muxer: dict[str, str] | None = None,
) -> bytes:
    """Return a real video: a grey that grows lighter with time, red in the upper left quarter, and a hum.

    ``sound`` is codec, samples a second and layout; ``rotation`` is how far a player turns it clockwise. The encoders
    x264 and x265 are used here only: what we ship never touches them.
    """
    import av  # slow to load
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film"
        flags = {"movflags": "+faststart"} if moov_first else {}
        with av.open(str(path), "w", format=container, options=flags | (muxer or {})) as target:
            video = cast("Any", target.add_stream(codec, rate=rate, options=options or _FAST.get(codec, {})))
            video.width, video.height, video.pix_fmt = *size, pixels
            video.time_base = video.codec_context.time_base = Fraction(1, 1000)
            sounding = cast("Any", target.add_stream(sound[0], rate=sound[1], layout=sound[2])) if sound else None
            count = max(1, round(seconds * rate))
            for index in range(count):
                picture = Image.new("RGB", size, (40 + round(180 * index / count),) * 3)
                if is_noisy:
                    picture = Image.effect_noise(size, 90).convert("RGB")
                picture.paste((220, 20, 20), (0, 0, size[0] // 2, size[1] // 2))
                frame = av.VideoFrame.from_image(picture).reformat(format=pixels)
                frame.pts = round(index * 1000 / rate) + (13 if is_varied and index % 3 == 1 else 0)
                frame.time_base = Fraction(1, 1000)
                for packet in video.encode(frame):
                    target.mux(packet)
            for packet in video.encode(None):
                target.mux(packet)
            if sounding is not None and sound is not None:
                _hum(target, sounding, sound, seconds)
        data = path.read_bytes()
    return turned(data, rotation)


_FAST = {
    "libx264": {"preset": "ultrafast", "bf": "0"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
}
_MATRICES = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def turned(data: bytes, rotation: int) -> bytes:
    """Return a video whose picture is turned clockwise by the matrix of its track."""
    if not rotation:
        return data
    a, b, c, d = (value << 16 for value in _MATRICES[rotation])
    identity = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    at = data.index(identity, data.index(b"tkhd"))
    return data[:at] + struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30) + data[at + 36 :]


def _hum(target: Any, stream: Any, sound: tuple[str, int, str], seconds: float) -> None:
    import av

    _, rate, layout = sound
    samples = round(rate * seconds)
    wave = array("f", (0.2 * math.sin(index / 20) for index in range(samples))).tobytes()
    frame = av.AudioFrame(format="fltp", layout=layout, samples=samples)
    for plane in frame.planes:
        plane.update(wave)
    frame.rate, frame.pts = rate, 0
    for packet in [*stream.encode(frame), *stream.encode(None)]:
        target.mux(packet)
