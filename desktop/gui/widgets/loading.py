"""What shows that something is on its way."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QLinearGradient, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.painting import draw_box
from desktop.gui.theme.theme import theme
from desktop.kit.i18n import tr

_FRAME_MS = 33


class _Animated(QWidget):
    """Repaints thirty times a second while it can be seen, and not at all otherwise."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._phase = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._advance)
        self.setAccessibleName(tr("Loading"))

    def showEvent(self, event: QShowEvent) -> None:
        """Run."""
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        self._timer.stop()
        super().hideEvent(event)

    def _advance(self) -> None:
        self._phase = (self._phase + 0.03) % 1.0
        self.update()


class LoadingLine(_Animated):
    """A 2 px line under a bar: running along, or as long as the part that is done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part: float | None = None
        self.setFixedHeight(2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_progress(self, part: float | None) -> None:
        """Show ``part`` (0..1) of the work as done; ``None`` when nobody knows."""
        self._part = part
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        width = self.width()
        accent, clear = theme().color("accent"), theme().color("accent", 0)
        if self._part is not None:
            painter.fillRect(QRectF(0, 0, width * min(1.0, self._part), 2), accent)
            return
        length = width * 0.35
        left = -length + (width + length) * self._phase
        gradient = QLinearGradient(left, 0, left + length, 0)
        gradient.setColorAt(0, clear)
        gradient.setColorAt(0.7, accent)
        gradient.setColorAt(1, clear)
        painter.fillRect(QRectF(left, 0, length, 2), gradient)


class Spinner(_Animated):
    """A turning arc the size of an icon."""

    def __init__(self, size_px: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size_px = size_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the icon's square."""
        return QSize(self._size_px, self._size_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the arc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(2, 2, self._size_px - 4, self._size_px - 4)
        painter.setPen(QPen(theme().color("pressed"), 2))
        painter.drawEllipse(ring)
        painter.setPen(QPen(theme().color("accent"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(ring, round(-360 * 16 * self._phase), 100 * 16)


class SkeletonLines(QWidget):
    """Grey bars where text will be. They do not move, so they cost nothing."""

    def __init__(self, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setAccessibleName(tr("Loading"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return 22 px per line."""
        return QSize(200, 22 * self._lines)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bars, each of another length."""
        painter = QPainter(self)
        for line in range(self._lines):
            width = self.width() * (0.92, 0.78, 0.86, 0.55)[line % 4]
            draw_box(painter, QRectF(0, 22 * line + 5, width, 11), 5.5, "hover")
