"""A bar of how much is used: quiet while there is room, amber when it gets tight, red when nothing is left."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.painting import draw_box
from desktop.gui.theme.tokens import Token
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row
from desktop.kit.i18n import tr

_HEIGHT = 6


class Bar(QWidget):
    """``part`` is what is used, 0 to 1 and more; it turns amber at ``tight``."""

    def __init__(self, part: float, tight: float) -> None:
        super().__init__()
        self._part = min(1.0, max(0.0, part))
        self._token: Token = "danger" if part >= 1 else "warning" if part >= tight else "accent"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a low bar."""
        return QSize(120, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the groove and what is used."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        draw_box(painter, rect, _HEIGHT / 2, "pressed")
        if self._part:
            # never shorter than it is high: one of 250 can be seen as well
            rect.setWidth(max(float(_HEIGHT), rect.width() * self._part))
            draw_box(painter, rect, _HEIGHT / 2, self._token)


class Meter(QWidget):
    """What is counted, how much is left, the bar, and a note below if there is one."""

    def __init__(self, identifier: str, title: str, left: str, note: str, part: float, tight: float) -> None:
        super().__init__()
        identify(self, identifier, tr("{title}: {left}", title=title, left=left))
        self.setAccessibleDescription(note)
        layout = column(
            row(Label(title, "body"), None, Label(left, "body", "muted"), spacing=12), Bar(part, tight), spacing=6
        )
        if note:
            layout.addWidget(Label(note, "caption", "muted", wrap=True))
        self.setLayout(layout)
