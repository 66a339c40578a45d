"""The rules of waiting, each edge of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.accounts import LoginKind
from desktop.domain.networks import Network
from desktop.services.limits.governor import (
    ReadKind,
    WaitReason,
    WaitUntil,
    band,
    concerning,
    fullest,
    pause_between_reads,
    reading_wait,
)
from desktop.services.limits.ports import UsageReading
from tests.support.drafts import an_account

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)
HOUR = timedelta(hours=1)


def reading(percent: int = 0, *, bucket: str = "threads/app", owner: str = "", **changes: datetime) -> UsageReading:
    return UsageReading(bucket, owner, percent, changes.get("regain_at"), changes.get("read_at", NOW))


def wait_at(
    *percents: int, kind: ReadKind = ReadKind.BACKGROUND, soon: bool = False, last: datetime = LONG_AGO
) -> WaitUntil | None:
    readings = [reading(percent) for percent in percents]
    return reading_wait(readings, NOW, kind, is_publishing_soon=soon, last_read_at=last)


def test_below_three_quarters_reads_go_one_after_the_other() -> None:
    assert wait_at(last=NOW) is None
    assert wait_at(74, last=NOW) is None


def test_from_three_quarters_reads_nobody_waits_for_are_spread() -> None:
    assert wait_at(75, last=NOW) == WaitUntil(NOW + timedelta(seconds=5), WaitReason.SLOWED)
    assert wait_at(82, 10, last=NOW) == WaitUntil(NOW + pause_between_reads(82), WaitReason.SLOWED)
    assert wait_at(75, last=NOW - timedelta(seconds=5)) is None
    assert wait_at(89, kind=ReadKind.ASKED, last=NOW) is None


def test_pauses_grow_evenly() -> None:
    pauses = [pause_between_reads(percent) for percent in range(70, 95)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(), timedelta(seconds=60))


@pytest.mark.parametrize("kind", list(ReadKind))
def test_from_ninety_every_read_stops_for_an_hour(kind: ReadKind) -> None:
    assert wait_at(90, kind=kind) == WaitUntil(NOW + HOUR, WaitReason.FULL)
    old = reading(100, read_at=NOW - HOUR)
    assert reading_wait([old], NOW, kind, is_publishing_soon=False, last_read_at=LONG_AGO) is None


def test_a_fifth_is_kept_for_posts_that_are_due_soon() -> None:
    assert wait_at(80, soon=True) == WaitUntil(NOW + HOUR, WaitReason.RESERVED)
    assert wait_at(80, soon=False) is None
    assert wait_at(79, soon=True) is None
    assert wait_at(85, kind=ReadKind.ASKED, soon=True) is None
    assert wait_at(85, 95, soon=True) == WaitUntil(NOW + HOUR, WaitReason.FULL)


@pytest.mark.parametrize("kind", list(ReadKind))
def test_trap_24_the_time_a_network_named_is_kept_to_the_end(kind: ReadKind) -> None:
    regain_at = NOW + timedelta(hours=3)
    said = reading(12, regain_at=regain_at, read_at=NOW - 2 * HOUR)
    assert reading_wait([said], NOW, kind, is_publishing_soon=False, last_read_at=LONG_AGO) == WaitUntil(
        regain_at, WaitReason.REGAIN
    )
    assert reading_wait([said], regain_at, kind, is_publishing_soon=False, last_read_at=LONG_AGO) is None


def test_an_account_draws_from_its_own_buckets_and_those_of_the_app() -> None:
    page = an_account(Network.FACEBOOK, remote_id="1001")
    all_of_them = [
        reading(bucket="facebook/app"),
        reading(bucket="facebook/pages/1001", owner="1001"),
        reading(bucket="facebook/pages/2002", owner="2002"),
        reading(bucket="instagram/app"),
    ]
    assert concerning(page, all_of_them) == all_of_them[:2]
    through_a_page = replace(an_account(Network.INSTAGRAM, remote_id="5"), login=LoginKind.FACEBOOK_PAGE)
    assert concerning(through_a_page, all_of_them) == all_of_them[:1]


def test_old_readings_say_nothing() -> None:
    assert fullest([reading(95, read_at=NOW - HOUR), reading(20)], NOW) == 20
    assert fullest([], NOW) == 0


def test_bands() -> None:
    assert [band(percent) for percent in (-1, 0, 74, 75, 89, 90, 99, 100, 1000)] == [0, 0, 0, 75, 75, 90, 90, 100, 100]


@given(st.lists(st.integers(0, 1000), max_size=5), st.sampled_from(ReadKind), st.booleans())
def test_a_wait_always_ends_and_more_use_never_shortens_it(percents: list[int], kind: ReadKind, soon: bool) -> None:
    found = wait_at(*percents, kind=kind, soon=soon, last=NOW)
    fuller = wait_at(*percents, 99, kind=kind, soon=soon, last=NOW)
    assert found is None or NOW < found.at <= NOW + HOUR
    assert fuller is not None
    assert found is None or fuller.at >= found.at
