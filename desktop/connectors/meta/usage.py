"""Reads how much of each rate limit is used up, from the headers of every answer (``meta-api.md`` §6).

A header is written by somebody else's computer, so nothing in it is trusted: what cannot be read is passed over, and
percentages, times, names and the number of buckets are bounded.
"""

from __future__ import annotations

import json
import math
import re
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from desktop.connectors.meta.answers import as_int
from desktop.services.limits.ports import UsageListener, UsageReading

_APP, _PAGE, _BUSINESS, _ADS = "x-app-usage", "x-page-usage", "x-business-use-case-usage", "x-ad-account-usage"
_MEASURES = ("call_count", "total_time", "total_cputime", "acc_id_util_pct")
_MOST_PERCENT = 1000
# no window of a rate limit is longer, so no wait can be
_LONGEST_WAIT = timedelta(hours=24)
_MOST_ROWS = 64
_MOST_BUCKETS = 512
_NAME = re.compile(r"[\w.:-]{1,64}", re.ASCII)


class UsageBoard:
    """The newest reading of every bucket; safe to use from several threads.

    ``listener``, if there is one, hears of everything that is read.
    """

    def __init__(self, listener: UsageListener | None = None) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._readings: dict[str, UsageReading] = {}
        self.listener = listener

    def note(self, family: str, headers: Mapping[str, str], now: datetime, caller_id: str = "") -> None:
        """Keep what ``headers`` (lower-case names) of any answer say; unreadable ones are passed over.

        ``caller_id`` is the network's id of the account the call was made as: the legacy page header means it, and so
        does a business bucket that names none of the accounts themselves.
        """
        found = {reading.bucket: reading for reading in _readings(family, headers, now, caller_id)}
        if not found:
            return
        with self._lock:
            for bucket in found:
                self._readings.pop(bucket, None)
            self._readings |= found
            while len(self._readings) > _MOST_BUCKETS:
                del self._readings[next(iter(self._readings))]
        if self.listener is not None:
            self.listener(tuple(found.values()))

    def readings(self) -> tuple[UsageReading, ...]:
        """Return the newest reading of each bucket."""
        with self._lock:
            return tuple(self._readings.values())

    def regain_after(self, family: str, owner: str, now: datetime) -> timedelta | None:
        """Return how long ``owner`` should wait by the buckets it draws from; None when none names a time."""
        waits = [
            reading.regain_at - now
            for reading in self.readings()
            if reading.bucket.startswith(f"{family}/")
            and reading.owner in {"", owner}
            and reading.regain_at is not None
            and reading.regain_at > now
        ]
        return max(waits, default=None)


def retry_after_header(headers: Mapping[str, str]) -> timedelta | None:
    """Return the seconds of a plain ``Retry-After`` header; its date form is not used by these networks."""
    seconds = as_int(headers.get("retry-after"))
    return _wait(seconds, timedelta(seconds=1)) if seconds else None


def _readings(family: str, headers: Mapping[str, str], now: datetime, caller_id: str) -> Iterator[UsageReading]:
    for name, owner in ((_APP, ""), (_PAGE, caller_id), (_ADS, caller_id)):
        if usage := _document(headers.get(name)):
            kind = name.removeprefix("x-").removesuffix("-usage")
            yield _reading(f"{family}/{kind}/{owner}".rstrip("/"), owner, usage, now)
    yield from _business(family, _document(headers.get(_BUSINESS)), now, caller_id)


def _business(family: str, usage: Mapping[str, object], now: datetime, caller_id: str) -> Iterator[UsageReading]:
    is_about_caller = not caller_id or caller_id in usage
    for key, rows in list(usage.items())[:_MOST_ROWS]:
        for row in rows[:_MOST_ROWS] if isinstance(rows, list) else [rows]:
            if not isinstance(row, dict) or not _NAME.fullmatch(key):
                continue
            kind = row.get("type")
            bucket = f"{family}/{kind if isinstance(kind, str) and _NAME.fullmatch(kind) else 'other'}/{key}"
            # a bucket of the whole business: each account that was told of it draws from it
            yield (
                _reading(bucket, key, row, now)
                if is_about_caller
                else _reading(f"{bucket}/{caller_id}", caller_id, row, now)
            )


def _reading(bucket: str, owner: str, usage: Mapping[str, object], now: datetime) -> UsageReading:
    percent = max(_percent(usage.get(name)) for name in _MEASURES)
    minutes = as_int(usage.get("estimated_time_to_regain_access"))
    wait = _wait(minutes, timedelta(minutes=1))
    if wait is None and percent >= 100:
        wait = _wait(as_int(usage.get("reset_time_duration")), timedelta(seconds=1))
    return UsageReading(bucket, owner, percent, None if wait is None else now + wait, now)


def _percent(value: object) -> int:
    """Return a percentage that may be a fraction or text, rounded up so that 89.6 counts as 90."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0
    try:
        return math.ceil(min(max(float(value), 0.0), _MOST_PERCENT))
    except (ValueError, OverflowError):  # words, not a number, an integer too long for a float
        return 0


def _wait(count: int | None, unit: timedelta) -> timedelta | None:
    if count is None or count <= 0:
        return None
    return min(count, _LONGEST_WAIT // unit) * unit


def _document(header: str | None) -> Mapping[str, object]:
    try:
        parsed = json.loads(header) if header else {}
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}
