"""Makes the JPEG an ``ImagePlan`` describes. Pillow is loaded by the functions that need it."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.networks import ImageRules
from desktop.files.images import decoded, eight_bits
from desktop.kit.i18n import tr
from desktop.services.media.layouts import canvas_size
from desktop.services.media.plans import ImagePlan, Layout, Size

if TYPE_CHECKING:
    from PIL.Image import Image

_QUALITIES = (92, 85, 75, 65)
_SHRINK = 0.8


class NotFittable(ValueError):
    """The file cannot be made to fit; the text says why, for people."""


def write_image(source: Path, whole: Size, target: Path, plan: ImagePlan, check: Callable[[], object]) -> None:
    """Write a JPEG of ``source``, an image of ``whole`` size as shown; ``ImageInvalid`` or ``NotFittable``.

    It is upright, in sRGB, on the plan's background where it was transparent, and holds nothing but the picture.
    ``check`` is called between the steps and may raise to stop.
    """
    # slow to load: not before the first picture is fitted
    from PIL import ImageOps

    shrunk = min(1.0, plan.layout.scaled.width / plan.layout.crop.width)
    with decoded(source, math.ceil(min(whole.width, whole.height) * shrunk)) as image:
        check()
        picture = _in_srgb(ImageOps.exif_transpose(image), plan.background)
    check()
    picture.info = {}  # comments and places stay with the original
    picture = _laid_out(picture, whole, plan.layout, plan.background)
    ratio = picture.width / picture.height
    while not _is_written(picture, target, plan.limits.max_bytes, check):
        width = round(picture.width * _SHRINK)
        if width < max(plan.limits.min_width, 1):
            raise NotFittable(tr("it stays too large"))
        picture = _scaled(picture, width, ratio, plan.limits)


def _is_written(picture: Image, target: Path, max_bytes: int, check: Callable[[], object]) -> bool:
    for quality in _QUALITIES:
        check()
        picture.save(target, "JPEG", quality=quality)
        if target.stat().st_size <= max_bytes:
            return True
    return False


def _laid_out(picture: Image, whole: Size, layout: Layout, background: str) -> Image:
    # slow to load: not before the first picture is fitted
    from PIL import Image

    x, y = picture.width / whole.width, picture.height / whole.height  # less than 1 when it was decoded smaller
    right, bottom = layout.left + layout.crop.width, layout.top + layout.crop.height
    box = (layout.left * x, layout.top * y, right * x, bottom * y)
    size = (layout.scaled.width, layout.scaled.height)
    if size != picture.size or layout.crop != whole:
        picture = picture.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    if layout.canvas == layout.scaled:
        return picture
    canvas = Image.new("RGB", (layout.canvas.width, layout.canvas.height), background)
    canvas.paste(picture, ((canvas.width - picture.width) // 2, (canvas.height - picture.height) // 2))
    return canvas


def _scaled(picture: Image, width: int, ratio: float, limits: ImageRules) -> Image:
    # slow to load: not before the first picture is fitted
    from PIL import Image

    size = canvas_size(width, ratio, limits)
    if size is None or size.width >= picture.width:
        raise NotFittable(tr("it stays too large"))
    return picture.resize((size.width, size.height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image, background: str) -> Image:
    # slow to load: not before the first picture is fitted
    from PIL import ImageCms

    flat, profile = _opaque(eight_bits(image), background), image.info.get("icc_profile")
    if profile and flat.mode in ("RGB", "CMYK", "L"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(flat, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None  # damaged, or of another kind of picture: every viewer ignores it too
        if converted is not None:
            return converted
    return flat.convert("RGB")


def _opaque(image: Image, background: str) -> Image:
    # slow to load: not before the first picture is fitted
    from PIL import Image

    if image.has_transparency_data:
        picture = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", picture.size, background), picture).convert("RGB")
    return image.convert("RGB") if image.mode in ("P", "1") else image
