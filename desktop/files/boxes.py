"""Reads what the boxes of MP4 and MOV videos tell: size, length, order, edits (ISO/IEC 14496-12, QuickTime)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

MAX_MOOV_BYTES = 64 * 1024 * 1024
MAX_BOXES = 10_000
# encoders delay the first frame by a few; skipping that is no cut somebody made
_ENCODER_DELAY_SECONDS = 0.25


class BoxesInvalid(ValueError):
    """The file is not a video of this family, or it is damaged."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a video's header says; ``width`` and ``height`` are pixels as shown.

    ``has_edits`` means an edit list that does more than skip the delay of the encoder.
    """

    mime_type: str
    width: int
    height: int
    duration: timedelta
    is_moov_first: bool = True
    has_edits: bool = False
    is_fragmented: bool = False


def read_video(file: BinaryIO, size_bytes: int) -> VideoFacts:
    """Return the facts of a video; ``BoxesInvalid`` when a box is cut off, missing or makes no sense."""
    try:
        brand, moov, is_moov_first = _brand_and_moov(file, size_bytes)
        boxes = dict(_boxes(moov))
        width, height = next(_shown_sizes(moov))
        return VideoFacts(
            mime_type="video/quicktime" if brand == b"qt  " else "video/mp4",
            width=width,
            height=height,
            duration=_duration(boxes),
            is_moov_first=is_moov_first,
            has_edits=_has_edits(moov, boxes),
            is_fragmented=b"mvex" in boxes,
        )
    except (struct.error, KeyError, IndexError, StopIteration, ZeroDivisionError, OverflowError) as error:
        raise BoxesInvalid(f"no usable video header: {error}") from error


def _brand_and_moov(file: BinaryIO, size_bytes: int) -> tuple[bytes, bytes, bool]:
    """Return the brand, the header, and whether the header comes before the frames."""
    brand = moov = None
    is_moov_first = True
    position = 0
    for _ in range(MAX_BOXES):
        if position >= size_bytes:
            break
        file.seek(position)
        header = file.read(16)
        kind, length, header_bytes = _header(header, size_bytes - position)
        if position + length > size_bytes:
            raise BoxesInvalid("the file is cut off")
        file.seek(position + header_bytes)
        if kind == b"ftyp":
            brand = file.read(4)
        elif kind == b"moov":
            if length > MAX_MOOV_BYTES:
                raise BoxesInvalid("the header is too large")
            moov = file.read(length - header_bytes)
        elif kind == b"mdat" and moov is None:
            is_moov_first = False
        position += length
    if brand is None or moov is None:
        raise BoxesInvalid("the header is missing")
    return brand, moov, is_moov_first


def _header(data: bytes, room: int) -> tuple[bytes, int, int]:
    """Return kind, length of the whole box and length of its header; a length of 0 means "to the end"."""
    length, kind = struct.unpack_from(">I4s", data)
    header_bytes = 8
    if length == 1:
        length, header_bytes = struct.unpack_from(">Q", data, 8)[0], 16
    elif length == 0:
        length = room
    if length < header_bytes:
        raise BoxesInvalid("a box is shorter than its header")
    return kind, length, header_bytes


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position + 8 <= len(data):
        kind, length, header_bytes = _header(data[position : position + 16], len(data) - position)
        if position + length > len(data):
            raise BoxesInvalid("a box is longer than the one around it")
        yield kind, data[position + header_bytes : position + length]
        position += length


def _shown_sizes(moov: bytes) -> Iterator[tuple[int, int]]:
    """Yield the size of every video track, turned as its matrix says."""
    for kind, track in _boxes(moov):
        if kind != b"trak":
            continue
        boxes = dict(_boxes(track))
        if dict(_boxes(boxes[b"mdia"]))[b"hdlr"][8:12] != b"vide":
            continue
        header = boxes[b"tkhd"]
        # full box, times and duration are 64 bits wide in version 1; the matrix and the size (16.16) follow
        matrix_at = 52 if header[0] == 1 else 40
        a, b = struct.unpack_from(">ii", header, matrix_at)
        width, height = (value >> 16 for value in struct.unpack_from(">II", header, matrix_at + 36))
        if width and height:
            yield (height, width) if abs(b) > abs(a) else (width, height)


def _duration(moov: dict[bytes, bytes]) -> timedelta:
    """Return the length from the movie header; fragmented files keep it in ``mvex/mehd``."""
    header = moov[b"mvhd"]
    scale, duration = struct.unpack_from(">IQ", header, 20) if header[0] == 1 else struct.unpack_from(">II", header, 12)
    if duration == 0 and b"mvex" in moov:
        extended = dict(_boxes(moov[b"mvex"])).get(b"mehd", b"\0" * 8)
        (duration,) = struct.unpack_from(">Q" if extended[0] == 1 else ">I", extended, 4)
    return timedelta(seconds=duration / scale)


def _has_edits(moov: bytes, movie: dict[bytes, bytes]) -> bool:
    header = movie[b"mvhd"]
    (movie_scale,) = struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)
    return any(_is_cut(dict(_boxes(track)), movie_scale) for kind, track in _boxes(moov) if kind == b"trak")


def _is_cut(track: dict[bytes, bytes], movie_scale: int) -> bool:
    """Whether the edit list of a track leaves out, delays or repeats more than the delay of an encoder."""
    edits = _edits(dict(_boxes(track[b"edts"])).get(b"elst", b"")) if b"edts" in track else []
    if not edits:
        return False
    header = dict(_boxes(track[b"mdia"]))[b"mdhd"]
    scale, length = struct.unpack_from(">IQ", header, 20) if header[0] == 1 else struct.unpack_from(">II", header, 12)
    waits = sum(duration for duration, start in edits if start < 0) / movie_scale
    shown = [(duration / movie_scale, start / scale) for duration, start in edits if start >= 0]
    if len(shown) != 1 or waits > _ENCODER_DELAY_SECONDS:
        return True
    duration, start = shown[0]
    left_out: float = length / scale - start - duration if duration else 0.0
    return start > _ENCODER_DELAY_SECONDS or left_out > _ENCODER_DELAY_SECONDS


def _edits(box: bytes) -> list[tuple[int, int]]:
    """Return duration and start of every edit; a start of -1 is a pause."""
    if not box:
        return []
    (count,) = struct.unpack_from(">I", box, 4)
    form = ">QqI" if box[0] == 1 else ">IiI"
    each = struct.calcsize(form)
    # a file that promises more than its box holds fails here, not after a long loop
    return [struct.unpack_from(form, box, 8 + index * each)[:2] for index in range(min(count, len(box) // each))]
