"""Small real files: images made by Pillow, and videos of boxes only (no reader of ours looks at their frames)."""

from __future__ import annotations

import io
import struct
from typing import Any


def image_bytes(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    """An image file; ``orientation`` is the EXIF number of a turned camera, ``noise`` makes it hard to compress."""
    from PIL import Image  # slow to load

    orientation, noise = options.pop("orientation", None), options.pop("noise", False)
    image = Image.effect_noise(size, 90).convert("RGB") if noise else Image.new("RGB", size, (200, 40, 90))
    if orientation is not None:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def box(kind: bytes, *contents: bytes) -> bytes:
    """One ISO-BMFF box."""
    content = b"".join(contents)
    return struct.pack(">I4s", len(content) + 8, kind) + content


def video_bytes(
    size: tuple[int, int] = (720, 1280),
    seconds: float = 10.0,
    *,
    brand: bytes = b"isom",
    version: int = 0,
    turned: bool = False,
    handler: bytes = b"vide",
    fragmented: bool = False,
) -> bytes:
    """A video file: header boxes around a few bytes of nothing."""
    duration = round(seconds * 1000)
    wide = "Q" if version else "I"
    long_times = struct.pack(f">2{wide}", 0, 0)
    mvhd_duration = struct.pack(f">I{wide}", 1000, 0 if fragmented else duration)
    mvhd = box(b"mvhd", bytes([version, 0, 0, 0]), long_times, mvhd_duration, bytes(80))
    one = 1 << 16
    matrix = (0, one, 0, -one, 0, 0, 0, 0, 1 << 30) if turned else (one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    tkhd = box(
        b"tkhd",
        bytes([version, 0, 0, 7]),
        long_times,
        struct.pack(f">II{wide}", 1, 0, duration),
        bytes(16),
        struct.pack(">9i", *matrix),
        struct.pack(">II", size[0] << 16, size[1] << 16),
    )
    mdia = box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13)))
    mvex = box(b"mvex", box(b"mehd", bytes(4), struct.pack(">I", duration))) if fragmented else b""
    moov = box(b"moov", mvhd, box(b"trak", tkhd, mdia), mvex)
    return box(b"ftyp", brand, bytes(4), brand) + box(b"mdat", b"frames") + moov
