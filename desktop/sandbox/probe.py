"""What a media file is by its own bytes, whatever its name or declared type says."""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEAD_BYTES = 1 << 20
"""So much of a file is enough: a JPEG's frame header comes after a few segments of at most 64 KiB."""
_PICTURE_BRANDS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"}
_QUICKTIME_STARTS = {b"moov", b"mdat", b"wide"}  # films from before brands were invented


@dataclass(frozen=True, slots=True)
class Probe:
    """``kind`` is jpeg, png, gif, heif, mp4 (MOV as well) or unknown; width and height are pixels, 0 when not found."""

    kind: str
    width: int = 0
    height: int = 0


def probe(head: bytes) -> Probe:
    """Look at the first bytes of a file."""
    if head.startswith(b"\xff\xd8\xff"):
        return Probe("jpeg", *_jpeg_size(head))
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        width, height = struct.unpack(">II", head[16:24])
        return Probe("png", width, height)
    if head.startswith((b"GIF87a", b"GIF89a")) and len(head) >= 10:
        width, height = struct.unpack("<HH", head[6:10])
        return Probe("gif", width, height)
    if head[4:8] == b"ftyp":
        return Probe("heif" if head[8:12] in _PICTURE_BRANDS else "mp4")
    if head[4:8] in _QUICKTIME_STARTS:
        return Probe("mp4")
    return Probe("unknown")


def _jpeg_size(head: bytes) -> tuple[int, int]:
    """Walk the segments to the frame header (ITU-T T.81, B.1.1.3 and B.2.2)."""
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 0x01:  # fill byte, or a marker without a length
            at += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", head[at + 2 : at + 4])[0]
    return 0, 0
