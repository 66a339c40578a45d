"""Usage headers: every name, minutes, and values nobody should trust."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.connectors.meta.usage import UsageBoard, retry_after_header
from desktop.services.limits.ports import UsageReading

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BUSINESS = "x-business-use-case-usage"


def board(name: str, value: Any, now: datetime = NOON, caller_id: str = "") -> UsageBoard:
    made = UsageBoard()
    made.note("facebook", {name: value if isinstance(value, str) else json.dumps(value)}, now, caller_id)
    return made


def business(owner: str, minutes: int, kind: str = "pages") -> dict[str, Any]:
    row = {"type": kind, "call_count": 95, "total_time": 20, "estimated_time_to_regain_access": minutes}
    return {owner: [row]}


def test_the_app_bucket_is_as_full_as_its_fullest_measure() -> None:
    usage = {"call_count": 28, "total_time": 125, "total_cputime": 3}
    assert board("x-app-usage", usage).readings() == (UsageReading("facebook/app", "", 125, None, NOON),)


def test_trap_24_times_to_regain_access_are_minutes() -> None:
    made = board(BUSINESS, business("1001", 19))
    assert made.readings() == (UsageReading("facebook/pages/1001", "1001", 95, NOON + 19 * MINUTE, NOON),)
    assert made.regain_after("facebook", "1001", NOON) == timedelta(seconds=19 * 60)


def test_the_legacy_page_header_is_about_the_caller() -> None:
    usage = {"call_count": 40}
    reading = board("x-page-usage", usage, caller_id="1001").readings()[0]
    assert (reading.bucket, reading.owner, reading.percent) == ("facebook/page/1001", "1001", 40)
    assert board("x-page-usage", usage).readings()[0].bucket == "facebook/page"


def test_the_ads_header_counts_seconds_and_fractions() -> None:
    usage = {"acc_id_util_pct": 9.67, "reset_time_duration": 100, "ads_api_access_tier": "standard_access"}
    assert board("x-ad-account-usage", usage, caller_id="7").readings() == (
        UsageReading("facebook/ad-account/7", "7", 10, None, NOON),
    )
    full = board("x-ad-account-usage", usage | {"acc_id_util_pct": 100.0}).readings()[0]
    assert full.regain_at == NOON + timedelta(seconds=100)


def test_a_bucket_of_a_business_counts_for_each_account_that_was_told_of_it() -> None:
    made = UsageBoard()
    headers = {BUSINESS: json.dumps(business("99000", 10))}
    for page in ("1001", "2002"):
        made.note("facebook", headers, NOON, page)
    assert {reading.owner for reading in made.readings()} == {"1001", "2002"}
    assert made.regain_after("facebook", "1001", NOON) == 10 * MINUTE
    assert made.regain_after("facebook", "3003", NOON) is None


def test_a_call_of_a_person_tells_about_several_pages() -> None:
    made = board(BUSINESS, business("1001", 10) | business("2002", 0), caller_id="")
    assert [(r.owner, r.regain_at is None) for r in made.readings()] == [("1001", False), ("2002", True)]


def test_a_newer_reading_replaces_an_older_one() -> None:
    made = board("x-page-usage", {"call_count": 90})
    made.note("facebook", {"x-page-usage": json.dumps({"call_count": 10})}, NOON + MINUTE)
    assert [reading.percent for reading in made.readings()] == [10]


def test_waiting_is_by_owner_and_family_and_runs_down() -> None:
    made = board(BUSINESS, business("1001", 10) | business("2002", 60))
    assert made.regain_after("facebook", "1001", NOON + 4 * MINUTE) == 6 * MINUTE
    assert made.regain_after("facebook", "2002", NOON) == 60 * MINUTE
    assert made.regain_after("facebook", "3003", NOON) is None
    assert made.regain_after("instagram", "1001", NOON) is None
    assert made.regain_after("facebook", "1001", NOON + 11 * MINUTE) is None


def test_trap_24_a_listener_hears_of_every_answer() -> None:
    heard: list[UsageReading] = []
    made = UsageBoard(heard.extend)
    for percent in (10, 20):
        made.note("threads", {"x-app-usage": json.dumps({"call_count": percent})}, NOON)
    made.note("threads", {"content-type": "application/json"}, NOON)
    assert [reading.percent for reading in heard] == [10, 20]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "not json",
        "[]",
        "5",
        '{"1001": 5}',
        '{"1001": [5]}',
        '{"1001": [{"type": null}]}',
        '{"1001": {"call_count": true}}',
        '{"call_count": NaN}',
        '{"call_count": "many"}',
        '{"call_count": -3}',
        "[" * 100_000,
    ],
)
def test_unreadable_headers_are_passed_over(value: str) -> None:
    for name in ("x-app-usage", BUSINESS, "x-page-usage", "x-ad-account-usage"):
        made = board(name, value)
        assert made.regain_after("facebook", "1001", NOON) is None
        assert all(reading.percent == 0 for reading in made.readings())


@pytest.mark.parametrize("minutes", [10**12, 10**4000, "9" * 30])
def test_no_wait_is_longer_than_the_longest_window(minutes: object) -> None:
    text = json.dumps({"1001": [{"estimated_time_to_regain_access": minutes, "call_count": 1e308}]})
    made = board(BUSINESS, text)
    assert made.regain_after("facebook", "1001", NOON) == timedelta(hours=24)
    assert made.readings()[0].percent == 1000


def test_a_flood_of_buckets_stays_small_and_keeps_the_newest() -> None:
    made = UsageBoard()
    for start in range(0, 6000, 50):
        rows = {str(key): [{"call_count": 1}] for key in range(start, start + 50)}
        made.note("facebook", {BUSINESS: json.dumps(rows)}, NOON)
    readings = made.readings()
    assert len(readings) == 512
    assert readings[-1].owner == "5999"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=40), inner, max_size=4),
)
measures = st.dictionaries(
    st.sampled_from(
        [
            "call_count",
            "total_time",
            "acc_id_util_pct",
            "estimated_time_to_regain_access",
            "reset_time_duration",
            "type",
        ]
    ),
    json_values,
)


@given(json_values | measures | st.dictionaries(st.text(max_size=70), st.lists(measures, max_size=3), max_size=3))
def test_whatever_a_header_says_readings_stay_within_their_bounds(value: object) -> None:
    for name in ("x-app-usage", BUSINESS, "x-page-usage", "x-ad-account-usage"):
        for reading in board(name, json.dumps(value), caller_id="7").readings():
            assert 0 <= reading.percent <= 1000
            assert reading.regain_at is None or NOON < reading.regain_at <= NOON + timedelta(hours=24)
            assert len(reading.bucket) < 220


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(minutes=2)),
        ("0", None),
        ("-5", None),
        ("soon", None),
        (None, None),
        ("9" * 40, timedelta(hours=24)),
    ],
)
def test_retry_after(value: str | None, expected: timedelta | None) -> None:
    assert retry_after_header({"retry-after": value} if value else {}) == expected
