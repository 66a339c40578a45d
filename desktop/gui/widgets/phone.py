"""A telephone around the preview of a post."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.painting import LEFT, draw_box, draw_text, rounded_clip
from desktop.gui.theme.shadows import draw_shadow
from desktop.gui.theme.theme import theme

ScreenPainter: TypeAlias = Callable[[QPainter, QRectF], None]

FRAME_WIDTH_PX = 318
_RADIUS = 34
_STATUS_BAR_PX = 40


def screen_colors() -> tuple[QColor, QColor, QColor, QColor]:
    """Return ground, ink, quiet ink and line of a network's app in the current scheme.

    These are the networks' own blacks and whites, not our tokens: the preview shows *their* app.
    """
    if theme().scheme.is_dark:
        return QColor("#101010"), QColor("#F3F3F3"), QColor("#8B8B8B"), QColor("#2B2B2B")
    return QColor("#FFFFFF"), QColor("#101010"), QColor("#757575"), QColor("#E4E4E4")


def draw_phone(painter: QPainter, rect: QRectF, paint_screen: ScreenPainter) -> None:
    """Draw a telephone filling ``rect``; ``paint_screen`` draws below its status bar, clipped to the glass."""
    ground, ink, _, _ = screen_colors()
    draw_shadow(painter, rect, _RADIUS, "md", 0.6)
    draw_box(painter, rect, _RADIUS, ground, "borderStrong", 1.5)
    glass = rect.adjusted(1.5, 1.5, -1.5, -1.5)
    with rounded_clip(painter, glass, _RADIUS - 1.5):
        paint_screen(painter, glass.adjusted(0, _STATUS_BAR_PX, 0, 0))
    clock = QRectF(rect.left() + 26, rect.top() + 13, 60, 20)
    draw_text(painter, clock, "9:41", "label", ink, LEFT, 600)
    draw_box(painter, QRectF(rect.center().x() - 40, rect.top() + 13, 80, 20), 10, QColor("#000000"))


class PhoneFrame(QWidget):
    """A telephone with a painted screen, centred; it takes the height it gets."""

    def __init__(self, name: str, paint_screen: ScreenPainter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paint_screen = paint_screen
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Return frame and shadow."""
        return QSize(FRAME_WIDTH_PX + 24, 540)

    def minimumSizeHint(self) -> QSize:
        """Return what still shows a post."""
        return QSize(FRAME_WIDTH_PX + 12, 300)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the telephone."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = round((self.width() - FRAME_WIDTH_PX) / 2)
        draw_phone(painter, QRectF(left, 4, FRAME_WIDTH_PX, self.height() - 22), self._paint_screen)
