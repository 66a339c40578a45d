"""What accounts need from outside: a place for secrets, and asking a network who a token belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from desktop.domain.accounts import LoginKind
from desktop.domain.networks import Network


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
