"""The movable clock and the rolling windows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.kit.clock import ManualClock
from desktop.sandbox.clock import MovableClock
from desktop.sandbox.quotas import CallWindow, Quotas

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_clock_follows_its_source_with_an_offset():
    source = ManualClock(START)
    clock = MovableClock(source)
    clock.advance(timedelta(hours=1))
    source.advance(SECOND)
    assert clock.now() == START + timedelta(hours=1, seconds=1)
    assert clock.monotonic() == 1.0
    clock.reset()
    assert clock.now() == START + SECOND


def test_a_frozen_clock_moves_only_when_told_and_resumes_from_there():
    source = ManualClock(START)
    clock = MovableClock(source)
    clock.freeze()
    source.advance(SECOND)
    assert clock.now() == START
    clock.advance(-SECOND)
    assert clock.now() == START - SECOND
    clock.resume()
    source.advance(SECOND)
    assert clock.now() == START
    assert not clock.is_frozen


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        MovableClock(ManualClock(START)).set(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


def test_quota_windows_roll_and_survive_a_clock_set_back():
    quotas = Quotas()
    for hours in (0, 1, 1):
        quotas.note("a", "posts", START + timedelta(hours=hours))
    assert quotas.used("a", "posts", START) == 1
    assert quotas.used("a", "posts", START + timedelta(hours=24) - SECOND) == 3
    assert quotas.used("a", "posts", START + timedelta(hours=24)) == 2
    assert quotas.used("a", "posts", START + timedelta(hours=25)) == 0
    assert quotas.used("a", "posts", START + timedelta(hours=1)) == 3
    assert quotas.used("a", "replies", START) == quotas.used("b", "posts", START) == 0


def test_calls_are_counted_over_a_rolling_hour():
    window = CallWindow(timedelta(hours=1))
    assert [window.note(START + timedelta(minutes=m)) for m in (0, 0, 30, 59, 60, 90, 300)] == [1, 2, 3, 4, 3, 3, 1]
