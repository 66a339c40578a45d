"""What all painted buttons share: hover, Enter as well as Space, and a focus ring for keyboard users only."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.gui.theme.painting import draw_focus_ring
from desktop.gui.widgets.identity import identify

_KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_KEEPING_REASONS = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class PaintedButton(QAbstractButton):
    """A button drawn by :meth:`paint`; subclasses give :meth:`content_size` too.

    Qt has no ``:focus-visible``, so the button itself remembers whether the keyboard brought it the focus.
    """

    ring_radius = 8.0

    def __init__(
        self,
        text: str,
        identifier: str,
        name: str | None = None,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        identify(self, identifier, name or text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._is_ring_shown = False
        if on_click is not None:
            # Not connected directly: clicked() would hand its "checked" to the callback.
            self.clicked.connect(lambda _checked=False: on_click())

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the button; the ring comes on top. Each kind of button has its own."""

    def content_size(self) -> QSize:
        """Return the size the button wants, in logical pixels."""
        return QSize(24, 24)

    @property
    def is_ring_shown(self) -> bool:
        """Whether the focus ring is to be seen now."""
        return self._is_ring_shown and self.hasFocus()

    @property
    def is_hovered(self) -> bool:
        """Whether the pointer is over the button and it can be pressed."""
        return self.underMouse() and self.isEnabled()

    def sizeHint(self) -> QSize:
        """Return :meth:`content_size`."""
        return self.content_size()

    def minimumSizeHint(self) -> QSize:
        """Return :meth:`content_size`: buttons do not shrink below their words."""
        return self.content_size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the button, then the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        self.paint(painter, rect)
        if self.is_ring_shown:
            self.paint_ring(painter, rect)
        painter.end()

    def paint_ring(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the focus ring."""
        draw_focus_ring(painter, rect, self.ring_radius)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember whether the keyboard brought the focus."""
        if event.reason() not in _KEEPING_REASONS:
            self._is_ring_shown = event.reason() in _KEYBOARD_REASONS
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the ring from the first key on; Enter presses like Space."""
        self._is_ring_shown = True
        self.update()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take a new size when the text size changed with the style sheet."""
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)
