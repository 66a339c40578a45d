"""The three sign-ins from the dialog to a published post, against the sandbox over HTTP."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.domain.accounts import AccountState, LoginKind
from desktop.domain.errors import (
    AppMissing,
    AppRefused,
    RemoteFailure,
    SignInCodeRefused,
    SignInDenied,
    SignInNothingFound,
    SignInStateWrong,
    TidingsError,
)
from desktop.domain.networks import Network
from desktop.host.loopback_listener import LoopbackListener
from desktop.kit.clock import SystemClock
from desktop.services.accounts.callback import read_callback
from desktop.services.accounts.ports import App
from desktop.services.publishing.ports import RemoteAccount
from tests.contract.connectors.sign_in_world import SignInWorld
from tests.contract.connectors.world import World, payload

THREADS, INSTAGRAM, FACEBOOK = Network.THREADS, Network.INSTAGRAM, Network.FACEBOOK
LOGINS = {THREADS: LoginKind.THREADS, INSTAGRAM: LoginKind.INSTAGRAM, FACEBOOK: LoginKind.FACEBOOK_PAGE}
DAY = 86_400
SWITCHES = {
    "instagram_exchange": "wrapped",
    "leave_out_expires_in": False,
    "leave_out_expires_at": False,
    "threads_misspelt_denial": False,
    "code_subcodes": True,
    "wrong_secret_code": 1,
}


@pytest.fixture
def rig(world: World) -> Iterator[SignInWorld]:
    world.control("POST", "config", SWITCHES)
    made = SignInWorld(world)
    yield made
    made.close()
    world.control("POST", "clock", {"advance": -world.control("GET", "clock")["offset_seconds"]})


def pass_days(rig: SignInWorld, days: float) -> None:
    """Let time pass at the sandbox, and on the program's own clock."""
    rig.world.control("POST", "clock", {"advance": days * DAY})


@pytest.mark.parametrize("network", Network)
def test_from_the_dialog_to_a_live_post(rig: SignInWorld, network: Network) -> None:
    signed_in = rig.signed_in(network)
    assert signed_in.missing_scopes == ()
    chosen = next(c for c in signed_in.can_be_chosen if c.network is network)
    (account,) = rig.sign_in.connect(signed_in, [chosen.remote_id])
    assert (account.login, account.state) == (LOGINS[network], AccountState.CONNECTED)
    assert account.scopes
    assert account.token_issued_at is not None
    if network is FACEBOOK:
        assert (account.token_expires_at, account.grantor_id) == (None, rig.people["Alex Sandbox"]["id"])
        assert account.data_access_expires_at is not None
    else:
        assert account.token_expires_at is not None
        assert timedelta(days=59) < account.token_expires_at - rig.clock.now() < timedelta(days=61)
    who = RemoteAccount(network, account.login, account.remote_id, rig.accounts.token(account.id))
    media = (rig.world.image(),) if network is INSTAGRAM else ()
    rig.world.publish(who, payload(network, text="hello", media=media))
    assert [post["text"] for post in rig.world.posts(who)] == ["hello"]


def test_instagram_through_a_page_publishes_with_the_token_of_the_page(rig: SignInWorld) -> None:
    signed_in = rig.signed_in(FACEBOOK)
    linked = next(c for c in signed_in.can_be_chosen if c.network is INSTAGRAM)
    (account,) = rig.sign_in.connect(signed_in, [linked.remote_id])
    who = RemoteAccount(INSTAGRAM, LoginKind.FACEBOOK_PAGE, account.remote_id, rig.accounts.token(account.id))
    rig.gateway.probe(who)
    rig.world.publish(who, payload(INSTAGRAM, text="hello", media=(rig.world.image(),)))
    assert [post["text"] for post in rig.world.posts(who)] == ["hello"]


@pytest.mark.parametrize("network", Network)
def test_through_the_bounce_page_and_the_listener(rig: SignInWorld, network: Network) -> None:
    with LoopbackListener(SystemClock()) as listener:
        attempt = rig.sign_in.begin(network, port=listener.port)
        seen: list[str | None] = []
        waiting = threading.Thread(target=lambda: seen.append(listener.wait(attempt.state, timedelta(seconds=20))))
        waiting.start()
        answer = rig.world.client.get(rig.come_back(attempt), follow_redirects=True)
        waiting.join(20)
    assert "close this page" in answer.text
    assert seen[0] is not None
    assert rig.sign_in.complete(attempt, seen[0]).candidates


@pytest.mark.parametrize("network", Network)
def test_a_person_who_says_no(rig: SignInWorld, network: Network) -> None:
    rig.world.control("POST", "config", {"threads_misspelt_denial": True})
    attempt = rig.begin(network)
    with pytest.raises(SignInDenied):
        rig.sign_in.complete(attempt, rig.say_no(attempt))


