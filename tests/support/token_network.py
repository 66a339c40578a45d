"""A network's sign-in in memory: tokens that are issued, renewed, end and die, and a line that may be down."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from desktop.domain.accounts import LoginKind
from desktop.domain.errors import Effect, FailureKind, InvalidInput, RemoteFailure, SignInCodeRefused
from desktop.domain.networks import Network
from desktop.kit.clock import Clock
from desktop.services.accounts.ports import App, Candidate, RemoteIdentity, TokenFacts, TokenGrant
from desktop.services.publishing.ports import NetworkConnector, RemoteAccount

LIFE = timedelta(days=60)
LEAST_AGE = timedelta(hours=24)


def refusal(
    kind: FailureKind, message: str = "no", subcode: int | None = None, code: str | None = None
) -> RemoteFailure:
    return RemoteFailure(
        network="Threads",
        kind=kind,
        effect=Effect.REFUSED,
        message=message,
        http_status=400,
        remote_code=code,
        subcode=subcode,
    )


@dataclass
class IssuedToken:
    issued_at: datetime
    expires_at: datetime | None
    is_dead: bool = False


@dataclass
class TokenNetwork:
    """``SignInGateway``, ``IdentityReader`` and ``ConnectorRegistry`` in one; never sleeps, never asks anybody.

    ``is_down`` answers nothing; ``blips`` refuses that many probes with a definite 190 without meaning it.
    """

    clock: Clock
    tokens: dict[str, IssuedToken] = field(default_factory=dict)
    found: tuple[Candidate, ...] = ()
    scopes: tuple[str, ...] = ()
    facts: TokenFacts | None = None
    failure: RemoteFailure | None = None
    refresh_failure: RemoteFailure | None = None
    silent_about_refreshed: bool = False
    ahead: timedelta | None = timedelta(0)
    codes: dict[str, str] = field(default_factory=dict)
    is_down: bool = False
    blips: int = 0
    hiccups: int = 0
    is_personal: bool = False
    redirect_uri: str = "https://example.org/bounce"
    calls: list[str] = field(default_factory=list)
    probed: list[str] = field(default_factory=list)
    refreshed: set[str] = field(default_factory=set)
    revoked: list[str] = field(default_factory=list)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __call__(self) -> TokenNetwork:
        return self

    def issue(self, life: timedelta | None = LIFE) -> str:
        """Return a new token."""
        value, now = f"TH{next(self.numbers):040d}", self.clock.now()
        self.tokens[value] = IssuedToken(now, None if life is None else now + life)
        return value

    def grant(self, user_id: str = "") -> TokenGrant:
        token = self.issue()
        made = self.tokens[token]
        return TokenGrant(token, made.issued_at, made.expires_at, scopes=self.scopes, user_id=user_id)

    def is_alive(self, token: str) -> bool:
        made = self.tokens.get(token)
        return made is not None and not made.is_dead and (made.expires_at is None or made.expires_at > self.clock.now())

    # ---- SignInGateway ----

    def app(self, network: Network) -> App:
        return App("123456", self.redirect_uri)

    def authorization_url(
        self, network: Network, app: App, *, state: str, redirect_uri: str, verifier: str, rerequest: bool
    ) -> str:
        return f"https://{network}.example/dialog?state={state}&redirect_uri={redirect_uri}&rerequest={rerequest}"

    def exchange(self, network: Network, code: str, redirect_uri: str, verifier: str) -> TokenGrant:
        self.calls.append("exchange")
        if self.codes.pop(code, None) != redirect_uri:
            raise SignInCodeRefused(network=network.label, message="Matching code was not found or was already used")
        return self.grant(user_id="77")

    def refresh(self, network: Network, token: str) -> TokenGrant:
        self.calls.append("refresh")
        self._answer()
        if self.refresh_failure is not None:
            raise self.refresh_failure
        self._require_alive(token)
        if self.clock.now() - self.tokens[token].issued_at < LEAST_AGE:
            raise refusal(FailureKind.BAD_INPUT, "The access token must be at least 24 hours old", code="100")
        grant = self.grant()
        self.refreshed.add(grant.token)
        return grant

    def inspect(self, network: Network, token: str) -> TokenFacts | None:
        self._answer()
        return self.facts

    def candidates(self, network: Network, grant: TokenGrant) -> Sequence[Candidate]:
        self.calls.append("candidates")
        if self.hiccups:
            self.hiccups -= 1
            raise refusal(FailureKind.TRANSIENT_RETRY)
        self._answer()
        return self.found

    def probe(self, who: RemoteAccount) -> None:
        self.calls.append("probe")
        self.probed.append(who.token)
        self._answer()
        if self.silent_about_refreshed and who.token in self.refreshed:
            raise refusal(FailureKind.TRANSIENT_RETRY)
        if self.is_personal:
            raise InvalidInput(field="token", reason="personal")
        if self.blips:
            self.blips -= 1
            raise refusal(FailureKind.REAUTH, "blip", code="190")
        self._require_alive(who.token)

    def revoke(self, network: Network, user_id: str, token: str) -> None:
        self._answer()
        self.revoked.append(user_id)

    def clock_ahead(self, network: Network) -> timedelta | None:
        self._answer(is_question=False)
        return self.ahead

    # ---- the other two ports ----

    def identify(self, network: Network, token: str, remote_id: str | None) -> RemoteIdentity:
        self._answer()
        self._require_alive(token)
        name = remote_id or "ada"
        return RemoteIdentity(network, LoginKind(network.value), f"id-{name}", name, name.title(), None)

    def connector(self, network: Network) -> NetworkConnector:
        return self  # type: ignore[return-value]  # only check_token is called

    def check_token(self, who: RemoteAccount) -> None:
        self.probe(who)

    def _answer(self, *, is_question: bool = True) -> None:
        if self.is_down:
            raise RemoteFailure(
                network="Threads", kind=FailureKind.TRANSIENT_RETRY, effect=Effect.NOT_SENT, message="no connection"
            )
        if self.failure is not None and is_question:
            raise self.failure

    def _require_alive(self, token: str) -> None:
        made = self.tokens.get(token)
        if not self.is_alive(token):
            subcode = 463 if made is not None and not made.is_dead else 460
            raise refusal(FailureKind.REAUTH, "the session has ended", subcode, "190")
