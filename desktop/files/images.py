"""Looks inside images and makes small ones. Pillow is loaded by the functions that need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

# more would need over 250 MB to decode; far more is an attack
MAX_PIXELS = 80_000_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_ORIENTATION = 0x0112
_TURNED = frozenset({5, 6, 7, 8})
_NEUTRAL = (0x6B, 0x72, 0x80)


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
        # phones write JPEGs that hold a second picture; to every reader they are JPEGs
        mime_type = "image/jpeg" if image.format == "MPO" else f"image/{(image.format or '').lower()}"
        return ImageFacts(mime_type, width, height)


def write_thumbnail(source: Path, target: Path, pixels: int) -> None:
    """Write a PNG of ``source`` whose longer side is at most ``pixels``; ``ImageInvalid``."""
    # slow to load: not before the first picture is shown
    from PIL import ImageOps

    with decoded(source, pixels) as image:
        upright = eight_bits(ImageOps.exif_transpose(image))
        small = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        small.thumbnail((pixels, pixels))
        small.save(target, "PNG")


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
    from PIL import Image

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
