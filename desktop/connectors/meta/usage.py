"""Reads how much of each rate limit is used up, from the headers of every answer (``meta-api.md`` §6)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.connectors.meta.answers import as_int

_SHARED_HEADERS = {"x-app-usage": "app", "x-page-usage": "page"}
_BUSINESS_HEADER = "x-business-use-case-usage"


@dataclass(frozen=True, slots=True)
class UsageReading:
    """How full one bucket is: the highest of its percentages, which may exceed 100.

    ``owner`` is the account the bucket belongs to, empty for the whole app. ``regain_after`` counts from ``read_at``
    and is zero when the network named no time.
    """

    bucket: str
    owner: str
    percent: int
    regain_after: timedelta
    read_at: datetime


class UsageBoard:
    """The newest reading of every bucket; safe to use from several threads."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._readings: dict[str, UsageReading] = {}

    def note(self, family: str, headers: Mapping[str, str], now: datetime) -> None:
        """Keep what ``headers`` (lower-case names) say; unreadable ones are passed over."""
        if found := [*_shared(family, headers, now), *_business(family, headers, now)]:
            with self._lock:
                self._readings |= {reading.bucket: reading for reading in found}

    def readings(self) -> tuple[UsageReading, ...]:
        """Return the newest reading of each bucket."""
        with self._lock:
            return tuple(self._readings.values())

    def regain_after(self, family: str, owner: str, now: datetime) -> timedelta | None:
        """Return how long ``owner`` should wait by the buckets it draws from; None when none names a time."""
        waits = [
            reading.read_at + reading.regain_after - now
            for reading in self.readings()
            if reading.bucket.startswith(f"{family}/") and reading.owner in {"", owner} and reading.regain_after
        ]
        longest = max(waits, default=timedelta())
        return longest if longest > timedelta() else None


def retry_after_header(headers: Mapping[str, str]) -> timedelta | None:
    """Return the seconds of a plain ``Retry-After`` header; its date form is not used by these networks."""
    seconds = as_int(headers.get("retry-after"))
    return timedelta(seconds=seconds) if seconds and seconds > 0 else None


def _shared(family: str, headers: Mapping[str, str], now: datetime) -> Iterator[UsageReading]:
    for name, bucket in _SHARED_HEADERS.items():
        usage = _document(headers.get(name))
        if usage:
            yield _reading(f"{family}/{bucket}", "", usage, now)


def _business(family: str, headers: Mapping[str, str], now: datetime) -> Iterator[UsageReading]:
    for owner, rows in _document(headers.get(_BUSINESS_HEADER)).items():
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict):
                yield _reading(f"{family}/{row.get('type', '')}/{owner}", owner, row, now)


def _reading(bucket: str, owner: str, usage: Mapping[str, object], now: datetime) -> UsageReading:
    percents = [as_int(usage.get(name)) or 0 for name in ("call_count", "total_time", "total_cputime")]
    minutes = as_int(usage.get("estimated_time_to_regain_access")) or 0
    return UsageReading(bucket, owner, max(percents), timedelta(minutes=max(minutes, 0)), now)


def _document(header: str | None) -> Mapping[str, object]:
    try:
        parsed = json.loads(header) if header else {}
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}
