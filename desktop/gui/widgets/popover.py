"""A raised surface beside a control, for a quick look or a small choice."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from desktop.gui.widgets.cards import FloatingSurface
from desktop.gui.widgets.identity import identify


class Popover(QWidget):
    """A see-through pop-up window holding a :class:`FloatingSurface`.

    A click outside or Escape closes it; the focus goes back to where it was.
    """

    closed = Signal()

    def __init__(self, identifier: str, name: str, content: QLayout, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        identify(self, identifier, name)
        self._surface = FloatingSurface("md")
        self._surface.set_content(content)
        layout = QVBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._surface)
        self.setLayout(layout)
        self._return_to: QWidget | None = None

    def show_beside(self, anchor: QWidget, area: QRect | None = None) -> None:
        """Open below ``anchor`` (or below ``area`` inside it), above when there is no room, inside the screen."""
        self._return_to = anchor
        self.adjustSize()
        area = area or anchor.rect()
        margin = self._surface.margin_px
        below = anchor.mapToGlobal(area.bottomLeft()) + QPoint(-margin, 6 - margin)
        above = anchor.mapToGlobal(area.topLeft()).y() - self.height() - 6 + margin
        screen = anchor.screen().availableGeometry()
        x = min(max(screen.left() - margin, below.x()), screen.right() - self.width() + margin)
        y = below.y()
        if y + self.height() - margin > screen.bottom():
            y = max(screen.top() - margin, above)
        self.move(x, y)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the focus back."""
        super().hideEvent(event)
        if self._return_to is not None:
            self._return_to.setFocus(Qt.FocusReason.PopupFocusReason)
            self._return_to = None
        self.closed.emit()
