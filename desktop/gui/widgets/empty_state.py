"""What stands where nothing is yet: one sentence, one button."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import draw_disc
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row


class _Emblem(QWidget):
    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(64, 64)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_disc(painter, QRectF(0, 0, 64, 64), "accentSoft")
        draw_icon(painter, self._icon, QRectF(19, 19, 26, 26), "accentText")


class EmptyState(QWidget):
    """An icon, a sentence, a hint in a second line if needed, and the one thing to do about it."""

    def __init__(
        self,
        icon: str,
        sentence: str,
        button: Button | None = None,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        words = Label(sentence, "h2", wrap=True)
        below = Label(hint, "body", "muted", wrap=True)
        if not hint:
            below.hide()
        for label in (words, below):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setMinimumWidth(300)
            label.setMaximumWidth(420)
        layout = column(None, row(None, _Emblem(icon), None), 10, spacing=6, margins=24)
        layout.addLayout(row(None, words, None))
        layout.addLayout(row(None, below, None))
        if button is not None:
            layout.addSpacing(10)
            layout.addLayout(row(None, button, None))
        layout.addStretch(2)
        self.setLayout(layout)
        self.setAccessibleName(sentence)
