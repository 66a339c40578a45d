"""Two ways to turn a code into a token: with the person's own app, or through a broker that keeps the secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from desktop.connectors.meta.answers import Json
from desktop.connectors.meta.containers import text_of
from desktop.connectors.meta.oauth import OAuthEndpoints
from desktop.connectors.meta.token_answers import read_scopes
from desktop.connectors.transport.addresses import require_secure
from desktop.connectors.transport.http_transport import HttpTransport
from desktop.connectors.transport.messages import HttpAnswer, HttpRequest, TransportFailure
from desktop.connectors.transport.redaction import redact
from desktop.domain.errors import AppRefused, BrokerFailed, RemoteFailure, SignInCodeRefused
from desktop.domain.networks import Network
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr
from desktop.services.accounts.ports import App, TokenFacts, TokenGrant


class CodeExchanger(Protocol):
    """What a sign-in to one network needs the app's secret for."""

    def app(self) -> App:
        """Return the app of the dialog; its secret may be missing."""
        ...

    def exchange(self, code: str, redirect_uri: str, verifier: str) -> TokenGrant:
        """Return the long-lived token of a code."""
        ...

    def refresh(self, token: str) -> TokenGrant:
        """Return a token with a new life."""
        ...

    def inspect(self, token: str) -> TokenFacts | None:
        """Return what a token is; None when it cannot be told."""
        ...


class DirectExchanger:
    """``CodeExchanger`` with the person's own app."""

    def __init__(self, endpoints: OAuthEndpoints, network: Network, app: App) -> None:
        self._endpoints, self._network, self._app = endpoints, network, app

    def app(self) -> App:
        """Return the app."""
        return self._app

    def exchange(self, code: str, redirect_uri: str, verifier: str) -> TokenGrant:
        """Exchange the code, then the short-lived token; what the network tells about the result is added."""
        short = self._endpoints.exchange_code(self._network, self._app, code, redirect_uri, verifier)
        long = self._endpoints.exchange_for_long(self._network, self._app, short)
        try:
            facts = self.inspect(long.token)
        except RemoteFailure:  # the token is there; that nobody describes it must not cost the sign-in
            facts = None
        return long if facts is None else with_facts(long, facts)

    def refresh(self, token: str) -> TokenGrant:
        """Ask the network; this needs no secret."""
        return self._endpoints.refresh(self._network, token)

    def inspect(self, token: str) -> TokenFacts | None:
        """Ask the network."""
        return self._endpoints.inspect(self._network, self._app, token)


class BrokerExchanger:
    """``CodeExchanger`` through a broker's HTTP interface, version 1.

    ``GET {broker}/v1/oauth/{network}`` answers ``{"client_id", "redirect_uri", "config_id"}``.
    ``POST …/exchange`` takes ``{"code", "redirect_uri", "code_verifier"}`` and ``POST …/refresh`` ``{"access_token"}``;
    both answer ``{"access_token", "issued_at", "expires_at", "data_access_expires_at", "scopes", "user_id"}`` (instants
    as ISO 8601 in UTC or null, the token long-lived). A refusal is a 4xx with
    ``{"error": {"code": "code_refused" | "app_refused" | …, "message"}}``.
    """

    def __init__(self, transport: HttpTransport, url: str, network: Network, clock: Clock, timeout: timedelta) -> None:
        """``url`` must be https, or http to this computer (``InsecureAddress``)."""
        self._transport, self._network, self._clock, self._timeout = transport, network, clock, timeout
        self._url = f"{require_secure(url, tr('The address of the sign-in service')).rstrip('/')}/v1/oauth/{network}"

    def app(self) -> App:
        """Ask the broker which app it keeps; ``BrokerFailed``."""
        found = self._ask("GET", "", {})
        app = App(text_of(found, "client_id"), text_of(found, "redirect_uri"), text_of(found, "config_id"))
        if not app.client_id:
            raise BrokerFailed(reason=tr("it names no app"))
        return app

    def exchange(self, code: str, redirect_uri: str, verifier: str) -> TokenGrant:
        """Let the broker exchange the code; ``BrokerFailed``, ``SignInCodeRefused``, ``AppRefused``."""
        asked = {"code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
        return self._grant(self._ask("POST", "/exchange", asked))

    def refresh(self, token: str) -> TokenGrant:
        """Let the broker refresh the token; ``BrokerFailed``."""
        return self._grant(self._ask("POST", "/refresh", {"access_token": token}))

    def inspect(self, token: str) -> TokenFacts | None:
        """Return None: only who has the secret may ask."""
        return None

    def _ask(self, method: str, path: str, asked: Mapping[str, str]) -> Mapping[str, Json]:
        body = json.dumps(asked).encode() if asked else b""
        headers = (("Content-Type", "application/json"),) if asked else ()
        try:
            answer = self._transport.send(HttpRequest(method, self._url + path, self._timeout, headers, body))
        except TransportFailure as problem:
            raise BrokerFailed(reason=problem.reason) from None
        document = _object(answer)
        if answer.status != 200 or document is None:
            raise self._refusal(answer.status, document or {}, tuple(asked.values()))
        return document

    def _refusal(
        self, status: int, document: Mapping[str, Json], secrets: tuple[str, ...]
    ) -> SignInCodeRefused | AppRefused | BrokerFailed:
        error = document.get("error")
        said = error if isinstance(error, dict) else {}
        message = redact(str(said.get("message") or f"HTTP {status}"), secrets)
        match said.get("code"):
            case "code_refused":
                return SignInCodeRefused(network=self._network.label, message=message)
            case "app_refused":
                return AppRefused(network=self._network.label, message=message)
        return BrokerFailed(reason=message)

    def _grant(self, document: Mapping[str, Json]) -> TokenGrant:
        token = text_of(document, "access_token")
        if not token:
            raise BrokerFailed(reason=tr("it gave no token"))
        return TokenGrant(
            token=token,
            issued_at=_instant(document.get("issued_at")) or self._clock.now(),
            expires_at=_instant(document.get("expires_at")),
            data_access_expires_at=_instant(document.get("data_access_expires_at")),
            scopes=read_scopes(document.get("scopes")),
            user_id=text_of(document, "user_id"),
        )


def with_facts(grant: TokenGrant, facts: TokenFacts) -> TokenGrant:
    """Return ``grant`` with what the network told about its token; what it left out stays as it is."""
    return replace(
        grant,
        issued_at=facts.issued_at or grant.issued_at,
        expires_at=None if facts.never_expires else facts.expires_at or grant.expires_at,
        data_access_expires_at=facts.data_access_expires_at or grant.data_access_expires_at,
        scopes=facts.scopes or grant.scopes,
        user_id=facts.user_id or grant.user_id,
    )


def _object(answer: HttpAnswer) -> Mapping[str, Json] | None:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _instant(value: Json) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
