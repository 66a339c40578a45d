"""The program's mark: a paper plane on a rounded square, for sidebar, window and tray."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QLinearGradient, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.theme import theme

_SIZES = (16, 22, 24, 32, 48, 64, 128)


def draw_mark(painter: QPainter, rect: QRectF) -> None:
    """Draw the mark into the square ``rect``."""
    side = rect.width()
    gradient = QLinearGradient(rect.topLeft(), rect.bottomRight())
    gradient.setColorAt(0, theme().tokens.light.colors["accent"].lighter(118))
    gradient.setColorAt(1, theme().tokens.light.colors["accentPressed"])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(gradient)
    painter.drawRoundedRect(rect, side * 0.27, side * 0.27)
    painter.restore()
    plane = round(side * 0.56)
    corner = rect.center() - QPointF(plane / 2 + side * 0.02, plane / 2 - side * 0.02)
    draw_icon(painter, "send", QRectF(corner.x(), corner.y(), plane, plane), theme().tokens.light.colors["onAccent"])


@cache
def mark_icon(*, is_paused: bool = False) -> QIcon:
    """Return the mark as an icon; pale while publishing is paused."""
    icon = QIcon()
    for side in _SIZES:
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setOpacity(0.45 if is_paused else 1.0)
        draw_mark(painter, QRectF(0, 0, side, side))
        painter.end()
        icon.addPixmap(pixmap)
    return icon


class BrandMark(QWidget):
    """The mark as decoration."""

    def __init__(self, side_px: int = 30, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side_px = side_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the square."""
        return QSize(self._side_px, self._side_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the mark."""
        draw_mark(QPainter(self), QRectF(self.rect()))
