"""Finding our own post in an account's listing (``reliability.md`` §1.6, step 2).

Evidence, never recency: the newest post may be somebody else's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from desktop.domain.deliveries import PayloadPart, PublishingTimers
from desktop.services.publishing.ports import RemoteMedia


def comparable(text: str) -> str:
    """Return ``text`` without the differences networks introduce: composition, trailing blanks, outer blank lines."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def find_match(
    listing: Iterable[RemoteMedia],
    part: PayloadPart,
    *,
    child_count: int,
    reply_to: str | None,
    sent_at: datetime,
    timers: PublishingTimers,
) -> RemoteMedia | None:
    """Return the earliest listed post that can be the one sent at ``sent_at``, or None.

    ``child_count`` is the number of carousel items the network would list (0 for a single image or text).
    """
    wanted = comparable(part.text)
    matches = [
        media
        for media in listing
        if comparable(media.text) == wanted
        and media.child_count == child_count
        and media.reply_to == reply_to
        and sent_at - timers.match_before <= media.published_at <= sent_at + timers.match_after
    ]
    return min(matches, key=lambda media: media.published_at, default=None)
