"""The connection doctor and the daily care against the sandbox: each trouble in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.domain.accounts import Account, AccountState, LoginKind
from desktop.domain.networks import Network
from desktop.kit.clock import ManualClock
from desktop.services.accounts.doctor import ConnectionDoctor
from desktop.services.accounts.findings import Finding, Press, Severity
from desktop.services.accounts.token_care import TokenCare
from tests.contract.connectors.sign_in_world import SignInWorld
from tests.contract.connectors.world import World

THREADS, INSTAGRAM, FACEBOOK = Network.THREADS, Network.INSTAGRAM, Network.FACEBOOK


@pytest.fixture
def rig(world: World) -> Iterator[SignInWorld]:
    made = SignInWorld(world)
    yield made
    made.close()
    world.control("POST", "clock", {"advance": -world.control("GET", "clock")["offset_seconds"]})
    for network in Network:
        world.control("POST", f"apps/{network}", {"requires_proof": False, "mode": "development"})


def connected(rig: SignInWorld, network: Network, *, through: Network | None = None) -> Account:
    signed_in = rig.signed_in(through or network)
    chosen = next(c for c in signed_in.can_be_chosen if c.network is network)
    return rig.sign_in.connect(signed_in, [chosen.remote_id])[0]


def only(rig: SignInWorld, account: Account) -> Finding:
    diagnosis = rig.doctor.examine(account.id)
    assert len(diagnosis.findings) == 1, diagnosis.findings
    assert diagnosis.is_well == (diagnosis.findings[0].severity is not Severity.PROBLEM)
    return diagnosis.findings[0]


def alex(rig: SignInWorld) -> str:
    return str(rig.people["Alex Sandbox"]["id"])


@pytest.mark.parametrize("network", Network)
def test_nothing_is_wrong(rig: SignInWorld, network: Network) -> None:
    found = only(rig, connected(rig, network))
    assert (found.code, found.severity, found.press) == ("fine", Severity.FINE, Press.NOTHING)


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize(
    ("subcode", "code", "state"),
    [
        (458, "app_removed", AccountState.RECONNECT),
        (459, "checkpoint", AccountState.ACTION_NEEDED),
        (460, "password_changed", AccountState.RECONNECT),
        (463, "token_expired", AccountState.RECONNECT),
        (464, "checkpoint", AccountState.ACTION_NEEDED),
        (467, "token_refused", AccountState.RECONNECT),
        (492, "page_role_lost", AccountState.RECONNECT),
    ],
)
def test_a_dead_token(rig: SignInWorld, network: Network, subcode: int, code: str, state: AccountState) -> None:
    account = connected(rig, network)
    rig.world.control("POST", "tokens/revoke", {"token": rig.accounts.token(account.id), "subcode": subcode})
    assert only(rig, account).code == code
    assert rig.accounts.get(account.id).state is state
    rig.world.control("POST", "tokens/restore", {"token": rig.accounts.token(account.id)})
    assert only(rig, account).code == "fine"
    assert rig.accounts.get(account.id).state is AccountState.CONNECTED


def test_a_restricted_account(rig: SignInWorld) -> None:
    account = connected(rig, THREADS)
    rig.world.fault("error", "any", code=25, subcode=2207050, message="restricted", status=400)
    assert only(rig, account).code == "restricted"


def test_no_token_on_this_computer(rig: SignInWorld) -> None:
    account = connected(rig, THREADS)
    rig.secrets.secrets.clear()
    found = only(rig, account)
    assert (found.code, found.press) == ("no_token", Press.CONNECT)


@pytest.mark.parametrize(
    ("network", "scope"),
    [
        (THREADS, "threads_content_publish"),
        (INSTAGRAM, "instagram_business_content_publish"),
        (FACEBOOK, "pages_manage_posts"),
    ],
)
def test_a_missing_permission(rig: SignInWorld, network: Network, scope: str) -> None:
    account = connected(rig, network)
    token = rig.world.server.box.world.tokens[rig.accounts.token(account.id)]
    token.scopes.remove(scope)
    found = only(rig, account)
    assert found.code in ("missing_scope", "permission_refused")
    assert found.press is Press.ASK_AGAIN
    if network is FACEBOOK:
        assert scope in found.words


def test_a_role_taken_away_on_one_page_only(rig: SignInWorld) -> None:
    signed_in = rig.signed_in(FACEBOOK)
    pages = [c.remote_id for c in signed_in.can_be_chosen if c.network is FACEBOOK]
    lost, kept, *_ = rig.sign_in.connect(signed_in, pages)
    rig.world.control("POST", f"people/{alex(rig)}/roles/{lost.remote_id}", {"tasks": []})
    assert only(rig, lost).code == "page_role_lost"
    assert only(rig, kept).code == "fine"


def test_a_smaller_role_is_noticed_through_the_person(rig: SignInWorld) -> None:
    account = connected(rig, FACEBOOK)
    rig.world.control("POST", f"people/{alex(rig)}/roles/{account.remote_id}", {"tasks": ["ANALYZE"]})
    assert only(rig, account).code == "page_role_lost"


def test_a_personal_account(rig: SignInWorld) -> None:
    account = connected(rig, INSTAGRAM)
    rig.world.server.box.world.accounts[account.remote_id].account_type = "PERSONAL"
    found = only(rig, account)
    assert (found.code, found.press) == ("personal_account", Press.OPEN_NETWORK)


def test_an_app_that_wants_proofs(rig: SignInWorld) -> None:
    account = connected(rig, FACEBOOK)
    rig.world.control("POST", "apps/facebook", {"requires_proof": True})
    found = only(rig, account)
    assert (found.code, found.press) == ("app_wants_proof", Press.OPEN_APP)


def test_ninety_days_without_signing_in(rig: SignInWorld) -> None:
    account = connected(rig, INSTAGRAM, through=FACEBOOK)
    ended = account.data_access_expires_at
    assert ended is not None
    clock = ManualClock(ended + timedelta(hours=1))
    doctor = ConnectionDoctor(rig.accounts, lambda: rig.gateway, clock, lambda: True)
    codes = [found.code for found in doctor.examine(account.id).findings]
    assert "data_access_ended" in codes


def test_a_relay_is_missing_for_the_networks_that_fetch(rig: SignInWorld) -> None:
    doctor = ConnectionDoctor(rig.accounts, lambda: rig.gateway, rig.clock, lambda: False)
    for network, wanted in ((THREADS, True), (INSTAGRAM, True), (FACEBOOK, False)):
        diagnosis = doctor.examine(connected(rig, network).id)
        assert ("relay_missing" in [found.code for found in diagnosis.findings]) is wanted
        assert diagnosis.is_well


def test_the_clock_of_this_computer_is_wrong(rig: SignInWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    account = connected(rig, THREADS)
    monkeypatch.setattr(rig.gateway, "clock_ahead", lambda _network: timedelta(minutes=-12))
    first = rig.doctor.examine(account.id).findings[0]
    assert (first.code, first.press) == ("clock_wrong", Press.SET_CLOCK)
    assert "12 minutes" in first.words


def test_a_network_that_does_not_answer_says_nothing_about_the_account(rig: SignInWorld) -> None:
    account = connected(rig, THREADS)
    rig.world.fault("html_502", "any")
    found = only(rig, account)
    assert (found.code, found.severity, found.press) == ("unreachable", Severity.PROBLEM, Press.CHECK_AGAIN)
    assert rig.accounts.get(account.id).state is AccountState.CONNECTED


def test_the_daily_care_renews_at_the_network(rig: SignInWorld) -> None:
    account = connected(rig, THREADS)
    assert account.token_expires_at is not None
    first = rig.accounts.token(account.id)
    rig.world.control("POST", "clock", {"advance": 40 * 86_400})
    clock = ManualClock(rig.clock.now() + timedelta(days=40))
    care = TokenCare(rig.accounts, lambda: rig.gateway, clock)
    care.tick()
    clock.advance(timedelta(minutes=6))
    care.tick()
    renewed = rig.accounts.get(account.id)
    assert rig.accounts.token(account.id) != first
    assert renewed.token_refreshed_at is not None
    assert renewed.login is LoginKind.THREADS
    assert rig.doctor.examine(account.id).is_well
    assert replace(renewed, token_refreshed_at=None).state is AccountState.CONNECTED
