"""What media needs from outside: a file store that looks inside what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from desktop.domain.errors import TidingsError
from desktop.domain.media import Asset, MediaKind
from desktop.domain.networks import ImageRules

# a picture that is too small is made at most this many times as wide: more would be a blur
MAX_ENLARGEMENT = 2


class MediaNotFittable(TidingsError):
    """A picture that cannot be made to fit a network (details: name, reason)."""

    code = "media_not_fittable"
    title_text = "“{name}” cannot be made to fit: {reason}."
    advice_text = "Choose another picture. This one was left as it is."


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
        """Return a small JPEG or PNG whose longer side is ``pixels``, made once; videos give a neutral picture."""
        ...

    def fitted(self, asset: Asset, rules: ImageRules, check: Callable[[], object]) -> StoredFile:
        """Store a JPEG of a picture within the width and size of ``rules``; the original stays.

        It is upright, in sRGB, on white, not cropped, and at most ``MAX_ENLARGEMENT`` times as wide. ``check`` is
        called between the steps and may raise to stop. ``MediaNotFittable``, ``MediaUnreadable``, ``FileUnreadable``.
        """
        ...
