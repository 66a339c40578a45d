"""What the boxes of an MP4 or MOV file tell about a film (ISO/IEC 14496-12); its frames are never looked at."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from desktop.sandbox.model import Film

_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"edts"}
_MOST_BOXES = 10_000
_LARGEST_MOOV_BOX = 1 << 24
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Boxes:
    """``film`` is None without a ``moov`` box; width and height are pixels as shown, 0 when no track tells them."""

    film: Film | None
    width: int = 0
    height: int = 0


def read_boxes(file: IO[bytes], size: int) -> Boxes:
    """Read ``file`` of ``size`` bytes from wherever its boxes are; damage ends the reading, it raises nothing."""
    film, reading = Film(), _Reading()
    try:
        has_moov = reading.walk_top(file, size, film)
    except (struct.error, IndexError):  # a box shorter than its own fields
        has_moov = False
    return Boxes(film, reading.width, reading.height) if has_moov else Boxes(None)


class _Reading:
    """One pass over the boxes; a track's boxes come in the order handler, sample descriptions, times."""

    def __init__(self) -> None:
        self.width = self.height = 0
        self._handler = b""
        self._track_size = (0, 0)
        self._scale = 0
        self._left = _MOST_BOXES

    def walk_top(self, file: IO[bytes], size: int, film: Film) -> bool:
        has_moov = has_frames = False
        for kind, start, end in self._boxes(file, 0, size):
            has_frames |= kind == b"mdat"
            if kind == b"moov":
                has_moov, film.is_moov_first = True, not has_frames
                self._walk(file, start, end, film, 1)
        return has_moov

    def _walk(self, file: IO[bytes], start: int, end: int, film: Film, depth: int) -> None:
        for kind, inner, stop in self._boxes(file, start, end):
            if kind == b"trak":
                self._handler, self._track_size, self._scale = b"", (0, 0), 0
            if kind in _CONTAINERS and depth < _DEEPEST:
                self._walk(file, inner, stop, film, depth + 1)
            elif stop - inner <= _LARGEST_MOOV_BOX and kind in _READERS:
                file.seek(inner)
                _READERS[kind](self, file.read(stop - inner), film)

    def _boxes(self, file: IO[bytes], at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        while at + 8 <= end and self._left:
            self._left -= 1
            file.seek(at)
            length, kind = struct.unpack(">I4s", file.read(8))
            header = 8
            if length == 1:
                length, header = struct.unpack(">Q", file.read(8))[0], 16
            length = length or end - at  # 0 means: up to the end
            if length < header:
                return
            yield kind, at + header, min(at + length, end)
            at += length

    def mvhd(self, content: bytes, film: Film) -> None:
        scale, duration = _times(content)
        film.seconds = duration / scale if scale else 0.0

    def mehd(self, content: bytes, film: Film) -> None:
        """A fragmented film tells its length here, in the movie's scale, which is nearly always milliseconds."""
        if not film.seconds:
            film.seconds = struct.unpack(">Q" if content[0] else ">I", content[4:12] if content[0] else content[4:8])[0]
            film.seconds /= 1000

    def tkhd(self, content: bytes, film: Film) -> None:
        at = 52 if content[0] else 40
        matrix = struct.unpack(">9i", content[at : at + 36])
        width, height = (side >> 16 for side in struct.unpack(">II", content[at + 36 : at + 44]))
        is_turned = matrix[0] == 0 and matrix[1] != 0
        self._track_size = (height, width) if is_turned else (width, height)

    def mdhd(self, content: bytes, film: Film) -> None:
        self._scale, _ = _times(content)

    def hdlr(self, content: bytes, film: Film) -> None:
        self._handler = content[8:12]
        if self._handler == b"vide" and not self.width:
            self.width, self.height = self._track_size

    def elst(self, content: bytes, film: Film) -> None:
        """An edit that only starts the track at its beginning says nothing; any other moves frames about."""
        (count,) = struct.unpack(">I", content[4:8])
        if not count:
            return
        start = struct.unpack(">q", content[16:24])[0] if content[0] else struct.unpack(">i", content[12:16])[0]
        film.has_edit_list |= count > 1 or start > 0

    def stsd(self, content: bytes, film: Film) -> None:
        codec = content[12:16].decode("latin-1")
        if self._handler == b"vide" and not film.video_codec:
            film.video_codec = codec
        elif self._handler == b"soun" and not film.audio_codec:
            film.audio_codec = codec
            film.audio_channels, _bits, _, film.audio_hertz = struct.unpack(">HHII", content[32:44])
            film.audio_hertz >>= 16

    def stts(self, content: bytes, film: Film) -> None:
        if self._handler != b"vide" or film.frames_per_second or not self._scale:
            return
        (runs,) = struct.unpack(">I", content[4:8])
        frames = ticks = 0
        for count, step in struct.iter_unpack(">II", content[8 : 8 + 8 * min(runs, (len(content) - 8) // 8)]):
            frames, ticks = frames + count, ticks + count * step
        film.frames_per_second = frames * self._scale / ticks if ticks else 0.0


_READERS = {
    b"mvhd": _Reading.mvhd,
    b"mehd": _Reading.mehd,
    b"tkhd": _Reading.tkhd,
    b"mdhd": _Reading.mdhd,
    b"hdlr": _Reading.hdlr,
    b"elst": _Reading.elst,
    b"stsd": _Reading.stsd,
    b"stts": _Reading.stts,
}


def _times(content: bytes) -> tuple[int, int]:
    """Return time scale and duration of ``mvhd`` and ``mdhd``, which begin alike; version 1 has long times."""
    scale, duration = struct.unpack(">IQ", content[20:32]) if content[0] else struct.unpack(">II", content[12:20])
    unknown = (1 << 64) - 1 if content[0] else (1 << 32) - 1
    return scale, 0 if duration == unknown else duration
