"""The whole sign-in of the program against the sandbox's dialogs: services, gateway, tokens in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from desktop.connectors.meta.addresses import MetaAddresses
from desktop.connectors.meta.sign_in import MetaSignIn
from desktop.connectors.registry import MetaRegistry
from desktop.domain.networks import Network
from desktop.kit.clock import SystemClock
from desktop.services.accounts.apps import AppService
from desktop.services.accounts.doctor import ConnectionDoctor
from desktop.services.accounts.ports import App
from desktop.services.accounts.service import AccountService
from desktop.services.accounts.sign_in import SignedIn, SignInAttempt, SignInService
from desktop.services.accounts.token_care import TokenCare
from desktop.services.changes import ChangeFeed
from tests.contract.connectors.world import World
from tests.support.dialogs import allow, open_consent, press
from tests.support.memory_storage import MemoryStorage
from tests.support.secret_stores import MemorySecretStore

PEOPLE = {
    Network.FACEBOOK: "Alex Sandbox",
    Network.INSTAGRAM: "Tidings Studio",
    Network.THREADS: "Tidings Daily",
}


def all_addresses(url: str) -> MetaAddresses:
    return MetaAddresses(
        facebook_graph_url=f"{url}/facebook",
        facebook_dialog_url=f"{url}/dialog",
        instagram_graph_url=f"{url}/instagram",
        instagram_oauth_url=f"{url}/instagram",
        instagram_dialog_url=f"{url}/dialog",
        threads_graph_url=f"{url}/threads",
        threads_dialog_url=f"{url}/dialog",
    )


@dataclass
class SignInWorld:
    """Everything about accounts over one sandbox; ``apps`` are the sandbox's own unless a test keeps others."""

    world: World

    def __post_init__(self) -> None:
        self.clock = SystemClock()
        self.storage, self.secrets = MemoryStorage(), MemorySecretStore()
        listed = self.world.control("GET", "accounts")
        self.apps_listed = {Network(app["network"]): app for app in listed["apps"]}
        self.people = {person["name"]: person for person in listed["people"]}
        self.registry = MetaRegistry(all_addresses(self.world.url), self.clock, timedelta(seconds=20))
        self.apps = AppService(self.secrets, self.ready_app)
        self.gateway = MetaSignIn(
            self.registry.graph,
            self.registry.transport,
            self.registry.addresses,
            self.apps,
            self.clock,
            timedelta(seconds=20),
        )
        self.accounts = AccountService(
            self.storage,
            self.clock,
            ChangeFeed(),
            self.secrets,
            self.registry,
            self.registry,
            gateway=lambda: self.gateway,
        )
        self.sign_in = SignInService(lambda: self.gateway, self.accounts)
        self.care = TokenCare(self.accounts, lambda: self.gateway, self.clock)
        self.doctor = ConnectionDoctor(self.accounts, lambda: self.gateway, self.clock, lambda: True)

    def ready_app(self, network: Network) -> App | None:
        listed = self.apps_listed[network]
        return App(listed["id"], listed["redirect_uris"][0], "", listed["secret"])

    def begin(self, network: Network, *, rerequest: bool = False) -> SignInAttempt:
        return self.sign_in.begin(network, port=4711, rerequest=rerequest)

    def come_back(self, attempt: SignInAttempt, who: str = "", untick: tuple[str, ...] = ()) -> str:
        """Click through the dialog as a browser does and return where it ends."""
        return allow(self.world.client, attempt.url, who or PEOPLE[attempt.network], untick=untick)

    def say_no(self, attempt: SignInAttempt) -> str:
        address, form = open_consent(self.world.client, attempt.url, PEOPLE[attempt.network])
        return press(self.world.client, address, form.hidden, "cancel")

    def signed_in(self, network: Network, who: str = "", untick: tuple[str, ...] = ()) -> SignedIn:
        attempt = self.begin(network)
        return self.sign_in.complete(attempt, self.come_back(attempt, who, untick))

    def close(self) -> None:
        self.registry.close()
