"""Accounts: connected Threads profiles, Instagram professional accounts and Facebook Pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from desktop.domain.errors import FailureKind
from desktop.domain.networks import Network

AccountId = NewType("AccountId", str)


class AccountState(StrEnum):
    """Whether we may publish as this account."""

    CONNECTED = "connected"
    RECONNECT = "reconnect"  # the token no longer works; the queue is kept
    ACTION_NEEDED = "action_needed"  # the network wants something from the person
    DISCONNECTED = "disconnected"  # removed by the person; kept for its history


# what a failed call says about the account itself; any other failure says nothing about it
STATE_AFTER_FAILURE: dict[FailureKind, AccountState] = {
    FailureKind.REAUTH: AccountState.RECONNECT,
    FailureKind.PERMISSION: AccountState.RECONNECT,
    FailureKind.ACCOUNT_ACTION: AccountState.ACTION_NEEDED,
}
# why a delivery is HELD until its account works again; connecting it anew resumes exactly these
ACCOUNT_HOLDS = frozenset({*AccountState, *STATE_AFTER_FAILURE})


class LoginKind(StrEnum):
    """Which sign-in made the token; it decides the host the calls go to (``meta-api.md`` §1)."""

    THREADS = "threads"
    INSTAGRAM = "instagram"
    FACEBOOK_PAGE = "facebook_page"

    @property
    def network(self) -> Network:
        """The network whose sign-in and app made the token; Instagram may be reached through Facebook's."""
        return Network.FACEBOOK if self is LoginKind.FACEBOOK_PAGE else Network(self.value)


class Hue(StrEnum):
    """Colour of an account, from the theme's tokens."""

    INK = "ink"
    PINK = "pink"
    BLUE = "blue"
    TEAL = "teal"
    AMBER = "amber"


DEFAULT_HUES: dict[Network, Hue] = {
    Network.THREADS: Hue.INK,
    Network.INSTAGRAM: Hue.PINK,
    Network.FACEBOOK: Hue.BLUE,
}


@dataclass(frozen=True, slots=True)
class Account:
    """A connected account. ``remote_id`` is the network's own id; the token lives in the secret store only.

    ``token_expires_at`` is None when the token never expires or the network did not say; the other instants of the
    token are None when nobody told. After ``data_access_expires_at`` Facebook answers nothing until the person signs in
    again (``meta-api.md`` §1a). ``scopes`` are the permissions granted, ``grantor_id`` is the person behind a Page's
    token. ``version`` grows by one with every stored change (optimistic locking).
    """

    id: AccountId
    network: Network
    login: LoginKind
    remote_id: str
    username: str
    display_name: str
    state: AccountState
    state_reason: str
    hue: Hue
    is_sample: bool
    connected_at: datetime
    token_expires_at: datetime | None
    token_issued_at: datetime | None = None
    token_refreshed_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    grantor_id: str | None = None
    version: int = 0

    @property
    def can_publish(self) -> bool:
        """Whether deliveries of this account may run."""
        return self.state is AccountState.CONNECTED

    def in_state(self, state: AccountState, reason: str = "") -> Account:
        """Return the account in another state."""
        return replace(self, state=state, state_reason=reason)
