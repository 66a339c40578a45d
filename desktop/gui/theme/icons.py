"""SVG icons in any colour, drawn at the device's own pixels.

Painted widgets call :func:`draw_icon`. What only takes a ``QIcon`` (menus, the tray, line edits) gets
:func:`icon_for`, whose engine asks the theme for its colour every time, so it follows a change of scheme by itself.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.kit.resources import resource_path

Color: TypeAlias = Token | QColor

_STROKE = re.compile(r'stroke-width="[\d.]+"')


def stroke_for(size_px: float) -> float:
    """Return the stroke width, in the icon's 24-unit grid: small icons need a heavier line to look the same."""
    return 1.75 if size_px > 14 else 2.2


def resolve(color: Color) -> QColor:
    """Return the colour behind a token of the current scheme; colours pass through."""
    return theme().color(color) if isinstance(color, str) else color


@cache
def _folder() -> Path:
    return resource_path("icons")


@cache
def _source(name: str) -> str:
    return (_folder() / f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=1024)
def _pixmap(name: str, color: str, pixels: int, stroke: float) -> QPixmap:
    svg = _STROKE.sub(f'stroke-width="{stroke}"', _source(name).replace("currentColor", color))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return pixmap


def icon_pixmap(name: str, color: Color, size_px: int, ratio: float = 1.0) -> QPixmap:
    """Return icon ``name`` as a square pixmap of ``size_px`` logical pixels at device ``ratio``.

    ``FileNotFoundError`` for a name that is not in ``resources/icons``.
    """
    pixmap = QPixmap(_pixmap(name, resolve(color).name(), round(size_px * ratio), stroke_for(size_px)))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def draw_icon(painter: QPainter, name: str, rect: QRectF, color: Color) -> None:
    """Draw icon ``name`` into the square ``rect`` (logical pixels)."""
    ratio = painter.device().devicePixelRatioF()
    pixmap = icon_pixmap(name, color, round(rect.width()), ratio)
    # On whole device pixels, or the drawing blurs.
    corner = QPointF(round(rect.x() * ratio) / ratio, round(rect.y() * ratio) / ratio)
    alpha = resolve(color).alphaF()
    if alpha < 1.0:
        before = painter.opacity()
        painter.setOpacity(before * alpha)
        painter.drawPixmap(corner, pixmap)
        painter.setOpacity(before)
    else:
        painter.drawPixmap(corner, pixmap)


class _ThemedIconEngine(QIconEngine):
    def __init__(self, name: str, token: Token) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        draw_icon(painter, self._name, QRectF(rect), self._token_for(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float) -> QPixmap:
        side = min(size.width(), size.height())  # in device pixels, whatever the scale
        return icon_pixmap(self._name, self._token_for(mode), round(side / scale), scale)

    def clone(self) -> QIconEngine:
        return _ThemedIconEngine(self._name, self._token)

    def _token_for(self, mode: QIcon.Mode) -> Token:
        return "disabled" if mode == QIcon.Mode.Disabled else self._token


@cache
def icon_for(name: str, color: Token = "text2") -> QIcon:
    """Return a ``QIcon`` of icon ``name`` in the colour of token ``color``, grey while disabled."""
    return QIcon(_ThemedIconEngine(name, color))
