"""Small marks of state: dot, pill, badge."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.icons import Color
from desktop.gui.theme.painting import (
    CENTER,
    STATUS_LOOKS,
    Status,
    draw_box,
    draw_disc,
    draw_status_glyph,
    draw_text,
    text_width,
)
from desktop.gui.theme.theme import theme


def draw_badge(painter: QPainter, right: float, middle: float, text: str, fill: Color, ink: Color) -> float:
    """Draw a count in a pill that ends at ``right``, centred on height ``middle``; return its width."""
    height = theme().scaled(18)
    width = max(height, round(text_width(text, "caption", 600, tabular=True)) + 12)
    rect = QRectF(right - width, middle - height / 2, width, height)
    draw_box(painter, rect, height / 2, fill)
    draw_text(painter, rect, text, "caption", ink, CENTER, 600, tabular=True)
    return width


class StatusDot(QWidget):
    """A dot in a soft halo; its colour is repeated in words beside it, never alone."""

    def __init__(self, status: Status = "ok", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status: Status = status
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_status(self, status: Status) -> None:
        """Change the colour."""
        self._status = status
        self.update()

    def sizeHint(self) -> QSize:
        """Return 14 x 14."""
        return QSize(14, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw halo and dot."""
        painter = QPainter(self)
        _, ink, halo = STATUS_LOOKS[self._status]
        rect = QRectF(0, (self.height() - 14) / 2, 14, 14)
        draw_disc(painter, rect, halo)
        draw_disc(painter, rect.adjusted(3.5, 3.5, -3.5, -3.5), ink)


class StatusPill(QWidget):
    """State in words, with its shape and its colour."""

    def __init__(self, text: str, status: Status, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_state(text, status)

    def set_state(self, text: str, status: Status) -> None:
        """Change words and colour."""
        self._text = text
        self._status: Status = status
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return glyph, words and padding."""
        return QSize(round(text_width(self._text, "caption", 600)) + 34, theme().scaled(22))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pill."""
        draw_status_pill(QPainter(self), QRectF(self.rect()), self._text, self._status)


def draw_status_pill(painter: QPainter, rect: QRectF, text: str, status: Status) -> None:
    """Draw a pill with glyph and words; for delegates that cannot hold a :class:`StatusPill`."""
    _, ink, ground = STATUS_LOOKS[status]
    draw_box(painter, rect, rect.height() / 2, ground, "border" if ground == "inset" else None)
    draw_status_glyph(painter, QRectF(rect.left() + 8, rect.center().y() - 6, 12, 12), status)
    words = QRectF(rect.left() + 25, rect.top(), rect.width() - 32, rect.height())
    draw_text(painter, words, text, "caption", ink, weight=600)
