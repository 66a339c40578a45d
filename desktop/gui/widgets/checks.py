"""Things that are on or off."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import draw_box, draw_disc, draw_focus_ring, draw_text, text_width
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.gui.widgets.identity import identify

_KEYBOARD_REASONS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class _Toggle(QCheckBox):
    """A painted check box: the role, the keys and the Press action stay Qt's."""

    mark_px = QSize(18, 18)
    ring_radius = 8.0

    def __init__(
        self, text: str, identifier: str, name: str | None = None, checked: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setChecked(checked)
        identify(self, identifier, name or text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._is_ring_shown = False

    def sizeHint(self) -> QSize:
        """Return mark and words, 28 px high or more."""
        words = round(text_width(self.text())) + 10 if self.text() else 0
        return QSize(self.mark_px.width() + 8 + words, max(28, theme().scaled(28)))

    def minimumSizeHint(self) -> QSize:
        """Return the same: it does not shrink."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """Take clicks anywhere on mark and words."""
        return self.rect().contains(pos)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember whether the keyboard brought the focus."""
        self._is_ring_shown = event.reason() in _KEYBOARD_REASONS
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the ring from the first key on."""
        self._is_ring_shown = True
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw mark, words and ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mark = QRectF(4, (self.height() - self.mark_px.height()) / 2, self.mark_px.width(), self.mark_px.height())
        self.paint_mark(painter, mark)
        words = QRectF(mark.right() + 10, 0, self.width() - mark.right() - 10, self.height())
        draw_text(painter, words, self.text(), "body", "text" if self.isEnabled() else "disabled")
        if self._is_ring_shown and self.hasFocus():
            draw_focus_ring(painter, mark.adjusted(-4, -4, 4, 4), self.ring_radius)

    def paint_mark(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the part that shows on or off; each kind of toggle has its own."""


class CheckBox(_Toggle):
    """A square with a tick, for choosing some of many."""

    def paint_mark(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the square and its tick."""
        if self.isChecked():
            fill: Token = "accentHover" if self.underMouse() else "accent"
            draw_box(painter, rect, 5, fill if self.isEnabled() else "disabled")
            draw_icon(painter, "check", rect.adjusted(2, 2, -2, -2), "onAccent")
        else:
            draw_box(painter, rect, 5, "surface" if self.isEnabled() else "inset", "text3", 1.25)


class Switch(_Toggle):
    """A switch that works at once, for settings."""

    mark_px = QSize(34, 20)
    ring_radius = 14.0

    def paint_mark(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the track and the knob."""
        on: Token = "accentHover" if self.underMouse() else "accent"
        track: Token = (on if self.isChecked() else "text3") if self.isEnabled() else "borderStrong"
        draw_box(painter, rect, rect.height() / 2, track)
        side = rect.height() - 6
        x = rect.right() - 3 - side if self.isChecked() else rect.left() + 3
        draw_disc(painter, QRectF(x, rect.top() + 3, side, side), "onAccent")
