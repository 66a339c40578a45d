"""What each network takes as a picture or a film (the media specifications of their publishing guides)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.sandbox.config import SandboxConfig
from desktop.sandbox.errors import GraphError
from desktop.sandbox.model import Film, Media

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class ImageRule:
    """Formats, bytes, width : height and pixels a network takes; sizes it scales by itself are not bounded."""

    kinds: frozenset[str]
    largest_bytes: int
    narrowest: float
    widest: float
    smallest_width: int = 1
    largest_width: int = 100_000


THREADS_IMAGE = ImageRule(frozenset({"jpeg", "png"}), 8 * _MIB, 0.1, 10.0)
INSTAGRAM_IMAGE = ImageRule(frozenset({"jpeg"}), 8 * _MIB, 0.8, 1.91, 320, 1440)
INSTAGRAM_SCALED_IMAGE = ImageRule(frozenset({"jpeg"}), 8 * _MIB, 0.8, 1.91)
INSTAGRAM_STORY_IMAGE = ImageRule(frozenset({"jpeg"}), 8 * _MIB, 0.01, 100.0)
FACEBOOK_IMAGE_KINDS = frozenset({"jpeg", "png", "gif"})
FACEBOOK_LARGEST_BYTES = 10 * _MIB
_ROUNDING = 0.01


def check_image(media: Media, rule: ImageRule) -> None:
    """Raise the refusal of Threads or Instagram when ``media`` breaks ``rule``."""
    if media.kind not in rule.kinds:
        raise _refusal(36001, 2207005, "The image format is not supported", "Use " + " or ".join(sorted(rule.kinds)))
    if media.size_bytes > rule.largest_bytes:
        raise _refusal(36000, 2207004, "The image is too large", f"It may have {rule.largest_bytes} bytes at most.")
    if not media.width or not media.height:
        raise _refusal(36001, 2207005, "The image cannot be read", "The file is damaged.")
    if not rule.narrowest - _ROUNDING <= media.width / media.height <= rule.widest + _ROUNDING:
        advice = f"Width to height must be {rule.narrowest} to {rule.widest}, it is {media.width} to {media.height}."
        raise _refusal(36003, 2207009, "The aspect ratio is not supported", advice)
    if not rule.smallest_width <= media.width <= rule.largest_width:
        advice = f"The width must be {rule.smallest_width} to {rule.largest_width} pixels, it is {media.width}."
        raise _refusal(36003, 2207009, "The image width is not supported", advice)


def _refusal(code: int, subcode: int, title: str, advice: str) -> GraphError:
    return GraphError(title, code, subcode, title=title, advice=advice)


class FilmFlaw(StrEnum):
    """What is wrong with a film."""

    UNREADABLE = "unreadable"
    SIZE = "size"
    DURATION = "duration"
    RATIO = "ratio"
    WIDTH = "width"
    FRAME_RATE = "frame_rate"
    BIT_RATE = "bit_rate"
    CODEC = "codec"
    AUDIO = "audio"
    AUDIO_CHANNELS = "audio_channels"


@dataclass(frozen=True, slots=True)
class FilmRule:
    """Bytes, seconds, width : height, bits per second and pixels a network takes."""

    largest_bytes: int
    shortest_seconds: float
    longest_seconds: float
    narrowest: float
    widest: float
    largest_bit_rate: int
    largest_width: int = 1920
    slowest: float = 23.0
    fastest: float = 60.0


THREADS_FILM = FilmRule(1 << 30, 0, 300, 0.01, 10, 100_000_000)
INSTAGRAM_REEL = FilmRule(300 * _MIB, 3, 900, 0.01, 10, 25_000_000)
INSTAGRAM_STORY_FILM = FilmRule(100 * _MIB, 3, 60, 0.1, 10, 25_000_000)
_VIDEO_CODECS = {"avc1", "avc3", "hvc1", "hev1"}
_AUDIO_CODECS = {"mp4a"}
_HIGHEST_HERTZ = 48_000
# Rates and lengths as files really have them: 59.94 counts as 60, and 300 s may end with half a frame more.
_TOLERANCE = 0.05

_THREADS_WORDS = {
    FilmFlaw.RATIO: "INVALID_ASPEC_RATIO",  # spelt so by Threads
    FilmFlaw.BIT_RATE: "INVALID_BIT_RATE",
    FilmFlaw.DURATION: "INVALID_DURATION",
    FilmFlaw.FRAME_RATE: "INVALID_FRAME_RATE",
    FilmFlaw.AUDIO_CHANNELS: "INVALID_AUDIO_CHANNELS",
    FilmFlaw.AUDIO: "FAILED_PROCESSING_AUDIO",
}


def threads_word(flaw: FilmFlaw | None) -> str:
    """Return the ``error_message`` of a Threads container, empty for a film without a flaw."""
    return "" if flaw is None else _THREADS_WORDS.get(flaw, "FAILED_PROCESSING_VIDEO")


def instagram_number(flaw: FilmFlaw | None) -> str:
    """Return the number in the ``status`` of an Instagram container, empty for a film without a flaw."""
    return "" if flaw is None else "2207026"


def film_flaw(media: Media, rule: FilmRule, config: SandboxConfig) -> FilmFlaw | None:
    """Return the first thing in which ``media`` breaks ``rule``; what its boxes do not tell is not judged."""
    if media.kind != "mp4":
        return FilmFlaw.UNREADABLE
    if media.size_bytes > rule.largest_bytes:
        return FilmFlaw.SIZE
    film = media.film
    if film is None:
        return FilmFlaw.UNREADABLE if config.refuse_films_without_moov else None
    if (config.refuse_moov_at_end and not film.is_moov_first) or (config.refuse_edit_lists and film.has_edit_list):
        return FilmFlaw.UNREADABLE
    return _picture_flaw(media, film, rule) or _sound_flaw(film)


def _picture_flaw(media: Media, film: Film, rule: FilmRule) -> FilmFlaw | None:
    if not rule.shortest_seconds - _TOLERANCE <= film.seconds <= rule.longest_seconds + _TOLERANCE or not film.seconds:
        return FilmFlaw.DURATION
    if media.height and not rule.narrowest <= media.width / media.height <= rule.widest:
        return FilmFlaw.RATIO
    if media.width > rule.largest_width:
        return FilmFlaw.WIDTH
    if film.frames_per_second and not rule.slowest <= film.frames_per_second <= rule.fastest + _TOLERANCE:
        return FilmFlaw.FRAME_RATE
    if media.size_bytes * 8 / film.seconds > rule.largest_bit_rate:
        return FilmFlaw.BIT_RATE
    return FilmFlaw.CODEC if film.video_codec and film.video_codec not in _VIDEO_CODECS else None


def _sound_flaw(film: Film) -> FilmFlaw | None:
    if not film.audio_codec:
        return None
    if film.audio_codec not in _AUDIO_CODECS or film.audio_hertz > _HIGHEST_HERTZ:
        return FilmFlaw.AUDIO
    return None if film.audio_channels in {1, 2} else FilmFlaw.AUDIO_CHANNELS
