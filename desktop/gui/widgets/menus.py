"""A menu with round corners, and its entries."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.gui.theme.icons import icon_for
from desktop.gui.theme.tokens import Token


class Menu(QMenu):
    """A menu on a see-through window, so that the style sheet's round corners show."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setToolTipsVisible(True)

    def add(
        self,
        text: str,
        identifier: str,
        on_triggered: Callable[[], object],
        *,
        icon: str = "",
        color: Token = "text2",
        shortcut: str = "",
        enabled: bool = True,
    ) -> QAction:
        """Append an entry; its object name is ``identifier``. ``shortcut`` is shown and works in the menu's window."""
        action = QAction(text, self)
        action.setObjectName(identifier)
        if icon:
            action.setIcon(icon_for(icon, color))
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: on_triggered())
        self.addAction(action)
        return action
