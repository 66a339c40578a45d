"""The networks that can be published to, built from addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from desktop.connectors.meta.addresses import MetaAddresses
from desktop.connectors.meta.facebook import FacebookConnector
from desktop.connectors.meta.graph import GraphClient
from desktop.connectors.meta.identity import MetaIdentityReader
from desktop.connectors.meta.instagram import InstagramConnector
from desktop.connectors.meta.limits import MetaQuotaReader
from desktop.connectors.meta.threads import ThreadsConnector
from desktop.connectors.transport.http_transport import HttpTransport
from desktop.domain.networks import Network
from desktop.kit.clock import Clock
from desktop.services.accounts.ports import RemoteIdentity
from desktop.services.limits.ports import Quota, UsageListener, UsageReading
from desktop.services.publishing.ports import NetworkConnector, RemoteAccount


class MetaRegistry:
    """``ConnectorRegistry`` and ``IdentityReader`` over one transport; safe to use from several threads.

    Making one opens nothing; close it when done.
    """

    def __init__(
        self,
        addresses: MetaAddresses,
        clock: Clock,
        request_timeout: timedelta,
        on_usage: UsageListener | None = None,
    ) -> None:
        """``request_timeout`` bounds every call as a whole; ``on_usage`` hears of every usage header."""
        self.addresses = addresses
        self.transport = self._transport = HttpTransport(clock)
        self.graph = self._graph = GraphClient(self._transport, addresses, clock, request_timeout)
        self._graph.usage.listener = on_usage
        self._quotas = MetaQuotaReader(self._graph, clock)
        self._identities = MetaIdentityReader(self._graph)
        self._connectors: dict[Network, NetworkConnector] = {
            Network.THREADS: ThreadsConnector(self._graph),
            Network.INSTAGRAM: InstagramConnector(self._graph),
            Network.FACEBOOK: FacebookConnector(self._graph),
        }

    def connector(self, network: Network) -> NetworkConnector:
        """Return the connector."""
        return self._connectors[network]

    def identify(self, network: Network, token: str, remote_id: str | None) -> RemoteIdentity:
        """Return who ``token`` belongs to and that it may publish; see ``IdentityReader``."""
        return self._identities.identify(network, token, remote_id)

    def read_quotas(self, who: RemoteAccount) -> Sequence[Quota]:
        """Return how much the account may still publish; see ``QuotaReader``."""
        return self._quotas.read_quotas(who)

    def usage(self) -> tuple[UsageReading, ...]:
        """Return how full each rate limit is, as far as answers told."""
        return self._graph.usage.readings()

    def close(self) -> None:
        """Close every connection."""
        self._transport.close()
