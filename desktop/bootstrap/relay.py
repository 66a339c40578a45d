"""The hosting relay of a workspace; its library is loaded by the first use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop.files.relay_view import FetcherView
from desktop.host.environment import Environment
from desktop.kit.clock import Clock
from desktop.services.accounts.ports import SecretStore
from desktop.services.changes import ChangeFeed
from desktop.services.hosting.ports import ObjectStore
from desktop.services.hosting.relay_settings import RelaySettings
from desktop.services.hosting.relays import Relay, RelayCredentials
from desktop.services.hosting.service import HostingService
from desktop.services.unit_of_work import Storage


def build_hosting(
    storage: Storage,
    secrets: SecretStore,
    changes: ChangeFeed,
    environment: Environment,
    locate: Callable[[str], Path],
    clock: Clock,
    networks_are_local: Callable[[], bool],
) -> HostingService:
    """Return the service; ``InvalidInput`` or ``InsecureAddress`` for a wrong ``TIDINGS_RELAY_URL``."""
    settings = RelaySettings(storage, secrets, changes, environment.relay_url, environment.store_variables)
    return HostingService(storage, settings, _open_store, FetcherView(clock), locate, clock, networks_are_local)


def _open_store(relay: Relay, credentials: RelayCredentials) -> ObjectStore:
    from desktop.files.object_store import Bucket  # loads obstore, 30 ms

    return Bucket(relay, credentials)
