"""When tokens are renewed and what people hear of their end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.domain.accounts import Account, AccountId, AccountState, Hue, LoginKind
from desktop.domain.networks import Network
from desktop.services.accounts.token_policy import (
    NoticeKind,
    can_be_renewed,
    notices,
    renews_until,
    wants_renewal,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def account(
    login: LoginKind = LoginKind.THREADS,
    *,
    network: Network | None = None,
    age: timedelta | None = 31 * DAY,
    left: timedelta | None = 29 * DAY,
    refreshed: timedelta | None = None,
    connected: timedelta = 40 * DAY,
    data_access: timedelta | None = None,
) -> Account:
    return Account(
        id=AccountId("1"),
        network=network or login.network,
        login=login,
        remote_id="9",
        username="ada",
        display_name="Ada",
        state=AccountState.CONNECTED,
        state_reason="",
        hue=Hue.INK,
        is_sample=False,
        connected_at=NOW - connected,
        token_expires_at=None if left is None else NOW + left,
        token_issued_at=None if age is None else NOW - age,
        token_refreshed_at=None if refreshed is None else NOW - refreshed,
        data_access_expires_at=None if data_access is None else NOW + data_access,
    )


@pytest.mark.parametrize("login", [LoginKind.THREADS, LoginKind.INSTAGRAM])
@pytest.mark.parametrize(
    ("age", "left", "wanted"),
    [
        (30 * DAY, 30 * DAY, True),
        (29 * DAY, 30 * DAY + HOUR, False),
        (23 * HOUR, 10 * DAY, False),
        (24 * HOUR, 10 * DAY, True),
        (59 * DAY, HOUR, True),
        (61 * DAY, -DAY, True),  # our clock may be wrong; the network decides
    ],
)
def test_trap_05_renewing_between_the_first_day_and_the_end(
    login: LoginKind, age: timedelta, left: timedelta, wanted: bool
) -> None:
    assert wants_renewal(account(login, age=age, left=left), NOW) is wanted


def test_facebook_has_nothing_to_renew() -> None:
    page = account(LoginKind.FACEBOOK_PAGE)
    assert (can_be_renewed(page), wants_renewal(page, NOW), renews_until(page)) == (False, False, None)


@pytest.mark.parametrize(
    ("connected", "refreshed", "wanted"),
    [(23 * HOUR, None, False), (25 * HOUR, None, True), (40 * DAY, 29 * DAY, False), (40 * DAY, 30 * DAY, True)],
)
def test_trap_07_an_end_nobody_told_is_not_never(
    connected: timedelta, refreshed: timedelta | None, wanted: bool
) -> None:
    pasted = account(age=None, left=None, connected=connected, refreshed=refreshed)
    assert wants_renewal(pasted, NOW) is wanted


@pytest.mark.parametrize(
    ("left", "threshold", "days"),
    [
        (15 * DAY, None, None),
        (14 * DAY, 14, 14),
        (13 * DAY + HOUR, 14, 14),
        (7 * DAY, 7, 7),
        (3 * DAY, 3, 3),
        (2 * DAY, 3, 2),
        (DAY, 1, 1),
        (HOUR, 1, 1),
        (timedelta(0), 0, 0),
        (-DAY, 0, 0),
    ],
)
def test_warnings(left: timedelta, threshold: int | None, days: int | None) -> None:
    found = notices(account(left=left), NOW)
    assert [(n.kind, n.threshold, n.days_left) for n in found] == (
        [] if days is None else [(NoticeKind.TOKEN, threshold, days)]
    )


def test_words() -> None:
    (soon,) = notices(account(left=DAY), NOW)
    (over,) = notices(account(left=-DAY), NOW)
    assert (soon.words, over.words) == ("The connection of ada ends in 1 day.", "The connection of ada has ended.")
    assert "queue is kept" in soon.advice


def test_a_renewal_that_fails_is_told_long_before() -> None:
    (found,) = notices(account(left=29 * DAY), NOW, renewal_fails=True)
    assert (found.kind, found.threshold, found.days_left) == (NoticeKind.RENEWAL, None, 29)
    (near,) = notices(account(left=3 * DAY), NOW, renewal_fails=True)
    assert near.kind is NoticeKind.TOKEN


def test_the_sign_in_behind_a_page_is_a_reminder_only() -> None:
    page = account(LoginKind.FACEBOOK_PAGE, age=50 * DAY, left=None)
    (found,) = notices(page, NOW)
    assert (found.kind, found.threshold, found.days_left) == (NoticeKind.SIGN_IN, 14, 10)
    assert "all the same" in found.words
    assert notices(account(LoginKind.FACEBOOK_PAGE, age=None, left=None), NOW) == ()


def test_trap_07_the_ninety_days_count_for_instagram_and_not_for_pages() -> None:
    page = account(LoginKind.FACEBOOK_PAGE, age=DAY, left=None, data_access=-DAY)
    linked = account(LoginKind.FACEBOOK_PAGE, network=Network.INSTAGRAM, age=DAY, left=None, data_access=-DAY)
    assert notices(page, NOW) == ()
    assert [n.kind for n in notices(linked, NOW)] == [NoticeKind.DATA_ACCESS]
