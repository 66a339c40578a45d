"""Pictures and videos on their way into the post: taken in, looked at and shown small, all off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtGui import QImage

from desktop.domain.media import Asset, AssetId
from desktop.domain.networks import ImageRules
from desktop.gui.bridge.messages import message_for
from desktop.gui.pages.composer.ports import ComposerContext
from desktop.kit.i18n import tr

if TYPE_CHECKING:
    from desktop.gui.bridge.tasks import TaskContext

THUMBNAIL_PX = 640
"""Longer side in device pixels: enough for the preview at 2x."""

Source = Path | QImage


class Pictures(QObject):
    """Knows the assets and thumbnails of the post. ``loaded`` follows each answer."""

    loaded = Signal()

    def __init__(self, context: ComposerContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._thumbnails: dict[AssetId, QImage | None] = {}
        self.assets: dict[AssetId, Asset] = {}

    def take_in(
        self, sources: Iterable[Source], on_added: Callable[[Asset], object], on_refused: Callable[[str], object]
    ) -> None:
        """Add files and pictures one after the other, in order; ``on_refused`` gets why one was not taken.

        Not on the serial lane: copying a large video must not keep a keystroke from the disk.
        """
        media = self._context.services.media
        waiting = list(sources)

        def next_one() -> None:
            if waiting:
                source = waiting.pop(0)
                work: Callable[[TaskContext], Asset] = (
                    (lambda _task: media.add_file(source))
                    if isinstance(source, Path)
                    else (lambda _task: media.add_bytes(_png(source), tr("Pasted picture") + ".png"))
                )
                self._context.tasks.submit(work, added, refused, receiver=self)

        def added(asset: Asset) -> None:
            self.assets[asset.id] = asset
            on_added(asset)
            next_one()

        def refused(error: Exception) -> None:
            on_refused(message_for(error).text)
            next_one()

        next_one()

    def fit(
        self,
        original: AssetId,
        limits: ImageRules,
        on_fitted: Callable[[Asset], object],
        on_refused: Callable[[str], object],
    ) -> None:
        """Make a picture that keeps to ``limits``; ``on_refused`` gets why it cannot be made."""
        media = self._context.services.media

        def fitted(asset: Asset) -> None:
            self.assets[asset.id] = asset
            on_fitted(asset)

        self._context.tasks.submit(
            lambda task: media.fit(original, limits, task.check),
            fitted,
            lambda error: on_refused(message_for(error).text),
            receiver=self,
        )

    def look_up(self, ids: Iterable[AssetId]) -> None:
        """Read what is not known yet about these assets."""
        unknown = [asset_id for asset_id in ids if asset_id not in self.assets]
        if unknown:
            media = self._context.services.media
            self._context.tasks.submit(
                lambda _task: media.get_many(unknown), self._on_found, lambda _error: None, receiver=self
            )

    def _on_found(self, assets: dict[AssetId, Asset]) -> None:
        self.assets |= assets
        self.loaded.emit()

    def thumbnail(self, asset_id: AssetId) -> QImage | None:
        """Return the small picture if it is here; otherwise fetch it and announce ``loaded``."""
        if asset_id not in self._thumbnails:
            self._thumbnails[asset_id] = None
            media = self._context.services.media

            def show(image: QImage) -> None:
                self._thumbnails[asset_id] = image
                self.loaded.emit()

            self._context.tasks.submit(
                lambda _task: QImage(str(media.thumbnail(asset_id, THUMBNAIL_PX))),
                show,
                lambda _error: None,  # preflight says when a picture has gone
                receiver=self,
            )
        return self._thumbnails[asset_id]


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs forget that a device will do
    return bytes(buffer.data().data())
