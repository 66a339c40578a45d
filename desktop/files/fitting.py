"""Makes a JPEG a network takes of a picture it does not take. Pillow is loaded by the functions that need it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.networks import ImageRules
from desktop.files.images import decoded, eight_bits
from desktop.kit.i18n import tr
from desktop.services.media.ports import MAX_ENLARGEMENT

if TYPE_CHECKING:
    from PIL.Image import Image

_QUALITIES = (92, 85, 75, 65)
_SHRINK = 0.8


class NotFittable(ValueError):
    """The picture cannot be made to fit; the text says why, for people."""


def write_fitted(source: Path, target: Path, rules: ImageRules, check: Callable[[], object]) -> None:
    """Write a JPEG of ``source`` within the width and size of ``rules``; ``ImageInvalid`` or ``NotFittable``.

    It is upright, in sRGB, on white where it was transparent, and holds nothing but the picture. It is not cropped, so
    its shape is the one it had. ``check`` is called between the steps and may raise to stop.
    """
    # slow to load: not before the first picture is fitted
    from PIL import ImageOps

    with decoded(source, rules.max_width) as image:
        if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
            raise NotFittable(tr("it is animated"))
        check()
        picture = _in_srgb(ImageOps.exif_transpose(image))
    check()
    picture.info = {}  # comments and places stay with the original
    picture = _scaled(picture, _fitting_width(picture.width, rules))
    while not _is_written(picture, target, rules.max_bytes, check):
        width = round(picture.width * _SHRINK)
        if width < rules.min_width:
            raise NotFittable(tr("it stays too large"))
        picture = _scaled(picture, width)


def _is_written(picture: Image, target: Path, max_bytes: int, check: Callable[[], object]) -> bool:
    for quality in _QUALITIES:
        check()
        picture.save(target, "JPEG", quality=quality)
        if target.stat().st_size <= max_bytes:
            return True
    return False


def _fitting_width(width: int, rules: ImageRules) -> int:
    if width * MAX_ENLARGEMENT < rules.min_width:
        raise NotFittable(tr("it is only {width} pixels wide", width=width))
    return min(max(width, rules.min_width), rules.max_width)


def _scaled(picture: Image, width: int) -> Image:
    # slow to load: not before the first picture is fitted
    from PIL import Image

    if width == picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image) -> Image:
    # slow to load: not before the first picture is fitted
    from PIL import ImageCms

    flat, profile = _opaque(eight_bits(image)), image.info.get("icc_profile")
    if profile and flat.mode in ("RGB", "CMYK", "L"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(flat, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None  # damaged, or of another kind of picture: every viewer ignores it too
        if converted is not None:
            return converted
    return flat.convert("RGB")


def _opaque(image: Image) -> Image:
    # slow to load: not before the first picture is fitted
    from PIL import Image

    if image.has_transparency_data:
        picture = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    return image.convert("RGB") if image.mode in ("P", "1") else image
