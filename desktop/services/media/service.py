"""Pictures and videos people add: taken into the store once, however often they are used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from desktop.domain.errors import FileUnreadable, MediaUnreadable
from desktop.domain.media import Asset, AssetId
from desktop.domain.networks import ImageRules, VideoRules
from desktop.kit.clock import Clock
from desktop.kit.ids import new_id
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.media.planning import plan
from desktop.services.media.plans import FitChoice, Plan
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
        return self._store.thumbnail(self._read(asset_id), pixels)

    def described(self, assets: Mapping[AssetId, Asset]) -> dict[AssetId, Asset]:
        """Return the assets with what their files tell (``Asset.details``); files that cannot be read keep none.

        The first look at a video takes a moment, later ones come from a note beside it.
        """
        return {asset_id: self._with_details(asset) for asset_id, asset in assets.items()}

    def fit(
        self,
        asset_id: AssetId,
        limits: ImageRules | VideoRules,
        check: Callable[[], object] = lambda: None,
        *,
        choice: FitChoice | None = None,
        progress: Callable[[float], object] = lambda _share: None,
    ) -> Asset:
        """Return what ``limits`` (``NetworkRules.limits``) take of a picture or a video; the original stays.

        It is the asset itself when nothing has to be done. A video may take minutes: ``check`` is called every moment
        and may raise to stop, ``progress`` gets 0 to 1. ``NotFound``, ``MediaNotFittable``, ``MediaUnreadable``,
        ``FileUnreadable``, ``DiskFull``.
        """
        asset = self._read(asset_id)
        steps = plan(replace(asset, details=self._store.details(asset)), limits, choice)
        if not steps.steps:
            return asset
        stored = self._store.make(asset, steps, check, progress)
        return self._record(stored, _renamed(asset, stored))

    def plan(self, asset_id: AssetId, limits: ImageRules | VideoRules, choice: FitChoice | None = None) -> Plan:
        """Return what ``fit`` would do, without doing it; errors as ``fit``."""
        asset = self._read(asset_id)
        return plan(replace(asset, details=self._store.details(asset)), limits, choice)

    def cover(self, asset_id: AssetId, offset: timedelta) -> Asset:
        """Return the frame of a video at ``offset`` as a JPEG, for a cover image; errors as ``fit``."""
        asset = self._read(asset_id)
        stored = self._store.frame(asset, offset)
        return self._record(stored, _renamed(asset, stored))

    def _read(self, asset_id: AssetId) -> Asset:
        with self._storage.read() as work:
            return work.assets.get(asset_id)

    def _with_details(self, asset: Asset) -> Asset:
        try:
            return replace(asset, details=self._store.details(asset))
        except (FileUnreadable, MediaUnreadable):
            return asset

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


def _renamed(asset: Asset, stored: StoredFile) -> str:
    suffix = ".jpg" if stored.mime_type == "image/jpeg" else ".mp4"
    return Path(asset.original_name).with_suffix(suffix).name
