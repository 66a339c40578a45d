"""The networks, the formats a post can take on them, and the shape of their rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Network(StrEnum):
    """Where a post can go."""

    THREADS = "threads"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"

    @property
    def label(self) -> str:
        """The network's own name, never translated."""
        return self.value.capitalize()


class PostFormat(StrEnum):
    """How a post appears on a network."""

    FEED = "feed"
    CAROUSEL = "carousel"
    REEL = "reel"
    STORY = "story"


class CountUnit(StrEnum):
    """How a network counts text (``desktop-ux.md`` §3.1)."""

    CODE_POINTS = "code_points"
    CODE_POINTS_EMOJI_BYTES = "code_points_emoji_bytes"  # each emoji sequence counts as its UTF-8 bytes


@dataclass(frozen=True, slots=True)
class ImageRules:
    """Limits of one image. Ratios are width / height."""

    mime_types: tuple[str, ...]
    max_bytes: int
    min_ratio: float
    max_ratio: float
    min_width: int
    max_width: int


@dataclass(frozen=True, slots=True)
class VideoRules:
    """Limits of one video."""

    mime_types: tuple[str, ...]
    max_bytes: int
    min_duration: timedelta
    max_duration: timedelta


@dataclass(frozen=True, slots=True)
class NetworkRules:
    """What one network takes; read from ``resources/networks``, with the day somebody last checked it."""

    network: Network
    checked_on: date
    formats: tuple[PostFormat, ...]
    max_text: int
    count_unit: CountUnit
    max_parts: int
    max_media: int
    min_carousel: int
    needs_media: bool
    max_links: int | None
    max_hashtags: int | None
    max_mentions: int | None
    max_alt_text: int
    image: ImageRules
    video: VideoRules
