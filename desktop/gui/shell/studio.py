"""The window without a person: pages on an opened profile, brought to rest and saved as pictures."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.bridge.task_runners import ThreadTaskRunner
from desktop.gui.bridge.tasks import Task, TaskContext
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.furnishing import furnish
from desktop.gui.shell.main_window import MainWindow
from desktop.gui.shell.menu_bar import MenuBar
from desktop.gui.shell.overview import Overview
from desktop.gui.shell.places import COMPOSER, PLACES
from desktop.gui.shell.ports import Workspace
from desktop.gui.shell.window_memory import WindowMemory
from desktop.gui.theme.theme import ThemeMode, theme

T = TypeVar("T")

_CALM_SECONDS = 0.25
_PATIENCE_SECONDS = 15.0
_ROUND_MS = 20


class WatchedTasks:
    """A task runner that knows whether anything is still going on."""

    def __init__(self) -> None:
        self._runner = ThreadTaskRunner()
        self._tasks: list[Task] = []

    @property
    def is_idle(self) -> bool:
        """Whether all that was asked for is done or cancelled."""
        self._tasks = [task for task in self._tasks if not (task.is_done or task.is_cancelled)]
        return not self._tasks

    def submit(
        self,
        work: Callable[[TaskContext], T],
        on_result: Callable[[T], object] | None = None,
        on_error: Callable[[Exception], object] | None = None,
        on_progress: Callable[[Any], object] | None = None,
        *,
        serial: bool = False,
        receiver: QObject | None = None,
    ) -> Task:
        """See :meth:`~desktop.gui.bridge.tasks.TaskRunner.submit`."""
        task = self._runner.submit(work, on_result, on_error, on_progress, serial=serial, receiver=receiver)
        self._tasks.append(task)
        return task

    def shutdown(self) -> None:
        """End the threads."""
        self._runner.shutdown()


class Studio:
    """The main window on ``workspace``; close it when done. Make it on the GUI thread."""

    def __init__(self, qt: QApplication, workspace: Workspace, size: tuple[int, int] = (1440, 900)) -> None:
        """``size`` is the window's, in logical pixels."""
        self._qt = qt
        theme().apply(qt, "light")
        self.tasks = WatchedTasks()
        self.window = MainWindow(WindowMemory(workspace.profile.dir / "run" / "studio"))
        self.context = PageContext(self.tasks, self.window.notify, parent=self.window)
        self.overview = overview = Overview(self.context, self.window)
        self.banners = furnish(self.window, self.context, overview)
        quiet: Callable[[], None] = lambda: None  # noqa: E731 - nobody presses anything here
        self.menus = MenuBar(self.window, self.context, overview, on_quit=quiet, on_about=quiet, on_shortcuts=quiet)
        self.context.adopt(workspace, workspace.settings.get())
        self.window.resize(*size)
        self.window.show()

    def set_look(self, mode: ThemeMode, text_scale: float = 1.0) -> None:
        """Switch the look."""
        theme().apply(self._qt, mode, text_scale)

    def settle(self) -> None:
        """Let everything happen that is going on, until nothing has for a moment."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        calm_since = time.monotonic()
        while time.monotonic() < deadline and time.monotonic() - calm_since < _CALM_SECONDS:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _ROUND_MS)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if not self.tasks.is_idle:
                calm_since = time.monotonic()

    def save(self, path: Path, widget: QWidget | None = None) -> Path:
        """Save the window, or another widget, as a picture; ``OSError`` when that fails."""
        self.settle()
        if not (widget or self.window).grab().save(str(path)):
            raise OSError(f"cannot write {path}")
        return path

    def richest_post(self) -> str:
        """Return the post with most parts and pictures; empty when there is none."""
        posts = self.context.services.drafting.list()
        sizes = {post.id: sum(1 + len(part.media) for part in post.shared.parts) for post in posts}
        return max(sizes, key=sizes.__getitem__, default="")

    def save_pages(
        self, folder: Path, mode: ThemeMode, post_id: str = "", *, text_scale: float = 1.0, suffix: str = ""
    ) -> None:
        """Save every page in one look as ``PAGE-MODEsuffix.png``; the composer shows ``post_id`` if one is given."""
        self.set_look(mode, text_scale)
        for key in PLACES:
            if key == COMPOSER.key:
                self.window.open_post(post_id) if post_id else self.window.compose()
            else:
                self.window.show_place(key)
            self.save(folder / f"{key}-{mode}{suffix}.png")

    def close(self) -> None:
        """End the threads and take the window down."""
        self.window.flush()
        self.tasks.shutdown()
        self.context.release()
        self.window.may_close = True
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
