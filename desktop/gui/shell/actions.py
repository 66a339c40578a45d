"""Every action of the window, registered once: the menu bar, the shortcuts and the list of shortcuts read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from desktop.gui.widgets.menus import Menu
from desktop.kit.i18n import tr

Role = QAction.MenuRole


@dataclass(frozen=True, slots=True)
class Command:
    """One action. ``keys`` are portable key sequences; the first is shown in the menu."""

    identifier: str
    text: str
    run: Callable[[], object]
    keys: Sequence[str] = ()
    role: QAction.MenuRole = Role.NoRole


class Actions:
    """The actions of a window and its menu bar."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._actions: dict[str, QAction] = {}

    def __getitem__(self, identifier: str) -> QAction:
        """Return an action; ``KeyError``."""
        return self._actions[identifier]

    def all(self) -> Sequence[QAction]:
        """Return the actions in the order of the menus."""
        return tuple(self._actions.values())

    def add_menu(self, title: str, identifier: str, *items: Command | QAction | Menu | None) -> Menu:
        """Add a menu to the bar; ``None`` is a line."""
        menu = self.make_menu(title, identifier, *items)
        self._window.menuBar().addMenu(menu)
        return menu

    def make_menu(self, title: str, identifier: str, *items: Command | QAction | Menu | None) -> Menu:
        """Make a menu; nested menus are given as items."""
        menu = Menu(title, self._window)
        menu.setObjectName(identifier)
        menu.setAccessibleName(title.replace("&", ""))
        for item in items:
            if item is None:
                menu.addSeparator()
            elif isinstance(item, QMenu):
                menu.addMenu(item)
            else:
                menu.addAction(item if isinstance(item, QAction) else self._add(item))
        return menu

    def adopt(self, action: QAction, identifier: str, keys: Sequence[str]) -> QAction:
        """Take in an action that somebody else made."""
        action.setObjectName(identifier)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setMenuRole(Role.NoRole)
        self._actions[identifier] = action
        return action

    def choices(self, commands: Sequence[Command], current: str) -> list[QAction]:
        """Return actions of which one is checked; ``current`` is its identifier."""
        group = QActionGroup(self._window)
        made = []
        for command in commands:
            action = self._add(command)
            action.setCheckable(True)
            action.setChecked(command.identifier == current)
            group.addAction(action)
            made.append(action)
        return made

    def _add(self, command: Command) -> QAction:
        action = QAction(tr(command.text), self._window)
        action.triggered.connect(lambda _checked=False: command.run())
        self.adopt(action, command.identifier, command.keys)
        action.setMenuRole(command.role)
        self._window.addAction(action)
        return action
