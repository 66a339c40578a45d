"""Pictures of every format and colour space, looked into and made to fit; whatever is planned is what is accepted."""

from __future__ import annotations

import io
import struct
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from desktop.domain.errors import MediaUnreadable
from desktop.domain.media import Asset, ImageDetails
from desktop.domain.networks import ImageRules, MediaPurpose, Network
from desktop.files.asset_store import DiskAssetStore
from desktop.files.network_rules import load_rules
from desktop.kit.clock import ManualClock
from desktop.services.changes import ChangeFeed
from desktop.services.media.breaches import breaches
from desktop.services.media.plans import FitChoice, Framing, MediaNotFittable, StepKind
from desktop.services.media.service import MediaService
from tests.support.drafts import NOW
from tests.support.memory_storage import MemoryStorage

HEIC = Path(__file__).parents[2] / "data" / "media" / "two-colours.heic"
STORY = load_rules()[Network.INSTAGRAM].limits(MediaPurpose.STORY_IMAGE)
assert isinstance(STORY, ImageRules)
CROP, PAD = FitChoice(Framing.CROP), FitChoice(Framing.PAD)
# Display P3 over D50 (SMPTE EG 432-1), as s15Fixed16 numbers of an ICC profile
P3 = {b"rXYZ": (0.5151, 0.2412, -0.0011), b"gXYZ": (0.292, 0.6922, 0.0419), b"bXYZ": (0.1571, 0.0666, 0.7841)}


@pytest.fixture
def store(tmp_path: Path) -> DiskAssetStore:
    return DiskAssetStore(tmp_path / "media")


@pytest.fixture
def media(store: DiskAssetStore) -> MediaService:
    return MediaService(MemoryStorage(), ManualClock(NOW), ChangeFeed(), store)


Shown = Callable[..., tuple[Asset, Image.Image]]


@pytest.fixture
def made(media: MediaService, store: DiskAssetStore) -> Shown:
    def made(data: bytes, limits: ImageRules = STORY, choice: FitChoice | None = None) -> tuple[Asset, Image.Image]:
        asset = media.fit(media.add_bytes(data, "a").id, limits, choice=choice)
        described = media.described({asset.id: asset})[asset.id]
        assert breaches(described, limits) == ()
        picture = Image.open(store.path(asset.sha256))
        picture.load()
        return described, picture

    return made


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def details(media: MediaService, data: bytes) -> ImageDetails:
    asset = media.add_bytes(data, "a")
    found = media.described({asset.id: asset})[asset.id].details
    assert isinstance(found, ImageDetails)
    return found


def display_p3() -> bytes:
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for tag, values in P3.items():
        (offset,) = struct.unpack_from(">I", data, data.index(tag) + 4)
        struct.pack_into(">3i", data, offset + 8, *(round(value * 65_536) for value in values))
    return bytes(data)


def quarters() -> Image.Image:
    """Red, green, blue and white, clockwise from the upper left."""
    image = Image.new("RGB", (400, 320), "white")
    image.paste("red", (0, 0, 200, 160))
    image.paste("lime", (200, 0, 400, 160))
    image.paste("blue", (200, 160, 400, 320))
    return image


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_turn_of_a_camera_is_turned_back(media: MediaService, made: Shown, orientation: int) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    turned = quarters().transpose(turns[orientation]) if orientation in turns else quarters()
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(turned, "JPEG", exif=exif, quality=95)
    assert details(media, data).is_upright is (orientation == 1)
    asset, picture = made(data)
    assert picture.size == (asset.width, asset.height) == (400, 320)
    for at, expected in {(50, 50): (255, 0, 0), (350, 50): (0, 255, 0), (350, 300): (0, 0, 255)}.items():
        found = picture.getpixel(at)
        assert isinstance(found, tuple)
        assert all(abs(a - b) < 12 for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("image", "kind", "options", "expected"),
    [
        (quarters(), "JPEG", {}, ImageDetails()),
        (quarters(), "WEBP", {}, ImageDetails()),
        (quarters(), "AVIF", {}, ImageDetails()),
        (quarters().convert("CMYK"), "JPEG", {}, ImageDetails(is_srgb=False, colours="CMYK")),
        (quarters().convert("RGBA"), "PNG", {}, ImageDetails(has_transparency=True)),
        (Image.new("I;16", (9, 9)), "PNG", {}, ImageDetails(bits=16)),
        (quarters(), "GIF", {"save_all": True, "append_images": [Image.new("RGB", (400, 320))]}, "animated"),
        (quarters(), "WEBP", {"save_all": True, "append_images": [Image.new("RGB", (400, 320))]}, "animated"),
        (quarters(), "PNG", {"save_all": True, "append_images": [Image.new("RGB", (400, 320))]}, "animated"),
    ],
)
def test_details(media: MediaService, image: Image.Image, kind: str, options: dict[str, Any], expected: Any) -> None:
    found = details(media, encoded(image, kind, **options))
    assert found.is_animated if expected == "animated" else found == expected


