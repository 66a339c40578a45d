"""Films for the tests of Pages: headers that tell a length, a size and a frame rate, and as many bytes as wanted."""

from __future__ import annotations

import struct
from typing import Any

import httpx


def film(
    *, width: int = 1080, height: int = 1920, seconds: float = 10, rate: int = 30, bytes_more: int = 0, number: int = 0
) -> bytes:
    """Return an MP4 with one video track; ``number`` makes the content differ."""
    identity = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    duration = int(seconds * 1000)
    movie = _box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, duration) + bytes(80))
    track = _box(b"tkhd", bytes(40) + identity + struct.pack(">II", width << 16, height << 16))
    times = _box(b"mdhd", struct.pack(">IIIII", 0, 0, 0, rate * 100, int(seconds * rate * 100)) + bytes(4))
    handler = _box(b"hdlr", bytes(8) + b"vide" + bytes(13))
    steps = _box(b"stts", struct.pack(">IIII", 0, 1, int(seconds * rate), 100))
    tables = _box(b"minf", _box(b"stbl", steps))
    trak = _box(b"trak", track + _box(b"mdia", times + handler + tables))
    kind = _box(b"ftyp", b"isom" + struct.pack(">I", 512) + b"isommp41")
    return kind + _box(b"moov", movie + trak) + _box(b"mdat", str(number).encode() + bytes(bytes_more))


def send(http: httpx.Client, token: str, url: str, content: Any = b"", **headers: Any) -> httpx.Response:
    """Send bytes or an address to the upload host."""
    named = {name: str(value) for name, value in headers.items()}
    return http.post(url, content=content, headers={"Authorization": f"OAuth {token}", **named})


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content
