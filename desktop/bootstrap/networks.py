"""Which networks this workspace talks to: the addresses of the environment, its own sandbox, or the real ones."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from desktop.connectors.meta.addresses import MetaAddresses
from desktop.connectors.registry import MetaRegistry
from desktop.domain.deliveries import DeliveryId, PayloadMedia, PublishingTimers
from desktop.domain.networks import Network
from desktop.files.asset_store import DiskAssetStore
from desktop.files.loopback_host import LoopbackMediaHost
from desktop.host.local_sandbox import LocalSandbox
from desktop.kit.clock import Clock
from desktop.services.accounts.ports import Apps, RemoteIdentity, SignInGateway
from desktop.services.changes import Change, ChangeFeed, Noun
from desktop.services.hosting.errors import RelayMissing
from desktop.services.hosting.service import HostingService
from desktop.services.limits.ports import Quota, UsageListener
from desktop.services.publishing.ports import NetworkConnector, RemoteAccount
from desktop.services.settings.preferences import WorkspaceKind
from desktop.services.settings.service import SettingsService

CHECK_SECONDS = 5.0


class RelayNeeded:
    """``MediaHost`` of a workspace on real networks without a relay."""

    is_local = False

    def expose(self, media: PayloadMedia, delivery_id: DeliveryId | None = None) -> str:
        """Raise ``RelayMissing``."""
        raise RelayMissing

    def release(self, delivery_id: DeliveryId) -> None:
        """Do nothing: there is nothing to take down."""


class CurrentKind:
    """The kind of the workspace, read once and again after a change of settings."""

    def __init__(self, settings: SettingsService, changes: ChangeFeed) -> None:
        self._settings = settings
        self._kind: WorkspaceKind | None = None
        changes.subscribe(self._on_change)

    def __call__(self) -> WorkspaceKind:
        """Return it."""
        kind = self._kind
        if kind is None:
            self._kind = kind = self._settings.get().workspace_kind
        return kind

    def _on_change(self, change: Change) -> None:
        if change.noun is Noun.SETTINGS:
            self._kind = None


class Networks:
    """``ConnectorRegistry``, ``IdentityReader`` and ``MediaHost`` of the workspace as it is now.

    Nothing is started before it is needed; a sandbox of our own that has died is started again.
    """

    def __init__(
        self,
        given: Mapping[str, str],
        kind: CurrentKind,
        sandbox: LocalSandbox,
        store: DiskAssetStore,
        clock: Clock,
        timers: PublishingTimers,
        on_usage: UsageListener | None = None,
    ) -> None:
        """``given`` are addresses that stand in for the real ones, by field name; ``InsecureAddress``."""
        self._relay: HostingService | RelayNeeded = RelayNeeded()
        self._on_usage = on_usage
        self._given = MetaAddresses(**given) if given else None
        self._kind, self._sandbox, self._clock, self._timers = kind, sandbox, clock, timers
        self._loopback_host = LoopbackMediaHost(store.path)
        self._lock = threading.Lock()
        self._registry: tuple[MetaAddresses, MetaRegistry] | None = None
        self._checked: tuple[float, MetaAddresses] | None = None

    @property
    def are_given(self) -> bool:
        """Whether the environment says where the networks are."""
        return self._given is not None

    @property
    def is_sandbox(self) -> bool:
        """Whether an imitation on this computer answers instead of Meta."""
        if self._given is not None:
            return self._given.is_loopback
        return self._kind() is WorkspaceKind.SANDBOX

    def addresses(self) -> MetaAddresses:
        """Return the addresses in use; starts the workspace's sandbox. ``SandboxUnavailable``."""
        if self._given is not None:
            return self._given
        if self._kind() is not WorkspaceKind.SANDBOX:
            return MetaAddresses()
        now = self._clock.monotonic()
        if self._checked is None or now - self._checked[0] > CHECK_SECONDS:
            self._checked = (now, _sandbox_addresses(self._sandbox.address()))
        return self._checked[1]

    def connector(self, network: Network) -> NetworkConnector:
        """Return the connector; ``SandboxUnavailable``."""
        return self._current().connector(network)

    def identify(self, network: Network, token: str, remote_id: str | None) -> RemoteIdentity:
        """Return who a token belongs to; see ``IdentityReader``."""
        return self._current().identify(network, token, remote_id)

    def sign_in(self, apps: Apps) -> SignInGateway:
        """Return the sign-ins of the networks as they are now; ``SandboxUnavailable``."""
        from desktop.connectors.meta.sign_in import MetaSignIn

        here = self._current()
        return MetaSignIn(here.graph, here.transport, here.addresses, apps, self._clock, self._timers.request_timeout)

    def read_quotas(self, who: RemoteAccount) -> Sequence[Quota]:
        """Return how much an account may still publish; see ``QuotaReader``."""
        return self._current().read_quotas(who)

    def use_relay(self, relay: HostingService) -> None:
        """Host media for real networks there; without one ``RelayMissing`` says what is wanted."""
        self._relay = relay

    def expose(self, media: PayloadMedia, delivery_id: DeliveryId | None = None) -> str:
        """Return an address of a file for the networks; ``RelayFailure``.

        An imitation on this computer cannot fetch from the internet, so it uses a relay on this computer or none.
        """
        if self.is_sandbox and not self._relay.is_local:
            return self._loopback_host.expose(media)
        return self._relay.expose(media, delivery_id)

    def release(self, delivery_id: DeliveryId) -> None:
        """Let the files of a delivery be taken down from the relay."""
        self._relay.release(delivery_id)

    def close(self) -> None:
        """Close connections, stop serving files, end the sandbox."""
        with self._lock:
            if self._registry is not None:
                self._registry[1].close()
                self._registry = None
        self._loopback_host.close()
        self._sandbox.close()

    def _current(self) -> MetaRegistry:
        addresses = self.addresses()
        with self._lock:
            if self._registry is None or self._registry[0] != addresses:
                if self._registry is not None:
                    self._registry[1].close()
                timeout = self._timers.request_timeout
                self._registry = (addresses, MetaRegistry(addresses, self._clock, timeout, self._on_usage))
            return self._registry[1]


def _sandbox_addresses(base: str) -> MetaAddresses:
    return MetaAddresses(
        facebook_graph_url=f"{base}/facebook",
        facebook_dialog_url=f"{base}/dialog",
        facebook_upload_url=f"{base}/rupload",
        instagram_graph_url=f"{base}/instagram",
        instagram_oauth_url=f"{base}/instagram",
        instagram_dialog_url=f"{base}/dialog",
        threads_graph_url=f"{base}/threads",
        threads_dialog_url=f"{base}/dialog",
    )
