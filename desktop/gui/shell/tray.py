"""The icon beside the clock: what comes next, pausing, opening, quitting."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSystemTrayIcon

from desktop.gui.shell.brand_mark import mark_icon
from desktop.gui.shell.overview import Overview
from desktop.gui.widgets.menus import Menu
from desktop.kit.branding import NAME
from desktop.kit.i18n import tr

# some desktops bring their tray up after the programs that start with them
_LOOK_MS = 1_000
_LOOKS = 30
_PRESSES = (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick)


class Tray(QObject):
    """Shows itself as soon as the desktop has a place for it."""

    def __init__(
        self,
        overview: Overview,
        *,
        on_open: Callable[[], object],
        on_compose: Callable[[], object],
        on_quit: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._overview = overview
        self.menu = Menu()
        self._next = self.menu.add("", "tray.next", on_open, enabled=False)
        self.menu.addSeparator()
        self.menu.add(tr("Open {name}", name=NAME), "tray.open", on_open)
        self.menu.add(tr("New post"), "tray.new", on_compose)
        self._toggle = self.menu.add("", "tray.toggle", overview.toggle_publishing)
        self.menu.addSeparator()
        self.menu.add(tr("Quit"), "tray.quit", on_quit)
        self._icon = QSystemTrayIcon(mark_icon(), self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(lambda reason: on_open() if reason in _PRESSES else None)
        overview.changed.connect(self._refresh)
        self._refresh()
        self._looks = 0
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._look()

    @property
    def is_there(self) -> bool:
        """Whether the icon can be seen, so that the window may hide."""
        return self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def say(self, title: str, text: str) -> None:
        """Show a message beside the clock."""
        if self.is_there:
            self._icon.showMessage(title, text, mark_icon())

    def close(self) -> None:
        """Go away."""
        self._timer.stop()
        self._icon.hide()
        self.menu.deleteLater()

    def _look(self) -> None:
        self._looks += 1
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()
        if self._icon.isVisible() or self._looks >= _LOOKS:
            self._timer.stop()

    def _refresh(self) -> None:
        look = self._overview.publisher()
        is_paused = self._overview.facts.is_paused
        self._next.setText(self._overview.next_words() or look.headline)
        self._toggle.setText(tr("Resume publishing") if is_paused else tr("Pause publishing"))
        self._toggle.setEnabled(look.can_toggle)
        self._icon.setIcon(mark_icon(is_paused=is_paused))
        self._icon.setToolTip("\n".join(filter(None, (NAME, look.headline, look.detail))))
