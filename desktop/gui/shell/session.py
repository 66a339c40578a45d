"""The life of the window after its first picture: opening the profile, keeping it fresh, leaving."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QSessionManager

from desktop.gui.bridge.garbage import GarbageCollection
from desktop.gui.bridge.messages import message_for
from desktop.gui.bridge.task_runners import ThreadTaskRunner
from desktop.gui.bridge.tasks import TaskContext
from desktop.gui.shell.closing import Closing
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.dialogs import AboutDialog, ShortcutsDialog
from desktop.gui.shell.furnishing import furnish
from desktop.gui.shell.main_window import MainWindow
from desktop.gui.shell.menu_bar import MenuBar
from desktop.gui.shell.overview import Overview
from desktop.gui.shell.places import COMPOSER, PLACES, Place
from desktop.gui.shell.ports import Workspace
from desktop.gui.shell.tray import Tray
from desktop.gui.shell.trouble_page import TroublePage
from desktop.gui.widgets.dialogs import ConfirmDialog
from desktop.kit.i18n import tr

if TYPE_CHECKING:
    from desktop.gui.shell.single_instance import RaiseServer
    from desktop.services.settings.preferences import Preferences

_log = logging.getLogger(__name__)
_IDLE_MS = 400


class Session(QObject):
    """Ties the window to an opened profile. ``finished`` comes when everything has been left in order."""

    opened = Signal()
    finished = Signal()

    def __init__(
        self,
        window: MainWindow,
        open_workspace: Callable[[], Workspace],
        first_run: Callable[[Workspace], None],
        folder: Path,
    ) -> None:
        super().__init__(window)
        self._window, self._folder = window, folder
        self._open_workspace, self._first_run = open_workspace, first_run
        self._garbage = GarbageCollection(self)
        self._tasks = ThreadTaskRunner(self)
        self._raise_server: RaiseServer | None = None
        self._to_load = list(PLACES.values())
        self.context = PageContext(self._tasks, window.notify, parent=self)
        self._tasks.failed.connect(self.context.show_error)
        self.context.bug_found.connect(self.context.show_error)
        self.overview = Overview(self.context, self)
        self.banners = furnish(window, self.context, self.overview)
        self.tray = Tray(
            self.overview, on_open=window.come_forward, on_compose=self._on_tray_compose, on_quit=self.quit, parent=self
        )
        self.closing = Closing(window, self.context, self.overview, self.tray, self._on_left, self)
        self.menus = MenuBar(
            window,
            self.context,
            self.overview,
            on_quit=self.quit,
            on_about=lambda: AboutDialog(window).open(),
            on_shortcuts=lambda: ShortcutsDialog(self.menus.actions.all(), window).open(),
        )
        window.remove_samples_requested.connect(self.ask_remove_samples)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.commitDataRequest.connect(self._on_commit_data_request)

    # --- opening -------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open the profile on a thread.

        The composer, if it was open last time, is there to type in before: loading beside it would only slow both.
        """
        if self._window.first_place == COMPOSER.key:
            QTimer.singleShot(0, self, self._open_after_composer)
        else:
            self._open_profile()

    def _open_after_composer(self) -> None:
        self._window.open_first()
        QTimer.singleShot(0, self, self._open_profile)

    def _open_profile(self) -> None:
        open_workspace, first_place = self._open_workspace, PLACES[self._window.first_place]

        def work(_task: TaskContext) -> tuple[Workspace, Preferences]:
            workspace = open_workspace()
            preferences = workspace.settings.get()
            first_place.load()
            return workspace, preferences

        self._tasks.submit(work, self._on_opened, self._on_open_failed, receiver=self)

    def _on_opened(self, found: tuple[Workspace, Preferences]) -> None:
        workspace, preferences = found
        self.context.adopt(workspace, preferences)
        self._window.clear_trouble()
        self._window.open_first()
        # by name: it brings a library that nothing needs before
        serve = cast("type[RaiseServer]", import_module("desktop.gui.shell.single_instance").RaiseServer)
        self._raise_server = serve(self._folder, self._window.come_forward, self)
        workspace.start_publishing()
        self.banners.set_preparing(preferences.workspace_kind.value == "new")
        first_run = self._first_run
        self._tasks.submit(
            lambda _task: first_run(workspace), lambda _n: self._on_prepared(), self._on_prepare_failed, receiver=self
        )
        QTimer.singleShot(_IDLE_MS, self, self._load_next)
        self.opened.emit()

    def _on_open_failed(self, error: Exception) -> None:
        _log.warning("the profile could not be opened", exc_info=error)
        self._window.show_trouble(TroublePage(message_for(error), on_retry=self._on_retry, on_quit=self.quit))

    def _on_retry(self) -> None:
        self._window.clear_trouble()
        self.open()

    def _on_prepared(self) -> None:
        self.banners.set_preparing(False)
        self.overview.reload()

    def _on_prepare_failed(self, error: Exception) -> None:
        self._on_prepared()
        self.context.show_error(error)

    def _load_next(self) -> None:
        """Import the other pages one after another, so that their first visit is quick."""
        if self._to_load:
            place: Place = self._to_load.pop(0)
            self._tasks.submit(
                lambda _task: place.load(), lambda _n: QTimer.singleShot(_IDLE_MS, self, self._load_next), receiver=self
            )

    # --- acting --------------------------------------------------------------------------------------------------

    def ask_remove_samples(self) -> None:
        """Ask whether the sample workspace shall become the person's own."""
        ConfirmDialog(
            "remove_samples",
            tr("Remove the samples?"),
            tr(
                "The sample posts and sample accounts go, and from then on accounts are real ones. "
                "What you wrote yourself stays; what was planned for a sample account goes back to the backlog."
            ),
            self._window,
            confirm=tr("Remove samples"),
            on_confirm=self._remove_samples,
        ).open()

    def _remove_samples(self) -> None:
        samples = self.context.services.samples
        self._tasks.submit(
            lambda _task: samples.remove(), lambda _n: self._on_samples_removed(), self.context.show_error, serial=True
        )

    def _on_samples_removed(self) -> None:
        self.overview.reload()
        self.context.notify(tr("The samples are gone. Connect your own accounts next."))

    def _on_tray_compose(self) -> None:
        self._window.come_forward()
        self._window.compose()

    # --- leaving -------------------------------------------------------------------------------------------------

    def quit(self) -> None:
        """Leave in the right order."""
        self.closing.quit()

    def _on_left(self) -> None:
        self._window.may_close = True
        self._window.close()
        self.finished.emit()

    def close(self) -> None:
        """Take everything down that has a thread or can be seen; the event loop has ended."""
        self._window.flush()
        if self._raise_server is not None:
            self._raise_server.close()
        self.tray.close()
        self.context.release()
        self._tasks.shutdown()
        self._garbage.stop()

    def _on_commit_data_request(self, _manager: QSessionManager) -> None:
        self.closing.log_off()
