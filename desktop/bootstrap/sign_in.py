"""Signing in, looking after tokens and the connection doctor, put together for one workspace."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from desktop.bootstrap.networks import Networks
from desktop.domain.errors import TidingsError
from desktop.domain.networks import Network
from desktop.host.http_get import get
from desktop.services.accounts.apps import AppService
from desktop.services.accounts.ports import App, SecretStore, SignInGateway

_ANSWER_SECONDS = 5.0


class SandboxApps:
    """The apps a sandbox lists among its accounts; none in a workspace on the real networks."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self._known: tuple[str, dict[str, App]] | None = None

    def __call__(self, network: Network) -> App | None:
        """Return the app for a network, None where the sandbox has none or does not answer."""
        if not self._networks.is_sandbox:
            return None
        try:
            graph = urlsplit(self._networks.addresses().facebook_graph_url)
        except TidingsError:  # the sandbox does not start; asking the network itself will say so
            return None
        url = f"{graph.scheme}://{graph.netloc}"
        if self._known is None or self._known[0] != url:
            self._known = (url, _read_apps(url))
        return self._known[1].get(network)


class SignIns:
    """What belongs to signing in; nothing of it is loaded before the first use."""

    def __init__(self, networks: Networks, secrets: SecretStore) -> None:
        self._networks = networks
        self.apps = AppService(secrets, SandboxApps(networks))

    def __call__(self) -> SignInGateway:
        """Return the sign-ins of the networks as they are now; ``SandboxUnavailable``."""
        return self._networks.sign_in(self.apps)


def _read_apps(url: str) -> dict[str, App]:
    try:
        listed = json.loads(get(f"{url}/_sandbox/accounts", _ANSWER_SECONDS).body)["apps"]
        return {app["network"]: _app(app) for app in listed}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _app(listed: dict[str, Any]) -> App:
    return App(client_id=listed["id"], secret=listed["secret"], redirect_uri=listed["redirect_uris"][0])
