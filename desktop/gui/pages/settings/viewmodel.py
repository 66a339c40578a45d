"""What the settings page reads and changes; no widgets, no blocking."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.gui.bridge.messages import message_for
from desktop.gui.shell.context import PageContext
from desktop.kit.i18n import tr
from desktop.services.changes import Change, Noun
from desktop.services.settings.preferences import Preferences, WorkspaceKind


class SettingsViewModel(QObject):
    """``backing_up`` while a copy is being written."""

    changed = Signal()

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.is_paused = False
        self.is_backing_up = False
        context.preferences_changed.connect(lambda _preferences: self.changed.emit())
        context.events.delivered.connect(self._on_events_delivered)

    @property
    def preferences(self) -> Preferences:
        """The settings in force."""
        return self._context.preferences

    @property
    def has_samples(self) -> bool:
        """Whether this is the sample workspace."""
        return self.preferences.workspace_kind is WorkspaceKind.SANDBOX

    @property
    def folder(self) -> Path:
        """Where the data lies."""
        return self._context.services.profile.dir

    def reload(self) -> None:
        """Read whether publishing is paused."""
        deliveries = self._context.services.deliveries
        self._context.tasks.submit(lambda _task: deliveries.is_paused(), self._on_paused_read, self._context.show_error)

    def change(self, **values: object) -> None:
        """Change settings by name; the page follows when they are stored."""
        if all(getattr(self.preferences, name) == value for name, value in values.items()):
            return
        settings = self._context.services.settings
        self._context.tasks.submit(
            lambda _task: settings.update(**values), None, self._on_change_failed, serial=True, receiver=self
        )

    def set_paused(self, is_paused: bool) -> None:
        """Pause publishing, or go on."""
        if is_paused == self.is_paused:
            return
        deliveries = self._context.services.deliveries
        self._context.tasks.submit(
            lambda _task: deliveries.pause() if is_paused else deliveries.resume(),
            lambda _nothing: self.reload(),
            self._on_change_failed,
            serial=True,
            receiver=self,
        )

    def back_up(self, target: Path) -> None:
        """Write a verified copy of the data."""
        workspace = self._context.services
        self.is_backing_up = True
        self.changed.emit()
        self._context.tasks.submit(
            lambda _task: workspace.back_up(target),
            lambda _nothing: self._on_backed_up(target, None),
            lambda error: self._on_backed_up(target, error),
            receiver=self,
        )

    def backup_name(self) -> str:
        """Return a name for a copy made now."""
        now: datetime = self._context.clock.now()
        return f"tidings-{now:%Y-%m-%d-%H%M}.db"

    def _on_backed_up(self, target: Path, error: Exception | None) -> None:
        self.is_backing_up = False
        self.changed.emit()
        if error is None:
            self._context.notify(tr("A verified copy is in {name}.", name=target.name))
        else:
            message = message_for(error)
            self._context.notify(message.text, tone=message.tone)

    def _on_change_failed(self, error: Exception) -> None:
        self._context.show_error(error)
        self.changed.emit()

    def _on_paused_read(self, is_paused: bool) -> None:
        self.is_paused = is_paused
        self.changed.emit()

    def _on_events_delivered(self, events: tuple[object, ...]) -> None:
        if any(isinstance(event, Change) and event.noun is Noun.PUBLISHER for event in events):
            self.reload()
