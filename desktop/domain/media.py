"""Assets: the images and videos a post carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

AssetId = NewType("AssetId", str)


class MediaKind(StrEnum):
    """What an asset is, decided from its content."""

    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class ImageDetails:
    """What decoding an image tells beyond its size; ``colours`` names its colour space for people."""

    is_upright: bool = True
    is_srgb: bool = True
    colours: str = "sRGB"
    bits: int = 8
    has_transparency: bool = False
    is_animated: bool = False


@dataclass(frozen=True, slots=True)
class AudioDetails:
    """The sound of a video: codec by FFmpeg's name, samples a second, bits a second (0 when unknown)."""

    codec: str
    sample_rate: int
    channels: int
    bit_rate: int = 0


@dataclass(frozen=True, slots=True)
class VideoDetails:
    """What probing a video tells beyond its size; names of codecs, profiles and pixel formats are FFmpeg's.

    ``codec`` is empty when no frame of it can be decoded. ``frame_rate`` is the average, frames a second.
    ``has_edits`` means an edit list that does more than skip the delay of the encoder.
    """

    codec: str
    profile: str = ""
    pixel_format: str = "yuv420p"
    frame_rate: float = 30.0
    is_variable_rate: bool = False
    rotation: int = 0  # degrees the frames are turned clockwise to be shown
    is_moov_first: bool = True
    has_edits: bool = False
    is_fragmented: bool = False
    is_hdr: bool = False
    is_interlaced: bool = False
    audio: AudioDetails | None = None
    can_encode: bool = True  # whether this computer could make a new video of it


@dataclass(frozen=True, slots=True)
class Asset:
    """One stored file. Originals are never changed; the file is found by ``sha256``.

    ``width`` and ``height`` are pixels as shown (after the camera's rotation); ``duration`` is None for images.
    ``details`` are read from the file when somebody asks for them and are stored beside it, not with the asset.
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
    details: ImageDetails | VideoDetails | None = field(default=None, compare=False)

    @property
    def ratio(self) -> float:
        """Width divided by height."""
        return self.width / self.height
