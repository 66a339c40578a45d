"""Films made of header boxes (ISO/IEC 14496-12), with everything the networks judge in them; nothing plays them."""

from __future__ import annotations

import struct

_IDENTITY = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_QUARTER_TURN = (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
_SCALE = 60_000


def film(
    seconds: float = 10,
    width: int = 1080,
    height: int = 1920,
    *,
    fps: float = 30,
    codec: bytes = b"avc1",
    audio: bytes = b"mp4a",
    channels: int = 2,
    hertz: int = 48_000,
    brand: bytes = b"isom",
    moov_first: bool = True,
    turned: bool = False,
    edits: int = 0,
    version: int = 0,
    frames: bytes = b"frames",
) -> bytes:
    """Return an MP4 (``brand`` ``qt  ``: a MOV) with a picture and, unless ``audio`` is empty, a sound track."""
    movie = _box(b"mvhd", _times(version, 1000, round(seconds * 1000)), bytes(80))
    tracks = [_picture_track(seconds, (width, height), fps, codec, turned=turned, edits=edits, version=version)]
    if audio:
        tracks.append(_sound_track(audio, channels, hertz))
    moov, mdat = _box(b"moov", movie, *tracks), _box(b"mdat", frames)
    start = _box(b"ftyp", brand, bytes(4), brand)
    return start + (moov + mdat if moov_first else mdat + moov)


def _picture_track(
    seconds: float, size: tuple[int, int], fps: float, codec: bytes, *, turned: bool, edits: int, version: int
) -> bytes:
    matrix = struct.pack(">9i", *(_QUARTER_TURN if turned else _IDENTITY))
    sides = struct.pack(">II", size[0] << 16, size[1] << 16)
    long = ">QQIIQ" if version else ">IIIII"
    header = _box(b"tkhd", bytes([version, 0, 0, 7]), struct.pack(long, 0, 0, 1, 0, 0), bytes(16), matrix, sides)
    list_of_edits = struct.pack(">I", edits) + struct.pack(">IiI", 0, 0, 1 << 16) * edits
    edit_box = _box(b"edts", _box(b"elst", bytes(4), list_of_edits)) if edits else b""
    runs = struct.pack(">III", 1, max(round(seconds * fps), 1), round(_SCALE / fps))
    samples = _box(b"stbl", _described(codec, bytes(78)), _box(b"stts", bytes(4), runs))
    return _box(b"trak", header, edit_box, _media(b"vide", round(seconds * _SCALE), samples, version))


def _sound_track(codec: bytes, channels: int, hertz: int) -> bytes:
    entry = bytes(16) + struct.pack(">HHII", channels, 16, 0, hertz << 16)
    return _box(b"trak", _media(b"soun", 0, _box(b"stbl", _described(codec, entry)), 0))


def _media(handler: bytes, duration: int, samples: bytes, version: int) -> bytes:
    return _box(
        b"mdia",
        _box(b"mdhd", _times(version, _SCALE, duration), bytes(4)),
        _box(b"hdlr", bytes(8), handler, bytes(13)),
        _box(b"minf", samples),
    )


def _described(codec: bytes, entry: bytes) -> bytes:
    return _box(b"stsd", bytes(4), struct.pack(">I", 1), struct.pack(">I4s", len(entry) + 8, codec), entry)


def _times(version: int, scale: int, duration: int) -> bytes:
    return bytes([version, 0, 0, 0]) + struct.pack(">QQIQ" if version else ">IIII", 0, 0, scale, duration)


def _box(kind: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I4s", len(content) + 8, kind) + content
