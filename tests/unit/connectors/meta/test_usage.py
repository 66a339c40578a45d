from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desktop.connectors.meta.usage import UsageBoard, UsageReading, retry_after_header

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def board(name: str, value: Any, now: datetime = NOON) -> UsageBoard:
    made = UsageBoard()
    made.note("facebook", {name: value if isinstance(value, str) else json.dumps(value)}, now)
    return made


def business(owner: str, minutes: int, kind: str = "pages") -> dict[str, Any]:
    row = {"type": kind, "call_count": 95, "total_time": 20, "estimated_time_to_regain_access": minutes}
    return {owner: [row]}


def test_the_app_bucket_is_as_full_as_its_fullest_measure() -> None:
    usage = {"call_count": 28, "total_time": 125, "total_cputime": 3}
    assert board("x-app-usage", usage).readings() == (UsageReading("facebook/app", "", 125, timedelta(), NOON),)


def test_business_buckets_count_minutes() -> None:
    assert board("x-business-use-case-usage", business("1001", 19)).readings() == (
        UsageReading("facebook/pages/1001", "1001", 95, 19 * MINUTE, NOON),
    )


def test_a_newer_reading_replaces_an_older_one() -> None:
    made = board("x-page-usage", {"call_count": 90})
    made.note("facebook", {"x-page-usage": json.dumps({"call_count": 10})}, NOON + MINUTE)
    assert [reading.percent for reading in made.readings()] == [10]


def test_waiting_is_by_owner_and_family_and_runs_down() -> None:
    made = board("x-business-use-case-usage", business("1001", 10) | business("2002", 60))
    assert made.regain_after("facebook", "1001", NOON + 4 * MINUTE) == 6 * MINUTE
    assert made.regain_after("facebook", "2002", NOON) == 60 * MINUTE
    assert made.regain_after("facebook", "3003", NOON) is None
    assert made.regain_after("instagram", "1001", NOON) is None
    assert made.regain_after("facebook", "1001", NOON + 11 * MINUTE) is None


@pytest.mark.parametrize(
    "value", ["", "not json", "[]", "5", '{"1001": 5}', '{"1001": [5]}', '{"1001": [{"type": null}]}']
)
def test_unreadable_headers_are_passed_over(value: str) -> None:
    for name in ("x-app-usage", "x-business-use-case-usage"):
        assert board(name, value).regain_after("facebook", "1001", NOON) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [("120", timedelta(minutes=2)), ("0", None), ("-5", None), ("soon", None), (None, None)],
)
def test_retry_after(value: str | None, expected: timedelta | None) -> None:
    assert retry_after_header({"retry-after": value} if value else {}) == expected
