"""The pictures of a part in a row, with the place for more and what could not be taken."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.media import MediaKind
from desktop.domain.posts import MediaUse
from desktop.gui.pages.composer.media_tile import DropTile, MediaTile
from desktop.gui.pages.composer.pictures import Pictures
from desktop.gui.widgets.buttons import IconButton
from desktop.gui.widgets.flow_layout import FlowLayout
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import IconLabel, Label
from desktop.gui.widgets.layouts import column, row
from desktop.kit.i18n import tr, trn


class MediaStrip(QWidget):
    """Shows ``MediaUse`` in order. It changes nothing itself: ``changed`` carries the new order."""

    changed = Signal(object)
    files_requested = Signal()
    alt_text_requested = Signal(int)

    def __init__(self, part: int, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = part
        self._pictures = pictures
        self._media: tuple[MediaUse, ...] = ()
        self._is_locked = False
        self._tiles: list[MediaTile] = []
        self._drop = DropTile(
            tr("Drop or paste"),
            f"composer.media.drop.{part}",
            tr("Add pictures to post {number}: drop, paste or choose", number=part + 1),
            self.files_requested.emit,
        )
        self._row = QWidget()
        self._flow = FlowLayout(8)
        self._row.setLayout(self._flow)
        self._flow.addWidget(self._drop)
        self._error = _Refusal(part)
        self.setLayout(column(self._row, self._error, spacing=8))
        identify(self, f"composer.media.{part}", tr("Media"))
        pictures.loaded.connect(self._show)

    def show_media(self, media: tuple[MediaUse, ...], *, locked: bool) -> None:
        """Show these; without any only a refusal can be seen."""
        self._media, self._is_locked = media, locked
        while len(self._tiles) > len(media):
            tile = self._tiles.pop()
            self._flow.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        while len(self._tiles) < len(media):
            self._add_tile(len(self._tiles))
        self._show()

    def show_refusal(self, words: str) -> None:
        """Say under the strip what could not be taken and why."""
        self._error.say(words)
        self._show()

    def forget_refusals(self) -> None:
        """Take the red lines away: something new is being added."""
        self._error.clear()
        self._show()

    def focus_media(self, index: int) -> None:
        """Go to one picture."""
        if index < len(self._tiles):
            self._tiles[index].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def index_at(self, x: int, y: int) -> int:
        """Return before which picture something dropped at this point belongs."""
        for index, tile in enumerate(self._tiles):
            place = tile.geometry()
            if y < place.bottom() and x < place.center().x():
                return index
        return len(self._tiles)

    def _add_tile(self, index: int) -> None:
        tile = MediaTile(self._part, index)
        tile.removal_requested.connect(lambda: self._remove(index))
        tile.alt_text_requested.connect(lambda: self.alt_text_requested.emit(index))
        tile.move_requested.connect(lambda step: self._move(index, step))
        self._tiles.append(tile)
        self._flow.removeWidget(self._drop)
        self._flow.addWidget(tile)
        self._flow.addWidget(self._drop)
        QWidget.setTabOrder(tile, self._drop)

    def _remove(self, index: int) -> None:
        self.changed.emit((*self._media[:index], *self._media[index + 1 :]))
        if self._tiles:
            self._tiles[min(index, len(self._tiles) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, index: int, step: int) -> None:
        to = index + step
        if 0 <= to < len(self._media):
            rest = (*self._media[:index], *self._media[index + 1 :])
            self.changed.emit((*rest[:to], self._media[index], *rest[to:]))
            self.focus_media(to)

    def _show(self) -> None:
        for tile, use in zip(self._tiles, self._media, strict=True):
            asset = self._pictures.assets.get(use.asset_id)
            kind = asset.kind if asset else MediaKind.IMAGE
            tile.show_media(self._pictures.thumbnail(use.asset_id), kind, use.alt_text, locked=self._is_locked)
        self._drop.setVisible(not self._is_locked)
        self._row.setVisible(bool(self._media))
        self.setVisible(bool(self._media) or self._error.is_saying)
        self.setAccessibleDescription(trn("{count} item", "{count} items", len(self._media)))


class _Refusal(QWidget):
    """A line in red that can be closed."""

    def __init__(self, part: int) -> None:
        super().__init__()
        self.is_saying = False
        self._label = Label("", "label", "danger", wrap=True)
        close = IconButton("x", f"composer.media.error.{part}.close", tr("Dismiss"), size="sm", on_click=self.clear)
        layout = row(IconLabel("circle-alert", "danger"), self._label, close, spacing=8)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        identify(self, f"composer.media.error.{part}", "")
        self.hide()

    def say(self, words: str) -> None:
        self.is_saying = True
        self._label.setText(f"{self._label.text()}\n{words}".strip())
        self.setAccessibleName(self._label.text())
        self.show()

    def clear(self) -> None:
        self.is_saying = False
        self._label.setText("")
        self.hide()
