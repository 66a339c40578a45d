"""An account's state in words."""

from __future__ import annotations

from datetime import datetime

from desktop.domain.accounts import Account, AccountState, Hue
from desktop.domain.networks import Network
from desktop.gui.shell.moments import day_words, local_time
from desktop.gui.theme.painting import Status
from desktop.kit.i18n import tr

_STATES: dict[AccountState, tuple[str, Status]] = {
    AccountState.CONNECTED: ("Connected", "ok"),
    AccountState.RECONNECT: ("Sign in again", "warning"),
    AccountState.ACTION_NEEDED: ("Action needed", "warning"),
    AccountState.DISCONNECTED: ("Disconnected", "paused"),
}

HUE_WORDS: dict[Hue, str] = {
    Hue.INK: "Ink",
    Hue.PINK: "Pink",
    Hue.BLUE: "Blue",
    Hue.TEAL: "Teal",
    Hue.AMBER: "Amber",
}


def handle_of(account: Account) -> str:
    """Return the name as the network writes it; Pages have no handle."""
    return account.username if account.network is Network.FACEBOOK else f"@{account.username}"


def state_words(account: Account) -> tuple[str, Status]:
    """Return the state in a word or two, and its look."""
    words, status = _STATES[account.state]
    return tr(words), status


def state_reason(account: Account) -> str:
    """Return what is wrong and what happens meanwhile; empty when nothing is."""
    if account.state is AccountState.RECONNECT:
        said = account.state_reason or tr("the token no longer works")
        return tr(
            "The network says: {reason}. Planned posts wait until it is connected again.", reason=said.rstrip(".")
        )
    if account.state is AccountState.ACTION_NEEDED:
        said = account.state_reason or tr("sign in on its site")
        return tr("The network asks for something: {reason}. Planned posts wait.", reason=said.rstrip("."))
    return ""


def expiry_words(account: Account, now: datetime, zone: str) -> str:
    """Return how long the token is good for."""
    if account.token_expires_at is None:
        return tr("The network has not said when the token expires")
    day = local_time(account.token_expires_at, zone).date()
    words = day_words(day, local_time(now, zone).date())
    if account.token_expires_at < now:
        return tr("The token expired {day}", day=words)
    return tr("The token is good until {day}", day=words)
