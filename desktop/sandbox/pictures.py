"""The last pictures seen, so that a published post can be looked at; they are not part of the kept state."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from desktop.sandbox.model import Media

LARGEST_BYTES = 8 << 20
_TOTAL_BYTES = 64 << 20
_TYPES = {"jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif"}


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes and their media type."""

    media_type: str
    content: bytes


class Pictures:
    """Pictures by the SHA-256 of their bytes, at most 64 MiB of them; the longest unseen goes first."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: OrderedDict[str, Picture] = OrderedDict()
        self._total = 0

    def keep(self, media: Media, content: bytes) -> None:
        """Keep ``content`` when it is the whole of a picture."""
        if media.kind in _TYPES and len(content) == media.size_bytes and media.sha256 not in self._kept:
            self._kept[media.sha256] = Picture(_TYPES[media.kind], content)
            self._total += len(content)
            while self._total > _TOTAL_BYTES:
                self._total -= len(self._kept.popitem(last=False)[1].content)

    def get(self, sha256: str) -> Picture | None:
        """Return a picture, None when it is not here."""
        if sha256 in self._kept:
            self._kept.move_to_end(sha256)
        return self._kept.get(sha256)
