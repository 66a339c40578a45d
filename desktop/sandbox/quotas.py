"""Rolling windows: publishing quotas counted exactly, calls counted by the minute for the usage headers."""

from __future__ import annotations

import json
from bisect import bisect_right, insort
from collections import defaultdict
from datetime import datetime, timedelta

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class Quotas:
    """How much each account used of its 24 h quotas; buckets are posts, replies, deletes and containers."""

    def __init__(self) -> None:
        """Start with nothing used."""
        self._used: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)

    def note(self, account_id: str, bucket: str, at: datetime) -> None:
        """Count one use at ``at``."""
        insort(self._used[account_id, bucket], at)

    def used(self, account_id: str, bucket: str, now: datetime) -> int:
        """Return the uses in the 24 h before ``now``; the window rolls, it does not follow calendar days."""
        # The clock may be moved back, so that old uses count again: nothing is thrown away here.
        used = self._used[account_id, bucket]
        return bisect_right(used, now) - bisect_right(used, now - DAY)


class CallWindow:
    """Calls in a rolling span, kept per minute so that a long run stays small."""

    def __init__(self, span: timedelta) -> None:
        """Count over ``span``."""
        self._minutes = int(span.total_seconds() // 60)
        self._counts: dict[int, int] = {}
        self._total = 0

    def note(self, now: datetime) -> int:
        """Count one call at ``now`` and return the calls in the span."""
        minute = int(now.timestamp() // 60)
        if minute not in self._counts:
            for old in [m for m in self._counts if not minute - self._minutes < m <= minute]:
                self._total -= self._counts.pop(old)
            self._counts[minute] = 0
        self._counts[minute] += 1
        self._total += 1
        return self._total


class Usage:
    """The percentages behind ``X-App-Usage`` and ``X-Business-Use-Case-Usage`` (Graph rate-limiting page)."""

    def __init__(self) -> None:
        """Start with no calls."""
        self._app = CallWindow(HOUR)
        self._accounts: defaultdict[str, CallWindow] = defaultdict(lambda: CallWindow(DAY))

    def note(self, account_id: str, now: datetime, app_ceiling: int, account_ceiling: int) -> tuple[int, int]:
        """Count a call; return the app's and the account's use in percent of the ceilings."""
        app = self._app.note(now) * 100 // app_ceiling
        account = self._accounts[account_id].note(now) * 100 // account_ceiling if account_id else 0
        return app, account


def usage_headers(
    app_percent: int, account_percent: int, *, account_id: str, use_case: str, regain_minutes: int = 0
) -> dict[str, str]:
    """Return the usage headers; ``regain_minutes`` is when access returns, 0 while it is not blocked."""
    load = {"call_count": app_percent, "total_time": app_percent // 2, "total_cputime": app_percent // 2}
    headers = {"X-App-Usage": json.dumps(load)}
    if account_id:
        row = {
            "type": use_case,
            "call_count": account_percent,
            "total_cputime": account_percent // 2,
            "total_time": account_percent // 2,
            "estimated_time_to_regain_access": regain_minutes,
        }
        headers["X-Business-Use-Case-Usage"] = json.dumps({account_id: [row]})
    return headers
