"""Assets: the images and videos a post carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

AssetId = NewType("AssetId", str)


class MediaKind(StrEnum):
    """What an asset is, decided from its content."""

    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Asset:
    """One stored file. Originals are never changed; the file is found by ``sha256``.

    ``width`` and ``height`` are pixels as shown (after the camera's rotation); ``duration`` is None for images.
    """

    id: AssetId
    kind: MediaKind
    mime_type: str
    sha256: str
    size_bytes: int
    width: int
    height: int
    duration: timedelta | None
    original_name: str
    created_at: datetime

    @property
    def ratio(self) -> float:
        """Width divided by height."""
        return self.width / self.height
