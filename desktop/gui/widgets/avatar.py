"""Round pictures of accounts: a photo, or initials on the account's hue, with the network's mark at the corner."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPaintEvent, QPixmap, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.domain.networks import Network
from desktop.gui.theme.fonts import font_for
from desktop.gui.theme.icons import Color, draw_icon
from desktop.gui.theme.networks import NETWORK_ICONS
from desktop.gui.theme.painting import CENTER, draw_disc
from desktop.gui.theme.theme import theme

# Degrees on the colour wheel from the start of an avatar's gradient to its end.
_HUE_TURN = {"pink": 30, "blue": -20, "teal": -25, "amber": -14}


def initials_of(name: str) -> str:
    """Return one or two capital letters for ``name``: of its first two words, or its first two letters."""
    words = [word for word in "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in name).split() if word]
    if not words:
        return "?"
    return (words[0][0] + words[1][0] if len(words) > 1 else words[0][:2]).upper()


def draw_avatar(
    painter: QPainter,
    rect: QRectF,
    initials: str,
    hue: str,
    picture: QPixmap | None = None,
    radius: float | None = None,
) -> None:
    """Draw ``picture``, or ``initials`` on a gradient of ``hue``, as a disc (or with corners of ``radius``)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_picture_brush(picture, rect) if picture is not None else QBrush(_gradient(rect, hue)))
    corner = rect.width() / 2 if radius is None else radius
    painter.drawRoundedRect(rect, corner, corner)
    if picture is None:
        font = font_for("label", 600)
        font = type(font)(font)
        font.setPixelSize(max(8, round(rect.width() * 0.38)))
        painter.setFont(font)
        painter.setPen(theme().color("onAccent"))
        painter.drawText(rect, CENTER, initials)
    painter.restore()


def draw_network_badge(painter: QPainter, rect: QRectF, network: Network, hue: str, ground: Color) -> None:
    """Draw the network's mark in a disc of the account's hue, ringed in the colour of the ``ground`` under it."""
    bar = theme().hue(hue).bar
    draw_disc(painter, rect.adjusted(-1.5, -1.5, 1.5, 1.5), ground)
    draw_disc(painter, rect, bar)
    ink = theme().tokens.light.colors["text"] if bar.lightnessF() > 0.7 else theme().color("onAccent")
    inset = rect.width() * 0.16
    draw_icon(painter, NETWORK_ICONS[network], rect.adjusted(inset, inset, -inset, -inset), ink)


class Avatar(QWidget):
    """An avatar on its own. ``size_px`` is its side in logical pixels."""

    def __init__(
        self,
        name: str,
        hue: str,
        size_px: int = 30,
        network: Network | None = None,
        picture: QPixmap | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._size_px = size_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_account(name, hue, network, picture)

    def set_account(self, name: str, hue: str, network: Network | None = None, picture: QPixmap | None = None) -> None:
        """Show another account."""
        self._initials, self._hue, self._network, self._picture = initials_of(name), hue, network, picture
        self.setAccessibleName(name if network is None else f"{name}, {network.label}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the square, with room for the badge."""
        return QSize(self._size_px + 4, self._size_px + 4) if self._network else QSize(self._size_px, self._size_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw avatar and badge."""
        painter = QPainter(self)
        rect = QRectF(0, 0, self._size_px, self._size_px)
        draw_avatar(painter, rect, self._initials, self._hue, self._picture)
        if self._network:
            side = max(13.0, self._size_px * 0.45)
            badge = QRectF(self.width() - side - 1, self.height() - side - 1, side, side)
            draw_network_badge(painter, badge, self._network, self._hue, "surface")


def _gradient(rect: QRectF, hue: str) -> QLinearGradient:
    # The light scheme's colour in both: white initials must read on it.
    start = theme().tokens.light.hues[hue].bar
    turned = (max(0, start.hslHue()) + _HUE_TURN.get(hue, 0)) % 360
    end = QColor.fromHsl(turned, start.hslSaturation(), min(255, start.lightness() + 32))
    gradient = QLinearGradient(rect.topLeft(), rect.bottomRight())
    gradient.setColorAt(0, start)
    gradient.setColorAt(1, end)
    return gradient


def _picture_brush(picture: QPixmap, rect: QRectF) -> QBrush:
    # A texture, not a clip: clips have ragged edges at 1x.
    scale = max(rect.width() / picture.width(), rect.height() / picture.height())
    brush = QBrush(picture)
    brush.setTransform(QTransform.fromTranslate(rect.left(), rect.top()).scale(scale, scale))
    return brush
