"""When calls have to wait: pure rules over readings (``meta-api.md`` §6).

Reading in the background is what can wait, so it is slowed down from 75 % of a bucket and stopped at 90 %. While a
post is due soon it stops at 80 % already: a fifth of each bucket belongs to publishing. Publishing itself never waits
for a percentage, only for a refusal that named a time, or for a used-up publishing quota.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desktop.domain.accounts import Account, LoginKind
from desktop.domain.networks import Network
from desktop.services.limits.ports import UsageReading

SLOW_PERCENT = 75
STOP_PERCENT = 90
FULL_PERCENT = 100
PUBLISHING_SHARE = 20
# a reading says nothing about much later: after this, one read may look again (its answer is the next reading)
READING_HOLDS = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=5)
LAST_PAUSE = timedelta(seconds=60)
# Threads advises two at a time; writing is always one at a time, which the publisher's lanes see to
READS_AT_ONCE = {Network.THREADS: 2, Network.INSTAGRAM: 1, Network.FACEBOOK: 2}

_FAMILIES = {LoginKind.THREADS: "threads", LoginKind.INSTAGRAM: "instagram", LoginKind.FACEBOOK_PAGE: "facebook"}


class ReadKind(StrEnum):
    """Who waits for what is read: nobody, or a person in front of the window."""

    BACKGROUND = "background"
    ASKED = "asked"


class WaitReason(StrEnum):
    """Why something has to wait."""

    REGAIN = "regain"  # the network named a time
    FULL = "full"  # too little is left
    RESERVED = "reserved"  # what is left is kept for a post that is due soon
    SLOWED = "slowed"  # reads are being spread
    BUSY = "busy"  # as many reads are under way as the network likes
    RESTING = "resting"  # the network has refused the account for a while
    QUOTA = "quota"  # the publishing quota is used up


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Not now; ask again at ``at``."""

    at: datetime
    reason: WaitReason


def concerning(account: Account, readings: Iterable[UsageReading]) -> list[UsageReading]:
    """Return the buckets a call of ``account`` draws from: its own and those of the whole app."""
    family = f"{_FAMILIES[account.login]}/"
    return [r for r in readings if r.bucket.startswith(family) and r.owner in ("", account.remote_id)]


def fullest(readings: Iterable[UsageReading], now: datetime) -> int:
    """Return the highest percentage of readings that still hold, 0 when there is none."""
    return max((r.percent for r in readings if now < r.read_at + READING_HOLDS), default=0)


def regain_wait(readings: Iterable[UsageReading], now: datetime) -> WaitUntil | None:
    """Return until when the network asked to wait."""
    latest = max((r.regain_at for r in readings if r.regain_at is not None), default=now)
    return WaitUntil(latest, WaitReason.REGAIN) if latest > now else None


def reading_wait(
    readings: Iterable[UsageReading], now: datetime, kind: ReadKind, *, is_publishing_soon: bool, last_read_at: datetime
) -> WaitUntil | None:
    """Return how long a read has to wait by the buckets it draws from, None when it may go.

    ``last_read_at`` is of the account; from ``SLOW_PERCENT`` on, reads nobody waits for keep a distance.
    """
    readings = list(readings)
    if (wait := regain_wait(readings, now)) is not None:
        return wait
    in_force = [r for r in readings if now < r.read_at + READING_HOLDS]
    stop = STOP_PERCENT
    if is_publishing_soon and kind is ReadKind.BACKGROUND:
        stop = min(stop, FULL_PERCENT - PUBLISHING_SHARE)
    if full := [r for r in in_force if r.percent >= stop]:
        is_reserved = all(r.percent < STOP_PERCENT for r in full)
        reason = WaitReason.RESERVED if is_reserved else WaitReason.FULL
        return WaitUntil(max(r.read_at for r in full) + READING_HOLDS, reason)
    next_at = last_read_at + pause_between_reads(fullest(in_force, now))
    if kind is ReadKind.BACKGROUND and next_at > now:
        return WaitUntil(next_at, WaitReason.SLOWED)
    return None


def pause_between_reads(percent: int) -> timedelta:
    """Return the distance of background reads: none below ``SLOW_PERCENT``, then growing evenly to ``LAST_PAUSE``."""
    if percent < SLOW_PERCENT:
        return timedelta()
    part = min(1.0, (percent - SLOW_PERCENT) / (STOP_PERCENT - SLOW_PERCENT))
    return FIRST_PAUSE + (LAST_PAUSE - FIRST_PAUSE) * part


def band(percent: int) -> int:
    """Return which of the bands 0, 75, 90 and 100 a percentage is in: crossing one is news worth storing at once."""
    return max(edge for edge in (0, SLOW_PERCENT, STOP_PERCENT, FULL_PERCENT) if edge <= max(percent, 0))
