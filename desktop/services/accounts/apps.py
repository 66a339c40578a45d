"""The apps people sign in with: their own, the sandbox's, or those of a broker (``meta-api.md`` §1.0)."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlsplit

from desktop.domain.errors import InvalidInput
from desktop.domain.networks import Network
from desktop.kit.i18n import tr
from desktop.services.accounts.ports import App, SecretStore

_BROKER = "app/broker"
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class AppService:
    """``Apps`` kept in the secret store; safe to share between threads.

    Each network has its own app, id and secret. ``SecretStoreUnavailable`` from every method.
    """

    def __init__(self, secrets: SecretStore, ready_made: Callable[[Network], App | None]) -> None:
        """``ready_made`` gives the apps that need no setting up: those of the sandbox."""
        self._secrets, self._ready_made = secrets, ready_made

    def own(self, network: Network) -> App | None:
        """Return the person's own app, or a ready-made one."""
        kept = self._secrets.get(_name(network))
        return self._ready_made(network) if kept is None else App(**json.loads(kept))

    def broker_url(self) -> str | None:
        """Return the address of the broker."""
        return self._secrets.get(_BROKER)

    def keep(self, network: Network, app: App) -> None:
        """Store the person's own app; ``InvalidInput``."""
        if not app.client_id.isascii() or not app.client_id.isalnum():
            raise InvalidInput(field=tr("App id"), reason=tr("it is a number from the app dashboard"))
        if len(app.secret) < 8 or not app.secret.isascii() or not app.secret.isprintable() or " " in app.secret:
            raise InvalidInput(field=tr("App secret"), reason=tr("this is not an app secret"))
        if app.redirect_uri and not _is_secure(app.redirect_uri):
            raise InvalidInput(field=tr("Redirect address"), reason=tr("it must be an https address"))
        fields = {
            "client_id": app.client_id,
            "redirect_uri": app.redirect_uri,
            "config_id": app.config_id,
            "secret": app.secret,
        }
        self._secrets.put(_name(network), json.dumps(fields))

    def keep_broker(self, url: str) -> None:
        """Store the address of a broker; it is used for networks without an own app. ``InvalidInput``."""
        if not _is_secure(url):
            raise InvalidInput(field=tr("Sign-in service"), reason=tr("it must be an https address"))
        self._secrets.put(_BROKER, url)

    def forget(self, network: Network) -> None:
        """Remove the person's own app."""
        self._secrets.remove(_name(network))

    def forget_broker(self) -> None:
        """Remove the address of the broker."""
        self._secrets.remove(_BROKER)


def _is_secure(url: str) -> bool:
    """Whether ``url`` is https, or http to this computer."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE))


def _name(network: Network) -> str:
    return f"app/{network}"
