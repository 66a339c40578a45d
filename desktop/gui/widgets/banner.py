"""A notice across the top of a page, for what concerns all of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.painting import STATUS_LOOKS, draw_box
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.buttons import Button, IconButton
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import IconLabel, Label
from desktop.gui.widgets.layouts import row
from desktop.kit.i18n import tr

BannerTone: TypeAlias = Literal["info", "warning", "danger"]


class Banner(QWidget):
    """Icon, words, at most one action, and a cross when it may be closed."""

    closed = Signal()

    def __init__(
        self,
        identifier: str,
        text: str,
        tone: BannerTone = "info",
        *,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """The action's identifier is ``identifier.action``, the cross's ``identifier.close``."""
        super().__init__(parent)
        self._tone: BannerTone = tone
        icon, ink, _ = STATUS_LOOKS[tone]
        self._icon = IconLabel(icon, ink, 18)
        self._label = Label(text, "body", wrap=True)
        layout = row(self._icon, self._label, spacing=10, margins=(14, 8, 8, 8))
        layout.setStretch(1, 1)
        self.action = Button(action, f"{identifier}.action", size="sm", on_click=on_action)
        if not action:
            self.action.hide()
        layout.addWidget(self.action)
        if closable:
            cross = IconButton("x", f"{identifier}.close", tr("Dismiss"), size="sm", on_click=self._on_close_clicked)
            layout.addWidget(cross)
        else:
            layout.addSpacing(4)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setMinimumHeight(44)
        identify(self, identifier, text)

    def set_message(self, text: str, tone: BannerTone | None = None, action: str | None = None) -> None:
        """Change words, tone and the action's word; ``action=""`` hides the button."""
        self._label.setText(text)
        self.setAccessibleName(text)
        if tone is not None:
            self._tone = tone
            icon, ink, _ = STATUS_LOOKS[tone]
            self._icon.set_icon(icon, ink)
        if action is not None:
            self.action.setText(action)
            self.action.setVisible(bool(action))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the soft ground with a faint line of the tone."""
        _, ink, ground = STATUS_LOOKS[self._tone]
        draw_box(QPainter(self), QRectF(self.rect()), 10, ground, theme().color(ink, 60))

    def _on_close_clicked(self) -> None:
        self.hide()
        self.closed.emit()
