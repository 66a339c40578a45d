"""What a client asks a sign-in dialog for, and what makes the dialog refuse to open (redirect rules, app ids)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from desktop.kit.i18n import tr
from desktop.sandbox.apps import App, AppMode
from desktop.sandbox.model import Network
from desktop.sandbox.oauth_scopes import KNOWN, MANDATORY
from desktop.sandbox.sandbox import Sandbox

BOUNCE_PATH = "/_sandbox/bounce"
LANDING_PATH = "/dialog/connect/login_success.html"
"""Where clients that watch the address of an embedded browser let Facebook land."""
_WRONG_THREADS_APP = 4476002


class DialogRefusal(Exception):
    """The dialog shows this instead of asking: the client, not the person, made a mistake. It is never redirected."""

    def __init__(self, message: str, code: int = 100) -> None:
        """Carry the words and the number shown."""
        super().__init__(message)
        self.message, self.code = message, code


@dataclass(frozen=True, slots=True)
class DialogRequest:
    """A request that may be put to a person."""

    app: App
    redirect_uri: str
    state: str
    scopes: tuple[str, ...]
    challenge: str
    challenge_method: str
    asks_again: bool
    """Whether what was declined before is asked for again."""

    @property
    def network(self) -> Network:
        """Return whose dialog it is."""
        return self.app.network


def read_request(box: Sandbox, networks: frozenset[Network], query: Mapping[str, str], base_url: str) -> DialogRequest:
    """Read the query of a dialog that serves ``networks``; ``DialogRefusal``."""
    app = _app(box, networks, query.get("client_id", ""))
    redirect_uri = query.get("redirect_uri", "")
    if not _may_redirect(box, app, redirect_uri, base_url):
        raise DialogRefusal(tr("URL blocked: the redirect_uri is not one of the app's valid OAuth redirect URIs."), 191)
    if query.get("response_type", "code") != "code":
        raise DialogRefusal(tr("The response_type must be code."))
    return DialogRequest(
        app,
        redirect_uri,
        query.get("state", ""),
        _scopes(app, query),
        query.get("code_challenge", ""),
        query.get("code_challenge_method", "plain"),
        query.get("auth_type", "") == "rerequest",
    )


def _app(box: Sandbox, networks: frozenset[Network], client_id: str) -> App:
    app = next((a for a in box.world.apps.values() if a.id == client_id), None)
    if app is not None and app.network in networks:
        return app
    if app is not None and Network.THREADS in networks:
        raise DialogRefusal(tr("No app ID was sent with the request: this is not a Threads app."), _WRONG_THREADS_APP)
    raise DialogRefusal(tr("Invalid app ID: the client_id is not an app of this network."), 101)


def _may_redirect(box: Sandbox, app: App, uri: str, base_url: str) -> bool:
    if uri in app.redirect_uris or uri == base_url + BOUNCE_PATH:
        return True
    is_facebook = app.network is Network.FACEBOOK
    if is_facebook and uri == base_url + LANDING_PATH:
        return True
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    # by name only: http://127.0.0.1 is not let through, although it is the same machine
    is_localhost = parts.scheme == "http" and parts.hostname == "localhost" and not parts.fragment
    return is_localhost and (app.mode is AppMode.DEVELOPMENT if is_facebook else box.config.loopback_redirects)


def _scopes(app: App, query: Mapping[str, str]) -> tuple[str, ...]:
    asked = [scope for scope in re.split(r"[,\s]+", query.get("scope", "")) if scope]
    if config_id := query.get("config_id"):
        if config_id != app.config_id:
            raise DialogRefusal(tr("Invalid config_id: the app has no such configuration."))
        # a configuration drops what it does not hold; scope beside it only narrows
        asked = [s for s in KNOWN[app.network] if not asked or s in asked]
    if unknown := [scope for scope in asked if scope not in KNOWN[app.network]]:
        raise DialogRefusal(tr("Invalid scopes: {scopes}", scopes=", ".join(unknown)))
    mandatory = MANDATORY[app.network]
    if app.network is not Network.FACEBOOK and mandatory not in asked:
        raise DialogRefusal(tr("Invalid scopes: {scope} is required", scope=mandatory))
    return tuple(dict.fromkeys([mandatory, *asked]))