@pytest.mark.parametrize("network", Network)
def test_an_answer_for_another_sign_in(rig: SignInWorld, network: Network) -> None:
    address = rig.come_back(rig.begin(network))
    with pytest.raises(SignInStateWrong):
        rig.sign_in.complete(rig.begin(network), address)
    assert rig.world.calls("oauth/access_token") == []


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("has_subcodes", [True, False])
def test_a_code_that_was_used_or_is_too_old(rig: SignInWorld, network: Network, has_subcodes: bool) -> None:
    rig.world.control("POST", "config", {"code_subcodes": has_subcodes})
    attempt = rig.begin(network)
    address = rig.come_back(attempt)
    rig.sign_in.complete(attempt, address)
    with pytest.raises(SignInCodeRefused):
        rig.sign_in.complete(attempt, address)
    late = rig.begin(network)
    address = rig.come_back(late)
    pass_days(rig, 1 / 23)
    with pytest.raises(SignInCodeRefused):
        rig.sign_in.complete(late, address)


@pytest.mark.parametrize("network", Network)
def test_trap_03_one_byte_of_the_redirect_address(rig: SignInWorld, network: Network) -> None:
    attempt = rig.begin(network)
    address = rig.come_back(attempt)
    with pytest.raises(SignInCodeRefused):
        rig.sign_in.complete(replace(attempt, redirect_uri=attempt.redirect_uri + "/"), address)
    assert address.endswith(("#_", "#_=_"))
    assert rig.sign_in.complete(attempt, address).candidates


def test_a_wrong_verifier(rig: SignInWorld) -> None:
    attempt = rig.begin(FACEBOOK)
    assert "code_challenge_method=S256" in attempt.url
    address = rig.come_back(attempt)
    with pytest.raises(SignInCodeRefused):
        rig.sign_in.complete(replace(attempt, verifier="x" * 64), address)


@pytest.mark.parametrize("network", [THREADS, INSTAGRAM])
def test_pkce_goes_to_facebook_alone(rig: SignInWorld, network: Network) -> None:
    assert "code_challenge" not in rig.begin(network).url


@pytest.mark.parametrize("shape", ["wrapped", "flat_list", "flat_text"])
def test_trap_04_every_shape_of_the_instagram_exchange(rig: SignInWorld, shape: str) -> None:
    rig.world.control("POST", "config", {"instagram_exchange": shape})
    signed_in = rig.signed_in(INSTAGRAM)
    assert "instagram_business_content_publish" in signed_in.grant.scopes
    (candidate,) = signed_in.can_be_chosen
    # the exchange tells an app-scoped id, paths take another one
    assert candidate.remote_id == rig.people["Tidings Studio"]["id"] != signed_in.grant.user_id


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("code", [1, 101])
def test_a_wrong_secret(rig: SignInWorld, network: Network, code: int) -> None:
    rig.world.control("POST", "config", {"wrong_secret_code": code})
    good = rig.ready_app(network)
    assert good is not None
    rig.apps.keep(network, replace(good, secret="0123456789abcdef"))
    attempt = rig.begin(network)
    address = rig.come_back(attempt)
    with pytest.raises(AppRefused) as caught:
        rig.sign_in.complete(attempt, address)
    assert "0123456789abcdef" not in caught.value.title


def test_trap_01_the_facebook_app_in_the_threads_dialog(rig: SignInWorld) -> None:
    """The dialog itself shows 4476002; the exchange refuses the foreign id as well, and says whose fault it is."""
    attempt = rig.begin(THREADS)
    address = rig.come_back(attempt)
    wrong = rig.ready_app(FACEBOOK)
    assert wrong is not None
    rig.apps.keep(THREADS, wrong)
    assert "4476002" in rig.world.client.get(rig.begin(THREADS).url).text
    with pytest.raises(AppRefused) as caught:
        rig.sign_in.complete(attempt, address)
    assert "an id of their own" in caught.value.advice


@pytest.mark.parametrize("network", Network)
def test_trap_02_a_token_works_on_its_own_hosts_only(rig: SignInWorld, network: Network) -> None:
    token = rig.signed_in(network).grant.token
    for login in LoginKind:
        if login.network is not network:
            with pytest.raises(RemoteFailure) as caught:
                rig.gateway.probe(RemoteAccount(login.network, login, "1", token))
            assert caught.value.kind == "reauth"
            assert token not in caught.value.title


def test_trap_06_facebook_takes_localhost_by_name_while_in_development(rig: SignInWorld) -> None:
    app = rig.ready_app(FACEBOOK)
    assert app is not None
    rig.apps.keep(FACEBOOK, replace(app, redirect_uri=""))
    attempt = rig.begin(FACEBOOK)
    assert attempt.redirect_uri == "http://localhost:4711/callback"
    assert rig.sign_in.complete(attempt, rig.come_back(attempt)).candidates
    by_number = attempt.url.replace("localhost", "127.0.0.1")
    assert rig.world.client.get(by_number).status_code == 400


