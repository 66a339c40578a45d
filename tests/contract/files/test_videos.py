"""Videos as phones, editors and recorders make them, looked into and made to fit. Real files, real FFmpeg.

x264 stands in for the encoder of a graphics card, which no test machine has; the product never chooses it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from desktop.domain.errors import Cancelled, DiskFull, MediaUnreadable
from desktop.domain.media import Asset, VideoDetails
from desktop.domain.networks import MediaPurpose, Network, VideoRules
from desktop.files import asset_store, video_writing
from desktop.files.asset_store import DiskAssetStore
from desktop.files.boxes import read_video
from desktop.files.network_rules import load_rules
from desktop.files.video_encoders import H264_ENCODERS, encumbered_parts, usable_encoder
from desktop.files.video_reading import frame_at
from desktop.kit.clock import ManualClock
from desktop.services.changes import ChangeFeed
from desktop.services.media.breaches import breaches
from desktop.services.media.plans import FitChoice, Framing, MediaNotFittable
from desktop.services.media.service import MediaService
from tests.support.drafts import NOW
from tests.support.memory_storage import MemoryStorage
from tests.support.pictures import video_bytes
from tests.support.videos import filmed

ALL = load_rules()
THREADS = ALL[Network.THREADS].limits(MediaPurpose.VIDEO)
assert isinstance(THREADS, VideoRules)
SHORT = replace(THREADS, min_duration=timedelta(seconds=0.5), max_duration=timedelta(seconds=1))
CROP, PAD = FitChoice(Framing.CROP), FitChoice(Framing.PAD)


@pytest.fixture
def store(tmp_path: Path) -> DiskAssetStore:
    return DiskAssetStore(tmp_path / "media", encoders=("libx264",))


@pytest.fixture
def media(store: DiskAssetStore) -> MediaService:
    return MediaService(MemoryStorage(), ManualClock(NOW), ChangeFeed(), store)


Look = Callable[[bytes], VideoDetails]


@pytest.fixture
def look(media: MediaService) -> Look:
    def look(data: bytes) -> VideoDetails:
        asset = media.add_bytes(data, "film.mp4")
        details = media.described({asset.id: asset})[asset.id].details
        assert isinstance(details, VideoDetails)
        return details

    return look


def codes(media: MediaService, asset: Asset, limits: VideoRules) -> list[str]:
    return [breach.code for breach in breaches(media.described({asset.id: asset})[asset.id], limits)]


Fit = Callable[..., tuple[Asset, VideoDetails, Path]]


@pytest.fixture
def fit(media: MediaService, store: DiskAssetStore) -> Fit:
    """Make a video fit, and prove that the same rules accept the result."""

    def fit(data: bytes, limits: VideoRules = THREADS, choice: FitChoice | None = None) -> Any:
        shares: list[float] = []
        original = media.add_bytes(data, "film.mov")
        made = media.fit(original.id, limits, choice=choice, progress=shares.append)
        assert store.path(original.sha256).read_bytes() == data
        assert made.id != original.id
        assert (made.original_name, made.mime_type) == ("film.mp4", "video/mp4")
        assert shares == sorted(shares)
        assert shares[-1] == 1.0
        assert codes(media, made, limits) == []
        path = store.path(made.sha256)
        with path.open("rb") as file:
            facts = read_video(file, made.size_bytes)
        assert facts.is_moov_first
        assert b"elst" not in path.read_bytes()
        details = media.described({made.id: made})[made.id].details
        return made, details, path

    return fit


def red_corner(picture: Image.Image) -> str:
    """Say in which quarter the red is."""
    corners = {"upper left": (4, 4), "upper right": (-5, 4), "lower left": (4, -5), "lower right": (-5, -5)}
    found = []
    for name, (x, y) in corners.items():
        red, green, _ = picture.convert("RGB").getpixel((x % picture.width, y % picture.height))  # type: ignore[misc]
        found += [name] if red > 150 > 100 > green else []
    return " and ".join(found)


# --- looking


def test_what_a_phone_film_is(look: Look) -> None:
    details = look(filmed(moov_first=True, rotation=90))
    assert (details.codec, details.pixel_format, details.rotation) == ("h264", "yuv420p", 90)
    assert details.frame_rate == pytest.approx(24, abs=0.05)
    assert details.audio is not None
    assert (details.audio.codec, details.audio.sample_rate, details.audio.channels) == ("aac", 44_100, 2)
    assert (details.is_moov_first, details.is_fragmented, details.has_edits) == (True, False, False)
    assert (details.is_hdr, details.is_variable_rate, details.can_encode) == (False, False, True)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {"is_moov_first": False}),
        ({"sound": None}, {"audio": None}),
        ({"is_varied": True}, {"is_variable_rate": True}),
        ({"codec": "libx265"}, {"codec": "hevc", "profile": "Main"}),
        ({"pixels": "yuv444p"}, {"pixel_format": "yuv444p"}),
        ({"muxer": {"movflags": "frag_keyframe+empty_moov"}}, {"is_fragmented": True}),
        ({"options": {"color_trc": "smpte2084", "preset": "ultrafast"}}, {"is_hdr": True}),
        ({"options": {"bf": "3", "preset": "fast"}, "seconds": 0.5}, {"has_edits": False}),
    ],
)
def test_details(look: Look, options: dict[str, Any], expected: dict[str, Any]) -> None:
    details = look(filmed(**options))
    assert {name: getattr(details, name) for name in expected} == expected


def test_sizes_are_as_shown_and_lengths_are_found(media: MediaService) -> None:
    turned = media.add_bytes(filmed(rotation=270), "a.mp4")
    assert (turned.width, turned.height, turned.duration) == (48, 64, timedelta(seconds=1))
    live = media.add_bytes(filmed(muxer={"movflags": "frag_keyframe+empty_moov"}), "b.mp4")
    assert live.duration is not None
    assert live.duration.total_seconds() == pytest.approx(1, abs=0.1)


def test_each_film_is_looked_into_once(media: MediaService, store: DiskAssetStore, tmp_path: Path) -> None:
    asset = media.add_bytes(filmed(), "a.mp4")
    first = store.details(asset)
    store.path(asset.sha256).unlink()
    assert store.details(asset) == first
    (note,) = (tmp_path / "media" / "details").rglob("*.json")
    note.write_text("{}")
    assert media.described({asset.id: asset})[asset.id].details is None  # the note is damaged and the film has gone


def test_a_header_without_frames_is_no_film_to_publish(media: MediaService) -> None:
    asset = media.add_bytes(video_bytes(), "a.mp4")
    assert codes(media, asset, THREADS) == ["video_damaged"]
    with pytest.raises(MediaNotFittable, match="cannot be read"):
        media.fit(asset.id, THREADS)
    with pytest.raises(MediaUnreadable):
        media.cover(asset.id, timedelta())
    with Image.open(media.thumbnail(asset.id, 64)) as neutral:
        assert neutral.size == (36, 64)


@pytest.mark.parametrize("seed", range(12))
def test_damage_is_a_typed_error_and_leaves_nothing(media: MediaService, tmp_path: Path, seed: int) -> None:
    film = bytearray(filmed(seconds=0.5))
    for index in range(40):
        film[(seed * 7919 + index * 104_729) % len(film)] = (seed * 31 + index) % 256
    try:
        asset = media.add_bytes(bytes(film), "a.mp4")
        media.fit(asset.id, replace(THREADS, max_width=32))
    except (MediaUnreadable, MediaNotFittable):
        pass
    assert list((tmp_path / "media" / "incoming").iterdir()) == []


def test_a_frame_larger_than_any_screen_is_not_decoded(media: MediaService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.files.video_reading.MAX_FRAME_PIXELS", 64 * 48 - 1)
    asset = media.add_bytes(filmed(), "a.mp4")
    assert codes(media, asset, THREADS) == ["video_damaged"]


# --- frames


@pytest.mark.parametrize(
    ("rotation", "corner", "size"),
    [
        (0, "upper left", (64, 48)),
        (90, "upper right", (48, 64)),
        (180, "lower right", (64, 48)),
        (270, "lower left", (48, 64)),
    ],
)
def test_covers_and_thumbnails_are_upright(
    media: MediaService, store: DiskAssetStore, rotation: int, corner: str, size: tuple[int, int]
) -> None:
    asset = media.add_bytes(filmed(rotation=rotation), "film.mp4")
    cover = media.cover(asset.id, timedelta(seconds=0.5))
    assert (cover.mime_type, cover.original_name, (cover.width, cover.height)) == ("image/jpeg", "film.jpg", size)
    with Image.open(store.path(cover.sha256)) as picture:
        assert red_corner(picture) == corner
    with Image.open(media.thumbnail(asset.id, 32)) as small:
        assert max(small.size) == 32
        assert red_corner(small) == corner


def test_the_frame_at_an_offset(media: MediaService, store: DiskAssetStore) -> None:
    path = store.path(media.add_bytes(filmed(), "film.mp4").sha256)

    def grey(seconds: float) -> int:
        red, _, _ = frame_at(path, timedelta(seconds=seconds)).getpixel((60, 40))  # type: ignore[misc]
        return int(red)

    for seconds in (0.0, 0.25, 0.5, 0.9):
        assert grey(seconds) == pytest.approx(40 + 180 * seconds, abs=10)
    assert grey(100) == pytest.approx(40 + 180 * 23 / 24, abs=10)


# --- making


def test_moving_the_header_copies_every_frame(fit: Fit, media: MediaService) -> None:
    data = filmed(rotation=90, options={"bf": "2", "preset": "fast"})
    asset = media.add_bytes(data, "film.mov")
    assert codes(media, asset, THREADS) == ["video_moov_last"]
    assert [step.words for step in media.plan(asset.id, THREADS).steps] == ["Move the header to the front"]
    made, details, path = fit(data)
    assert (made.width, made.height, details.rotation) == (48, 64, 90)
    assert red_corner(frame_at(path, timedelta())) == "upper right"
    assert packets(path.read_bytes()) == packets(data)


def packets(data: bytes) -> tuple[int, int]:
    with av.open(io.BytesIO(data)) as container:
        counts = [0] * len(container.streams)
        for packet in container.demux():
            counts[packet.stream_index] += packet.dts is not None
    return counts[0], counts[1]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"codec": "mpeg4"}, "video_codec"),
        ({"pixels": "yuv444p"}, "video_pixels"),
        ({"rate": 12}, "video_frame_rate"),
        ({"rate": 90}, "video_frame_rate"),
        ({"sound": ("ac3", 48_000, "5.1")}, "video_audio_codec"),
        ({"sound": ("aac", 96_000, "stereo")}, "video_audio_rate"),
        ({"sound": ("aac", 48_000, "5.1")}, "video_audio_channels"),
    ],
)
def test_every_breach_can_be_repaired(fit: Fit, media: MediaService, options: dict[str, Any], code: str) -> None:
    data = filmed(moov_first=True, seconds=0.5, **options)
    assert code in codes(media, media.add_bytes(data, "film.mov"), THREADS)
    made, details, path = fit(data)
    assert details.codec == "h264"
    assert details.audio is not None
    assert details.audio.codec == "aac"
    assert made.duration is not None
    assert made.duration.total_seconds() == pytest.approx(0.5, abs=0.09)
    assert red_corner(frame_at(path, timedelta())) == "upper left"


def test_only_the_sound_is_made_anew_when_only_the_sound_is_wrong(fit: Fit) -> None:
    data = filmed(sound=("aac", 48_000, "5.1"), codec="libx265")
    _, details, _ = fit(data)
    assert (details.codec, details.audio.channels) == ("hevc", 2)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_what_has_to_be_scaled_comes_upright(fit: Fit, rotation: int) -> None:
    made, details, path = fit(filmed(rotation=rotation), replace(THREADS, max_width=32))
    assert (made.width, made.height) == ((32, 24) if rotation % 180 == 0 else (32, 42))
    assert details.rotation == 0
    corners = {0: "upper left", 90: "upper right", 180: "lower right", 270: "lower left"}
    assert red_corner(frame_at(path, timedelta(seconds=0.5))) == corners[rotation]


REEL_SHAPE = replace(THREADS, min_ratio=0.5625, max_ratio=0.5625)


def test_cropping_keeps_the_focus(fit: Fit) -> None:
    made, _, path = fit(filmed(size=(128, 96)), REEL_SHAPE, replace(CROP, focus=(0.0, 0.5)))
    assert made.ratio == pytest.approx(0.5625, abs=0.005)
    assert red_corner(frame_at(path, timedelta())) == "upper left and upper right"
    _, _, other = fit(filmed(size=(128, 96)), REEL_SHAPE, replace(CROP, focus=(1.0, 0.5)))
    assert red_corner(frame_at(other, timedelta())) == ""


def test_borders_keep_everything(fit: Fit) -> None:
    made, _, path = fit(filmed(size=(128, 96)), REEL_SHAPE, replace(PAD, background="#00ff00"))
    assert (made.width, made.ratio) == (126, 0.5625)
    picture = frame_at(path, timedelta())
    for y in (4, made.height - 5):
        red, green, blue = picture.getpixel((63, y))  # type: ignore[misc]
        assert (red < 40, green > 200, blue < 40) == (True, True, True)


def test_trimming_happens_only_when_it_is_asked_for(fit: Fit, media: MediaService) -> None:
    data = filmed(seconds=2, moov_first=True)
    asset = media.add_bytes(data, "film.mov")
    with pytest.raises(MediaNotFittable, match=r"2\.0 seconds long"):
        media.fit(asset.id, SHORT)
    assert [step.words for step in media.plan(asset.id, SHORT, FitChoice(is_trimmed=True)).steps] == [
        "Shorten 2.0 to 0.9 seconds"
    ]
    made, _, _ = fit(data, SHORT, FitChoice(is_trimmed=True))
    assert made.duration is not None
    assert made.duration <= SHORT.max_duration
    made, _, _ = fit(data, replace(SHORT, max_width=32), FitChoice(is_trimmed=True))
    assert made.duration is not None
    assert made.duration <= SHORT.max_duration


def test_a_tenth_of_a_second_is_too_short_to_repair(media: MediaService) -> None:
    asset = media.add_bytes(filmed(seconds=0.1), "blink.mp4")
    assert "video_duration" in codes(media, asset, SHORT)
    with pytest.raises(MediaNotFittable, match=r"only 0\.1 seconds"):
        media.fit(asset.id, SHORT)


def test_a_size_limit_is_kept(fit: Fit) -> None:
    data = filmed(size=(160, 120), seconds=1, is_noisy=True, moov_first=True)
    limit = 60_000
    assert len(data) > 2 * limit
    made, _, _ = fit(data, replace(THREADS, max_bytes=limit))
    assert made.size_bytes <= limit


def test_varied_rates_become_steady_when_frames_are_made_anew(fit: Fit) -> None:
    _, details, _ = fit(filmed(is_varied=True), replace(THREADS, max_width=32))
    assert (details.is_variable_rate, details.frame_rate) == (False, pytest.approx(24, abs=0.1))


def test_a_mov_becomes_an_mp4_where_only_that_is_taken(fit: Fit, media: MediaService) -> None:
    data = filmed(container="mov")
    assert media.add_bytes(data, "film.mov").mime_type == "video/quicktime"
    fit(data, replace(THREADS, mime_types=("video/mp4",), max_width=32))
    fit(data, replace(THREADS, mime_types=("video/mp4",)))


def test_fragments_are_joined(fit: Fit) -> None:
    _, details, _ = fit(filmed(muxer={"movflags": "frag_keyframe+empty_moov"}))
    assert not details.is_fragmented


def test_nothing_to_do_gives_the_same_asset_and_the_same_work_is_done_once(
    media: MediaService, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine = media.add_bytes(filmed(moov_first=True), "a.mp4")
    assert media.fit(fine.id, THREADS) == fine
    late = media.add_bytes(filmed(), "b.mp4")
    made = media.fit(late.id, THREADS)
    monkeypatch.setattr(video_writing, "_write", None)
    assert media.fit(late.id, THREADS) == made


@pytest.mark.parametrize("at", [1, 5, 30])
def test_it_can_be_stopped_and_leaves_nothing(media: MediaService, tmp_path: Path, at: int) -> None:
    asset = media.add_bytes(filmed(), "a.mp4")
    calls = iter(range(1, 1000))

    def check() -> None:
        if next(calls) == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        media.fit(asset.id, replace(THREADS, max_width=32), check)
    media_folder = tmp_path / "media"
    assert list((media_folder / "incoming").iterdir()) == []
    assert not (media_folder / "renditions").exists()
    assert media.fit(asset.id, replace(THREADS, max_width=32)).width == 32


def test_a_full_disk_is_named(media: MediaService, monkeypatch: pytest.MonkeyPatch) -> None:
    asset = media.add_bytes(filmed(), "a.mp4")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(asset_store, "write_rendition", full)
    with pytest.raises(DiskFull):
        media.fit(asset.id, THREADS)


# --- encoders


def test_no_encoder_under_the_gpl_is_ever_chosen() -> None:
    assert not {"libx264", "libx264rgb", "libx265", "h264"} & set(H264_ENCODERS)
    assert usable_encoder() in (None, *H264_ENCODERS)
    assert set(encumbered_parts()) <= {"libx264", "libx265"}
    assert usable_encoder(("no_such_encoder", "libx264")) == "libx264"


def test_without_an_encoder_frames_stay_and_that_is_said(tmp_path: Path) -> None:
    store = DiskAssetStore(tmp_path / "media", encoders=())
    media = MediaService(MemoryStorage(), ManualClock(NOW), ChangeFeed(), store)
    late = media.add_bytes(filmed(), "a.mp4")
    assert media.fit(late.id, THREADS).id != late.id  # copying needs none
    with pytest.raises(MediaNotFittable, match=r"no H\.264 encoder"):
        media.fit(late.id, replace(THREADS, max_width=32))
