"""Planned times: wall time plus IANA zone is what the person meant; the instant is derived.

Wall times inside a DST gap are moved forward by the length of the gap when they are *derived* (a rule change, a
copied day) and refused when a person *enters* them; of the two instants of a fold the first counts (RFC 5545 §3.3.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from desktop.domain.errors import TimeInGap, UnknownZone


class WallNote(StrEnum):
    """What is unusual about a wall time."""

    NONE = "none"
    GAP = "gap"
    FOLD = "fold"


@dataclass(frozen=True, slots=True)
class Schedule:
    """``wall_time`` is naive, to the second; ``zone`` is an IANA name."""

    wall_time: datetime
    zone: str

    @property
    def at(self) -> datetime:
        """The instant, aware and in UTC."""
        return self._local().astimezone(UTC)

    @property
    def note(self) -> WallNote:
        """Whether the wall time exists once, never or twice."""
        local = self._local()
        if local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != self.wall_time:
            return WallNote.GAP
        return WallNote.FOLD if local.utcoffset() != local.replace(fold=1).utcoffset() else WallNote.NONE

    def _local(self) -> datetime:
        return self.wall_time.replace(tzinfo=zone_info(self.zone), fold=0)

    def moved(self, step: timedelta) -> Schedule:
        """Return the schedule ``step`` later by the wall clock."""
        return Schedule(self.wall_time + step, self.zone)

    @classmethod
    def entered(cls, wall_time: datetime, zone: str) -> Schedule:
        """Take a time as a person gave it; ``UnknownZone``, or ``TimeInGap`` when the clocks skip it."""
        schedule = cls(wall_time.replace(microsecond=0, tzinfo=None, fold=0), zone)
        if schedule.note is WallNote.GAP:
            later = schedule.at.astimezone(zone_info(zone)).replace(tzinfo=None)
            raise TimeInGap(wall=_shown(schedule.wall_time), zone=zone, suggestion=_shown(later))
        return schedule

    @classmethod
    def from_instant(cls, instant: datetime, zone: str) -> Schedule:
        """Return the wall time that ``instant`` has in ``zone``, cut to the second."""
        local = instant.astimezone(zone_info(zone))
        return cls(local.replace(tzinfo=None, microsecond=0, fold=0), zone)


def zone_info(zone: str) -> ZoneInfo:
    """Return the time zone; ``UnknownZone`` for a name the database does not have."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone(zone=zone) from error


def _shown(wall_time: datetime) -> str:
    return wall_time.isoformat(sep=" ", timespec="minutes")
