"""Shapes and sizes: what to cut off, where borders come, and how large the result may be."""

from __future__ import annotations

import math

from desktop.domain.media import Asset
from desktop.domain.networks import ImageRules, VideoRules
from desktop.kit.i18n import tr
from desktop.services.media.breaches import RATIO_ROUNDING, has_shape, ratio_words
from desktop.services.media.plans import MAX_ENLARGEMENT, FitChoice, Framing, Layout, Size

# borders can make any picture large; more than this is not decoded again
MAX_CANVAS_PIXELS = 40_000_000
_MAX_SIDE = 65_535  # of a JPEG
_SEARCHED = 64  # pixels of width tried for a shape that is prescribed exactly
_EXACT = 1e-9


class NoLayout(ValueError):
    """The picture cannot get a size the network takes; the text says why, for people."""


def layout_for(asset: Asset, limits: ImageRules | VideoRules, choice: FitChoice, multiple: int = 1) -> Layout:
    """Return where the picture comes to lie; sides are multiples of ``multiple``. ``NoLayout``.

    A picture whose shape needs no change keeps all of itself, whatever ``choice`` offers to cut off.
    """
    whole = Size(asset.width, asset.height)
    ratio = _wanted_ratio(asset, limits, choice)
    if choice.framing is Framing.KEEP and _is_taken(whole, limits, multiple):
        return Layout(0, 0, whole, whole, whole)
    crop, natural = whole, (float(whole.width), float(whole.height))
    if choice.framing is Framing.CROP:
        crop = _largest_inside(whole, ratio)
        natural = (float(crop.width), float(crop.height))
    elif choice.framing is Framing.PAD:
        natural = (max(whole.width, whole.height * ratio), max(whole.height, whole.width / ratio))
    canvas = _canvas(natural[0], ratio, limits, multiple)
    scaled = canvas
    if choice.framing is Framing.PAD:
        scale = min(canvas.width / whole.width, canvas.height / whole.height)
        scaled = Size(
            _stepped(whole.width * scale, multiple, canvas.width),
            _stepped(whole.height * scale, multiple, canvas.height),
        )
    if scaled.width > crop.width * MAX_ENLARGEMENT:
        raise NoLayout(tr("it is only {width} pixels wide", width=asset.width))
    left, top = _corner(whole, crop, choice.focus)
    return Layout(left, top, crop, scaled, canvas)


def _is_taken(whole: Size, limits: ImageRules | VideoRules, multiple: int) -> bool:
    is_even = whole.width % multiple == whole.height % multiple == 0
    return is_even and whole.height <= _MAX_SIDE and limits.min_width <= whole.width <= min(limits.max_width, _MAX_SIDE)


def _wanted_ratio(asset: Asset, limits: ImageRules | VideoRules, choice: FitChoice) -> float:
    if choice.framing is Framing.KEEP:
        if not has_shape(asset, limits):
            raise NoLayout(tr("its shape {ratio} would have to change", ratio=ratio_words(asset.ratio)))
        return asset.ratio
    return min(max(choice.ratio or asset.ratio, limits.min_ratio), limits.max_ratio)


def _largest_inside(whole: Size, ratio: float) -> Size:
    width = min(whole.width, max(1, round(whole.height * ratio)))
    return Size(width, min(whole.height, max(1, round(width / ratio))))


def _canvas(natural_width: float, ratio: float, limits: ImageRules | VideoRules, multiple: int) -> Size:
    largest = min(limits.max_width, _MAX_SIDE, int(_MAX_SIDE * ratio), int(math.sqrt(MAX_CANVAS_PIXELS * ratio)))
    least = math.ceil(max(limits.min_width, multiple) / multiple) * multiple
    width = max(min(round(natural_width), largest) // multiple * multiple, least)
    size = canvas_size(width, ratio, limits, multiple) if width <= largest else None
    if size is None or size.width > largest:
        raise NoLayout(tr("no size in whole pixels has the right shape"))
    return size


def canvas_size(width: int, ratio: float, limits: ImageRules | VideoRules, multiple: int = 1) -> Size | None:
    """Return a size of about this width and ``ratio`` whose shape is within the limits; smaller ones come first.

    A shape that is prescribed exactly is met exactly where some width near by allows it: 594 x 1056 is 9:16.
    """
    smaller = range(width, max(limits.min_width, width - _SEARCHED, 1) - 1, -multiple)
    larger = range(width + multiple, min(limits.max_width, width + _SEARCHED) + 1, multiple)
    for rounding in (0.0, RATIO_ROUNDING):
        for each in (*smaller, *larger):
            height = _height(each, ratio, limits.min_ratio - rounding, limits.max_ratio + rounding, multiple)
            if height is not None:
                return Size(each, height)
    return None


def _height(width: int, ratio: float, min_ratio: float, max_ratio: float, multiple: int) -> int | None:
    lowest = max(1, math.ceil(width / max_ratio / multiple - _EXACT)) * multiple
    highest = math.floor(width / min_ratio / multiple + _EXACT) * multiple if min_ratio > 0 else _MAX_SIDE
    wanted = round(width / ratio / multiple) * multiple
    return min(max(wanted, lowest), highest) if lowest <= highest else None


def _stepped(length: float, multiple: int, most: int) -> int:
    return min(max(1, round(length / multiple)) * multiple, most)


def _corner(whole: Size, crop: Size, focus: tuple[float, float]) -> tuple[int, int]:
    """Return the corner of the crop that has the focus as near to its middle as the edges allow."""
    left = round(whole.width * focus[0] - crop.width / 2)
    top = round(whole.height * focus[1] - crop.height / 2)
    return min(max(left, 0), whole.width - crop.width), min(max(top, 0), whole.height - crop.height)
