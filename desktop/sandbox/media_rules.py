"""What each network takes as a picture (the media specifications of their publishing guides)."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.sandbox.errors import GraphError
from desktop.sandbox.model import Media

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
