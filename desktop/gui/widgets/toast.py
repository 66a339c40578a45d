"""The toast: what just happened, with a way back. One at a time; the newest replaces the one before."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.gui.theme.fonts import font_for
from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import (
    STATUS_LOOKS,
    Status,
    clamped_lines,
    draw_box,
    draw_clamped_text,
    draw_text,
    text_width,
)
from desktop.gui.theme.shadows import draw_shadow, shadow_margin
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.keycap import draw_keys, keys_width
from desktop.gui.widgets.layouts import row
from desktop.gui.widgets.painted_button import PaintedButton
from desktop.kit.i18n import tr

SHOWN_FOR_MS = 10_000
_MARGIN = shadow_margin("md")
_MAX_TEXT_PX = 420


def _ink(token: Token) -> QColor:
    """Return a colour of the dark scheme: the toast is dark in both."""
    return theme().tokens.dark.colors[token]


class _ToastButton(PaintedButton):
    """Accented words with the key that does the same, or a plain icon, on the toast's dark ground."""

    ring_radius = 6.0

    def __init__(self, text: str, identifier: str, name: str, icon: str = "", keys: str = "") -> None:
        super().__init__(text, identifier, name)
        self._icon = icon
        self._keys = keys

    def content_size(self) -> QSize:
        height = theme().scaled(28)
        if self._icon:
            return QSize(height, height)
        keys = keys_width(self._keys) + 7 if self._keys else 0
        return QSize(round(text_width(self.text(), "body", 600) + keys) + 18, height)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        if self.is_hovered:
            draw_box(painter, rect, 6, QColor(255, 255, 255, 26))
        if self._icon:
            draw_icon(painter, self._icon, QRectF(rect.center().x() - 8, rect.center().y() - 8, 16, 16), _ink("text2"))
            return
        words = rect.adjusted(9, 0, -9, 0)
        draw_text(painter, words, self.text(), "body", _ink("accentText"), weight=600)
        if self._keys:
            ground = QColor(255, 255, 255, 30)
            draw_keys(painter, rect.right() - 8, rect.center().y(), self._keys, ground, _ink("text2"), None)

    def paint_ring(self, painter: QPainter, rect: QRectF) -> None:
        draw_box(painter, rect, self.ring_radius, None, _ink("focus"), 2)


class _Words(QWidget):
    """Icon and up to two lines of text."""

    def __init__(self, text: str, tone: Status) -> None:
        super().__init__()
        self._text = text
        self._tone: Status = tone
        self._lines = len(clamped_lines(text, font_for("body", 500), _MAX_TEXT_PX, 2))
        width = min(_MAX_TEXT_PX, round(text_width(text, "body", 500)) + 2)
        self.setFixedSize(width + 30, theme().scaled(18 * self._lines + 2))
        self.setAccessibleName(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icon, ink, _ = STATUS_LOOKS[self._tone]
        name = "check" if self._tone == "ok" else icon
        draw_icon(painter, name, QRectF(0, self.height() / 2 - 9, 18, 18), _ink(ink))
        words = QRectF(30, 0, self.width() - 30, self.height())
        if self._lines == 1:
            draw_text(painter, words, self._text, "body", _ink("text"), weight=500)
        else:
            draw_clamped_text(painter, words, self._text, 2, "body", _ink("text"), 500)


class Toast(QWidget):
    """One toast. It goes after ten seconds, but not while the pointer or the focus is on it."""

    closed = Signal()

    def __init__(
        self, host: QWidget, text: str, tone: Status, action: str, keys: str, on_action: Callable[[], object] | None
    ) -> None:
        super().__init__(host)
        identify(self, "toast", text)
        self._on_action = on_action
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.close_toast)
        self._left_ms = SHOWN_FOR_MS
        layout = row(_Words(text, tone), spacing=6, margins=(_MARGIN + 14, _MARGIN + 8, _MARGIN + 8, _MARGIN + 8))
        buttons = []
        if action:
            self.action = _ToastButton(action, "toast.action", action, keys=keys)
            self.action.clicked.connect(self._on_action_clicked)
            layout.addSpacing(10)
            buttons.append(self.action)
        close = _ToastButton("", "toast.close", tr("Dismiss"), icon="x")
        close.clicked.connect(self.close_toast)
        for button in (*buttons, close):
            button.installEventFilter(self)
            layout.addWidget(button)
        self.setLayout(layout)

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still."""
        return not self._timer.isActive()

    def start(self) -> None:
        """Start or go on counting, unless the pointer or the focus is here."""
        focused = self.focusWidget()
        if not self.underMouse() and not (focused is not None and focused.hasFocus()):
            self._timer.start(self._left_ms)

    def pause(self) -> None:
        """Stop counting."""
        if self._timer.isActive():
            self._left_ms = max(1_000, self._timer.remainingTime())
            self._timer.stop()

    def close_toast(self) -> None:
        """Go."""
        self._timer.stop()
        self.hide()
        self.closed.emit()

    def enterEvent(self, event: QEvent) -> None:
        """Wait while the pointer is here."""
        self.pause()
        super().enterEvent(event)  # type: ignore[arg-type]

    def leaveEvent(self, event: QEvent) -> None:
        """Go on."""
        self.start()
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait while a button has the focus."""
        if event.type() == QEvent.Type.FocusIn:
            self.pause()
        elif event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(0, self, self.start)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape dismisses."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_toast()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a dark surface with its shadow."""
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        draw_shadow(painter, rect, 10, "md", 1.6)
        scheme = theme().scheme
        ground = scheme.colors["pressed"] if scheme.is_dark else scheme.colors["text"]
        draw_box(painter, rect, 10, ground, scheme.colors["borderStrong"] if scheme.is_dark else None)

    def _on_action_clicked(self) -> None:
        action = self._on_action
        self.close_toast()
        if action is not None:
            action()


class ToastOverlay(QObject):
    """Shows toasts at the lower edge of ``host``, centred."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._toast: Toast | None = None
        host.installEventFilter(self)

    @property
    def is_shown(self) -> bool:
        """Whether a toast is to be seen."""
        return self._toast is not None

    def show_toast(
        self,
        text: str,
        *,
        tone: Status = "ok",
        action: str = "",
        keys: str = "",
        on_action: Callable[[], object] | None = None,
    ) -> None:
        """Show ``text``; ``action`` is the word on its button ("Undo"), ``keys`` the shortcut that does the same."""
        self.dismiss()
        toast = Toast(self._host, text, tone, action, keys, on_action)
        toast.closed.connect(self.dismiss)
        self._toast = toast
        self._place()
        toast.show()
        toast.raise_()
        toast.start()
        announce(self._host, text)

    def dismiss(self) -> bool:
        """Take the toast away; return whether there was one, so that Escape can be used up."""
        toast, self._toast = self._toast, None
        if toast is None:
            return False
        toast.hide()
        toast.deleteLater()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place when the host changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        if self._toast is not None:
            self._toast.adjustSize()
            x = (self._host.width() - self._toast.width()) // 2
            self._toast.move(max(0, x), self._host.height() - self._toast.height() - 24 + _MARGIN)


def announce(source: QWidget, text: str) -> None:
    """Have a screen reader say ``text`` when it next pauses."""
    if QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(source, text)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)
