"""What can be wrong with a connected account: in plain words, with what to press."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from desktop.domain.errors import FailureKind, RemoteFailure
from desktop.kit.i18n import tr
from desktop.services.accounts.refusals import is_development_mode


class Severity(IntEnum):
    """``PROBLEM`` keeps posts from going out, ``WARNING`` will or may."""

    PROBLEM = 0
    WARNING = 1
    FINE = 2


class Press(StrEnum):
    """What the person can press."""

    CONNECT = "connect"  # sign in again
    ASK_AGAIN = "ask_again"  # sign in again, asking for what was declined
    OPEN_NETWORK = "open_network"  # the network's own site
    OPEN_APP = "open_app"  # the dashboard of the app
    SET_CLOCK = "set_clock"
    SET_RELAY = "set_relay"
    CHECK_AGAIN = "check_again"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; ``code`` is stable."""

    code: str
    severity: Severity
    words: str
    advice: str
    press: Press


def finding(code: str, severity: Severity = Severity.PROBLEM, **details: object) -> Finding:
    """Return the finding of ``code``, its words filled from ``details``."""
    words, advice, press = _FINDINGS[code]
    return Finding(code, severity, tr(words, **details), tr(advice, **details), press)


def finding_of(failure: RemoteFailure, name: str) -> Finding:
    """Return what a refused call says about the account ``name``."""
    return finding(_code(failure), name=name, network=failure.details["network"], message=failure.remote_message)


def _code(failure: RemoteFailure) -> str:
    numbers = (str(failure.subcode), failure.remote_code or "")  # a unique subcode may come as the code
    known = next((_BY_NUMBER[number] for number in numbers if number in _BY_NUMBER), None)
    if known is not None:
        return known
    if is_development_mode(failure.remote_message):
        return "app_in_development"
    if "appsecret_proof" in failure.remote_message:
        return "app_wants_proof"
    return _BY_KIND.get(failure.kind, "unreachable")


_BY_NUMBER = {
    "458": "app_removed",
    "459": "checkpoint",
    "460": "password_changed",
    "463": "token_expired",
    "464": "checkpoint",
    "492": "page_role_lost",
    "1404006": "checkpoint",
    "2207050": "restricted",
    "4279013": "restricted",
    "4854002": "checkpoint",
}
_BY_KIND = {
    FailureKind.REAUTH: "token_refused",
    FailureKind.PERMISSION: "permission_refused",
    FailureKind.ACCOUNT_ACTION: "restricted",
}
_FINDINGS: dict[str, tuple[str, str, Press]] = {
    "no_token": (
        "There is no access token for {name} on this computer.",
        "Connect the account again. Its posts and queue are kept.",
        Press.CONNECT,
    ),
    "clock_wrong": (
        "The clock of this computer is off by {minutes} minutes.",
        "Let the system set the time: posts would go out early or late, and sign-ins look expired.",
        Press.SET_CLOCK,
    ),
    "personal_account": (
        "{name} is a personal account, and Instagram lets programs publish to professional ones only.",
        "Switch to a professional account in the settings of the Instagram app; it is free. Then connect again.",
        Press.OPEN_NETWORK,
    ),
    "token_expired": (
        "The connection of {name} has run out.",
        "Connect the account again. Its posts and queue are kept.",
        Press.CONNECT,
    ),
    "password_changed": (
        "The password of {name} was changed, which ends every connection.",
        "Connect the account again. Its posts and queue are kept.",
        Press.CONNECT,
    ),
    "app_removed": (
        "Tidings was removed from the connected apps of {name} on {network}.",
        "Connect the account again if you want to publish there.",
        Press.CONNECT,
    ),
    "token_refused": (
        "{network} no longer accepts the connection of {name}: {message}",
        "Connect the account again. Its posts and queue are kept.",
        Press.CONNECT,
    ),
    "page_role_lost": (
        "You no longer have a role on the Page {name} that allows to post.",
        "Ask an admin of the Page for a role with content, then connect it again. Your other Pages are not affected.",
        Press.CONNECT,
    ),
    "checkpoint": (
        "{network} wants to see you in person before it lets {name} publish: {message}",
        "Sign in on the network's own site, follow what it asks for, then check again.",
        Press.OPEN_NETWORK,
    ),
    "restricted": (
        "{network} has restricted {name}: {message}",
        "Look at the account status on the network's own site. Tidings keeps the queue until that is settled.",
        Press.OPEN_NETWORK,
    ),
    "app_in_development": (
        "The app is in development mode: it serves only people who have a role in it.",
        "Add the person to the roles or testers in the app dashboard, or take the app live.",
        Press.OPEN_APP,
    ),
    "app_wants_proof": (
        "The app asks for a proof of its secret with every call.",
        "Switch off “Require App Secret” in the advanced settings of the app.",
        Press.OPEN_APP,
    ),
    "missing_scope": (
        "{name} was connected without: {scopes}.",
        "Sign in again and leave everything ticked.",
        Press.ASK_AGAIN,
    ),
    "permission_refused": (
        "{network} does not let {name} do this: {message}",
        "Sign in again and leave everything ticked.",
        Press.ASK_AGAIN,
    ),
    "data_access_ended": (
        "Facebook stops telling about {name}: 90 days have passed since you last signed in.",
        "Connect the account again through Facebook.",
        Press.CONNECT,
    ),
    "relay_missing": (
        "{network} fetches pictures and films from a public address, and none is set up.",
        "Set up the hosting relay. Posts of text alone go out without it.",
        Press.SET_RELAY,
    ),
    "unreachable": (
        "{network} gives no clear answer at the moment: {message}",
        "Check the connection to the internet and try again. Nothing was changed.",
        Press.CHECK_AGAIN,
    ),
    "fine": ("{name} is connected and may publish.", "", Press.NOTHING),
}
