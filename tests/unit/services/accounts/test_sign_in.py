"""The sign-in flow against a network in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desktop.domain.accounts import AccountState, LoginKind
from desktop.domain.errors import (
    AppInDevelopment,
    AppRefused,
    FailureKind,
    InvalidInput,
    RedirectMissing,
    RemoteFailure,
    SignInCodeRefused,
    SignInDenied,
    SignInNothingFound,
    SignInStateWrong,
)
from desktop.domain.networks import Network
from desktop.kit.clock import ManualClock
from desktop.services.accounts.ports import Candidate
from desktop.services.accounts.service import AccountService
from desktop.services.accounts.sign_in import SignedIn, SignInAttempt, SignInService
from desktop.services.changes import ChangeFeed
from tests.support.memory_storage import MemoryStorage
from tests.support.secret_stores import MemorySecretStore
from tests.support.token_network import TokenNetwork, refusal

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FACEBOOK = Network.FACEBOOK
PAGE = Candidate(FACEBOOK, LoginKind.FACEBOOK_PAGE, "1001", "Harbour", "Harbour", "EAApage1")
OTHER = Candidate(FACEBOOK, LoginKind.FACEBOOK_PAGE, "1002", "Bakery", "Bakery", "EAApage2")
LINKED = Candidate(Network.INSTAGRAM, LoginKind.FACEBOOK_PAGE, "178", "harbour.pics", "Harbour", "EAApage1")
CLOSED = Candidate(FACEBOOK, LoginKind.FACEBOOK_PAGE, "1003", "Museum", "Museum", "", "Your role does not allow it.")


class House:
    def __init__(self) -> None:
        self.clock = ManualClock(NOW)
        self.storage, self.secrets = MemoryStorage(), MemorySecretStore()
        self.meta = TokenNetwork(self.clock, found=(PAGE, LINKED, OTHER, CLOSED), scopes=("pages_manage_posts",))
        self.accounts = AccountService(
            self.storage, self.clock, ChangeFeed(), self.secrets, self.meta, self.meta, gateway=self.meta
        )
        self.sign_in = SignInService(self.meta, self.accounts)

    def begin(self, network: Network = FACEBOOK) -> SignInAttempt:
        attempt = self.sign_in.begin(network, port=4711)
        self.meta.codes["good"] = attempt.redirect_uri
        return attempt

    def signed_in(self) -> SignedIn:
        attempt = self.begin()
        return self.sign_in.complete(attempt, f"{attempt.redirect_uri}?code=good&state={attempt.state}#_=_")


@pytest.fixture
def house() -> House:
    return House()


def back(attempt: SignInAttempt, query: str, state: str | None = None) -> str:
    return f"{attempt.redirect_uri}?{query}&state={attempt.state if state is None else state}"


class TestBeginning:
    def test_the_state_carries_the_port(self, house: House) -> None:
        attempt = house.begin()
        assert attempt.state.startswith("4711.")
        assert attempt.state in attempt.url
        assert attempt.redirect_uri == "https://example.org/bounce"
        assert attempt.state not in repr(attempt)
        assert attempt.verifier not in repr(attempt)

    def test_two_attempts_share_nothing(self, house: House) -> None:
        first, second = house.begin(), house.begin()
        assert (first.state, first.verifier) != (second.state, second.verifier)

    def test_trap_06_facebook_alone_takes_this_computer_and_only_by_name(self, house: House) -> None:
        house.meta.redirect_uri = ""
        assert house.sign_in.begin(FACEBOOK, port=4711).redirect_uri == "http://localhost:4711/callback"
        assert house.sign_in.begin(FACEBOOK).redirect_uri.startswith("http://localhost:")
        for network in (Network.THREADS, Network.INSTAGRAM):
            with pytest.raises(RedirectMissing):
                house.sign_in.begin(network, port=4711)


class TestComingBack:
    def test_accounts_to_choose_from(self, house: House) -> None:
        signed_in = house.signed_in()
        assert signed_in.candidates == (PAGE, LINKED, OTHER, CLOSED)
        assert signed_in.can_be_chosen == (PAGE, LINKED, OTHER)
        assert "pages_show_list" in signed_in.missing_scopes
        assert "pages_manage_posts" not in signed_in.missing_scopes
        assert house.accounts.list() == []

    def test_nothing_secret_shows(self, house: House) -> None:
        signed_in = house.signed_in()
        assert signed_in.grant.token not in repr((signed_in, signed_in.grant))
        assert "EAApage" not in repr(signed_in)

    @pytest.mark.parametrize("query", ["error=access_denied", "error=acceess_denied&error_code=200"])
    def test_a_person_who_said_no(self, house: House, query: str) -> None:
        attempt = house.begin()
        with pytest.raises(SignInDenied):
            house.sign_in.complete(attempt, back(attempt, query))
        assert house.meta.calls == []

    @pytest.mark.parametrize("state", ["", "4711.other", "é"])
    def test_an_answer_to_another_sign_in(self, house: House, state: str) -> None:
        attempt = house.begin()
        with pytest.raises(SignInStateWrong):
            house.sign_in.complete(attempt, back(attempt, "code=good", state))
        assert house.meta.calls == []

    def test_a_refusal_of_another_sign_in(self, house: House) -> None:
        attempt = house.begin()
        with pytest.raises(SignInStateWrong):
            house.sign_in.complete(attempt, back(attempt, "error=access_denied", "4711.other"))
        with pytest.raises(SignInDenied):  # some refusals come without any state
            house.sign_in.complete(attempt, back(attempt, "error=access_denied", ""))

    def test_a_code_works_once(self, house: House) -> None:
        attempt = house.begin()
        house.sign_in.complete(attempt, back(attempt, "code=good"))
        with pytest.raises(SignInCodeRefused) as caught:
            house.sign_in.complete(attempt, back(attempt, "code=good"))
        assert "good" not in caught.value.title

    def test_trap_03_the_redirect_address_is_the_same_in_both_steps(self, house: House) -> None:
        house.meta.redirect_uri = "https://example.org/b%6Funce/?a=1&b=%C3%A9"
        attempt = house.begin()
        assert attempt.redirect_uri == house.meta.redirect_uri
        house.sign_in.complete(attempt, f"?code=good&state={attempt.state}")

    def test_trap_01_the_id_of_another_app(self, house: House) -> None:
        attempt = house.begin(Network.THREADS)
        with pytest.raises(AppRefused) as caught:
            house.sign_in.complete(attempt, back(attempt, "error_code=4476002&error_message=No+app+ID+was+sent"))
        assert "id of their own" in caught.value.advice

    def test_an_app_in_development(self, house: House) -> None:
        attempt = house.begin()
        with pytest.raises(AppInDevelopment):
            house.sign_in.complete(attempt, back(attempt, "error=1&error_message=App+not+active"))

    def test_trap_09_no_account_at_all(self, house: House) -> None:
        house.meta.found = ()
        with pytest.raises(SignInNothingFound) as caught:
            house.signed_in()
        assert "tick every Page" in caught.value.advice

    def test_a_hiccup_does_not_cost_the_code(self, house: House) -> None:
        house.meta.hiccups = 2
        assert house.signed_in().candidates
        assert house.meta.calls == ["exchange", "candidates", "candidates", "candidates"]

    def test_a_network_that_is_down(self, house: House) -> None:
        house.meta.failure = refusal(FailureKind.TRANSIENT_RETRY)
        with pytest.raises(RemoteFailure):
            house.signed_in()


class TestConnecting:
    def test_trap_08_several_at_once_with_a_token_each(self, house: House) -> None:
        """One page token per Page, never the person's for all."""
        accounts = house.sign_in.connect(house.signed_in(), ["1001", "178"])
        assert [(a.network, a.login, a.remote_id) for a in accounts] == [
            (FACEBOOK, LoginKind.FACEBOOK_PAGE, "1001"),
            (Network.INSTAGRAM, LoginKind.FACEBOOK_PAGE, "178"),
        ]
        assert [house.accounts.token(a.id) for a in accounts] == ["EAApage1", "EAApage1"]

    def test_what_is_kept_of_a_page(self, house: House) -> None:
        signed_in = house.signed_in()
        (page,) = house.sign_in.connect(signed_in, ["1001"])
        assert (page.token_expires_at, page.token_issued_at, page.grantor_id) == (None, NOW, "77")
        assert page.scopes == ("pages_manage_posts",)
        assert house.accounts.person_token("77") == signed_in.grant.token

    def test_what_is_kept_of_a_profile(self, house: House) -> None:
        house.meta.found = (Candidate(Network.THREADS, LoginKind.THREADS, "9", "ada", "Ada", "THx"),)
        attempt = house.begin(Network.THREADS)
        signed_in = house.sign_in.complete(attempt, back(attempt, "code=good"))
        (account,) = house.sign_in.connect(signed_in, ["9"])
        assert account.token_expires_at == NOW + timedelta(days=60)
        assert (account.grantor_id, account.token_refreshed_at) == (None, None)

    def test_trap_08_a_page_with_the_wrong_role_cannot_be_chosen(self, house: House) -> None:
        with pytest.raises(InvalidInput) as caught:
            house.sign_in.connect(house.signed_in(), ["1001", "1003"])
        assert "role" in caught.value.title
        assert house.accounts.list() == []

    def test_somebody_else(self, house: House) -> None:
        with pytest.raises(InvalidInput):
            house.sign_in.connect(house.signed_in(), ["5555"])

    def test_again_keeps_the_account_and_renews_what_is_known(self, house: House) -> None:
        (first,) = house.sign_in.connect(house.signed_in(), ["1001"])
        house.accounts.mark(first.id, AccountState.RECONNECT, "why")
        house.clock.advance(timedelta(days=40))
        house.meta.found = (replace(PAGE, token="EAAnew"),)
        (again,) = house.sign_in.connect(house.signed_in(), ["1001"])
        assert (again.id, again.state, again.state_reason) == (first.id, AccountState.CONNECTED, "")
        assert again.token_issued_at == NOW + timedelta(days=40)
        assert house.accounts.token(first.id) == "EAAnew"


class TestLeaving:
    def test_the_last_page_of_a_person_takes_the_permissions_back(self, house: House) -> None:
        first, second = house.sign_in.connect(house.signed_in(), ["1001", "1002"])
        house.accounts.disconnect(first.id)
        assert house.meta.revoked == []
        assert house.accounts.person_token("77") is not None
        house.accounts.disconnect(second.id)
        assert house.meta.revoked == ["77"]
        assert house.secrets.secrets == {}

    def test_a_page_connected_by_somebody_else_keeps_no_token_of_the_first(self, house: House) -> None:
        signed_in = house.signed_in()
        house.sign_in.connect(signed_in, ["1001"])
        other = replace(signed_in, grant=replace(signed_in.grant, user_id="88"))
        (page,) = house.sign_in.connect(other, ["1001"])
        assert (page.grantor_id, house.accounts.person_token("77"), house.meta.revoked) == ("88", None, [])

    def test_a_network_that_is_down_keeps_nobody(self, house: House) -> None:
        (page,) = house.sign_in.connect(house.signed_in(), ["1001"])
        house.meta.is_down = True
        house.accounts.disconnect(page.id)
        assert house.secrets.secrets == {}
        assert house.accounts.get(page.id).state is AccountState.DISCONNECTED