def test_colours_of_a_phone_become_those_of_the_web(media: MediaService, made: Shown) -> None:
    data = encoded(Image.new("RGB", (400, 400), (200, 60, 40)), "JPEG", icc_profile=display_p3(), quality=95)
    asset = media.add_bytes(data, "p3.jpg")
    assert details(media, data).is_srgb is False
    assert [step.kind for step in media.plan(asset.id, STORY).steps] == [StepKind.COLOURS]
    shown, picture = made(data)
    red, green, blue = picture.getpixel((200, 200))  # type: ignore[misc]
    assert red > 210  # the red of P3 is redder than that of sRGB
    assert (green, blue) < (60, 40)
    assert isinstance(shown.details, ImageDetails)
    assert shown.details.is_srgb


def test_a_phone_picture_in_heic(media: MediaService, store: DiskAssetStore, made: Shown) -> None:
    asset = media.add_file(HEIC)
    assert (asset.mime_type, asset.width, asset.height) == ("image/heic", 64, 48)
    assert [breach.code for breach in breaches(asset, STORY)] == ["media_type"]
    with Image.open(media.thumbnail(asset.id, 32)) as small:
        assert small.size == (32, 24)
    fitted, picture = made(HEIC.read_bytes())
    assert (fitted.mime_type, fitted.width) == ("image/jpeg", 64)
    for at, expected in {(10, 24): (11, 60, 199), (54, 24): (199, 41, 91)}.items():
        found = picture.getpixel(at)
        assert isinstance(found, tuple)
        assert all(abs(a - b) < 12 for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("length", [20, 60, 300, 520])
def test_a_heic_that_is_cut_off_is_refused(media: MediaService, tmp_path: Path, length: int) -> None:
    with pytest.raises(MediaUnreadable):
        media.add_bytes(HEIC.read_bytes()[:length], "a.heic")
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_heic_is_a_picture_or_a_typed_error(data: st.DataObject) -> None:
    heic = bytearray(HEIC.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        heic[data.draw(st.integers(12, len(heic) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        try:
            assert DiskAssetStore(Path(folder)).take_bytes(bytes(heic), "a.heic").width > 0
        except MediaUnreadable:
            assert [path for path in Path(folder).rglob("*") if path.is_file()] == []


def test_cropping_keeps_the_focus_and_padding_everything(made: Shown) -> None:
    square = replace(STORY, min_ratio=1.0, max_ratio=1.0)
    data = encoded(quarters(), "PNG")
    for focus, expected in {(0.0, 0.5): (254, 0, 0), (1.0, 0.5): (0, 255, 1)}.items():
        asset, picture = made(data, square, replace(CROP, focus=focus))
        assert (asset.width, asset.height) == (320, 320)
        assert picture.getpixel((10 if focus[0] == 0 else 310, 10)) == expected
    asset, picture = made(data, square, replace(PAD, background="#102030"))
    assert (asset.width, asset.height) == (400, 400)
    assert picture.getpixel((200, 10)) == picture.getpixel((200, 390)) == (16, 32, 48)


def test_a_very_large_picture(made: Shown) -> None:
    asset, _ = made(encoded(Image.new("1", (8_000, 4_000)), "PNG"), replace(STORY, max_width=1440))
    assert (asset.width, asset.height) == (1440, 720)


ratios = st.floats(0.3, 3.0)


@given(
    size=st.tuples(st.integers(1, 300), st.integers(1, 300)),
    drawn=st.sampled_from(
        [("RGB", "JPEG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("RGBA", "PNG"), ("P", "PNG"), ("RGB", "WEBP"), ("L", "GIF")]
    ),
    shape=st.tuples(ratios, ratios).map(sorted),
    widths=st.tuples(st.integers(1, 200), st.integers(1, 400)).map(sorted),
    max_bytes=st.integers(700, 40_000),
    choice=st.builds(
        FitChoice,
        framing=st.sampled_from(Framing),
        focus=st.tuples(st.floats(0, 1), st.floats(0, 1)),
        ratio=st.none() | ratios,
    ),
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_planned_is_accepted_by_the_same_rules(
    size: tuple[int, int],
    drawn: tuple[str, str],
    shape: list[float],
    widths: list[int],
    max_bytes: int,
    choice: FitChoice,
) -> None:
    mode, kind = drawn
    data = encoded(Image.effect_noise(size, 60).convert(mode), kind)
    limits = ImageRules(("image/jpeg",), max_bytes, shape[0], shape[1], widths[0], widths[1])
    with tempfile.TemporaryDirectory() as folder:
        store = DiskAssetStore(Path(folder))
        media = MediaService(MemoryStorage(), ManualClock(NOW), ChangeFeed(), store)
        original = media.add_bytes(data, "a")
        try:
            fitted = media.fit(original.id, limits, choice=choice)
        except MediaNotFittable:
            return
        described = media.described({fitted.id: fitted})[fitted.id]
        assert breaches(described, limits) == ()
        assert store.path(original.sha256).read_bytes() == data
        if choice.framing is not Framing.KEEP or fitted.id != original.id:
            assert media.plan(fitted.id, limits).steps == ()
