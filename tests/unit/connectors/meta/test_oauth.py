"""The dialogs' addresses and the token requests, against a server that answers what it is told."""

from __future__ import annotations

import base64
import hashlib
import json
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from desktop.connectors.meta.addresses import MetaAddresses
from desktop.connectors.meta.oauth import OAuthEndpoints
from desktop.connectors.meta.oauth_dialogs import authorization_url, sign_in_addresses
from desktop.connectors.transport.http_transport import HttpTransport
from desktop.domain.errors import (
    AppInDevelopment,
    AppRefused,
    FailureKind,
    RemoteFailure,
    SignInCodeRefused,
    TidingsError,
)
from desktop.domain.networks import Network
from desktop.kit.clock import SystemClock
from desktop.services.accounts.ports import App, TokenGrant
from tests.unit.connectors.raw_server import RawConnection, RawServer

THREADS, INSTAGRAM, FACEBOOK = Network.THREADS, Network.INSTAGRAM, Network.FACEBOOK
REDIRECT = "https://example.org/b%6Funce/?a=1&b=%C3%A9+x~"
APP = App("4711", REDIRECT, "", "topsecret-0123")
CODE, VERIFIER = "AQcode-_123", "v" * 64


def dialog(network: Network, app: App = APP, *, rerequest: bool = False) -> tuple[str, dict[str, str]]:
    address = sign_in_addresses(MetaAddresses())[network].dialog
    url = authorization_url(
        address, network, app, state="4711.abc", redirect_uri=REDIRECT, verifier=VERIFIER, rerequest=rerequest
    )
    base, _, query = url.partition("?")
    return base, dict(parse_qsl(query, strict_parsing=True))


