"""What the window remembers for its first picture: place, look, and the page and post one was at.

It lies beside the data, in a file of its own, because it is read before the data is.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

from desktop.gui.theme.theme import ThemeMode


def known_mode(text: str) -> ThemeMode:
    """Return the mode that ``text`` names; "system" for any other."""
    return "light" if text == "light" else "dark" if text == "dark" else "system"


class WindowMemory:
    """A small file of values; losing it costs nothing but habits."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is the profile's; it need not exist."""
        self._file = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> ThemeMode:
        """The look of last time."""
        return known_mode(str(self._file.value("theme", "")))

    @property
    def text_scale(self) -> float:
        """The text size of last time; 1.0 is normal."""
        try:
            return float(str(self._file.value("text_scale", 1.0)))
        except ValueError:
            return 1.0

    def set_look(self, mode: ThemeMode, text_scale: float) -> None:
        """Remember the look."""
        self._file.setValue("theme", mode)
        self._file.setValue("text_scale", text_scale)

    @property
    def page(self) -> str:
        """The key of the page that was open; empty at first."""
        return str(self._file.value("page", ""))

    @property
    def post(self) -> str:
        """The id of the post that was being written; empty for none."""
        return str(self._file.value("post", ""))

    def set_place(self, page: str, post: str) -> None:
        """Remember page and post; written at once, so that a crash forgets neither."""
        if (page, post) != (self.page, self.post):
            self._file.setValue("page", page)
            self._file.setValue("post", post)
            self._file.sync()

    def restore_geometry(self, window: QWidget) -> bool:
        """Give ``window`` the size and place of last time; False when there is none."""
        stored = self._file.value("geometry")
        return isinstance(stored, QByteArray) and window.restoreGeometry(stored)

    def keep_geometry(self, window: QWidget) -> None:
        """Remember size and place."""
        self._file.setValue("geometry", window.saveGeometry())
        self._file.sync()
