"""Words that are not pressed."""

from __future__ import annotations

from typing import Literal, TypeAlias

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.gui.theme.fonts import font_for
from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import draw_text
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token, TypeRole

Tone: TypeAlias = Literal["muted", "faint", "accent", "success", "warning", "danger", "info"]


class Label(QLabel):
    """Text in a type role and, if wanted, a tone; plain text always, so that a post's words cannot be markup."""

    def __init__(
        self,
        text: str = "",
        role: TypeRole = "body",
        tone: Tone | None = None,
        *,
        wrap: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(wrap)
        self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        height_policy = QSizePolicy.Policy.Minimum if wrap else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, height_policy)

    def set_tone(self, tone: Tone | None) -> None:
        """Change the colour."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)


class ElidedLabel(QWidget):
    """One line that ends in an ellipsis when there is no room; the whole text is the tool tip and the name."""

    def __init__(
        self,
        text: str = "",
        role: TypeRole = "body",
        color: Token = "text",
        weight: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role: TypeRole = role
        self._color: Token = color
        self._weight = weight
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._text = ""
        self.set_text(text)

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Change the text."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the whole text."""
        metrics = QFontMetrics(font_for(self._role, self._weight))
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few letters."""
        return QSize(24, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        draw_text(painter, QRectF(self.rect()), self._text, self._role, self._color, weight=self._weight)

    def event(self, event: QEvent) -> bool:
        """Offer the whole text as a tool tip only when it is cut."""
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(self._text if self.sizeHint().width() > self.width() else "")
        return super().event(event)


class IconLabel(QWidget):
    """An icon alone, as decoration: it has no name of its own."""

    def __init__(self, icon: str, color: Token = "text2", size_px: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._color: Token = color
        self._size_px = size_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, color: Token) -> None:
        """Change icon and colour."""
        self._icon = icon
        self._color = color
        self.update()

    def sizeHint(self) -> QSize:
        """Return the icon's square."""
        side = theme().scaled(self._size_px)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon."""
        side = theme().scaled(self._size_px)
        painter = QPainter(self)
        draw_icon(painter, self._icon, QRectF(0, (self.height() - side) / 2, side, side), self._color)
