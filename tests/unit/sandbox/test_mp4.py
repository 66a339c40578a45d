from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.sandbox.config import SandboxConfig
from desktop.sandbox.media_rules import INSTAGRAM_REEL, THREADS_FILM, FilmFlaw, film_flaw
from desktop.sandbox.model import Film, Media
from desktop.sandbox.mp4 import read_boxes
from tests.support.films import film


def read(content: bytes):
    return read_boxes(io.BytesIO(content), len(content))


def media(content: bytes, size: int = 0) -> Media:
    found = read(content)
    return Media("mp4", "", size or len(content), "", found.width, found.height, film=found.film)


@pytest.mark.parametrize("version", [0, 1])
def test_the_boxes_tell_everything(version):
    found = read(film(12.5, 720, 1280, fps=25, codec=b"hvc1", channels=1, hertz=44_100, version=version))
    assert (found.width, found.height) == (720, 1280)
    assert found.film == Film(12.5, 25.0, "hvc1", "mp4a", 1, 44_100)


def test_order_turn_edits_and_silence():
    assert read(film(moov_first=False)).film.is_moov_first is False
    turned = read(film(width=1920, height=1080, turned=True))
    assert (turned.width, turned.height) == (1080, 1920)
    assert read(film(edits=1)).film.has_edit_list is False
    assert read(film(edits=2)).film.has_edit_list is True
    assert read(film(audio=b"")).film.audio_codec == ""


@pytest.mark.parametrize("content", [b"", b"\0\0\0\x18ftypisom" + bytes(80), film()[:60], b"\0\0\0\x09moov\0"])
def test_files_without_a_whole_moov_tell_nothing_or_little(content):
    assert (read(content).film or Film()).video_codec == ""


@given(st.binary(max_size=200), st.integers(0, 600))
def test_no_damage_upsets_it(noise, at):
    content = film()
    read(content[:at] + noise + content[at + len(noise) :])
    read(content[:at])


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (film(), None),
        (film(brand=b"qt  "), None),
        (film(300), None),
        (film(301), FilmFlaw.DURATION),
        (film(0), FilmFlaw.DURATION),
        (film(fps=22), FilmFlaw.FRAME_RATE),
        (film(fps=23.976), None),
        (film(fps=61), FilmFlaw.FRAME_RATE),
        (film(width=1921), FilmFlaw.WIDTH),
        (film(width=1100, height=100), FilmFlaw.RATIO),
        (film(codec=b"vp09"), FilmFlaw.CODEC),
        (film(audio=b"Opus"), FilmFlaw.AUDIO),
        (film(hertz=65_000), FilmFlaw.AUDIO),
        (film(channels=6), FilmFlaw.AUDIO_CHANNELS),
        (film(audio=b""), None),
        (film(moov_first=False), FilmFlaw.UNREADABLE),
    ],
)
def test_threads_judges(content, flaw):
    assert film_flaw(media(content), THREADS_FILM, SandboxConfig()) is flaw


def test_sizes_and_rates_follow_from_the_size():
    assert film_flaw(media(film(), 301 << 20), INSTAGRAM_REEL, SandboxConfig()) is FilmFlaw.SIZE
    assert film_flaw(media(film(10), 32 << 20), INSTAGRAM_REEL, SandboxConfig()) is FilmFlaw.BIT_RATE
    assert film_flaw(media(film(11), 32 << 20), INSTAGRAM_REEL, SandboxConfig()) is None


def test_what_is_not_told_is_judged_by_configuration():
    bare = media(b"\0\0\0\x18ftypisom" + bytes(80))
    assert film_flaw(bare, THREADS_FILM, SandboxConfig()) is None
    strict = SandboxConfig(refuse_films_without_moov=True, refuse_edit_lists=True)
    assert film_flaw(bare, THREADS_FILM, strict) is FilmFlaw.UNREADABLE
    assert film_flaw(media(film(edits=2)), THREADS_FILM, strict) is FilmFlaw.UNREADABLE
    late = SandboxConfig(refuse_moov_at_end=False)
    assert film_flaw(media(film(moov_first=False)), THREADS_FILM, late) is None
