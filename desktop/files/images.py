"""Looks inside images and makes small ones. Pillow is loaded by the functions that need it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.media import ImageDetails

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageCms import ImageCmsProfile

# more would need over 250 MB to decode; far more is an attack
MAX_PIXELS = 80_000_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF")
# phones write JPEGs that hold a second picture; to every reader they are JPEGs
_MIME_TYPES = {"MPO": "image/jpeg", "HEIF": "image/heic"}
_SIXTEEN_BITS = ("I", "F")
_UNSEEN_DIFFERENCE = 3  # of 255
_ORIENTATION = 0x0112
_TURNED = frozenset({5, 6, 7, 8})
_NEUTRAL = (0x6B, 0x72, 0x80)
_SRGB = "sRGB"
_PATCHES = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (60, 60, 60), (128, 128, 128), (200, 200, 200)]


class ImageInvalid(ValueError):
    """Not an image of a known format, a damaged one, or one with too many pixels."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What an image is; ``width`` and ``height`` are pixels as shown, after the camera's rotation."""

    mime_type: str
    width: int
    height: int


def read_image(path: Path) -> ImageFacts:
    """Decode the whole image and return its facts; ``ImageInvalid``."""
    with decoded(path) as image:
        turned = image.getexif().get(_ORIENTATION) in _TURNED
        width, height = (image.height, image.width) if turned else image.size
        kind = image.format or ""
        return ImageFacts(_MIME_TYPES.get(kind, f"image/{kind.lower()}"), width, height)


def image_details(path: Path) -> ImageDetails:
    """Return what else an image is; ``ImageInvalid``."""
    with decoded(path, 1) as image:
        colours = _colours(image)
        return ImageDetails(
            is_upright=image.getexif().get(_ORIENTATION, 1) not in range(2, 9),
            is_srgb=colours == _SRGB,
            colours=colours,
            bits=16 if image.mode.startswith(_SIXTEEN_BITS) else 8,
            has_transparency=image.has_transparency_data,
            is_animated=getattr(image, "is_animated", False) and image.format not in ("MPO", "HEIF"),
        )


def _colours(image: Image) -> str:
    """Name the colour space; a profile that changes no colour anybody could see is sRGB, whatever it is called."""
    # slow to load: not before the first picture is added
    from PIL import ImageCms

    if image.mode == "CMYK":
        return "CMYK"
    data = image.info.get("icc_profile")
    if not data:
        return _SRGB
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        if _is_seen(profile, "L" if image.mode.startswith(("L", "I", "1")) else "RGB"):
            return ImageCms.getProfileDescription(profile).strip() or "?"
    except (ImageCms.PyCMSError, OSError):
        pass  # damaged, or of another kind of picture: every viewer ignores it too
    return _SRGB


def _is_seen(profile: ImageCmsProfile, mode: str) -> bool:
    # slow to load: not before the first picture is added
    from PIL import Image, ImageChops, ImageCms

    patches = Image.new("RGB", (len(_PATCHES), 1))
    patches.putdata(_PATCHES)
    plain = patches.convert(mode)
    converted = ImageCms.profileToProfile(plain, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    if converted is None:  # only when told to convert in place
        return False
    difference = ImageChops.difference(plain.convert("RGB"), converted)
    return max(high for _, high in difference.getextrema()) > _UNSEEN_DIFFERENCE  # type: ignore[misc]


def write_thumbnail(source: Path, target: Path, pixels: int) -> None:
    """Write a PNG of ``source`` whose longer side is at most ``pixels``; ``ImageInvalid``."""
    # slow to load: not before the first picture is shown
    from PIL import ImageOps

    with decoded(source, pixels) as image:
        upright = eight_bits(ImageOps.exif_transpose(image))
        write_small(upright.convert("RGBA" if upright.has_transparency_data else "RGB"), target, pixels)


def write_small(picture: Image, target: Path, pixels: int) -> None:
    """Write a PNG of a decoded picture whose longer side is at most ``pixels``."""
    picture.thumbnail((pixels, pixels))
    picture.save(target, "PNG")


def write_placeholder(target: Path, width: int, height: int, pixels: int) -> None:
    """Write a neutral PNG with a play sign, in the shape of ``width`` x ``height``."""
    # slow to load: not before the first video is shown
    from PIL import Image, ImageDraw

    scale = pixels / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    image = Image.new("RGB", size, _NEUTRAL)
    x, y, r = size[0] / 2, size[1] / 2, min(size) / 6
    ImageDraw.Draw(image).polygon([(x - r, y - r), (x - r, y + r), (x + r, y)], fill="white")
    image.save(target, "PNG")


def eight_bits(image: Image) -> Image:
    """Return a grey picture of 16 bits in 8; Pillow's own conversion would make nearly everything white."""
    return image.point(lambda grey: grey * (1 / 256)).convert("L") if image.mode.startswith("I") else image


@contextmanager
def decoded(path: Path, draft_pixels: int | None = None) -> Iterator[Image]:
    """Open and decode an image; whatever a decoder raises for hostile bytes is ``ImageInvalid``.

    With ``draft_pixels`` it may come smaller, but with both sides at least that long.
    """
    # slow to load: not before the first picture is added
    import pi_heif  # type: ignore[import-untyped]
    from PIL import Image

    if "HEIF" not in Image.OPEN:
        pi_heif.register_heif_opener()
    try:
        image = Image.open(path, formats=FORMATS)
    except Exception as error:
        raise ImageInvalid(f"not a known image: {error}") from error
    with image:
        if image.width * image.height > MAX_PIXELS:
            raise ImageInvalid(f"{image.width} x {image.height} pixels are too many")
        if draft_pixels is not None:
            image.draft("RGB", (draft_pixels, draft_pixels))
        try:
            image.load()
            image.getexif()
        except Exception as error:
            raise ImageInvalid(f"damaged image: {error}") from error
        yield image
