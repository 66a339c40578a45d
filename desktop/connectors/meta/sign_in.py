"""The sign-ins of Meta's three networks as one gateway (``meta-api.md`` §1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from desktop.connectors.meta.addresses import HostFamily, MetaAddresses
from desktop.connectors.meta.answers import parse_answer
from desktop.connectors.meta.discovery import AccountFinder
from desktop.connectors.meta.errors import CallKind, classify
from desktop.connectors.meta.exchangers import BrokerExchanger, CodeExchanger, DirectExchanger
from desktop.connectors.meta.graph import GraphClient
from desktop.connectors.meta.identity import probe_account
from desktop.connectors.meta.oauth import OAuthEndpoints, unanswered
from desktop.connectors.meta.oauth_dialogs import authorization_url, sign_in_addresses
from desktop.connectors.transport.http_transport import HttpTransport
from desktop.connectors.transport.messages import HttpAnswer, HttpRequest, TransportFailure
from desktop.domain.errors import AppMissing
from desktop.domain.networks import Network
from desktop.kit.clock import Clock
from desktop.services.accounts.ports import App, Apps, Candidate, TokenFacts, TokenGrant
from desktop.services.publishing.ports import RemoteAccount


class MetaSignIn:
    """``SignInGateway``; safe to use from several threads. Connections belong to whoever gave them."""

    def __init__(
        self,
        graph: GraphClient,
        transport: HttpTransport,
        addresses: MetaAddresses,
        apps: Apps,
        clock: Clock,
        timeout: timedelta,
    ) -> None:
        """``timeout`` bounds each request as a whole."""
        self._transport, self._addresses, self._apps = transport, addresses, apps
        self._clock, self._timeout, self._graph = clock, timeout, graph
        self._dialogs = sign_in_addresses(addresses)
        self._endpoints = OAuthEndpoints(transport, addresses, clock, timeout)
        self._finder = AccountFinder(graph)

    def app(self, network: Network) -> App:
        """Return the app people sign in with; a broker is asked for its own."""
        return self._exchanger(network).app()

    def authorization_url(
        self, network: Network, app: App, *, state: str, redirect_uri: str, verifier: str, rerequest: bool
    ) -> str:
        """Return the address of the dialog."""
        return authorization_url(
            self._dialogs[network].dialog,
            network,
            app,
            state=state,
            redirect_uri=redirect_uri,
            verifier=verifier,
            rerequest=rerequest,
        )

    def exchange(self, network: Network, code: str, redirect_uri: str, verifier: str) -> TokenGrant:
        """Return the long-lived token of a code; for Facebook with the person and what they really granted."""
        grant = self._exchanger(network).exchange(code, redirect_uri, verifier)
        if network is not Network.FACEBOOK:
            return grant
        person = self._finder.person(grant.token)
        return replace(grant, scopes=person.scopes, user_id=person.id)

    def refresh(self, network: Network, token: str) -> TokenGrant:
        """Return a token with a new life; neither app nor broker is needed for that."""
        if self._apps.own(network) is None and self._apps.broker_url() is not None:
            return self._exchanger(network).refresh(token)
        return self._endpoints.refresh(network, token)

    def inspect(self, network: Network, token: str) -> TokenFacts | None:
        """Return what a token is; None without an own app, and for Instagram, which offers no such question."""
        app = self._apps.own(network)
        return None if app is None else self._endpoints.inspect(network, app, token)

    def candidates(self, network: Network, grant: TokenGrant) -> Sequence[Candidate]:
        """Return the accounts the granted token reaches."""
        return self._finder.find(network, grant)

    def probe(self, who: RemoteAccount) -> None:
        """Ask whether the account is there and may publish."""
        probe_account(self._graph, who)

    def revoke(self, network: Network, user_id: str, token: str) -> None:
        """Take back everything the person granted; only Facebook offers that."""
        if network is not Network.FACEBOOK:
            return
        url = f"{self._addresses.graph_root(HostFamily.FACEBOOK)}/{quote(user_id, safe='')}/permissions"
        header = ("Authorization", f"Bearer {token}")
        parsed = parse_answer(self._send(network, HttpRequest("DELETE", url, self._timeout, (header,))), (token,))
        if parsed.error is not None:
            raise classify(parsed, CallKind.READ, network=network.label)

    def clock_ahead(self, network: Network) -> timedelta | None:
        """Compare with the date of any answer; the network tells whole seconds."""
        url = f"{self._addresses.graph_root(HostFamily(network.value))}/me"
        answer = self._send(network, HttpRequest("GET", url, self._timeout))
        theirs = _date(answer.headers.get("date", ""))
        return None if theirs is None else answer.sent_at - theirs

    def _exchanger(self, network: Network) -> CodeExchanger:
        app = self._apps.own(network)
        if app is not None:
            return DirectExchanger(self._endpoints, network, app)
        broker = self._apps.broker_url()
        if broker is None:
            raise AppMissing(network=network.label)
        return BrokerExchanger(self._transport, broker, network, self._clock, self._timeout)

    def _send(self, network: Network, request: HttpRequest) -> HttpAnswer:
        try:
            return self._transport.send(request)
        except TransportFailure as problem:
            raise unanswered(network, problem) from None


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo is not None else None
