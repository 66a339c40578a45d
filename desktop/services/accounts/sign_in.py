"""Signing in through the network's own dialog: begin, come back with a code, choose accounts, connect them."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from desktop.domain.accounts import Account
from desktop.domain.errors import (
    FailureKind,
    InvalidInput,
    RedirectMissing,
    RemoteFailure,
    SignInDenied,
    SignInNothingFound,
    SignInStateWrong,
    TidingsError,
)
from desktop.domain.networks import Network
from desktop.domain.permissions import missing_of_requested
from desktop.kit.i18n import tr
from desktop.services.accounts.callback import PASTED_PORT, Callback, new_state, new_verifier, read_callback
from desktop.services.accounts.ports import App, Candidate, SignInGateway, TokenGrant
from desktop.services.accounts.refusals import refusal_by_app
from desktop.services.accounts.service import AccountService

CALLBACK_PATH = "/callback"
_UNUSED_PORT = 49_161  # for pasting: nothing has to answer there, the browser's address bar is what counts
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """A sign-in on its way. ``url`` is for the browser; the answer must carry ``state``."""

    network: Network
    url: str = field(repr=False)
    state: str = field(repr=False)
    redirect_uri: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who can be connected. ``missing_scopes`` were asked for and not granted; the grant never shows its token."""

    network: Network
    candidates: tuple[Candidate, ...]
    missing_scopes: tuple[str, ...]
    grant: TokenGrant = field(repr=False)

    @property
    def can_be_chosen(self) -> tuple[Candidate, ...]:
        """The candidates without an obstacle."""
        return tuple(candidate for candidate in self.candidates if candidate.can_be_chosen)


class SignInService:
    """The sign-in flow; every step may be run on a thread of its own. Nothing is stored before ``connect``."""

    def __init__(self, gateway: Callable[[], SignInGateway], accounts: AccountService) -> None:
        self._gateway, self._accounts = gateway, accounts

    def begin(self, network: Network, *, port: int = PASTED_PORT, rerequest: bool = False) -> SignInAttempt:
        """Return what to open in the browser.

        ``port`` is where somebody listens on this computer, 0 when the address will be pasted. ``rerequest`` asks
        again for permissions that were declined. ``AppMissing``, ``RedirectMissing``, ``BrokerFailed``.
        """
        gateway = self._gateway()
        app = gateway.app(network)
        state, verifier = new_state(port), new_verifier()
        redirect_uri = _redirect_uri(network, app, port)
        url = gateway.authorization_url(
            network, app, state=state, redirect_uri=redirect_uri, verifier=verifier, rerequest=rerequest
        )
        return SignInAttempt(network, url, state, redirect_uri, verifier)

    def complete(self, attempt: SignInAttempt, address: str) -> SignedIn:
        """Return the accounts to choose from; ``address`` is where the network sent the browser.

        ``SignInAddressUnreadable``, ``SignInStateWrong``, ``SignInDenied``, ``AppRefused``, ``AppInDevelopment``,
        ``SignInCodeRefused``, ``SignInNothingFound`` (also when no Page was ticked), ``RemoteFailure``.
        """
        callback = read_callback(address)
        _require_state(attempt, callback)
        if callback.error:
            raise _refusal(attempt.network, callback)
        grant = self._gateway().exchange(attempt.network, callback.code, attempt.redirect_uri, attempt.verifier)
        candidates = tuple(self._look(attempt.network, grant))
        if not candidates:
            raise SignInNothingFound(network=attempt.network.label)
        return SignedIn(attempt.network, candidates, missing_of_requested(attempt.network, grant.scopes), grant)

    def connect(self, signed_in: SignedIn, chosen: Collection[str]) -> list[Account]:
        """Connect the chosen remote ids; ``InvalidInput`` for one that is not there or has an obstacle.

        Known accounts keep their history and queue.
        """
        candidates = {candidate.remote_id: candidate for candidate in signed_in.candidates}
        for remote_id in chosen:
            candidate = candidates.get(remote_id)
            if candidate is None or not candidate.can_be_chosen:
                reason = tr("{id} is not among the accounts", id=remote_id) if candidate is None else candidate.obstacle
                raise InvalidInput(field=tr("Account"), reason=reason)
        return [self._accounts.connect_candidate(candidates[remote_id], signed_in.grant) for remote_id in chosen]

    def _look(self, network: Network, grant: TokenGrant) -> Sequence[Candidate]:
        """Look a few times: the code is used up, so a hiccup here would cost the whole sign-in."""
        for _ in range(_LOOKS - 1):
            try:
                return self._gateway().candidates(network, grant)
            except RemoteFailure as failure:
                if failure.kind is not FailureKind.TRANSIENT_RETRY:
                    raise
        return self._gateway().candidates(network, grant)


def _redirect_uri(network: Network, app: App, port: int) -> str:
    if app.redirect_uri:
        return app.redirect_uri
    if network is not Network.FACEBOOK:
        raise RedirectMissing(network=network.label)
    # by name: Facebook takes localhost while the app is in development, and 127.0.0.1 never (meta-api.md §11, trap 6)
    return f"http://localhost:{port or _UNUSED_PORT}{CALLBACK_PATH}"


def _require_state(attempt: SignInAttempt, callback: Callback) -> None:
    """Refuse an answer to something else; a refusal without any state harms nobody and is passed on."""
    is_ours = hmac.compare_digest(callback.state.encode(), attempt.state.encode())
    if not is_ours and (callback.state or not callback.error):
        raise SignInStateWrong(network=attempt.network.label)


def _refusal(network: Network, callback: Callback) -> TidingsError:
    by_app = refusal_by_app(network, callback.message, callback.error_code)
    return by_app or SignInDenied(network=network.label)
