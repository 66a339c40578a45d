"""What signing in may do one way or another: undocumented behaviour as settings.

:class:`~desktop.sandbox.config.SandboxConfig` has all of them. The defaults are what is documented, or else what
catches most mistakes of a client.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class InstagramExchange(StrEnum):
    """The answer of Instagram's code exchange: documented as wrapped, observed flat with either form of scopes."""

    WRAPPED = "wrapped"
    FLAT_LIST = "flat_list"
    FLAT_TEXT = "flat_text"


@dataclass
class SignInSwitches:
    """Dialogs, token endpoints and data access."""

    loopback_redirects: bool = False
    """Let Instagram and Threads redirect to ``http://localhost``, which the real ones refuse."""
    facebook_fragment: bool = True
    """Append ``#_=_`` to Facebook's redirects (not confirmed); the other two always append ``#_``."""
    facebook_short_life_seconds: float = 5400.0
    """Life of a Facebook token before it is exchanged; one to two hours are seen."""
    instagram_exchange: InstagramExchange = InstagramExchange.WRAPPED
    instagram_exchange_scoped_id: bool = True
    """Answer the app-scoped id as ``user_id`` of the code exchange instead of the one used in paths."""
    instagram_personal_sign_in: bool = True
    """Let personal accounts through the dialog; their tokens read ``/me`` and nothing else."""
    threads_misspelt_denial: bool = False
    """Deny with ``error=acceess_denied``, as a table of Meta's page spells it."""
    leave_out_expires_in: bool = False
    """Answer token exchanges without ``expires_in``."""
    leave_out_expires_at: bool = False
    """Answer ``debug_token`` without ``expires_at``, which means unknown, not never."""
    code_subcodes: bool = True
    """Refuse Facebook codes with subcodes 36007 and 36009 (not confirmed)."""
    wrong_secret_code: int = 1
    """The code of "Error validating client secret." on the Graph hosts (not confirmed)."""
    pkce_without_secret: bool = False
    """Let a Facebook code that has a PKCE challenge be exchanged without the app secret (not confirmed)."""
    expired_refresh_is_bad_input: bool = False
    """Refuse refreshing an expired token with code 100 instead of 190/463 (not confirmed)."""
    private_threads_refresh: bool = True
    """Refresh tokens of private Threads profiles; Meta's older text says no."""
    data_access_days: float = 90.0
    """Days after the last sign-in until Facebook lets ``instagram_*`` access lapse."""
    data_access_lapse_code: int = 190
    """The code of a call refused because data access lapsed (not confirmed; 10 is the other candidate)."""
