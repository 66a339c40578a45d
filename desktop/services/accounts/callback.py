"""The address a network sends people back to: what it says, and the ``state`` that ties it to its sign-in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from desktop.domain.errors import SignInAddressUnreadable

PASTED_PORT = 0  # nobody listens: the bounce page shows the address instead of forwarding


def new_state(port: int) -> str:
    """Return ``PORT.RANDOM``; the bounce page reads from it where to forward to."""
    return f"{port}.{secrets.token_urlsafe(32)}"


def new_verifier() -> str:
    """Return a PKCE code verifier (RFC 7636 §4.1)."""
    return secrets.token_urlsafe(48)


@dataclass(frozen=True, slots=True)
class Callback:
    """What came back. ``error`` is empty unless the network or the person said no."""

    state: str = field(repr=False)
    code: str = field(default="", repr=False)
    error: str = ""
    message: str = ""
    error_code: str = ""


def read_callback(address: str) -> Callback:
    """Read a whole address, or its query alone; ``SignInAddressUnreadable``.

    The networks append ``#_`` or ``#_=_``, which some browsers copy along (``meta-api.md`` §11, trap 3). A refusal is
    known by the presence of ``error``, whose spelling varies.
    """
    text = "".join(address.split())  # terminals and mail programs break long lines
    try:
        query = urlsplit(text).query or text.partition("#")[0].lstrip("?")
    except ValueError:
        raise SignInAddressUnreadable from None
    said = {name: values[0] for name, values in parse_qs(query).items()}
    error = said.get("error") or said.get("error_code", "")
    code = said.get("code", "").removesuffix("#_=_").removesuffix("#_")
    if not error and not code:
        raise SignInAddressUnreadable
    return Callback(
        state=said.get("state", "").removesuffix("#_=_").removesuffix("#_"),
        code="" if error else code,
        error=error,
        message=said.get("error_message") or said.get("error_description", ""),
        error_code=said.get("error_code", ""),
    )
