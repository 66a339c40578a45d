"""The settings page: cards of what can be set."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimeZone, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFileDialog, QWidget

import desktop
from desktop.gui.pages.settings.viewmodel import SettingsViewModel
from desktop.gui.shell.context import PageContext
from desktop.gui.widgets.buttons import Button, IconButton
from desktop.gui.widgets.cards import Card, Divider, PageBar
from desktop.gui.widgets.checks import Switch
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.inputs import ComboBox
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.layouts import Item, column, row
from desktop.gui.widgets.loading import LoadingLine
from desktop.gui.widgets.scroll import ScrollArea
from desktop.gui.widgets.segmented import SegmentedControl
from desktop.kit.branding import NAME
from desktop.kit.i18n import tr
from desktop.services.settings.preferences import SETTINGS

COLUMN_PX = 680
_SIZES = (90, 100, 110, 125, 150)
_FIELD_PX = 250


class SettingsPage(QWidget):
    """The page as the shell shows it; ``remove_samples_requested`` is the shell's to ask about."""

    remove_samples_requested = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        identify(self, "settings", tr("Settings"))
        self.viewmodel = SettingsViewModel(context, self)
        inner = QWidget()
        inner.setMaximumWidth(COLUMN_PX)
        inner.setLayout(
            column(
                self._appearance(), self._planning(), self._publishing(), self._data(), self._about(), None, spacing=14
            )
        )
        content = QWidget()
        layout = row(None, inner, None, margins=(24, 20, 24, 32))
        layout.setStretch(1, 1000)
        content.setLayout(layout)
        body = column(PageBar(tr("Settings"), None), ScrollArea(content), spacing=0)
        body.setStretch(1, 1)
        self.setLayout(body)
        self._connect()
        self._refresh()

    # --- cards ---------------------------------------------------------------------------------------------------

    def _appearance(self) -> Card:
        looks = [("system", tr("System")), ("light", tr("Light")), ("dark", tr("Dark"))]
        self._theme = SegmentedControl(looks, "settings.theme", tr("Appearance"), "system")
        sizes = [(str(size), tr("{size} %", size=size)) for size in _SIZES]
        self._size = SegmentedControl(sizes, "settings.text_size", tr("Text size"), "100")
        return _card(tr("Look"), _setting("theme", self._theme), Divider(), _setting("text_size", self._size))

    def _planning(self) -> Card:
        ids = sorted(bytes(zone.data()).decode() for zone in QTimeZone.availableTimeZoneIds())
        zones = [
            (zone, zone.replace("_", " ")) for zone in ids if "/" in zone and not zone.startswith(("Etc/", "posix"))
        ]
        self._zone = ComboBox("settings.zone", tr("Time zone"), [("UTC", "UTC"), *zones])
        self._zone.setFixedWidth(_FIELD_PX)
        return _card(tr("Planning"), _setting("zone", self._zone))

    def _publishing(self) -> Card:
        choices = [
            ("ask", tr("Ask me")),
            ("tray", tr("Keep running beside the clock")),
            ("quit", tr("Quit")),
        ]
        self._close = ComboBox("settings.close_button", tr("Closing the window"), choices)
        self._close.setFixedWidth(_FIELD_PX)
        self._pause = Switch("", "settings.pause", tr("Pause publishing"))
        note = tr("Nothing goes out while it is on. What becomes late meanwhile asks you first.")
        return _card(
            tr("Publishing"),
            _line(tr("Pause publishing"), note, self._pause),
            Divider(),
            _setting("close_button", self._close),
        )

    def _data(self) -> Card:
        self._folder = ElidedLabel(str(self.viewmodel.folder), "body", "text2")
        copy = IconButton("copy", "settings.folder.copy", tr("Copy the path"), on_click=self._copy_folder)
        show = Button(tr("Open folder"), "settings.folder.open", size="sm", on_click=self._open_folder)
        self._backup = Button(
            tr("Back up now …"), "settings.backup", size="sm", icon="download", on_click=self._ask_backup_target
        )
        self._progress = LoadingLine()
        folder = column(Label(tr("Data folder"), "body"), row(self._folder, copy, show, spacing=6), spacing=4)
        self._remove = Button(
            tr("Remove samples …"), "settings.samples.remove", size="sm", on_click=self.remove_samples_requested.emit
        )
        self._samples = QWidget()
        samples = _line(tr("Sample workspace"), tr("Sample posts on an imitation of the networks."), self._remove)
        self._samples.setLayout(column(Divider(), samples, spacing=14))
        backup = _line(tr("Backup"), tr("One file with all posts, plans and history; not the pictures."), self._backup)
        return _card(tr("Your data"), folder, Divider(), backup, self._progress, self._samples)

    def _about(self) -> Card:
        version = tr("{name} {version}", name=NAME, version=desktop.__version__)
        label = identify(Label(version, "body", "muted", selectable=True), "settings.version", version)
        return _card(tr("About"), row(label, None))

    # --- changes -------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        viewmodel = self.viewmodel
        self._theme.selected.connect(lambda mode: viewmodel.change(theme=mode))
        self._size.selected.connect(lambda size: viewmodel.change(text_size=int(size)))
        self._zone.selected.connect(lambda zone: viewmodel.change(zone=zone))
        self._close.selected.connect(lambda choice: viewmodel.change(close_button=choice))
        self._pause.toggled.connect(viewmodel.set_paused)
        viewmodel.changed.connect(self._refresh)

    def _refresh(self) -> None:
        viewmodel, preferences = self.viewmodel, self.viewmodel.preferences
        nearest = min(_SIZES, key=lambda size: abs(size - preferences.text_size))
        for field, key in (
            (self._theme, preferences.theme.value),
            (self._size, str(nearest)),
            (self._zone, preferences.zone),
            (self._close, preferences.close_button.value),
        ):
            was_blocked = field.blockSignals(True)
            field.select(key)
            field.blockSignals(was_blocked)
        was_blocked = self._pause.blockSignals(True)
        self._pause.setChecked(viewmodel.is_paused)
        self._pause.blockSignals(was_blocked)
        self._pause.update()
        self._backup.setEnabled(not viewmodel.is_backing_up)
        self._progress.setVisible(viewmodel.is_backing_up)
        self._samples.setVisible(viewmodel.has_samples)

    def _copy_folder(self) -> None:
        QGuiApplication.clipboard().setText(str(self.viewmodel.folder))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.viewmodel.folder)))

    def _ask_backup_target(self) -> None:
        dialog = QFileDialog(self.window(), tr("Back up"), str(Path.home() / self.viewmodel.backup_name()))
        identify(dialog, "settings.backup.file", tr("Back up"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("db")
        dialog.fileSelected.connect(lambda name: self.viewmodel.back_up(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while the page was away."""
        super().showEvent(event)
        self.viewmodel.reload()


def _card(title: str, *items: Item) -> Card:
    return Card(column(Label(title, "h2"), *items, spacing=14, margins=(20, 16, 20, 16)))


def _setting(name: str, field: QWidget) -> QWidget:
    """Return a line for a declared setting: its title and help, and the field."""
    info = SETTINGS[name]
    return _line(tr(info.title), tr(info.help) if info.help else "", field)


def _line(title: str, note: str, field: QWidget) -> QWidget:
    field.setAccessibleDescription(note)
    below = Label(note, "caption", "muted", wrap=True)
    words = column(None, Label(title, "body"), below, None, spacing=3)
    if not note:
        below.hide()
    line = QWidget()
    layout = row(words, field, spacing=16)
    layout.setStretch(0, 1)
    line.setLayout(layout)
    return line
