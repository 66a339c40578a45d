"""The networks, the formats a post can take on them, and the shape of their rules."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from desktop.domain.media import MediaKind


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


class MediaPurpose(StrEnum):
    """What a picture or a video is for; networks have limits for each. The values name tables of the rules files."""

    IMAGE = "image"
    CAROUSEL_IMAGE = "carousel_image"
    STORY_IMAGE = "story_image"
    COVER = "cover"
    VIDEO = "video"
    CAROUSEL_VIDEO = "carousel_video"
    REEL = "reel"
    STORY_VIDEO = "story_video"

    @classmethod
    def of(cls, kind: MediaKind, post_format: PostFormat) -> MediaPurpose:
        """Return what a file of this kind is for in a post of this format."""
        images = {PostFormat.CAROUSEL: cls.CAROUSEL_IMAGE, PostFormat.STORY: cls.STORY_IMAGE}
        videos = {
            PostFormat.CAROUSEL: cls.CAROUSEL_VIDEO,
            PostFormat.REEL: cls.REEL,
            PostFormat.STORY: cls.STORY_VIDEO,
        }
        return images.get(post_format, cls.IMAGE) if kind is MediaKind.IMAGE else videos.get(post_format, cls.VIDEO)


@dataclass(frozen=True, slots=True)
class ImageRules:
    """Limits of one image. Ratios are width / height; ``advised_ratio`` is what fills the screen, not a limit."""

    mime_types: tuple[str, ...]
    max_bytes: int
    min_ratio: float
    max_ratio: float
    min_width: int
    max_width: int
    advised_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class VideoRules:
    """Limits of one video. Codecs are FFmpeg's names, rates are a second; ``None`` where no limit is known.

    ``needs_moov_first``: the header has to come before the frames. ``allows_edits``: edit lists are not refused.
    """

    mime_types: tuple[str, ...]
    max_bytes: int
    min_duration: timedelta
    max_duration: timedelta
    codecs: tuple[str, ...] = ("h264", "hevc")
    audio_codecs: tuple[str, ...] = ("aac",)
    min_frame_rate: float = 0.0
    max_frame_rate: float = math.inf
    min_ratio: float = 0.0
    max_ratio: float = math.inf
    min_width: int = 1
    max_width: int = 65_535
    max_bit_rate: int | None = None
    max_sample_rate: int = 48_000
    max_channels: int = 2
    needs_moov_first: bool = True
    allows_edits: bool = True
    advised_ratio: float | None = None


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
    purposes: Mapping[MediaPurpose, ImageRules | VideoRules] = field(default_factory=dict, hash=False)
    crops_carousel: bool = False  # all items of a carousel are cut to the shape of the first
    single_video_is_reel: bool = False

    def limits(self, purpose: MediaPurpose) -> ImageRules | VideoRules:
        """Return the limits for a purpose; those of a single post where the network has none of its own."""
        own = self.purposes.get(purpose)
        if own is not None:
            return own
        return self.image if purpose in _OF_IMAGES else self.video


_OF_IMAGES = {MediaPurpose.IMAGE, MediaPurpose.CAROUSEL_IMAGE, MediaPurpose.STORY_IMAGE, MediaPurpose.COVER}
