"""How long a text is for a network, and where it becomes too long.

Threads counts each emoji as its UTF-8 bytes (``desktop-ux.md`` §3.6), so the family of four, with its joiners, is 25.
Text that is merely shown as an emoji on some systems counts as one there too: the larger figure never gets refused.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from desktop.domain.networks import CountUnit, NetworkRules

if TYPE_CHECKING:
    from regex import Pattern


def published_text(text: str) -> str:
    """Return the text as it is published: networks cut surrounding white space, so it is neither sent nor counted."""
    return text.strip()


def text_length(text: str, unit: CountUnit) -> int:
    """Return how long ``text`` is once published, in ``unit``."""
    shown = published_text(text)
    if unit is CountUnit.CODE_POINTS or shown.isascii() or not _emoji().search(shown):
        return len(shown)
    return len(shown) + sum(_extra(cluster) for cluster in _clusters().findall(shown) if not cluster.isascii())


def overflow_index(text: str, rules: NetworkRules) -> int | None:
    """Return the index in ``text`` (code points) from where it is too long, or None when it fits.

    It never splits what people see as one character: ``text[:index]`` fits and is whole.
    """
    if text_length(text, rules.count_unit) <= rules.max_text:
        return None
    counts_emoji = rules.count_unit is CountUnit.CODE_POINTS_EMOJI_BYTES
    index = len(text) - len(text.lstrip())
    length = 0
    for cluster in _clusters().findall(published_text(text)):
        length += len(cluster) + (_extra(cluster) if counts_emoji and not cluster.isascii() else 0)
        if length > rules.max_text:
            break
        index += len(cluster)
    return index


def _extra(cluster: str) -> int:
    """Return by how much a cluster counts for more than its code points."""
    return len(cluster.encode()) - len(cluster) if _emoji().search(cluster) else 0


@cache
def _clusters() -> Pattern[str]:
    import regex  # slow to load: not before somebody writes

    return regex.compile(r"\X")


@cache
def _emoji() -> Pattern[str]:
    import regex  # slow to load: not before somebody writes

    return regex.compile(
        r"\p{Emoji_Presentation}|[\p{Extended_Pictographic}&&[\U0001F000-\U0001FAFF]]"
        r"|\p{Extended_Pictographic}[\uFE0F\u200D]|\p{Regional_Indicator}|\u20E3",
        flags=regex.V1,
    )
