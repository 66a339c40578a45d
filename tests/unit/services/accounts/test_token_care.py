"""The daily look after the tokens: renewing, believing a death only when it is told twice."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from desktop.domain.accounts import Account, AccountState, LoginKind
from desktop.domain.errors import FailureKind, RefreshNotPossible, RemoteFailure, SecretStoreUnavailable
from desktop.domain.networks import Network
from desktop.kit.clock import ManualClock
from desktop.services.accounts.ports import Candidate, TokenFacts, TokenGrant
from desktop.services.accounts.service import AccountService
from desktop.services.accounts.token_care import AFTER_FAILURE, CONFIRM_AFTER, TokenCare
from desktop.services.accounts.token_policy import AccountNotice, NoticeKind
from desktop.services.changes import ChangeFeed
from tests.support.memory_storage import MemoryStorage
from tests.support.secret_stores import MemorySecretStore
from tests.support.token_network import TokenNetwork, refusal

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class House:
    def __init__(self) -> None:
        self.clock = ManualClock(NOW)
        self.meta, self.secrets, self.storage = TokenNetwork(self.clock), MemorySecretStore(), MemoryStorage()
        self.accounts = AccountService(
            self.storage, self.clock, ChangeFeed(), self.secrets, self.meta, self.meta, gateway=self.meta
        )
        self.care = TokenCare(self.accounts, self.meta, self.clock, random.Random(1))
        self.heard: list[AccountNotice] = []
        self.care.subscribe(self.heard.append)

    def connect(self, login: LoginKind = LoginKind.THREADS, name: str = "ada") -> Account:
        grant = self.meta.grant()
        token = self.meta.issue(None) if login is LoginKind.FACEBOOK_PAGE else grant.token
        candidate = Candidate(login.network, login, name, name, name, token)
        return self.accounts.connect_candidate(candidate, grant)

    def pass_time(self, span: timedelta, step: timedelta = timedelta(minutes=10)) -> None:
        ends = self.clock.now() + span
        while self.clock.now() < ends:
            self.clock.advance(step)
            self.care.tick()

    def now(self, account: Account) -> Account:
        return self.accounts.get(account.id)


@pytest.fixture
def house() -> House:
    return House()


class TestRenewing:
    def test_trap_05_in_the_last_thirty_days_and_only_once(self, house: House) -> None:
        account = house.connect()
        first = house.accounts.token(account.id)
        house.pass_time(29 * DAY, timedelta(hours=1))
        assert "refresh" not in house.meta.calls
        house.pass_time(3 * DAY, timedelta(hours=1))
        assert house.meta.calls.count("refresh") == 1
        renewed = house.now(account)
        assert renewed.token_refreshed_at is not None
        assert renewed.token_expires_at == renewed.token_refreshed_at + 60 * DAY
        assert house.accounts.token(account.id) != first
        assert house.heard == []

    def test_the_old_token_is_kept_until_the_new_one_answered(self, house: House) -> None:
        account = house.connect()
        first = house.accounts.token(account.id)
        house.clock.advance(40 * DAY)
        house.meta.silent_about_refreshed = True
        house.pass_time(timedelta(minutes=30))
        assert house.accounts.token(account.id) == first
        new, old = house.meta.probed
        assert (new != first, old) == (True, first)
        assert [n.kind for n in house.heard] == [NoticeKind.RENEWAL]

    def test_a_token_connected_meanwhile_is_not_overwritten(self, house: House) -> None:
        account = house.connect()
        old = house.accounts.token(account.id)
        house.connect()
        newer = house.accounts.token(account.id)
        assert house.accounts.renew(account.id, old, TokenGrant("late", NOW)) is False
        assert house.accounts.token(account.id) == newer

    def test_a_network_that_refuses_to_renew_a_living_token(self, house: House) -> None:
        account = house.connect()
        house.clock.advance(40 * DAY)
        house.meta.refresh_failure = refusal(FailureKind.BAD_INPUT, "private profiles cannot be refreshed", code="100")
        house.pass_time(DAY)
        assert house.now(account).can_publish
        assert [n.kind for n in house.heard] == [NoticeKind.RENEWAL]

    def test_each_account_has_its_own_minute(self, house: House) -> None:
        for name in ("a", "b", "c", "d"):
            house.connect(name=name)
        house.pass_time(2 * DAY, timedelta(minutes=1))
        nexts = sorted(care.next_at for care in house.care._cares.values())
        assert all(later - earlier > timedelta(minutes=1) for earlier, later in itertools.pairwise(nexts))
        assert len(house.meta.calls) in range(8, 13)  # two or three looks at each

    def test_a_clock_set_back_a_year_stops_nothing(self, house: House) -> None:
        house.connect()
        house.pass_time(DAY)
        house.clock.set(NOW - 365 * DAY)
        looks = len(house.meta.calls)
        house.pass_time(timedelta(minutes=10))
        assert len(house.meta.calls) > looks

    def test_a_locked_keychain_says_nothing_about_the_account(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = house.connect()

        def locked(name: str) -> str:
            raise SecretStoreUnavailable(reason="it is locked")

        monkeypatch.setattr(house.secrets, "get", locked)
        house.pass_time(DAY)
        assert house.now(account).state is AccountState.CONNECTED

    def test_what_a_pasted_token_is_gets_known(self, house: House) -> None:
        account = house.accounts.connect_with_token(Network.THREADS, house.meta.issue())
        ends = NOW + 59 * DAY
        house.meta.facts = TokenFacts(True, expires_at=ends, issued_at=NOW, scopes=("threads_basic",))
        house.pass_time(timedelta(hours=1))
        known = house.now(account)
        assert (known.token_expires_at, known.token_issued_at, known.scopes) == (ends, NOW, ("threads_basic",))


class TestBelievingADeath:
    def test_one_refusal_is_no_death(self, house: House) -> None:
        account = house.connect()
        house.meta.blips = 1
        house.pass_time(DAY)
        assert house.now(account).state is AccountState.CONNECTED

    def test_two_refusals_apart_are(self, house: House) -> None:
        account = house.connect()
        house.meta.tokens[house.accounts.token(account.id)].is_dead = True
        house.pass_time(timedelta(minutes=10), timedelta(minutes=1))
        assert house.now(account).state is AccountState.CONNECTED
        house.pass_time(CONFIRM_AFTER, timedelta(minutes=1))
        assert house.now(account).state is AccountState.RECONNECT
        assert house.now(account).state_reason == "the session has ended"

    def test_an_outage_is_no_death_however_long(self, house: House) -> None:
        account = house.connect()
        house.meta.is_down = True
        house.pass_time(7 * DAY, AFTER_FAILURE)
        assert house.now(account).state is AccountState.CONNECTED

    def test_trap_08_a_lost_page_leaves_the_others_alone(self, house: House) -> None:
        lost, kept = house.connect(LoginKind.FACEBOOK_PAGE, "lost"), house.connect(LoginKind.FACEBOOK_PAGE, "kept")
        house.meta.tokens[house.accounts.token(lost.id)].is_dead = True
        house.pass_time(DAY)
        assert (house.now(lost).state, house.now(kept).state) == (AccountState.RECONNECT, AccountState.CONNECTED)

    def test_an_account_given_up_over_a_blip_comes_back(self, house: House) -> None:
        account = house.connect()
        house.pass_time(timedelta(hours=1))
        house.accounts.mark(account.id, AccountState.RECONNECT, "a call for a post was refused")
        house.pass_time(timedelta(minutes=30))
        assert house.now(account).state is AccountState.CONNECTED

    def test_but_not_a_page_without_the_permission(self, house: House) -> None:
        account = house.connect(LoginKind.FACEBOOK_PAGE)
        house.meta.facts = TokenFacts(True, scopes=("pages_show_list",))
        house.accounts.mark(account.id, AccountState.RECONNECT, "no permission")
        house.pass_time(DAY)
        assert house.now(account).state is AccountState.RECONNECT
        house.meta.facts = TokenFacts(True, scopes=("pages_manage_posts", "pages_read_engagement"))
        house.pass_time(DAY)
        assert house.now(account).state is AccountState.CONNECTED

    def test_what_the_person_has_to_settle_is_left_to_them(self, house: House) -> None:
        account = house.connect()
        house.accounts.mark(account.id, AccountState.ACTION_NEEDED, "restricted")
        house.pass_time(DAY)
        assert house.now(account).state is AccountState.ACTION_NEEDED
        assert house.meta.calls == []


class TestTelling:
    def test_each_warning_once(self, house: House) -> None:
        account = house.connect()
        house.meta.refresh_failure = refusal(FailureKind.TRANSIENT_RETRY)
        house.pass_time(60 * DAY, timedelta(hours=1))
        assert [(n.kind, n.threshold) for n in house.heard] == [
            (NoticeKind.RENEWAL, None),
            (NoticeKind.TOKEN, 14),
            (NoticeKind.TOKEN, 7),
            (NoticeKind.TOKEN, 3),
            (NoticeKind.TOKEN, 1),
            (NoticeKind.TOKEN, 0),
        ]
        assert {n.account_id for n in house.heard} == {account.id}
        house.pass_time(2 * DAY, timedelta(hours=1))
        assert house.now(account).state is AccountState.RECONNECT


class TestOnRequest:
    def test_a_token_is_renewed(self, house: House) -> None:
        account = house.connect()
        house.clock.advance(2 * DAY)
        renewed = house.care.refresh(account.id)
        assert renewed.token_refreshed_at == house.clock.now()

    def test_trap_05_one_of_today_is_not_even_asked_for(self, house: House) -> None:
        account = house.connect()
        with pytest.raises(RefreshNotPossible):
            house.care.refresh(account.id)
        assert house.meta.calls == []

    def test_nor_a_page(self, house: House) -> None:
        account = house.connect(LoginKind.FACEBOOK_PAGE)
        with pytest.raises(RefreshNotPossible) as caught:
            house.care.refresh(account.id)
        assert "sign-in" in caught.value.title

    def test_a_refusal_is_passed_on_and_changes_nothing(self, house: House) -> None:
        account = house.connect()
        house.clock.advance(61 * DAY)
        with pytest.raises(RemoteFailure):
            house.care.refresh(account.id)
        assert house.now(account).state is AccountState.CONNECTED
