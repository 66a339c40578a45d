"""Looks after the tokens day by day: renews them in time, notices when one died, and never gives up over a blip."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.domain.accounts import STATE_AFTER_FAILURE, Account, AccountId, AccountState
from desktop.domain.errors import RefreshNotPossible, RemoteFailure, TidingsError
from desktop.domain.permissions import missing_for_publishing
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr
from desktop.services.accounts.ports import SignInGateway, TokenFacts
from desktop.services.accounts.service import AccountService
from desktop.services.accounts.token_policy import (
    AccountNotice,
    can_be_renewed,
    is_old_enough,
    notices,
    wants_renewal,
)
from desktop.services.publishing.ports import RemoteAccount

logger = logging.getLogger(__name__)

DAILY = timedelta(hours=24)
AFTER_FAILURE = timedelta(hours=1)
CONFIRM_AFTER = timedelta(minutes=10)
_AT_START = timedelta(minutes=5)


@dataclass(slots=True)
class _Care:
    """What is remembered of one account while the program runs."""

    next_at: datetime
    seen: AccountState = AccountState.CONNECTED
    suspected_at: datetime | None = None
    renewal_fails: bool = False


class TokenCare:
    """Call ``tick`` every few minutes from one thread; each account has its own hour, about once a day.

    An account is marked as broken only after two definite refusals at least ten minutes apart. ``notices`` and
    ``refresh`` may be called from any thread.
    """

    def __init__(
        self,
        accounts: AccountService,
        gateway: Callable[[], SignInGateway],
        clock: Clock,
        chance: random.Random | None = None,
    ) -> None:
        """``chance`` spreads the calls over the day; tests give a seeded one."""
        self._accounts, self._gateway, self._clock = accounts, gateway, clock
        self._chance = chance or random.Random()  # noqa: S311 - spreads load, guards nothing
        self._lock = threading.Lock()
        self._cares: dict[AccountId, _Care] = {}
        self._told: set[tuple[object, ...]] = set()
        self._listeners: list[Callable[[AccountNotice], None]] = []

    def subscribe(self, listener: Callable[[AccountNotice], None]) -> None:
        """Let ``listener`` hear each warning once while the program runs, on the thread of ``tick``."""
        self._listeners.append(listener)

    def notices(self) -> tuple[AccountNotice, ...]:
        """Return everything there is to tell about the accounts now; asks nobody."""
        now, found = self._clock.now(), list[AccountNotice]()
        for account in self._accounts.list():
            care = self._cares.get(account.id)
            found += notices(account, now, renewal_fails=care is not None and care.renewal_fails)
        return tuple(found)

    def tick(self) -> None:
        """Look after the accounts whose hour has come, then tell what is new."""
        for account in self._accounts.list():
            care = self._care(account)
            if self._is_due(care):
                with self._lock:
                    self._look_after(account, care)
        for notice in self.notices():
            self._tell(notice)

    def refresh(self, account_id: AccountId) -> Account:
        """Renew a token now, because somebody asked; ``RefreshNotPossible``, ``RemoteFailure``."""
        account = self._accounts.get(account_id)
        network = account.network.label
        if not can_be_renewed(account):
            raise RefreshNotPossible(network=network, reason=tr("it only comes from the sign-in"))
        if not is_old_enough(account, self._clock.now()):
            raise RefreshNotPossible(network=network, reason=tr("it is less than a day old"))
        with self._lock:
            self._renew(account, self._accounts.token(account_id))
        return self._accounts.get(account_id)

    def _care(self, account: Account) -> _Care:
        now = self._clock.now()
        care = self._cares.setdefault(account.id, _Care(now + _AT_START * self._chance.random(), account.state))
        if account.state is AccountState.RECONNECT is not care.seen:
            care.next_at = now + CONFIRM_AFTER  # a call for a post was refused; perhaps that was a blip
        care.seen = account.state
        return care

    def _is_due(self, care: _Care) -> bool:
        now = self._clock.now()
        # an hour further away than a day was planned by a clock that has been set back since
        return care.next_at <= now or care.next_at - now > DAILY

    def _look_after(self, account: Account, care: _Care) -> None:
        now = self._clock.now()
        care.next_at = now + DAILY * self._chance.uniform(0.8, 1.0)
        if account.state is AccountState.ACTION_NEEDED:
            return  # only the person knows when that is done
        try:
            token = self._accounts.token(account.id)
            if wants_renewal(account, now):
                self._try_to_renew(account, token, care)
            else:
                care.renewal_fails = False
                self._probe(account, token)
            self._found_well(account, token, care)
        except RemoteFailure as failure:
            self._found_failing(account, failure, care)
        except TidingsError as trouble:  # a locked keychain, a broken broker, a full disk: nothing about the account
            logger.info("an account could not be looked after: %s", trouble.code)
            care.next_at = now + AFTER_FAILURE

    def _try_to_renew(self, account: Account, token: str, care: _Care) -> None:
        """Renew, or make sure that the present token still lives, which it does whatever became of the renewal."""
        try:
            self._renew(account, token)
        except TidingsError as failure:
            care.renewal_fails = True
            care.next_at = self._clock.now() + AFTER_FAILURE
            logger.info("a token was not renewed: %s", failure.code)
            self._probe(account, token)
        else:
            care.renewal_fails = False

    def _renew(self, account: Account, token: str) -> None:
        grant = self._gateway().refresh(account.network, token)
        self._probe(account, grant.token)  # the old token is kept until the new one has answered
        self._accounts.renew(account.id, token, grant)

    def _probe(self, account: Account, token: str) -> None:
        self._gateway().probe(RemoteAccount(account.network, account.login, account.remote_id, token))

    def _found_well(self, account: Account, token: str, care: _Care) -> None:
        care.suspected_at = None
        facts = self._inspect(account, token)
        if facts is not None:
            self._accounts.learn(account.id, facts)
        if account.state is AccountState.RECONNECT and _may_publish(account, facts):
            self._accounts.mark(account.id, AccountState.CONNECTED)

    def _inspect(self, account: Account, token: str) -> TokenFacts | None:
        """Ask what a token is whose end renewing does not tell."""
        if can_be_renewed(account) and account.token_expires_at is not None:
            return None
        try:
            return self._gateway().inspect(account.login.network, token)
        except RemoteFailure:
            return None

    def _found_failing(self, account: Account, failure: RemoteFailure, care: _Care) -> None:
        now, state = self._clock.now(), STATE_AFTER_FAILURE.get(failure.kind)
        if state is None:
            care.next_at = now + AFTER_FAILURE
        elif account.state is not AccountState.CONNECTED:
            care.suspected_at = None
        elif care.suspected_at is None or now < care.suspected_at:
            care.suspected_at, care.next_at = now, now + CONFIRM_AFTER
        elif now - care.suspected_at >= CONFIRM_AFTER:
            care.suspected_at = None
            self._accounts.mark(account.id, state, failure.remote_message)
        else:
            care.next_at = care.suspected_at + CONFIRM_AFTER

    def _tell(self, notice: AccountNotice) -> None:
        key = (notice.account_id, notice.kind, notice.ends_at, notice.threshold)
        if key not in self._told:
            self._told.add(key)
            for listener in self._listeners:
                listener(notice)


def _may_publish(account: Account, facts: TokenFacts | None) -> bool:
    """Whether a token that answers also has what publishing needs: without it, it would break again at once."""
    if can_be_renewed(account):
        return True  # the probe has asked for the publishing limit
    return facts is not None and not missing_for_publishing(account.network, account.login, facts.scopes)