def test_trap_08_a_token_for_each_page(rig: SignInWorld) -> None:
    pages = [c for c in rig.signed_in(FACEBOOK).can_be_chosen if c.network is FACEBOOK]
    assert len(pages) > 1
    assert len({page.token for page in pages}) == len(pages)


class TestWhatIsFound:
    def test_pages_of_a_business_and_the_role_on_each(self, rig: SignInWorld) -> None:
        found = {c.display_name: c for c in rig.signed_in(FACEBOOK).candidates if c.network is FACEBOOK}
        listed = rig.people["Alex Sandbox"]["pages"]
        assert set(found) == {page["name"] for page in listed}
        for page in listed:
            may_post = bool({"CREATE_CONTENT", "MANAGE"} & set(page["tasks"]))
            assert found[page["name"]].can_be_chosen == may_post, page
        assert any(page["business"] for page in listed)

    def test_somebody_with_a_smaller_role(self, rig: SignInWorld) -> None:
        signed_in = rig.signed_in(FACEBOOK, "Robin Sandbox")
        refused = [c for c in signed_in.candidates if not c.can_be_chosen]
        assert refused
        assert all("role" in c.obstacle for c in refused)

    def test_trap_09_somebody_without_pages(self, rig: SignInWorld) -> None:
        with pytest.raises(SignInNothingFound):
            rig.signed_in(FACEBOOK, "Kim Without Pages")

    def test_trap_09_no_page_was_ticked(self, rig: SignInWorld) -> None:
        pages = tuple(page["id"] for page in rig.people["Alex Sandbox"]["pages"])
        with pytest.raises(SignInNothingFound) as caught:
            rig.signed_in(FACEBOOK, untick=pages)
        assert "tick every Page" in caught.value.advice

    def test_a_permission_that_was_unticked(self, rig: SignInWorld) -> None:
        signed_in = rig.signed_in(FACEBOOK, untick=("pages_manage_posts",))
        assert signed_in.missing_scopes == ("pages_manage_posts",)
        pages = [c for c in signed_in.candidates if c.network is FACEBOOK]
        assert all("pages_manage_posts" in c.obstacle for c in pages)
        assert any(c.can_be_chosen for c in signed_in.candidates if c.network is INSTAGRAM)
        # asking again offers what was declined
        attempt = rig.begin(FACEBOOK, rerequest=True)
        again = rig.sign_in.complete(attempt, rig.come_back(attempt))
        assert again.missing_scopes == ()

    @pytest.mark.parametrize(
        ("network", "scope"),
        [(THREADS, "threads_content_publish"), (INSTAGRAM, "instagram_business_content_publish")],
    )
    def test_publishing_was_unticked(self, rig: SignInWorld, network: Network, scope: str) -> None:
        signed_in = rig.signed_in(network, untick=(scope,))
        (candidate,) = signed_in.candidates
        assert scope in candidate.obstacle

    def test_a_personal_instagram_account(self, rig: SignInWorld) -> None:
        (candidate,) = rig.signed_in(INSTAGRAM, "Just A Person").candidates
        assert "personal" in candidate.obstacle


