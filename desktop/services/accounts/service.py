"""Connecting accounts, checking them, and handing out their tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desktop.domain.accounts import (
    ACCOUNT_HOLDS,
    DEFAULT_HUES,
    STATE_AFTER_FAILURE,
    Account,
    AccountId,
    AccountState,
    Hue,
)
from desktop.domain.deliveries import DeliveryId, DeliveryState, PublishingTimers
from desktop.domain.errors import Effect, FailureKind, InvalidInput, RemoteFailure
from desktop.domain.networks import Network
from desktop.domain.transitions import Resumed, transition
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr
from desktop.kit.ids import new_id
from desktop.services.accounts.ports import IdentityReader, RemoteIdentity, SecretStore
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.publishing.notes import timeline_of
from desktop.services.publishing.ports import ConnectorRegistry, RemoteAccount
from desktop.services.unit_of_work import Storage, UnitOfWork


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
    ) -> None:
        self._storage, self._clock, self._changes = storage, clock, changes
        self._secrets, self._identities, self._connectors = secrets, identities, connectors
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
        with self._storage.read() as uow:
            known = uow.accounts.find(network, identity.remote_id)
        account_id = known.id if known else AccountId(new_id())
        # the secret first: an account without a token would fail its next post, a token without an account harms nobody
        self._secrets.put(_secret_name(account_id), identity.page_token or token)
        with self._storage.write() as uow:
            current = uow.accounts.find(network, identity.remote_id)
            if current is None:
                account = self._new_account(account_id, identity, is_sample)
                uow.accounts.add(account)
            else:
                account = uow.accounts.save(_refreshed(current, identity))
            released = self._release(uow, account.id)
            uow.commit()
        self._announce(account.id, released)
        return account

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

    def disconnect(self, account_id: AccountId) -> None:
        """Forget the token and stop publishing as this account; its posts and history stay."""
        self._change_state(account_id, AccountState.DISCONNECTED)
        self._secrets.remove(_secret_name(account_id))

    def set_hue(self, account_id: AccountId, hue: Hue) -> None:
        """Change the account's colour."""
        with self._storage.write() as uow:
            uow.accounts.save(replace(uow.accounts.get(account_id), hue=hue))
            uow.commit()
        self._announce(account_id)

    def token(self, account_id: str) -> str:
        """Return the token; ``RemoteFailure`` of kind REAUTH when there is none, ``SecretStoreUnavailable``."""
        token = self._secrets.get(_secret_name(account_id))
        if token is None:
            account = self.get(AccountId(account_id))
            raise RemoteFailure(
                network=account.network.label,
                kind=FailureKind.REAUTH,
                effect=Effect.NOT_SENT,
                message=tr("there is no token for {name} on this computer", name=account.username),
            )
        return token

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
            token_expires_at=identity.token_expires_at,
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
        token_expires_at=identity.token_expires_at,
    )


def _secret_name(account_id: str) -> str:
    return f"account/{account_id}"
