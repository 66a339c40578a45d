from __future__ import annotations

import contextlib
import io
import struct
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.files.boxes import BoxesInvalid, VideoFacts, read_video
from tests.support.pictures import box, video_bytes


def read(data: bytes) -> VideoFacts:
    return read_video(io.BytesIO(data), len(data))


@pytest.mark.parametrize(
    ("options", "facts"),
    [
        ({}, VideoFacts("video/mp4", 720, 1280, timedelta(seconds=10))),
        ({"version": 1}, VideoFacts("video/mp4", 720, 1280, timedelta(seconds=10))),
        ({"brand": b"qt  "}, VideoFacts("video/quicktime", 720, 1280, timedelta(seconds=10))),
        ({"size": (1920, 1080), "turned": True}, VideoFacts("video/mp4", 1080, 1920, timedelta(seconds=10))),
        ({"seconds": 2.5, "fragmented": True}, VideoFacts("video/mp4", 720, 1280, timedelta(seconds=2.5))),
    ],
)
def test_facts(options: dict[str, object], facts: VideoFacts) -> None:
    found = read(video_bytes(**options))  # type: ignore[arg-type]
    assert replace(found, is_moov_first=True, is_fragmented=False) == facts
    assert (found.is_moov_first, found.is_fragmented) == (False, options.get("fragmented", False))


def test_lengths_of_64_bits_and_to_the_end_of_the_file() -> None:
    whole = video_bytes()
    wide = struct.pack(">I4sQ", 1, b"free", 20) + b"free"
    assert read(wide + whole) == read(whole)
    to_the_end = struct.pack(">I4s", 0, b"free") + b"anything"
    assert read(whole + to_the_end) == read(whole)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a video at all, just words",
        video_bytes()[:-10],
        video_bytes(handler=b"soun"),
        video_bytes(size=(0, 0)),
        box(b"ftyp", b"isom") + box(b"moov"),
        box(b"ftyp", b"isom") + box(b"mdat"),
        struct.pack(">I4s", 4, b"ftyp") + bytes(8),
        video_bytes().replace(struct.pack(">I", 1000), bytes(4), 1),
    ],
)
def test_what_is_no_video_is_refused(data: bytes) -> None:
    with pytest.raises(BoxesInvalid):
        read(data)


@given(st.data())
def test_damage_never_raises_anything_else(data: st.DataObject) -> None:
    video = bytearray(video_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        video[data.draw(st.integers(0, len(video) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BoxesInvalid):
        read(bytes(video[: data.draw(st.integers(0, len(video)))]))


def cut_video(*edits: tuple[int, int], media: tuple[int, int] = (1000, 10_000)) -> bytes:
    """A video whose track has an edit list of durations and starts; ``media`` is scale and length of its frames."""
    video = video_bytes()
    entries = b"".join(struct.pack(">IiI", duration, start, 1 << 16) for duration, start in edits)
    elst = box(b"elst", struct.pack(">II", 0, len(edits)), entries)
    mdhd = box(b"mdhd", struct.pack(">IIIII", 0, 0, 0, *media), bytes(4))
    at = video.index(b"trak") - 4
    (length,) = struct.unpack_from(">I", video, at)
    track = video[at + 8 : at + length].replace(
        old := video[video.index(b"mdia") - 4 : at + length], box(b"mdia", old[8:], mdhd)
    )
    moov_at = video.index(b"moov") - 4
    new = box(b"trak", track, box(b"edts", elst))
    rest = video[moov_at + 8 : at] + new + video[at + length :]
    return video[:moov_at] + box(b"moov", rest)


@pytest.mark.parametrize(
    ("edits", "has_edits"),
    [
        ([], False),
        ([(10_000, 0)], False),
        ([(9_960, 40)], False),  # the delay of an encoder
        ([(40, -1), (10_000, 0)], False),  # sound that begins a frame later
        ([(0, 0)], False),  # to the end
        ([(7_000, 3_000)], True),  # the start is cut off
        ([(7_000, 0)], True),  # the end is
        ([(2_000, -1), (10_000, 0)], True),  # it begins with a pause
        ([(5_000, 0), (5_000, 0)], True),  # shown twice
    ],
)
def test_edits_that_change_what_is_shown(edits: list[tuple[int, int]], has_edits: bool) -> None:
    found = read(cut_video(*edits))
    assert (found.has_edits, found.duration) == (has_edits, timedelta(seconds=10))


@pytest.mark.parametrize("order", [("ftyp", "moov", "mdat"), ("ftyp", "mdat", "moov")])
def test_whether_the_header_comes_first(order: tuple[str, ...]) -> None:
    video = video_bytes()
    parts = {name: video.index(name.encode()) - 4 for name in ("ftyp", "mdat", "moov")}
    boxes = {name: video[at : at + struct.unpack_from(">I", video, at)[0]] for name, at in parts.items()}
    assert read(b"".join(boxes[name] for name in order)).is_moov_first is (order[1] == "moov")
