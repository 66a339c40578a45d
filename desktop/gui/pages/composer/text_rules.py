"""What the editor has to know about text with every key: how long it is, where it is too long, what networks link.

Counting goes line by line and remembers lines, so that a key costs one line however long the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from desktop.domain.networks import CountUnit, NetworkRules
from desktop.services.drafting.counting import overflow_index, published_text, text_length

# How far past the limit the search for the place of the overflow looks before it takes the whole text.
_OVERFLOW_MARGIN = 200
_ENTITY = re.compile(
    r"(?:https?://|(?<![\w@/.])www\.)[^\s<>\"“”]+|(?<![\w&/])#\w+|(?<![\w@/])@\w+(?:\.\w+)*", re.IGNORECASE
)
_CLOSING = ".,;:!?'»…"


@dataclass(frozen=True, slots=True)
class Count:
    """How full a part is for the network it is tightest on; ``overflow`` is the code point where it becomes too long.

    ``limit`` 0 means that nobody counts: the post goes nowhere yet.
    """

    used: int = 0
    limit: int = 0
    network: str = ""
    overflow: int | None = None


def count_text(text: str, rules: Iterable[NetworkRules]) -> Count:
    """Count ``text`` for the network among ``rules`` that leaves the least room."""
    counts = [(length(text, network.count_unit), network) for network in rules]
    if not counts:
        return Count()
    used, tightest = max(counts, key=lambda count: (count[0] + 1) / count[1].max_text)
    overflow = _overflow(text, tightest) if used > tightest.max_text else None
    return Count(used, tightest.max_text, tightest.network.label, overflow)


def length(text: str, unit: CountUnit) -> int:
    """Return what ``text_length`` returns."""
    lines = published_text(text).split("\n")
    return len(lines) - 1 + sum(_line_length(line, unit) for line in lines)


@lru_cache(maxsize=4096)
def _line_length(line: str, unit: CountUnit) -> int:
    # Letters on both sides keep the white space of the line, which only the whole text loses.
    return text_length(f"x{line}x", unit) - 2


def _overflow(text: str, rules: NetworkRules) -> int | None:
    margin = len(text) - len(text.lstrip()) + rules.max_text + _OVERFLOW_MARGIN
    return _overflow_in(text[:margin], rules) or overflow_index(text, rules)


@lru_cache(maxsize=64)
def _overflow_in(text: str, rules: NetworkRules) -> int | None:
    return overflow_index(text, rules)


@lru_cache(maxsize=1024)
def entity_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where addresses, hashtags and mentions stand in ``text``, in code points, for their colour only."""
    return tuple((found.start(), found.start() + len(_shown(found.group()))) for found in _ENTITY.finditer(text))


def _shown(entity: str) -> str:
    """Cut marks that belong to the sentence around an address."""
    while entity[-1] in _CLOSING or (entity[-1] == ")" and entity.count(")") > entity.count("(")):
        entity = entity[:-1]
    return entity
