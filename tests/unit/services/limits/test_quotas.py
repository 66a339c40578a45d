"""Rolling windows: what a network told, and what we published before and since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.networks import Network, PostFormat
from desktop.services.limits.ports import Publish, Quota, QuotaKind
from desktop.services.limits.quotas import DAY, counted_as, quota_at, told_or_assumed

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
POSTS = QuotaKind.POSTS


def told(used: int, total: int = 100, read_at: datetime = NOON) -> Quota:
    return Quota(POSTS, used, total, DAY, read_at)


def ours(*hours: float) -> list[Publish]:
    """Publishes of ours so many hours after noon."""
    return [Publish(NOON + hour * HOUR, POSTS) for hour in hours]


def test_what_we_published_since_is_added() -> None:
    state = quota_at(told(2), ours(1, 2), NOON + 3 * HOUR)
    assert (state.used, state.remaining, state.read_at) == (4, 96, NOON)


def test_what_the_network_has_counted_already_is_not_added_again() -> None:
    assert quota_at(told(2), ours(-2, -1), NOON + HOUR).used == 2
    assert quota_at(told(1), ours(-2, -1), NOON + HOUR).used == 2, "ours is certain even if the network lags behind"


def test_trap_15_the_window_rolls_and_knows_no_midnight() -> None:
    evening = datetime(2026, 11, 22, 23, 50, tzinfo=UTC)
    posts = [Publish(evening, POSTS)] * 50
    quota = told(0, 50, evening - HOUR)
    after_midnight = quota_at(quota, posts, evening + timedelta(minutes=20))
    assert after_midnight.remaining == 0
    assert after_midnight.frees_at == evening + DAY
    assert quota_at(quota, posts, evening + DAY - timedelta(seconds=1)).remaining == 0
    assert quota_at(quota, posts, evening + DAY).remaining == 50


def test_trap_15_a_carousel_counts_once() -> None:
    assert counted_as(Network.INSTAGRAM, PostFormat.CAROUSEL, 0) is POSTS
    assert counted_as(Network.THREADS, PostFormat.CAROUSEL, 0) is POSTS
    assert quota_at(told(0), ours(1), NOON + 2 * HOUR).used == 1


def test_what_others_published_counts_until_the_window_has_passed() -> None:
    quota = told(5)
    assert quota_at(quota, ours(-23, -1), NOON).used == 5
    assert quota_at(quota, ours(-23, -1), NOON + 2 * HOUR).used == 4, "our oldest has left the window"
    assert quota_at(quota, ours(-23, -1), NOON + DAY).used == 0


def test_when_the_next_one_comes_back() -> None:
    assert quota_at(told(0), [], NOON).frees_at is None
    assert quota_at(told(3), [], NOON + HOUR).frees_at == NOON + DAY
    assert quota_at(told(3), ours(-20), NOON + HOUR).frees_at == NOON + 4 * HOUR


def test_trap_15_totals_are_the_networks_own_and_assumed_only_until_told() -> None:
    assert [(q.total, is_told) for q, is_told in told_or_assumed(Network.INSTAGRAM, [], NOON)] == [(50, False)]
    assert [(q.total, is_told) for q, is_told in told_or_assumed(Network.INSTAGRAM, [told(1, 100)], NOON)] == [
        (100, True)
    ]
    kinds = [
        quota.kind for quota, _ in told_or_assumed(Network.THREADS, [Quota(QuotaKind.DELETES, 0, 100, DAY, NOON)], NOON)
    ]
    assert kinds == [POSTS, QuotaKind.REPLIES, QuotaKind.DELETES]


@pytest.mark.parametrize(
    ("network", "post_format", "ordinal", "kind"),
    [
        (Network.THREADS, PostFormat.FEED, 0, POSTS),
        (Network.THREADS, PostFormat.FEED, 3, QuotaKind.REPLIES),
        (Network.INSTAGRAM, PostFormat.STORY, 0, POSTS),
        (Network.FACEBOOK, PostFormat.FEED, 0, None),
        (Network.FACEBOOK, PostFormat.REEL, 0, QuotaKind.REELS),
        (Network.FACEBOOK, None, 0, None),
    ],
)
def test_what_a_part_counts_as(network: Network, post_format: PostFormat, ordinal: int, kind: QuotaKind | None) -> None:
    assert counted_as(network, post_format, ordinal) is kind


@given(
    st.lists(st.integers(-30 * 60, 30 * 60), max_size=30),
    st.lists(st.integers(-24 * 60 + 1, 0), max_size=10),
    st.integers(0, 48 * 60),
)
def test_never_less_than_the_network_itself_would_count(own: list[int], foreign: list[int], ahead: int) -> None:
    """Against a model that knows every publish: we may count too many, never too few."""

    def counted(minutes: list[int], at: int) -> int:
        return sum(at - 24 * 60 < minute <= at for minute in minutes)

    quota = told(counted(own + foreign, 0), 10_000)
    publishes = [Publish(NOON + timedelta(minutes=minute), POSTS) for minute in own]
    state = quota_at(quota, publishes, NOON + timedelta(minutes=ahead))
    assert state.used >= counted(own + foreign, ahead)
    if ahead == 0 or not foreign:
        assert state.used == counted(own + foreign, ahead)
