"""The one border between Qt's positions (UTF-16 units) and ours (code points)."""

from __future__ import annotations


def to_utf16(text: str, index: int) -> int:
    """Return the UTF-16 position of code point ``index``."""
    return len(text[:index].encode("utf-16-le", "surrogatepass")) // 2


def from_utf16(text: str, position: int) -> int:
    """Return the code point at UTF-16 ``position``; inside a surrogate pair that is the pair's own."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * position].decode("utf-16-le", "ignore"))
