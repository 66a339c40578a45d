"""What media needs from outside: a file store that looks inside what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from desktop.domain.media import Asset, ImageDetails, MediaKind, VideoDetails
from desktop.services.media.plans import MAX_ENLARGEMENT, MediaNotFittable, Plan

__all__ = ["MAX_ENLARGEMENT", "AssetStore", "MediaNotFittable", "StoredFile"]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file taken into the store, judged by its content. Sizes are pixels as shown."""

    sha256: str
    kind: MediaKind
    mime_type: str
    size_bytes: int
    width: int
    height: int
    duration: timedelta | None


class AssetStore(Protocol):
    """Originals by content hash; never changed once stored."""

    def take_file(self, path: Path) -> StoredFile:
        """Copy a file in; ``FileUnreadable``, ``MediaUnreadable`` or ``MediaTooLarge``. Nothing is left on error."""
        ...

    def take_bytes(self, data: bytes, name: str) -> StoredFile:
        """Store bytes (a pasted picture); errors as ``take_file``."""
        ...

    def path(self, sha256: str) -> Path:
        """Return where the original lies; ``FileUnreadable`` when it has gone."""
        ...

    def thumbnail(self, asset: Asset, pixels: int) -> Path:
        """Return a small PNG whose longer side is ``pixels``, made once; of a video it shows a frame of the start."""
        ...

    def details(self, asset: Asset) -> ImageDetails | VideoDetails:
        """Look into the file, once; ``MediaUnreadable`` or ``FileUnreadable``."""
        ...

    def make(
        self, asset: Asset, plan: Plan, check: Callable[[], object], progress: Callable[[float], object]
    ) -> StoredFile:
        """Store what ``plan`` makes of the original, which stays; made once, then found again.

        It may take minutes. ``check`` is called every moment and may raise to stop; ``progress`` gets 0 to 1. Nothing
        is left on error: ``MediaNotFittable``, ``MediaUnreadable``, ``FileUnreadable``, ``DiskFull``.
        """
        ...

    def frame(self, asset: Asset, offset: timedelta) -> StoredFile:
        """Store the frame of a video shown at ``offset`` as a JPEG; errors as ``make``."""
        ...
