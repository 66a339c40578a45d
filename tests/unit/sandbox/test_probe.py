from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desktop.sandbox.probe import Probe, probe
from tests.support.sandbox import jpeg, mp4, png


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (jpeg(321, 123), Probe("jpeg", 321, 123)),
        (png(12, 34), Probe("png", 12, 34)),
        (mp4(), Probe("mp4")),
        (b"\0\0\0\x14ftypqt  ", Probe("mp4")),
        (b"\0\0\0\x08wide\0\0\0\x08mdat", Probe("mp4")),
        (b"\0\0\0\x18ftypheic", Probe("heif")),
        (b"", Probe("unknown")),
        (b"text named .jpg", Probe("unknown")),
        (b"\xff\xd8\xff", Probe("jpeg")),
        (b"\x89PNG\r\n\x1a\n", Probe("unknown")),
    ],
)
def test_files_are_known_by_their_bytes(content, expected):
    assert probe(content) == expected


@pytest.mark.parametrize("options", [{"progressive": True}, {"exif": b"Exif\0\0" + bytes(60_000)}, {"comment": "x"}])
def test_jpeg_sizes_behind_other_segments(options):
    target = io.BytesIO()
    Image.new("RGB", (77, 55)).save(target, "JPEG", **options)
    assert probe(target.getvalue()) == Probe("jpeg", 77, 55)


def test_gif_sizes():
    target = io.BytesIO()
    Image.new("P", (9, 8)).save(target, "GIF")
    assert probe(target.getvalue()) == Probe("gif", 9, 8)


@given(st.binary(max_size=64))
def test_no_bytes_upset_it(content):
    for start in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"1234ftyp"):
        assert probe(start + content).width >= 0
