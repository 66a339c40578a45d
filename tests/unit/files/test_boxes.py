from __future__ import annotations

import contextlib
import io
import struct
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
    assert read(video_bytes(**options)) == facts  # type: ignore[arg-type]


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