class TestTokens:
    @pytest.mark.parametrize("network", [THREADS, INSTAGRAM])
    def test_renewing(self, rig: SignInWorld, network: Network) -> None:
        signed_in = rig.signed_in(network)
        (account,) = rig.sign_in.connect(signed_in, [signed_in.candidates[0].remote_id])
        first = rig.accounts.token(account.id)
        with pytest.raises(RemoteFailure):  # trap 5: not on its first day
            rig.gateway.refresh(network, first)
        pass_days(rig, 40)
        fresh = rig.gateway.refresh(network, first)
        assert fresh.expires_at is not None
        assert timedelta(days=59) < fresh.expires_at - rig.clock.now() < timedelta(days=61)
        for token in (first, fresh.token):
            rig.gateway.probe(RemoteAccount(network, account.login, account.remote_id, token))

    @pytest.mark.parametrize("network", [THREADS, INSTAGRAM])
    def test_trap_05_after_sixty_days_it_is_over(self, rig: SignInWorld, network: Network) -> None:
        token = rig.signed_in(network).grant.token
        pass_days(rig, 61)
        with pytest.raises(RemoteFailure) as caught:
            rig.gateway.refresh(network, token)
        assert caught.value.kind == "reauth"
        assert token not in caught.value.title

    @pytest.mark.parametrize("network", [THREADS, FACEBOOK])
    def test_what_a_token_is(self, rig: SignInWorld, network: Network) -> None:
        facts = rig.gateway.inspect(network, rig.signed_in(network).grant.token)
        assert facts is not None
        assert (facts.is_valid, facts.never_expires) == (True, False)
        assert facts.expires_at is not None
        assert facts.scopes
        dead = rig.gateway.inspect(network, "nonsense")
        assert dead is not None
        assert not dead.is_valid

    def test_trap_07_never_and_unknown(self, rig: SignInWorld) -> None:
        page = next(c for c in rig.signed_in(FACEBOOK).can_be_chosen if c.network is FACEBOOK)
        facts = rig.gateway.inspect(FACEBOOK, page.token)
        assert facts is not None
        assert (facts.never_expires, facts.expires_at) == (True, None)
        rig.world.control("POST", "config", {"leave_out_expires_at": True})
        unknown = rig.gateway.inspect(FACEBOOK, page.token)
        assert unknown is not None
        assert (unknown.never_expires, unknown.expires_at) == (False, None)

    @pytest.mark.parametrize("network", Network)
    def test_trap_07_an_exchange_that_does_not_tell_the_end(self, rig: SignInWorld, network: Network) -> None:
        rig.world.control("POST", "config", {"leave_out_expires_in": True, "leave_out_expires_at": True})
        assert rig.signed_in(network).grant.expires_at is None
        rig.world.control("POST", "config", {"leave_out_expires_at": False})
        asked = rig.signed_in(network).grant.expires_at
        assert (asked is not None) == (network is not INSTAGRAM)  # Instagram answers no such question

    def test_leaving_takes_the_permissions_back(self, rig: SignInWorld) -> None:
        signed_in = rig.signed_in(FACEBOOK)
        page = next(c for c in signed_in.can_be_chosen if c.network is FACEBOOK)
        (account,) = rig.sign_in.connect(signed_in, [page.remote_id])
        rig.accounts.disconnect(account.id)
        facts = rig.gateway.inspect(FACEBOOK, signed_in.grant.token)
        assert facts is not None
        assert not facts.is_valid
        assert rig.secrets.secrets == {}

    def test_the_clock_of_the_network(self, rig: SignInWorld) -> None:
        for network in Network:
            ahead = rig.gateway.clock_ahead(network)
            assert ahead is not None
            assert abs(ahead) < timedelta(seconds=30)


class TestSecrets:
    @pytest.mark.parametrize("network", Network)
    def test_trap_25_neither_codes_nor_tokens_nor_secrets_reach_the_log(
        self, rig: SignInWorld, network: Network, caplog: pytest.LogCaptureFixture
    ) -> None:
        app = rig.ready_app(network)
        assert app is not None
        with caplog.at_level(logging.DEBUG):
            attempt = rig.begin(network)
            address = rig.come_back(attempt)
            # what the test's own browser says is not the program's
            caplog.clear()
            signed_in = rig.sign_in.complete(attempt, address)
            token = signed_in.grant.token
            with contextlib.suppress(TidingsError):
                rig.gateway.refresh(network, token)
            rig.gateway.inspect(network, token)
            rig.sign_in.connect(signed_in, [signed_in.can_be_chosen[0].remote_id])
        code = read_callback(address).code
        records = [r for r in caplog.records if not r.name.startswith(("uvicorn", "httpx", "desktop.sandbox"))]
        said = "\n".join(record.getMessage() for record in records)
        for secret in (token, app.secret, code, attempt.verifier, attempt.state):
            assert secret not in said

    @pytest.mark.parametrize("network", Network)
    def test_trap_25_nor_errors(self, rig: SignInWorld, network: Network) -> None:
        app = rig.ready_app(network)
        assert app is not None
        attempt = rig.begin(network)
        address = rig.come_back(attempt)
        code = read_callback(address).code
        rig.world.fault("error", "any", code=100, message=f"bad {app.secret} or {code}")
        with pytest.raises(TidingsError) as caught:
            rig.sign_in.complete(attempt, address)
        text = f"{caught.value.title}{caught.value.details}{caught.value!r}"
        assert app.secret not in text
        assert code not in text


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize(
    "kind", ["drop_before", "drop_after", "html_502", "http_429", "error_in_200", "success_false", "rate_limited"]
)
def test_a_network_that_is_unwell(rig: SignInWorld, network: Network, kind: str) -> None:
    attempt = rig.begin(network)
    address = rig.come_back(attempt)
    rig.world.fault(kind, "any")
    with pytest.raises((RemoteFailure, SignInCodeRefused)) as caught:
        rig.sign_in.complete(attempt, address)
    assert read_callback(address).code not in caught.value.title
    assert rig.accounts.list() == []


def test_nobody_to_sign_in_with(rig: SignInWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_network: Network) -> App | None:
        return None

    monkeypatch.setattr(rig.apps, "_ready_made", nothing)
    with pytest.raises(AppMissing):
        rig.begin(THREADS)
