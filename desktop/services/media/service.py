"""Pictures and videos people add: taken into the store once, however often they are used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from desktop.domain.media import Asset, AssetId
from desktop.domain.networks import ImageRules
from desktop.kit.clock import Clock
from desktop.kit.ids import new_id
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.media.ports import AssetStore, StoredFile
from desktop.services.unit_of_work import Storage


class MediaService:
    """Use cases of the media strip. Everything here reads or writes files: not for the window's thread."""

    def __init__(self, storage: Storage, clock: Clock, changes: ChangeFeed, store: AssetStore) -> None:
        self._storage = storage
        self._clock = clock
        self._changes = changes
        self._store = store

    def add_file(self, path: Path) -> Asset:
        """Take a file in; ``FileUnreadable``, ``MediaUnreadable``, ``MediaTooLarge``. The file itself is not touched.

        The same content gives the same asset again, under the name it first came with.
        """
        return self._record(self._store.take_file(path), path.name)

    def add_bytes(self, data: bytes, name: str) -> Asset:
        """Take in bytes, such as a pasted picture; errors as ``add_file``."""
        return self._record(self._store.take_bytes(data, name), name)

    def get_many(self, ids: Iterable[AssetId]) -> dict[AssetId, Asset]:
        """Return the assets that exist."""
        with self._storage.read() as work:
            return work.assets.by_ids(ids)

    def thumbnail(self, asset_id: AssetId, pixels: int) -> Path:
        """Return a small picture whose longer side is ``pixels``, made once; ``NotFound``, ``FileUnreadable``."""
        with self._storage.read() as work:
            asset = work.assets.get(asset_id)
        return self._store.thumbnail(asset, pixels)

    def fit(self, asset_id: AssetId, rules: ImageRules, check: Callable[[], object] = lambda: None) -> Asset:
        """Return a JPEG of a picture that keeps to the width and size of ``rules``; the original stays.

        It may take a second: ``check`` is called between the steps and may raise to stop. ``NotFound``,
        ``MediaNotFittable``, ``MediaUnreadable``, ``FileUnreadable``.
        """
        with self._storage.read() as work:
            asset = work.assets.get(asset_id)
        stored = self._store.fitted(asset, rules, check)
        return self._record(stored, Path(asset.original_name).with_suffix(".jpg").name)

    def _record(self, stored: StoredFile, name: str) -> Asset:
        with self._storage.write() as work:
            known = work.assets.find(stored.sha256)
            if known is not None:
                return known
            asset = Asset(
                id=AssetId(new_id()),
                kind=stored.kind,
                mime_type=stored.mime_type,
                sha256=stored.sha256,
                size_bytes=stored.size_bytes,
                width=stored.width,
                height=stored.height,
                duration=stored.duration,
                original_name=name,
                created_at=self._clock.now(),
            )
            work.assets.add(asset)
            work.commit()
        self._changes.announce(Noun.MEDIA, [asset.id])
        return asset
