"""Connecting accounts, checking them, and handing out their tokens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desktop.domain.accounts import (
    ACCOUNT_HOLDS,
    DEFAULT_HUES,
    STATE_AFTER_FAILURE,
    Account,
    AccountId,
    AccountState,
    Hue,
    LoginKind,
)
from desktop.domain.deliveries import DeliveryId, DeliveryState, PublishingTimers
from desktop.domain.errors import (
    Effect,
    FailureKind,
    InvalidInput,
    RemoteFailure,
    SecretUnreadable,
    TidingsError,
)
from desktop.domain.networks import Network
from desktop.domain.transitions import Resumed, transition
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr
from desktop.kit.ids import new_id
from desktop.services.accounts.ports import (
    Candidate,
    IdentityReader,
    RemoteIdentity,
    SecretStore,
    SignInGateway,
    TokenFacts,
    TokenGrant,
)
from desktop.services.accounts.tokens import TokenVault
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.publishing.notes import timeline_of
from desktop.services.publishing.ports import ConnectorRegistry, RemoteAccount
from desktop.services.unit_of_work import Storage, UnitOfWork

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Life:
    """What is known about a token; all of it is replaced when an account is connected again."""

    expires_at: datetime | None
    issued_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    grantor_id: str | None = None

    def applied(self, account: Account) -> Account:
        return replace(
            account,
            token_expires_at=self.expires_at,
            token_issued_at=self.issued_at,
            token_refreshed_at=None,
            data_access_expires_at=self.data_access_expires_at,
            scopes=self.scopes,
            grantor_id=self.grantor_id,
        )


class AccountService:
    """The connected accounts; safe to share between threads. Tokens are in the secret store and nowhere else."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        changes: ChangeFeed,
        secrets: SecretStore,
        identities: IdentityReader,
        connectors: ConnectorRegistry,
        timers: PublishingTimers | None = None,
        gateway: Callable[[], SignInGateway] | None = None,
    ) -> None:
        """``gateway`` takes permissions back when an account is disconnected; without it that is left out."""
        self._storage, self._clock, self._changes = storage, clock, changes
        self._vault, self._identities, self._connectors = TokenVault(secrets), identities, connectors
        self._gateway = gateway
        self._timers = timers or PublishingTimers()

    def connect_with_token(
        self, network: Network, token: str, *, remote_id: str | None = None, is_sample: bool = False
    ) -> Account:
        """Connect the account a token belongs to, after asking the network.

        A known remote id keeps its account, history and queue; what waited for it goes on. ``InvalidInput``,
        ``RemoteFailure`` or ``SecretStoreUnavailable``; nothing has changed then.
        """
        token = _cleaned(token)
        identity = self._identities.identify(network, token, remote_id)
        return self._connect(identity, identity.page_token or token, _Life(identity.token_expires_at), is_sample)

    def connect_candidate(self, candidate: Candidate, grant: TokenGrant) -> Account:
        """Connect an account a sign-in found; the same rules as for a token. ``SecretStoreUnavailable``."""
        is_page_login = candidate.login is LoginKind.FACEBOOK_PAGE
        if is_page_login and grant.user_id:
            self._vault.keep_person(grant.user_id, grant.token)
        identity = RemoteIdentity(
            candidate.network,
            candidate.login,
            candidate.remote_id,
            candidate.username,
            candidate.display_name,
            # the token of a Page, made from a long-lived one of its person, does not end by itself (meta-api.md §1a)
            None if is_page_login else grant.expires_at,
        )
        life = _Life(
            identity.token_expires_at,
            grant.issued_at,
            grant.data_access_expires_at,
            grant.scopes,
            grant.user_id or None if is_page_login else None,
        )
        return self._connect(identity, candidate.token, life, is_sample=False)

    def list(self, *, include_disconnected: bool = False) -> Sequence[Account]:
        """Return the accounts in the order they were connected."""
        with self._storage.read() as uow:
            return uow.accounts.list(include_disconnected=include_disconnected)

    def get(self, account_id: AccountId) -> Account:
        """Return an account; ``NotFound``."""
        with self._storage.read() as uow:
            return uow.accounts.get(account_id)

    def check(self, account_id: AccountId) -> Account:
        """Ask the network whether the token still works and return the account in the state that follows.

        A failure that says nothing about the account (no connection, say) is raised and changes nothing.
        """
        account = self.get(account_id)
        try:
            token = self.token(account_id)
            who = RemoteAccount(account.network, account.login, account.remote_id, token)
            self._connectors.connector(account.network).check_token(who)
        except RemoteFailure as failure:
            state = STATE_AFTER_FAILURE.get(failure.kind)
            if state is None:
                raise
            return self._change_state(account_id, state, failure.remote_message)
        return self._change_state(account_id, AccountState.CONNECTED)

    def mark(self, account_id: AccountId, state: AccountState, reason: str = "") -> Account:
        """Put the account into the state somebody found out about; CONNECTED lets waiting deliveries go on."""
        return self._change_state(account_id, state, reason)

    def renew(self, account_id: AccountId, old_token: str, grant: TokenGrant) -> bool:
        """Put a refreshed token in the place of ``old_token``; False when that has been replaced meanwhile."""
        if self._vault.of_account(account_id) != old_token:
            return False
        self._vault.keep(account_id, grant.token)
        with self._storage.write() as uow:
            account = uow.accounts.get(account_id)
            renewed = replace(
                account,
                token_issued_at=grant.issued_at,
                token_refreshed_at=grant.issued_at,
                token_expires_at=grant.expires_at,
                scopes=grant.scopes or account.scopes,
            )
            uow.accounts.save(renewed)
            uow.commit()
        self._announce(account_id)
        return True

    def learn(self, account_id: AccountId, facts: TokenFacts) -> None:
        """Keep what the network tells about the account's token; what it leaves out stays as it is."""
        with self._storage.write() as uow:
            account = uow.accounts.get(account_id)
            learned = replace(
                account,
                token_expires_at=None if facts.never_expires else facts.expires_at or account.token_expires_at,
                token_issued_at=account.token_issued_at or facts.issued_at,
                data_access_expires_at=facts.data_access_expires_at or account.data_access_expires_at,
                scopes=facts.scopes or account.scopes,
            )
            if learned == account:
                return
            uow.accounts.save(learned)
            uow.commit()
        self._announce(account_id)

    def disconnect(self, account_id: AccountId) -> None:
        """Stop publishing as this account, take its permissions back where possible, and forget the token.

        Its posts and history stay. A network that does not answer keeps nobody from leaving.
        """
        account = self._change_state(account_id, AccountState.DISCONNECTED)
        if account.grantor_id is not None:
            self._dismiss_person(account.grantor_id, self._gateway)
        self._vault.forget(account_id)

    def set_hue(self, account_id: AccountId, hue: Hue) -> None:
        """Change the account's colour."""
        with self._storage.write() as uow:
            uow.accounts.save(replace(uow.accounts.get(account_id), hue=hue))
            uow.commit()
        self._announce(account_id)

    def token(self, account_id: str) -> str:
        """Return the token; ``RemoteFailure`` of kind REAUTH when there is none, ``SecretStoreUnavailable``."""
        try:
            token = self._vault.of_account(account_id)
        except SecretUnreadable:  # sealed on another computer, or damaged: a new one in its place can be read
            token = None
        if token is None:
            account = self.get(AccountId(account_id))
            raise RemoteFailure(
                network=account.network.label,
                kind=FailureKind.REAUTH,
                effect=Effect.NOT_SENT,
                message=tr("there is no token for {name} on this computer", name=account.username),
            )
        return token

    def known_token(self, account_id: AccountId) -> str | None:
        """Return the token, None when there is none on this computer."""
        return self._vault.of_account(account_id)

    def person_token(self, grantor_id: str) -> str | None:
        """Return the token of the person behind a Page, None when there is none on this computer."""
        return self._vault.of_person(grantor_id)

    def _connect(self, identity: RemoteIdentity, token: str, life: _Life, is_sample: bool) -> Account:
        with self._storage.read() as uow:
            known = uow.accounts.find(identity.network, identity.remote_id)
        account_id = known.id if known else AccountId(new_id())
        # the secret first: an account without a token would fail its next post, a token without an account harms nobody
        self._vault.keep(account_id, token)
        with self._storage.write() as uow:
            current = uow.accounts.find(identity.network, identity.remote_id)
            if current is None:
                account = life.applied(self._new_account(account_id, identity, is_sample))
                uow.accounts.add(account)
            else:
                account = uow.accounts.save(life.applied(_refreshed(current, identity)))
            released = self._release(uow, account.id)
            uow.commit()
        self._announce(account.id, released)
        if known is not None and known.grantor_id and known.grantor_id != account.grantor_id:
            self._dismiss_person(known.grantor_id, None)  # somebody else connected it this time
        return account

    def _dismiss_person(self, grantor_id: str, gateway: Callable[[], SignInGateway] | None) -> None:
        """Forget the token of a person whose last account is gone; with ``gateway`` take back what they granted.

        That covers all of their Pages, which is why it waits for the last one.
        """
        token = self._vault.of_person(grantor_id)
        if token is None or any(account.grantor_id == grantor_id for account in self.list()):
            return
        try:
            if gateway is not None:
                gateway().revoke(Network.FACEBOOK, grantor_id, token)
        except TidingsError as failure:
            logger.info("permissions were not taken back: %s", failure.code)
        self._vault.forget_person(grantor_id)

    def _change_state(self, account_id: AccountId, state: AccountState, reason: str = "") -> Account:
        released: Sequence[DeliveryId] = ()
        with self._storage.write() as uow:
            account = uow.accounts.get(account_id)
            if (account.state, account.state_reason) == (state, reason):
                return account
            account = uow.accounts.save(account.in_state(state, reason))
            if account.can_publish:
                released = self._release(uow, account_id)
            uow.commit()
        self._announce(account_id, released)
        return account

    def _release(self, uow: UnitOfWork, account_id: AccountId) -> Sequence[DeliveryId]:
        """Let deliveries go on that were waiting for the account to be put right."""
        now = self._clock.now()
        held = uow.deliveries.list(states=(DeliveryState.HELD,), account_id=account_id, limit=100_000)
        released = []
        for delivery in (d for d in held if d.reason in ACCOUNT_HOLDS):
            event = Resumed("the account is connected again")
            after = transition(delivery, event, now, self._timers)
            uow.deliveries.save(after, entries=timeline_of(delivery, after, event, now))
            released.append(delivery.id)
        return released

    def _new_account(self, account_id: AccountId, identity: RemoteIdentity, is_sample: bool) -> Account:
        return Account(
            id=account_id,
            network=identity.network,
            login=identity.login,
            remote_id=identity.remote_id,
            username=identity.username,
            display_name=identity.display_name,
            state=AccountState.CONNECTED,
            state_reason="",
            hue=DEFAULT_HUES[identity.network],
            is_sample=is_sample,
            connected_at=self._clock.now(),
            token_expires_at=None,
        )

    def _announce(self, account_id: AccountId, released: Sequence[DeliveryId] = ()) -> None:
        self._changes.announce(Noun.ACCOUNTS, (account_id,))
        if released:
            self._changes.announce(Noun.DELIVERIES, released)


def _cleaned(token: str) -> str:
    cleaned = token.strip()
    if not cleaned or not cleaned.isascii() or not cleaned.isprintable() or " " in cleaned:
        raise InvalidInput(field=tr("Token"), reason=tr("this is not an access token"))
    return cleaned


def _refreshed(account: Account, identity: RemoteIdentity) -> Account:
    return replace(
        account.in_state(AccountState.CONNECTED),
        login=identity.login,
        username=identity.username,
        display_name=identity.display_name,
    )
