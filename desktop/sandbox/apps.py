"""What sign-in works on: the three apps, codes on their way, what a person allowed, and businesses holding Pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from desktop.sandbox.model import Network


class AppMode(StrEnum):
    """In development only people with a role on the app may sign in."""

    DEVELOPMENT = "development"
    LIVE = "live"


@dataclass(slots=True)
class App:
    """One of the three apps; each network has its own id and secret."""

    network: Network
    id: str
    secret: str = field(repr=False)
    redirect_uris: list[str]
    role_ids: list[str]
    """The people with a role on the app."""
    config_id: str = ""
    """Facebook Login for Business: stands for all scopes in the dialog."""
    mode: AppMode = AppMode.DEVELOPMENT
    requires_proof: bool = False


@dataclass(slots=True)
class Grant:
    """What one person allowed one app, nothing after it was removed; ``active_at`` is the last sign-in or refresh."""

    network: Network
    person_id: str
    scopes: list[str]
    declined: list[str]
    page_ids: list[str]
    active_at: datetime


@dataclass(slots=True)
class AuthorizationCode:
    """A code of a dialog: one hour, once, for exactly this ``redirect_uri`` (and PKCE verifier)."""

    value: str = field(repr=False)
    network: Network
    person_id: str
    redirect_uri: str
    issued_at: datetime
    challenge: str = ""
    challenge_method: str = ""
    is_used: bool = False


@dataclass(slots=True)
class Business:
    """A Business Manager account; its Pages are not in ``/me/accounts`` of its people."""

    id: str
    name: str
    person_ids: list[str]
    owned_page_ids: list[str]
    client_page_ids: list[str]


SignInRecord = App | Grant | AuthorizationCode | Business
