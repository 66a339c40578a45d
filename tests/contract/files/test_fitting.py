"""Pictures as phones, scanners and the clipboard make them, made to fit Instagram. Real files, real Pillow."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from desktop.domain.errors import Cancelled, FileUnreadable, MediaUnreadable
from desktop.domain.media import Asset
from desktop.domain.networks import ImageRules, Network
from desktop.files.asset_store import DiskAssetStore
from desktop.files.network_rules import load_rules
from desktop.kit.clock import ManualClock
from desktop.services.changes import ChangeFeed
from desktop.services.drafting.fitting import fit_rules
from desktop.services.media.ports import MediaNotFittable
from desktop.services.media.service import MediaService
from tests.support.drafts import NOW
from tests.support.memory_storage import MemoryStorage
from tests.support.pictures import image_bytes, video_bytes

RULES = fit_rules(load_rules()[Network.INSTAGRAM])


@pytest.fixture
def store(tmp_path: Path) -> DiskAssetStore:
    return DiskAssetStore(tmp_path / "media")


@pytest.fixture
def media(store: DiskAssetStore) -> MediaService:
    return MediaService(MemoryStorage(), ManualClock(NOW), ChangeFeed(), store)


Fit = Callable[..., tuple[Asset, Image.Image]]


@pytest.fixture
def fit(media: MediaService, store: DiskAssetStore) -> Fit:
    def fit(data: bytes, rules: ImageRules = RULES) -> tuple[Asset, Image.Image]:
        fitted = media.fit(media.add_bytes(data, "picture.of.png").id, rules)
        assert (fitted.mime_type, fitted.original_name) == ("image/jpeg", "picture.of.jpg")
        assert rules.min_width <= fitted.width <= rules.max_width
        assert fitted.size_bytes <= rules.max_bytes
        picture = Image.open(store.path(fitted.sha256))
        picture.load()
        assert (picture.mode, picture.size) == ("RGB", (fitted.width, fitted.height))
        assert not picture.getexif()
        return fitted, picture

    return fit


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def assert_colour(picture: Image.Image, at: tuple[int, int], expected: tuple[int, int, int], within: int = 6) -> None:
    found = picture.getpixel(at)
    assert isinstance(found, tuple)
    assert all(abs(a - b) <= within for a, b in zip(found, expected, strict=True)), found


def test_a_phone_photo_becomes_smaller_and_upright(fit: Fit) -> None:
    sideways = Image.new("RGB", (4000, 3200), "blue")
    sideways.paste("red", (0, 0, 2000, 3200))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the left of the file is the top
    exif[0x010F] = "a phone"
    fitted, picture = fit(encoded(sideways, "JPEG", exif=exif, comment=b"at home"))
    assert (fitted.width, fitted.height) == (1440, 1800)
    assert_colour(picture, (700, 100), (254, 0, 0))
    assert_colour(picture, (700, 1700), (0, 0, 254))
    assert "comment" not in picture.info


def test_a_pasted_png_with_transparency_lies_on_white(fit: Fit) -> None:
    pasted = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    pasted.paste((0, 128, 0, 128), (0, 0, 200, 400))
    fitted, picture = fit(encoded(pasted, "PNG"))
    assert (fitted.width, fitted.height) == (400, 400)
    assert_colour(picture, (50, 200), (127, 191, 127))
    assert_colour(picture, (350, 200), (255, 255, 255))


def test_a_palette_with_transparency(fit: Fit) -> None:
    drawn = Image.new("P", (400, 400), 0)
    drawn.putpalette([10, 10, 10, 200, 40, 90])
    drawn.paste(1, (0, 0, 200, 400))
    _, picture = fit(encoded(drawn, "PNG", transparency=0))
    assert_colour(picture, (50, 200), (200, 40, 90))
    assert_colour(picture, (350, 200), (255, 255, 255))


def test_sixteen_bits(fit: Fit) -> None:
    scan = Image.new("I;16", (400, 400), 0x4000)
    scan.paste(Image.new("I;16", (200, 400), 0xC000), (0, 0))
    _, picture = fit(encoded(scan, "PNG"))
    assert_colour(picture, (50, 200), (0xC0, 0xC0, 0xC0))
    assert_colour(picture, (350, 200), (0x40, 0x40, 0x40))


def test_sixteen_bits_show_in_thumbnails_too(media: MediaService) -> None:
    asset = media.add_bytes(encoded(Image.new("I;16", (400, 400), 0x4000), "PNG"), "scan.png")
    with Image.open(media.thumbnail(asset.id, 32)) as picture:
        assert_colour(picture, (10, 10), (0x40, 0x40, 0x40))


def test_a_printer_s_colours(fit: Fit) -> None:
    _, picture = fit(encoded(Image.new("CMYK", (400, 400), (0, 255, 255, 0)), "JPEG"))
    assert_colour(picture, (200, 200), (254, 0, 0))


def test_colours_of_another_profile_look_the_same(fit: Fit) -> None:
    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    grey = Image.new("RGB", (400, 400), (120, 130, 140))
    _, tagged = fit(encoded(grey, "PNG", icc_profile=srgb))
    assert_colour(tagged, (200, 200), (120, 130, 140))
    for useless in (b"no profile", ImageCms.ImageCmsProfile(lab).tobytes()):
        _, picture = fit(encoded(grey, "PNG", icc_profile=useless))
        assert_colour(picture, (200, 200), (120, 130, 140))
        assert "icc_profile" not in picture.info


def test_red_and_green_swapped_by_a_profile_are_swapped_back(fit: Fit) -> None:
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # the table of tags: what the profile calls red gets the numbers of green, and the other way round
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    _, picture = fit(encoded(Image.new("RGB", (400, 400), "red"), "JPEG", icc_profile=bytes(data)))
    assert_colour(picture, (200, 200), (0, 255, 0))


@pytest.mark.parametrize(("width", "expected"), [(160, 320), (319, 320), (320, 320), (1440, 1440), (1441, 1440)])
def test_widths(fit: Fit, width: int, expected: int) -> None:
    fitted, _ = fit(image_bytes("PNG", (width, width)))
    assert (fitted.width, fitted.height) == (expected, expected)


def test_a_size_limit_is_kept_by_quality_first(fit: Fit) -> None:
    noise = image_bytes("PNG", (600, 600), noise=True)
    fitted, _ = fit(noise, replace(RULES, max_bytes=200_000))
    assert fitted.width == 600
    smaller, _ = fit(noise, replace(RULES, max_bytes=100_000))
    assert 320 <= smaller.width < 600


def test_the_same_picture_is_fitted_into_the_same_asset(media: MediaService, store: DiskAssetStore) -> None:
    data = image_bytes("PNG", (400, 400))
    original = media.add_bytes(data, "a.png")
    assert media.fit(original.id, RULES) == media.fit(original.id, RULES)
    assert store.path(original.sha256).read_bytes() == data


def kept(folder: Path) -> list[Path]:
    """Every file but the notes of what was found in the originals."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and "details" not in path.parts)


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (400, 400), colour) for colour in ("red", "blue")]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (animated("GIF"), "animated"),
        (animated("WEBP"), "animated"),
        (image_bytes("PNG", (159, 159)), "159 pixels"),
        (image_bytes("PNG", (330, 330), noise=True), "too large"),
        (video_bytes(), "video"),
    ],
)
def test_what_cannot_be_fitted_is_said_and_leaves_nothing(
    media: MediaService, tmp_path: Path, data: bytes, reason: str
) -> None:
    asset = media.add_bytes(data, "thing")
    before = kept(tmp_path)
    with pytest.raises(MediaNotFittable) as refused:
        media.fit(asset.id, replace(RULES, max_bytes=10_000))
    assert reason in refused.value.title
    assert kept(tmp_path) == before


def test_an_original_that_has_gone_or_is_damaged(media: MediaService, store: DiskAssetStore) -> None:
    asset = media.add_bytes(image_bytes("PNG", (400, 400)), "a.png")
    store.path(asset.sha256).write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    with pytest.raises(MediaUnreadable):
        media.fit(asset.id, RULES)
    store.path(asset.sha256).unlink()
    with pytest.raises(FileUnreadable):
        media.fit(asset.id, RULES)


@pytest.mark.parametrize("step", range(1, 4))
def test_it_can_be_stopped_at_every_step(media: MediaService, tmp_path: Path, step: int) -> None:
    asset = media.add_bytes(image_bytes("PNG", (400, 400)), "a.png")
    before = kept(tmp_path)
    steps = iter(range(1, 100))

    def check() -> None:
        if next(steps) == step:
            raise Cancelled

    with pytest.raises(Cancelled):
        media.fit(asset.id, RULES, check)
    assert kept(tmp_path) == before
