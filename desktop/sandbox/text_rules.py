"""How the networks count and read text."""

from __future__ import annotations

import re

import regex

_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\N{VARIATION SELECTOR-16}|\p{RI}|\u20E3")
_CLUSTER = regex.compile(r"\X")
_LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<![\w&/])#\w+")
_MENTION = re.compile(r"(?<![\w@/])@[\w.]+")
_TOPIC = re.compile(r"(?<!\S)#([^\s.&@!?,;:#]+)")


def threads_length(text: str) -> int:
    """Count as Threads does: one per code point outside emoji, and the UTF-8 bytes of each whole emoji."""
    if text.isascii():
        return len(text)
    return sum(len(c.encode()) if _EMOJI.search(c) else len(c) for c in _CLUSTER.findall(text))


def links(text: str) -> set[str]:
    """Return the distinct links in ``text``, without the punctuation that follows them."""
    return {found.rstrip(".,;:!?)") for found in _LINK.findall(text)}


def hashtags(text: str) -> list[str]:
    """Return every hashtag."""
    return _HASHTAG.findall(text)


def mentions(text: str) -> list[str]:
    """Return every mention."""
    return _MENTION.findall(text)


def first_topic(text: str) -> str:
    """Return the topic Threads takes from the first valid ``#tag``; a tag of digits only is none."""
    return next((tag for tag in _TOPIC.findall(text) if not tag.isdigit()), "")


def first_link(text: str) -> str:
    """Return the first link, which becomes the preview; empty when there is none."""
    found = _LINK.search(text)
    return found[0].rstrip(".,;:!?)") if found else ""
