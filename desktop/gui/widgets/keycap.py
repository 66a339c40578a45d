"""Key caps that teach a shortcut."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.icons import Color
from desktop.gui.theme.painting import CENTER, draw_box, draw_text, text_width
from desktop.gui.theme.theme import theme


def keys_width(keys: str) -> float:
    """Return how wide a cap with ``keys`` is."""
    return max(18.0, text_width(keys, "caption") + 10)


def draw_keys(
    painter: QPainter,
    right: float,
    middle: float,
    keys: str,
    fill: Color = "inset",
    ink: Color = "text3",
    border: Color | None = "border",
) -> float:
    """Draw a key cap ending at ``right``, centred on height ``middle``; return its width."""
    width, height = keys_width(keys), theme().scaled(18)
    rect = QRectF(right - width, middle - height / 2, width, height)
    draw_box(painter, rect, 4, fill, border)
    draw_text(painter, rect, keys, "caption", ink, CENTER)
    return width


class KeyHint(QWidget):
    """A key cap on its own, such as ``Ctrl K``."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setAccessibleName(keys)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the cap's size."""
        return QSize(round(keys_width(self._keys) + 0.5), theme().scaled(18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cap."""
        draw_keys(QPainter(self), self.width(), self.height() / 2, self._keys)
