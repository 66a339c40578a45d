"""Video files as small as their headers allow (ISO/IEC 14496-12): enough to be recognised, measured and moved about."""

from __future__ import annotations

import struct


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
