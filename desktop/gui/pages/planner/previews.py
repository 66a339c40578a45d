"""Small pictures and texts that are fetched when they are first looked at."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.domain.media import AssetId
from desktop.domain.posts import PostId
from desktop.gui.bridge.tasks import TaskContext
from desktop.gui.pages.planner.ports import PlannerContext


class Previews(QObject):
    """Fetches away from the window; what cannot be fetched is left out, since it is no failure worth telling."""

    thumbnail_loaded = Signal(str)

    def __init__(self, context: PlannerContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._thumbnails: dict[tuple[AssetId, int], QImage | None] = {}

    def thumbnail(self, asset_id: AssetId, pixels: int) -> QImage | None:
        """Return the small picture if it is here; otherwise fetch it and announce ``thumbnail_loaded``."""
        key = (asset_id, pixels)
        if key not in self._thumbnails:
            self._thumbnails[key] = None
            media = self._context.services.media

            def show(image: QImage) -> None:
                self._thumbnails[key] = image
                self.thumbnail_loaded.emit(asset_id)

            self._context.tasks.submit(
                lambda _task: QImage(str(media.thumbnail(asset_id, pixels))), show, lambda _error: None, receiver=self
            )
        return self._thumbnails[key]

    def read_text(self, post_id: PostId, on_text: Callable[[str], object], receiver: QObject) -> None:
        """Read the post's text and hand it to ``on_text`` unless ``receiver`` is gone by then."""
        drafting = self._context.services.drafting

        def read(_task: TaskContext) -> str:
            parts = drafting.get(post_id).shared.parts
            return "\n".join(part.text for part in parts if part.text.strip())

        self._context.tasks.submit(read, on_text, lambda _error: None, receiver=receiver)
