"""How many characters are left: quiet until 90 %, then amber, then red."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.painting import RIGHT, draw_text
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.kit.i18n import tr

_RING_PX = 18


class CounterRing(QWidget):
    """The number left and a ring that fills up. The rule of the network goes into the tool tip."""

    def __init__(self, used: int = 0, limit: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._used, self._limit = used, limit
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_count(used, limit)

    def set_count(self, used: int, limit: int) -> None:
        """Show ``used`` of ``limit`` units, as the network counts them."""
        changed_digits = len(str(limit - used)) != len(str(self._limit - self._used))
        self._used, self._limit = used, max(1, limit)
        self.setAccessibleName(tr("{used} of {limit} characters", used=used, limit=limit))
        if changed_digits:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return number and ring."""
        return QSize(theme().scaled(9) * max(3, len(str(self._limit - self._used))) + _RING_PX + 10, theme().scaled(26))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the number, the track and the arc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        part = self._used / self._limit
        ring = QRectF(self.width() - _RING_PX - 2, (self.height() - _RING_PX) / 2, _RING_PX, _RING_PX)
        painter.setPen(QPen(theme().color("pressed"), 2.5))
        painter.drawEllipse(ring)
        arc, ink = self._tokens(part)
        pen = QPen(theme().color(arc), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        if self._used:
            painter.drawArc(ring, 90 * 16, round(-360 * 16 * min(1.0, part)))
        number = QRectF(0, 0, ring.left() - 7, self.height())
        draw_text(painter, number, str(self._limit - self._used).replace("-", "−"), "label", ink, RIGHT, tabular=True)

    @staticmethod
    def _tokens(part: float) -> tuple[Token, Token]:
        """Return the colours of arc and number."""
        if part > 1:
            return "danger", "danger"
        return ("warning", "warning") if part >= 0.9 else ("accent", "text2")
