"""Soft shadows from a small cached pixmap, stretched in nine slices.

Draw them in the *parent* or on a margin of a translucent window: a widget cannot paint outside itself, and
``QGraphicsDropShadowEffect`` repaints everything above it each time.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal, TypeAlias

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from desktop.gui.theme.theme import theme

Elevation: TypeAlias = Literal["sm", "md", "lg", "xl"]
_BLUR_AND_DROP: dict[Elevation, tuple[int, int]] = {"sm": (10, 3), "md": (14, 6), "lg": (24, 8), "xl": (28, 14)}
_LAYERS = 24


def shadow_margin(elevation: Elevation) -> int:
    """Return how far a shadow of ``elevation`` can reach beyond its box, in logical pixels."""
    blur, drop = _BLUR_AND_DROP[elevation]
    return blur + drop


def draw_shadow(painter: QPainter, rect: QRectF, radius: float, elevation: Elevation, strength: float = 1.0) -> None:
    """Draw the shadow of a box ``rect`` with corner ``radius``; ``strength`` scales the scheme's own opacity."""
    blur, drop = _BLUR_AND_DROP[elevation]
    color = theme().color("shadow")
    ratio = painter.device().devicePixelRatioF()
    tile = _tile(round(radius), blur, color.name(), min(255, round(color.alpha() * strength)), ratio)
    outer = rect.adjusted(-blur, drop - blur, blur, drop + blur)
    # A box smaller than the tile's two corners gets smaller corners.
    corner = min(blur * 2.0 + radius, outer.width() / 2, outer.height() / 2)
    side = float(tile.width())
    cut = (blur * 2.0 + radius) * ratio
    source = (0.0, cut, side - cut, side)
    across = (outer.left(), outer.left() + corner, outer.right() - corner, outer.right())
    down = (outer.top(), outer.top() + corner, outer.bottom() - corner, outer.bottom())
    for i in range(3):
        for j in range(3):
            target = QRectF(across[i], down[j], across[i + 1] - across[i], down[j + 1] - down[j])
            piece = QRectF(source[i], source[j], source[i + 1] - source[i], source[j + 1] - source[j])
            painter.drawPixmap(target, tile, piece)


@lru_cache(maxsize=64)
def _tile(radius: int, blur: int, rgb: str, alpha: int, ratio: float) -> QPixmap:
    """Paint the shadow of the smallest box that has all four corners.

    Rounded boxes from ``blur`` px outside to ``blur`` px inside are added up, weighted by a bell curve, which comes
    close to a Gaussian blur with sigma = blur / 2. Sixteen bits per channel keep the faint layers from banding.
    """
    side = round((4 * blur + 2 * radius + 2) * ratio)
    image = QImage(side, side, QImage.Format.Format_RGBA64_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.scale(ratio, ratio)
    spreads = [1 - 2 * (layer + 0.5) / _LAYERS for layer in range(_LAYERS)]
    weights = [math.exp(-2.0 * spread * spread) for spread in spreads]
    box = QRectF(blur, blur, 2 * blur + 2 * radius + 2, 2 * blur + 2 * radius + 2)
    for spread, weight in zip(spreads, weights, strict=True):
        color = QColor(rgb)
        color.setAlphaF(alpha / 255 * weight / sum(weights))
        painter.setBrush(color)
        grow = spread * blur
        corner = max(0.0, radius + grow)
        painter.drawRoundedRect(box.adjusted(-grow, -grow, grow, grow), corner, corner)
    painter.end()
    return QPixmap.fromImage(image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))
