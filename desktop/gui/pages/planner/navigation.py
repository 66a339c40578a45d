"""Where the keyboard is in the month: on a day, or on one of its chips. Pure, so every move can be tested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from desktop.domain.posts import PostId


class EntryKey(NamedTuple):
    """Names one entry of the calendar: a post at one wall time."""

    post_id: PostId
    local: datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """The current day and, when a chip is current, its entry."""

    day: date
    entry: EntryKey | None = None

    def stepped(self, days: int) -> Cursor:
        """Return the cursor on another day."""
        return Cursor(self.day + timedelta(days=days))

    def next_chip(
        self, days: Sequence[date], chips_on: Callable[[date], Sequence[EntryKey]], *, backward: bool = False
    ) -> Cursor | None:
        """Return the cursor on the next chip in reading order, or None after the last.

        ``days`` are the days shown, ``chips_on`` tells the chips shown on one. Going backward from the first chip of a
        day stops on the next chip before it, not on the day itself.
        """
        chips = [Cursor(day, key) for day in days for key in chips_on(day)]
        if self in chips:
            place = chips.index(self) + (-1 if backward else 1)
            return chips[place] if 0 <= place < len(chips) else None
        if backward:
            return next((chip for chip in reversed(chips) if chip.day < self.day), None)
        return next((chip for chip in chips if chip.day >= self.day), None)

    def settled(self, chips_on: Callable[[date], Sequence[EntryKey]]) -> Cursor:
        """Return the cursor after the entries changed: on the same entry, else the same post, else on the day."""
        if self.entry is None:
            return self
        chips = chips_on(self.day)
        if self.entry in chips:
            return self
        same_post = next((key for key in chips if key.post_id == self.entry.post_id), None)
        return Cursor(self.day, same_post)
