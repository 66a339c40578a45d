"""The token endpoints of the three sign-ins (``meta-api.md`` §1a-1c).

Authlib makes the code request; what the networks answer is OAuth only roughly, so the answers are judged here. Several
of these endpoints take tokens and secrets in the address, which is why no address is logged or shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn
from urllib.parse import urlencode

from authlib.oauth2.client import OAuth2Client

from desktop.connectors.meta.addresses import MetaAddresses
from desktop.connectors.meta.answers import GraphAnswer, Json, as_int, parse_answer
from desktop.connectors.meta.errors import CallKind, classify
from desktop.connectors.meta.oauth_dialogs import sign_in_addresses
from desktop.connectors.meta.token_answers import read_facts, read_grant, unwrapped
from desktop.connectors.transport.http_transport import HttpTransport
from desktop.connectors.transport.messages import HttpAnswer, HttpRequest, TransportFailure
from desktop.connectors.transport.oauth_session import OAuthResponse, OAuthSession
from desktop.domain.errors import Effect, FailureKind, RemoteFailure, SignInCodeRefused
from desktop.domain.networks import Network
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr
from desktop.services.accounts.ports import App, TokenFacts, TokenGrant
from desktop.services.accounts.refusals import refusal_by_app

_PASSING = {FailureKind.TRANSIENT_RETRY, FailureKind.RATE_WAIT}


class OAuthEndpoints:
    """Talks to the token endpoints; safe to use from several threads.

    ``RemoteFailure`` when no answer comes or the network is unwell; an exchange that is refused is ``AppRefused``,
    ``AppInDevelopment`` or ``SignInCodeRefused``.
    """

    def __init__(self, transport: HttpTransport, addresses: MetaAddresses, clock: Clock, timeout: timedelta) -> None:
        """``timeout`` bounds each request as a whole."""
        self._transport, self._clock, self._timeout = transport, clock, timeout
        self._addresses = sign_in_addresses(addresses)

    def exchange_code(self, network: Network, app: App, code: str, redirect_uri: str, verifier: str) -> TokenGrant:
        """Return the short-lived token of a code; ``redirect_uri`` must be the dialog's to the byte."""
        client = OAuth2Client(
            OAuthSession(self._transport, self._timeout),
            app.client_id,
            app.secret,
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 - the name of a method
            redirect_uri=redirect_uri,
        )
        secrets = (app.secret, code, verifier)
        client.register_compliance_hook(
            "access_token_response", lambda response: _token_object(network, response.answer, secrets)
        )
        proof = {"code_verifier": verifier} if network is Network.FACEBOOK else {}
        try:
            answer = client.fetch_token(self._addresses[network].code, code=code, **proof)
        except TransportFailure as problem:
            raise unanswered(network, problem) from None
        return self._grant(network, answer)

    def exchange_for_long(self, network: Network, app: App, grant: TokenGrant) -> TokenGrant:
        """Return the 60-day token of a short-lived one; permissions and person are carried over."""
        if network is Network.FACEBOOK:
            params = {
                "grant_type": "fb_exchange_token",
                "client_id": app.client_id,
                "client_secret": app.secret,
                "fb_exchange_token": grant.token,
            }
        else:
            params = {
                "grant_type": "ig_exchange_token" if network is Network.INSTAGRAM else "th_exchange_token",
                "client_secret": app.secret,
                "access_token": grant.token,
            }
        parsed = self._get(network, self._addresses[network].exchange, params)
        if parsed.error is not None:
            _refuse(network, parsed)
        long = self._grant(network, parsed.document)
        return replace(long, scopes=long.scopes or grant.scopes, user_id=long.user_id or grant.user_id)

    def refresh(self, network: Network, token: str) -> TokenGrant:
        """Return a token with 60 days from now (Threads, Instagram); no secret is needed."""
        kind = "ig_refresh_token" if network is Network.INSTAGRAM else "th_refresh_token"
        params = {"grant_type": kind, "access_token": token}
        return self._grant(network, self._read(network, self._addresses[network].refresh, params))

    def inspect(self, network: Network, app: App, token: str) -> TokenFacts | None:
        """Return what ``debug_token`` says; None where there is none or it is not understood."""
        url = self._addresses[network].debug
        if not url:
            return None
        prefix = "TH|" if network is Network.THREADS else ""
        params = {"input_token": token, "access_token": f"{prefix}{app.client_id}|{app.secret}"}
        return read_facts(self._read(network, url, params))

    def _read(self, network: Network, url: str, params: Mapping[str, str]) -> Mapping[str, Json]:
        parsed = self._get(network, url, params)
        if parsed.error is not None:
            raise classify(parsed, CallKind.READ, network=network.label)
        return parsed.document

    def _get(self, network: Network, url: str, params: Mapping[str, str]) -> GraphAnswer:
        try:
            answer = self._transport.send(HttpRequest("GET", f"{url}?{urlencode(params)}", self._timeout))
        except TransportFailure as problem:
            raise unanswered(network, problem) from None
        return parse_answer(answer, tuple(params.values()))

    def _grant(self, network: Network, document: Mapping[str, Json]) -> TokenGrant:
        grant = read_grant(document, self._clock.now())
        if grant is None:
            raise not_understood(network)
        return grant


def not_understood(network: Network) -> RemoteFailure:
    """Return the failure of an answer that lacks what it must hold."""
    return RemoteFailure(
        network=network.label,
        kind=FailureKind.TRANSIENT_RETRY,
        effect=Effect.UNKNOWN,
        message=tr("The answer was not understood."),
    )


def unanswered(network: Network, problem: TransportFailure) -> RemoteFailure:
    """Return the failure of a request no complete answer came to."""
    return RemoteFailure(
        network=network.label, kind=FailureKind.TRANSIENT_RETRY, effect=problem.effect, message=problem.reason
    )


def _token_object(network: Network, answer: HttpAnswer, secrets: tuple[str, ...]) -> OAuthResponse:
    """Judge an answer before Authlib does, and hand it a plain token object."""
    parsed = parse_answer(answer, secrets)
    if parsed.error is not None:
        _refuse(network, parsed)
    found = dict(unwrapped(parsed.document))
    if as_int(found.get("expires_in")) is None:
        found.pop("expires_in", None)
    return OAuthResponse(answer, found)


def _refuse(network: Network, parsed: GraphAnswer) -> NoReturn:
    failure = classify(parsed, CallKind.READ, network=network.label)
    if 400 <= parsed.status < 500:
        blames_app = refusal_by_app(network, failure.remote_message, failure.remote_code, failure.subcode)
        if blames_app is not None:
            raise blames_app
        if failure.kind not in _PASSING:
            raise SignInCodeRefused(network=network.label, message=failure.remote_message)
    raise failure
