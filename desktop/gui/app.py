"""The program with a window. It shows itself first; what is slow to load comes behind the first picture."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from desktop.gui.shell.main_window import MainWindow
from desktop.gui.shell.places import PLACES
from desktop.gui.shell.window_memory import WindowMemory
from desktop.gui.theme.theme import theme
from desktop.kit import branding
from desktop.kit.i18n import tr

if TYPE_CHECKING:
    from desktop.gui.shell.ports import Workspace
    from desktop.gui.shell.session import Session
    from desktop.gui.shell.studio import Studio


def application() -> QApplication:
    """Return the application object, made on the first call."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    QCoreApplication.setApplicationName(branding.NAME)
    made = QApplication(sys.argv[:1])
    made.setDesktopFileName(branding.APPLICATION_ID)
    made.setQuitOnLastWindowClosed(False)
    return made


def run(open_workspace: Callable[[], Workspace], first_run: Callable[[Workspace], None], *, folder: Path) -> int:
    """Run the window until it is left; return the exit status.

    ``open_workspace`` opens the profile and ``first_run`` fills an untouched one; both run on threads, and their
    ``TidingsError`` is shown in the window. ``folder`` is the profile's. The caller closes the workspace afterwards.
    """
    gc.disable()  # the loader's thread must not collect Qt objects; the session collects on this one
    qt = application()
    if _is_shown_elsewhere(folder):
        sys.stderr.write(tr("{name} is already running; its window is in front now.", name=branding.NAME) + "\n")
        return 0
    memory = WindowMemory(folder)
    theme().apply(qt, memory.theme, memory.text_scale)
    program = Program(memory, open_workspace, first_run, folder)
    program.is_guarding = True
    program.window.show()
    status = qt.exec()
    program.close()
    return status


def tour(workspace: Workspace, pictures: Path) -> None:
    """Save every page of the window on an opened profile, light and dark, as PNG files in ``pictures``; no screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    make = cast("type[Studio]", import_module("desktop.gui.shell.studio").Studio)
    studio = make(application(), workspace)
    try:
        for mode in ("light", "dark"):
            studio.save_pages(pictures, mode, studio.richest_post())
    finally:
        studio.close()


class _Loader(QObject):
    """Imports modules on a thread, since that takes long enough to be felt; then tells."""

    loaded = Signal()

    def load(self, *modules: str) -> None:
        """Begin."""
        threading.Thread(target=self._work, args=(modules,), name="loader", daemon=True).start()

    def _work(self, modules: tuple[str, ...]) -> None:
        for module in modules:
            import_module(module)
        self.loaded.emit()


class Program:
    """The window, and what stands behind it as soon as the first picture is there."""

    def __init__(
        self,
        memory: WindowMemory,
        open_workspace: Callable[[], Workspace],
        first_run: Callable[[Workspace], None],
        folder: Path,
    ) -> None:
        self._ways = (open_workspace, first_run, folder)
        self.window = MainWindow(memory)
        self.session: Session | None = None
        self.is_guarding = False  # whether the process's last guards become ours: log what nobody caught, say so, go on
        self._loader = _Loader()
        self._loader.loaded.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        first = PLACES[self.window.first_place].module
        self.window.painted.connect(lambda: self._loader.load("desktop.gui.shell.session", first))

    def _begin(self) -> None:
        """Build the rest and open the profile."""
        make = cast("type[Session]", import_module("desktop.gui.shell.session").Session)
        self.session = make(self.window, *self._ways)
        self.session.finished.connect(QCoreApplication.quit)
        if self.is_guarding:
            self._guard(self.session)
        self.session.open()

    def _guard(self, session: Session) -> None:
        install = import_module("desktop.gui.bridge.excepthooks").install_excepthooks
        install(session.context.bug_found.emit)

    def close(self) -> None:
        """End the threads and take the window down; the event loop has ended."""
        if self.session is not None:
            self.session.close()
        self.window.may_close = True
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _is_shown_elsewhere(folder: Path) -> bool:
    """Whether another window has the profile and came to the front."""
    if not (folder / "run" / "window.pid").exists():
        return False
    raise_other = cast("Callable[[Path], bool]", import_module("desktop.gui.shell.single_instance").raise_other_window)
    return raise_other(folder)