class TestDialogs:
    @pytest.mark.parametrize(
        ("network", "base"),
        [
            (FACEBOOK, "https://www.facebook.com/v25.0/dialog/oauth"),
            (INSTAGRAM, "https://www.instagram.com/oauth/authorize"),
            (THREADS, "https://threads.net/oauth/authorize"),
        ],
    )
    def test_what_is_asked(self, network: Network, base: str) -> None:
        address, query = dialog(network)
        assert address == base
        assert (query["client_id"], query["response_type"], query["state"]) == ("4711", "code", "4711.abc")
        assert query["redirect_uri"] == REDIRECT
        assert "," in query["scope"]
        assert " " not in query["scope"]
        assert not {"client_secret", "auth_type", "config_id", "force_reauth"} & query.keys()

    def test_pkce_for_facebook_alone(self) -> None:
        digest = hashlib.sha256(VERIFIER.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        query = dialog(FACEBOOK)[1]
        assert (query["code_challenge"], query["code_challenge_method"]) == (challenge, "S256")
        for network in (THREADS, INSTAGRAM):
            assert not any(name.startswith("code_") for name in dialog(network)[1])

    def test_asking_again(self) -> None:
        assert dialog(FACEBOOK, rerequest=True)[1]["auth_type"] == "rerequest"
        assert dialog(INSTAGRAM, rerequest=True)[1]["force_reauth"] == "true"

    def test_a_configuration_replaces_the_permissions(self) -> None:
        query = dialog(FACEBOOK, App("4711", REDIRECT, "99"))[1]
        assert query["config_id"] == "99"
        assert "scope" not in query
        assert "scope" in dialog(THREADS, App("4711", REDIRECT, "99"))[1]


class Script:
    """Answers in turn; ``requests`` are what came: method, path, parameters."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, bytes]] = []
        self.requests: list[tuple[str, str, dict[str, str]]] = []

    def say(self, body: object, status: str = "200 OK") -> None:
        self.answers.append((status, body if isinstance(body, bytes) else json.dumps(body).encode()))

    def serve(self, connection: RawConnection) -> None:
        while raw := connection.read_request():
            head, _, body = raw.decode().partition("\r\n\r\n")
            method, target, _ = head.split("\r\n")[0].split(" ")
            parts = urlsplit(target)
            self.requests.append((method, parts.path, dict(parse_qsl(parts.query or body, keep_blank_values=True))))
            status, answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            connection.answer(answer, status=status)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def endpoints(script: Script) -> Iterator[OAuthEndpoints]:
    clock = SystemClock()
    with RawServer(script.serve) as server, HttpTransport(clock) as transport:
        addresses = MetaAddresses(
            facebook_graph_url=f"{server.url}/facebook",
            instagram_graph_url=f"{server.url}/instagram",
            instagram_oauth_url=f"{server.url}/api",
            threads_graph_url=f"{server.url}/threads",
        )
        yield OAuthEndpoints(transport, addresses, clock, timedelta(seconds=10))


def exchange(endpoints: OAuthEndpoints, network: Network) -> TokenGrant:
    return endpoints.exchange_code(network, APP, CODE, REDIRECT, VERIFIER)


def refused(call: Callable[[], object]) -> TidingsError:
    with pytest.raises(TidingsError) as caught:
        call()
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value)) + caught.value.title
    for secret in (APP.secret, CODE, VERIFIER):
        assert secret not in shown
    return caught.value


class TestCodes:
    @pytest.mark.parametrize(
        ("network", "path"),
        [
            (FACEBOOK, "/facebook/v25.0/oauth/access_token"),
            (INSTAGRAM, "/api/oauth/access_token"),
            (THREADS, "/threads/oauth/access_token"),
        ],
    )
    def test_trap_03_a_form_with_the_very_same_redirect_address(
        self, endpoints: OAuthEndpoints, script: Script, network: Network, path: str
    ) -> None:
        script.say({"access_token": "x"})
        assert exchange(endpoints, network).token == "x"
        sent = {
            "grant_type": "authorization_code",
            "client_id": "4711",
            "client_secret": APP.secret,
            "redirect_uri": REDIRECT,
            "code": CODE,
        }
        if network is FACEBOOK:
            sent["code_verifier"] = VERIFIER
        assert script.requests == [("POST", path, sent)]

    @pytest.mark.parametrize("network", Network)
    def test_trap_04_a_refusal_that_is_no_graph_error(
        self, endpoints: OAuthEndpoints, script: Script, network: Network
    ) -> None:
        message = f"Matching code {CODE} was not found or was already used"
        script.say({"error_type": "OAuthException", "code": 400, "error_message": message}, "400 Bad Request")
        error = refused(lambda: exchange(endpoints, network))
        assert isinstance(error, SignInCodeRefused)
        assert "was already used" in error.title

    @pytest.mark.parametrize("subcode", [None, 36007, 36009])
    def test_a_refusal_that_is_one(self, endpoints: OAuthEndpoints, script: Script, subcode: int | None) -> None:
        error = {"message": "This authorization code has been used.", "code": 100, "error_subcode": subcode}
        script.say({"error": error}, "400 Bad Request")
        assert isinstance(refused(lambda: exchange(endpoints, FACEBOOK)), SignInCodeRefused)

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ({"error": {"message": "Error validating client secret.", "code": 1}}, AppRefused),
            ({"error": {"message": "Error validating application. x", "code": 101}}, AppRefused),
            ({"error": {"message": "no app ID", "code": 4476002}}, AppRefused),
            ({"error_type": "OAuthException", "code": 400, "error_message": "Invalid platform app"}, AppRefused),
            ({"error_type": "x", "code": 400, "error_message": "Insufficient developer role"}, AppInDevelopment),
        ],
    )
    def test_refusals_that_blame_the_app(
        self, endpoints: OAuthEndpoints, script: Script, body: object, kind: type[TidingsError]
    ) -> None:
        script.say(body, "400 Bad Request")
        assert isinstance(refused(lambda: exchange(endpoints, THREADS)), kind)

    @pytest.mark.parametrize(
        ("body", "status", "kind"),
        [
            (b"<html>", "502 Bad Gateway", FailureKind.TRANSIENT_RETRY),
            (b"", "429 Too Many Requests", FailureKind.RATE_WAIT),
            (b"<html>captive portal", "200 OK", FailureKind.TRANSIENT_RETRY),
            ([], "200 OK", FailureKind.TRANSIENT_RETRY),
            ({}, "200 OK", FailureKind.TRANSIENT_RETRY),
            ({"data": []}, "200 OK", FailureKind.TRANSIENT_RETRY),
            ({"access_token": "x"}, "302 Found", FailureKind.TRANSIENT_RETRY),
            ({"error": {"message": "down", "code": 2, "is_transient": True}}, "500 Oops", FailureKind.TRANSIENT_RETRY),
        ],
    )
    def test_what_says_nothing_about_the_code(
        self, endpoints: OAuthEndpoints, script: Script, body: object, status: str, kind: FailureKind
    ) -> None:
        script.say(body, status)
        error = refused(lambda: exchange(endpoints, FACEBOOK))
        assert isinstance(error, RemoteFailure)
        assert error.kind is kind

    def test_lives_no_client_library_can_read(self, endpoints: OAuthEndpoints, script: Script) -> None:
        script.say({"access_token": "x", "expires_in": "later"})
        assert exchange(endpoints, FACEBOOK).expires_at is None


class TestLongTokens:
    @pytest.mark.parametrize(
        ("network", "path", "sent"),
        [
            (
                FACEBOOK,
                "/facebook/v25.0/oauth/access_token",
                {
                    "grant_type": "fb_exchange_token",
                    "client_id": "4711",
                    "client_secret": APP.secret,
                    "fb_exchange_token": CODE,
                },
            ),
            (
                INSTAGRAM,
                "/instagram/access_token",
                {"grant_type": "ig_exchange_token", "client_secret": APP.secret, "access_token": CODE},
            ),
            (
                THREADS,
                "/threads/access_token",
                {"grant_type": "th_exchange_token", "client_secret": APP.secret, "access_token": CODE},
            ),
        ],
    )
    def test_the_second_exchange(
        self, endpoints: OAuthEndpoints, script: Script, network: Network, path: str, sent: dict[str, str]
    ) -> None:
        script.say({"access_token": "long", "token_type": "bearer", "expires_in": 5_183_944})
        short = TokenGrant(CODE, SystemClock().now(), scopes=("a",), user_id="7")
        long = endpoints.exchange_for_long(network, APP, short)
        assert script.requests == [("GET", path, sent)]
        assert (long.token, long.scopes, long.user_id) == ("long", ("a",), "7")
        assert long.expires_at is not None

    @pytest.mark.parametrize(("network", "prefix"), [(INSTAGRAM, "ig"), (THREADS, "th")])
    def test_renewing_needs_no_secret(
        self, endpoints: OAuthEndpoints, script: Script, network: Network, prefix: str
    ) -> None:
        script.say({"access_token": "new", "expires_in": 5_183_944, "permissions": "a,b"})
        assert endpoints.refresh(network, CODE).scopes == ("a", "b")
        sent = {"grant_type": f"{prefix}_refresh_token", "access_token": CODE}
        assert script.requests == [("GET", f"/{network}/refresh_access_token", sent)]

    def test_a_refused_renewal_says_what_it_means_for_the_token(
        self, endpoints: OAuthEndpoints, script: Script
    ) -> None:
        script.say(
            {"error": {"message": f"token {CODE} expired", "code": 190, "error_subcode": 463}}, "400 Bad Request"
        )
        error = refused(lambda: endpoints.refresh(THREADS, CODE))
        assert isinstance(error, RemoteFailure)
        assert (error.kind, error.subcode) == (FailureKind.REAUTH, 463)

    @pytest.mark.parametrize(("network", "app_token"), [(FACEBOOK, "4711|{}"), (THREADS, "TH|4711|{}")])
    def test_asking_what_a_token_is(
        self, endpoints: OAuthEndpoints, script: Script, network: Network, app_token: str
    ) -> None:
        script.say({"data": {"is_valid": True, "expires_at": 0}})
        facts = endpoints.inspect(network, APP, CODE)
        assert facts is not None
        assert facts.never_expires
        assert script.requests[0][2] == {"input_token": CODE, "access_token": app_token.format(APP.secret)}

    def test_instagram_answers_no_such_question(self, endpoints: OAuthEndpoints, script: Script) -> None:
        assert endpoints.inspect(INSTAGRAM, APP, CODE) is None
        assert script.requests == []
