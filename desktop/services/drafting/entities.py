"""What networks find in plain text by themselves: addresses, hashtags and mentions.

Where networks differ the patterns find more rather than less, since they are compared with upper limits.
"""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"(?:https?://|(?<![\w@/.])www\.)[^\s<>\"“”]+", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<![\w&/])#\w+")
_MENTION = re.compile(r"(?<![\w@/])@\w+(?:\.\w+)*")


def addresses(text: str) -> tuple[str, ...]:
    """Return every web address in order, without the punctuation that ends a sentence."""
    return tuple(_without_closing(found) for found in _ADDRESS.findall(text))


def hashtags(text: str) -> tuple[str, ...]:
    """Return every hashtag with its sign."""
    return tuple(_HASHTAG.findall(text))


def mentions(text: str) -> tuple[str, ...]:
    """Return every mention with its sign; an e-mail address holds none."""
    return tuple(_MENTION.findall(text))


def _without_closing(address: str) -> str:
    """Cut marks that belong to the sentence; a bracket that was opened inside the address belongs to the address."""
    while address[-1] in ".,;:!?'»…" or (address[-1] == ")" and address.count(")") > address.count("(")):
        address = address[:-1]
    return address
