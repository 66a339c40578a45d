"""What every page is handed: the services, the ways to other threads, the shared undo, and the toast."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimeZone, Signal, Slot
from PySide6.QtGui import QUndoStack

from desktop.gui.bridge.events import EventBridge
from desktop.gui.bridge.messages import message_for
from desktop.gui.bridge.tasks import TaskRunner
from desktop.gui.shell.ports import Workspace
from desktop.gui.theme.painting import Status
from desktop.kit.clock import Clock, SystemClock
from desktop.services.changes import Change, Noun

if TYPE_CHECKING:
    from desktop.services.settings.preferences import Preferences


class Notify(Protocol):
    """Shows a toast."""

    def __call__(
        self, text: str, action: str = "", on_action: Callable[[], object] | None = None, *, tone: Status = "ok"
    ) -> None:
        """Say ``text``; ``action`` is the word on the toast's button."""
        ...


class PageContext(QObject):
    """Shared by all pages. Nothing of the services may be touched before :meth:`adopt`.

    A change of settings is passed on only after the new settings have been read, so that a page which asks for the
    zone then gets the new one.
    """

    adopted = Signal()
    preferences_changed = Signal(object)
    bug_found = Signal(object)  # may be emitted on any thread
    _settings_announced = Signal()

    def __init__(
        self, tasks: TaskRunner, notify: Notify, clock: Clock | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.tasks = tasks
        self.notify = notify
        self.clock: Clock = clock or SystemClock()
        self.events = EventBridge(self)
        self.undo = QUndoStack(self)
        self._workspace: Workspace | None = None
        self._preferences: Preferences | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._settings_announced.connect(self._on_settings_announced)

    @property
    def is_open(self) -> bool:
        """Whether the services are there."""
        return self._workspace is not None

    @property
    def services(self) -> Workspace:
        """The opened profile; ``RuntimeError`` before there is one."""
        if self._workspace is None:
            raise RuntimeError("the profile is not open yet")
        return self._workspace

    @property
    def preferences(self) -> Preferences:
        """The settings in force; ``RuntimeError`` before there are any."""
        if self._preferences is None:
            raise RuntimeError("the settings have not been read yet")
        return self._preferences

    def zone(self) -> str:
        """Return the IANA zone in which new posts are planned and times are shown."""
        if self._preferences is None:
            return bytes(QTimeZone.systemTimeZoneId().data()).decode() or "UTC"
        return self._preferences.zone

    def adopt(self, workspace: Workspace, preferences: Preferences) -> None:
        """Begin to use an opened profile and hear of its changes."""
        self._workspace, self._preferences = workspace, preferences
        self.clock = workspace.clock
        self._unsubscribe = workspace.changes.subscribe(self._on_change)
        self.adopted.emit()
        self.preferences_changed.emit(preferences)

    def release(self) -> None:
        """Hear nothing more."""
        self._unsubscribe()

    def show_error(self, error: Exception) -> None:
        """Say in a toast what went wrong and what to do."""
        message = message_for(error)
        self.notify(message.text, tone=message.tone)

    def _on_change(self, change: Change) -> None:
        """On the announcing thread."""
        if change.noun is Noun.SETTINGS:
            self._settings_announced.emit()
        else:
            self.events.post(change)

    @Slot()
    def _on_settings_announced(self) -> None:
        settings = self.services.settings
        self.tasks.submit(lambda _task: settings.get(), self._on_preferences_read, self.show_error)

    def _on_preferences_read(self, preferences: Preferences) -> None:
        if preferences != self._preferences:
            self._preferences = preferences
            self.preferences_changed.emit(preferences)
        self.events.post(Change(Noun.SETTINGS))
