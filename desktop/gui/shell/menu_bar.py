"""The menus of the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction

from desktop.gui.shell.actions import Actions, Command, Role
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.main_window import MainWindow
from desktop.gui.shell.overview import Overview
from desktop.gui.shell.places import ACCOUNTS, ACTIVITY, CALENDAR, LIMITS, SETTINGS
from desktop.kit.branding import NAME
from desktop.kit.i18n import tr

_NEED_PROFILE = ("view.calendar", "view.a", "view.l", "view.s", "file.a", "file.s", "publish.")


class MenuBar(QObject):
    """Fills the menu bar and keeps its words true."""

    def __init__(
        self,
        window: MainWindow,
        context: PageContext,
        overview: Overview,
        *,
        on_quit: Callable[[], object],
        on_about: Callable[[], object],
        on_shortcuts: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._window, self._context, self._overview = window, context, overview
        self.actions = Actions(window)
        self._add_file(on_quit)
        self._add_edit()
        self._add_view()
        self._add_publish()
        self.actions.add_menu(
            tr("&Help"),
            "menu.help",
            Command("help.shortcuts", tr("Keyboard shortcuts"), on_shortcuts, ("F1", "?")),
            None,
            Command("help.about", tr("About {name}", name=NAME), on_about, role=Role.AboutRole),
        )
        overview.changed.connect(self._refresh)
        context.preferences_changed.connect(self._on_preferences_changed)
        self._refresh()

    def _go(self, key: str) -> Callable[[], None]:
        return lambda: self._window.show_place(key)

    def _add_file(self, on_quit: Callable[[], object]) -> None:
        self.actions.add_menu(
            tr("&File"),
            "menu.file",
            Command("file.new", tr("New post"), lambda: self._window.compose(), ("Ctrl+N",)),
            None,
            Command("file.accounts", tr("Connect an account …"), self._window.connect_account),
            Command("file.settings", tr("Settings"), self._go(SETTINGS.key), ("Ctrl+,",), Role.PreferencesRole),
            None,
            Command("file.close", tr("Close window"), self._window.close, ("Ctrl+W",)),
            Command("file.quit", tr("Quit"), on_quit, ("Ctrl+Q",), Role.QuitRole),
        )

    def _add_edit(self) -> None:
        undo = self._context.undo.createUndoAction(self._window, tr("Undo"))
        redo = self._context.undo.createRedoAction(self._window, tr("Redo"))
        adopt = self.actions.adopt
        self.actions.add_menu(
            tr("&Edit"),
            "menu.edit",
            adopt(undo, "edit.undo", ("Ctrl+Z",)),
            adopt(redo, "edit.redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
        )

    def _add_view(self) -> None:
        looks = (("system", tr("As the computer is set")), ("light", tr("Light")), ("dark", tr("Dark")))
        commands = [Command(f"view.theme.{mode}", words, partial(self._set_theme, mode)) for mode, words in looks]
        self._looks = self.actions.choices(commands, "view.theme.system")
        self.actions.add_menu(
            tr("&View"),
            "menu.view",
            Command("view.calendar", tr("Calendar"), self._go(CALENDAR.key), ("Ctrl+1", "G, C")),
            Command("view.activity", tr("Activity"), self._go(ACTIVITY.key), ("Ctrl+2", "G, A")),
            Command("view.accounts", tr("Accounts"), self._go(ACCOUNTS.key), ("Ctrl+3", "G, P")),
            Command("view.limits", tr("Limits"), self._go(LIMITS.key), ("G, L",)),
            Command("view.settings", tr("Settings"), self._go(SETTINGS.key), ("Ctrl+4", "G, S")),
            None,
            self.actions.make_menu(tr("Appearance"), "menu.theme", *self._looks),
            Command("view.full_screen", tr("Full screen"), self._toggle_full_screen, ("F11",)),
        )

    def _add_publish(self) -> None:
        self.actions.add_menu(
            tr("&Publish"),
            "menu.publish",
            Command("publish.toggle", tr("Pause publishing"), self._overview.toggle_publishing, ("Ctrl+Shift+P",)),
            Command("publish.attention", tr("What needs attention"), self._go(ACTIVITY.key)),
        )

    def _set_theme(self, mode: str) -> None:
        if self._context.is_open:
            settings = self._context.services.settings
            self._context.tasks.submit(
                lambda _task: settings.update(theme=mode), None, self._context.show_error, serial=True
            )

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _refresh(self) -> None:
        is_open = self._context.is_open
        for action in self.actions.all():
            if action.objectName().startswith(_NEED_PROFILE):
                action.setEnabled(is_open)
        toggle: QAction = self.actions["publish.toggle"]
        toggle.setText(tr("Resume publishing") if self._overview.facts.is_paused else tr("Pause publishing"))

    def _on_preferences_changed(self, _preferences: object) -> None:
        wanted = f"view.theme.{self._context.preferences.theme.value}"
        for action in self._looks:
            action.setChecked(action.objectName() == wanted)
        self._refresh()
