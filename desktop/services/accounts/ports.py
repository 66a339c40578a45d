"""What accounts need from outside: a place for secrets, the networks' sign-ins, a browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from desktop.domain.accounts import LoginKind
from desktop.domain.networks import Network
from desktop.services.publishing.ports import RemoteAccount


class SecretStore(Protocol):
    """Keeps secrets by name outside the database; ``SecretStoreUnavailable`` when it cannot be used."""

    def get(self, name: str) -> str | None:
        """Return the secret, or None."""
        ...

    def put(self, name: str, secret: str) -> None:
        """Store or replace the secret."""
        ...

    def remove(self, name: str) -> None:
        """Forget the secret; nothing happens when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class RemoteIdentity:
    """Who a token belongs to. ``token`` may differ from the one given: a user token yields a page token."""

    network: Network
    login: LoginKind
    remote_id: str
    username: str
    display_name: str
    token_expires_at: datetime | None
    page_token: str | None = None

    def __repr__(self) -> str:
        return f"RemoteIdentity({self.network}, {self.remote_id!r}, {self.username!r})"


class IdentityReader(Protocol):
    """Asks the networks about tokens."""

    def identify(self, network: Network, token: str, remote_id: str | None) -> RemoteIdentity:
        """Return who the token belongs to and that it may publish.

        ``remote_id`` chooses among several (a user token that manages several Pages: without it and with more than one
        Page, ``InvalidInput`` names them). ``RemoteFailure`` when the network refuses.
        """
        ...


@dataclass(frozen=True, slots=True)
class App:
    """The app people sign in with. ``redirect_uri`` empty: this computer's own address, where the network takes it.

    ``config_id`` names a configuration of Facebook Login for Business, which then replaces the permissions.
    """

    client_id: str
    redirect_uri: str = ""
    config_id: str = ""
    secret: str = field(default="", repr=False)


class Apps(Protocol):
    """Where the apps come from: the person's own, or a sign-in service (broker) that keeps the secrets."""

    def own(self, network: Network) -> App | None:
        """Return the person's own app with its secret."""
        ...

    def broker_url(self) -> str | None:
        """Return the address of the broker, for networks without an own app."""
        ...


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """A token a network has just given. Instants are None when the network did not tell.

    ``scopes`` empty means that nobody told. ``user_id`` is the person or profile that granted it, as the network told.
    """

    token: str = field(repr=False)
    issued_at: datetime
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What the network says a token is (``debug_token``). ``never_expires`` is not the same as an unknown expiry."""

    is_valid: bool
    never_expires: bool = False
    expires_at: datetime | None = None
    issued_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    user_id: str = ""
    subcode: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account a sign-in could connect. ``obstacle`` says why it cannot be chosen; empty when it can."""

    network: Network
    login: LoginKind
    remote_id: str
    username: str
    display_name: str
    token: str = field(default="", repr=False)
    obstacle: str = ""

    @property
    def can_be_chosen(self) -> bool:
        """Whether it may publish."""
        return not self.obstacle


class SignInGateway(Protocol):
    """The networks' sign-ins. It is asked for anew each time, because the networks of a workspace may change.

    Methods that ask the network raise ``RemoteFailure`` when it does not do as asked;
    ``AppMissing`` where an app is needed and there is neither an own one nor a broker.
    """

    def app(self, network: Network) -> App:
        """Return the app people sign in with."""
        ...

    def authorization_url(
        self, network: Network, app: App, *, state: str, redirect_uri: str, verifier: str, rerequest: bool
    ) -> str:
        """Return the address of the network's dialog without asking it; ``rerequest`` asks for what was declined."""
        ...

    def exchange(self, network: Network, code: str, redirect_uri: str, verifier: str) -> TokenGrant:
        """Return the long-lived token of a code; several requests. ``SignInCodeRefused``, ``AppRefused``."""
        ...

    def refresh(self, network: Network, token: str) -> TokenGrant:
        """Return a token with a new life (Threads, Instagram); the old one keeps working."""
        ...

    def inspect(self, network: Network, token: str) -> TokenFacts | None:
        """Return what a token is; None where the network or the missing app does not let us ask."""
        ...

    def candidates(self, network: Network, grant: TokenGrant) -> Sequence[Candidate]:
        """Return the accounts the granted token reaches; several requests."""
        ...

    def probe(self, who: RemoteAccount) -> None:
        """Ask whether the account is there and may publish. ``InvalidInput`` for a personal Instagram account."""
        ...

    def revoke(self, network: Network, user_id: str, token: str) -> None:
        """Take back what the person granted, where the network offers that."""
        ...

    def clock_ahead(self, network: Network) -> timedelta | None:
        """Return how far this computer's clock is ahead of the network's; None when it cannot be told."""
        ...


class Browser(Protocol):
    """The person's web browser."""

    def open(self, url: str) -> bool:
        """Start showing ``url``; False when this computer has no browser."""
        ...
