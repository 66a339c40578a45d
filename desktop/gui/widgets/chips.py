"""Small rounded toggles: a filter per account, a tab per network."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import draw_box, draw_disc, draw_text, text_width
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.painted_button import PaintedButton


class FilterChip(PaintedButton):
    """A pill with a dot of the account's hue, full while its posts are shown. Checkable, checked at first."""

    ring_radius = 13.0

    def __init__(self, text: str, hue: str, identifier: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(text, identifier, name, None, parent)
        self._hue = hue
        self.setCheckable(True)
        self.setChecked(True)

    def content_size(self) -> QSize:
        """Return dot, words and padding."""
        return QSize(round(text_width(self.text(), "label")) + 34, theme().scaled(26))

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the pill."""
        draw_box(painter, rect, rect.height() / 2, "surface", "borderStrong" if self.is_hovered else "border")
        bar = theme().hue(self._hue).bar
        dot = QRectF(9, rect.center().y() - 4.5, 9, 9)
        draw_box(painter, dot, 4.5, bar if self.isChecked() else None, bar, 1.5)
        color = theme().color("text" if self.isChecked() else "text3")
        draw_text(painter, rect.adjusted(24, 0, -8, 0), self.text(), "label", color)


class TabChip(PaintedButton):
    """A tab with an icon, a count, a dot for "differs from the shared text" and a warning sign."""

    def __init__(
        self,
        text: str,
        identifier: str,
        *,
        icon: str = "",
        hue: str = "ink",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, identifier, text, on_click, parent)
        self._icon = icon
        self._hue = hue
        self._note = ""
        self._has_dot = self._has_warning = False
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def set_state(
        self, note: str = "", has_dot: bool = False, has_warning: bool = False, description: str = ""
    ) -> None:
        """Show ``note`` (such as "684 / 2200") and the marks; ``description`` says the marks in words."""
        self._note, self._has_dot, self._has_warning = note, has_dot, has_warning
        self.setAccessibleDescription(description or note)
        self.updateGeometry()
        self.update()

    def content_size(self) -> QSize:
        """Return everything side by side; the words measured in their heavier weight."""
        note = round(text_width(self._note, "caption", tabular=True)) + 7 if self._note else 0
        words = round(text_width(self.text(), "label", 600))
        extra = (21 if self._icon else 0) + (12 if self._has_dot else 0) + (20 if self._has_warning else 0)
        return QSize(words + note + extra + 25, theme().scaled(32))

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the tab."""
        here, middle = self.isChecked(), rect.center().y()
        if here:
            draw_box(painter, rect, 8, "raised", "borderStrong")
        elif self.is_hovered:
            draw_box(painter, rect, 8, "hover")
        x = 12.0
        if self._icon:
            draw_icon(painter, self._icon, QRectF(x, middle - 7, 14, 14), theme().hue(self._hue).bar)
            x += 21
        weight = 600 if here else 500
        width = text_width(self.text(), "label", weight)
        words = QRectF(x, 0, width + 1, rect.height())
        draw_text(painter, words, self.text(), "label", "text" if here or self.is_hovered else "text2", weight=weight)
        x += width + 7
        if self._has_dot:
            draw_disc(painter, QRectF(x, middle - 3, 6, 6), "accent")
            x += 12
        if self._note:
            width = text_width(self._note, "caption", tabular=True)
            note = QRectF(x, 0, width + 1, rect.height())
            draw_text(painter, note, self._note, "caption", "text3", tabular=True)
            x += width + 7
        if self._has_warning:
            draw_icon(painter, "triangle-alert", QRectF(x, middle - 7, 14, 14), "warning")


class ColorDot(QWidget):
    """A dot in an account's hue, for lists that name the account beside it."""

    def __init__(self, hue: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hue = hue
        self.setFixedSize(10, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dot."""
        draw_disc(QPainter(self), QRectF(0, 0, 10, 10), theme().hue(self._hue).bar)
