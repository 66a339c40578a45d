"""Asks the networks how much an account may still publish (``meta-api.md`` §2.4, §3.4).

Totals are read, never known: Instagram's own guides name 25, 50 and 100. Facebook has no such call; its reels are
counted from our own publishes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from desktop.connectors.meta.answers import Json, as_int
from desktop.connectors.meta.graph import Caller, GraphClient
from desktop.domain.errors import FailureKind, RemoteFailure
from desktop.domain.networks import Network
from desktop.kit.clock import Clock
from desktop.services.limits.ports import Quota, QuotaKind
from desktop.services.limits.quotas import ASSUMED_TOTALS, DAY
from desktop.services.publishing.ports import RemoteAccount

_THREADS_PREFIXES = {
    QuotaKind.POSTS: "",
    QuotaKind.REPLIES: "reply_",
    QuotaKind.DELETES: "delete_",
    QuotaKind.LOCATION_SEARCHES: "location_search_",
}
# what the plain publishing permission is sure to be answered
_ALWAYS = (QuotaKind.POSTS, QuotaKind.REPLIES)
_MOST = 1_000_000
_LONGEST_WINDOW = timedelta(days=30)


class MetaQuotaReader:
    """``QuotaReader`` for Threads, Instagram under either login, and Facebook Pages."""

    def __init__(self, graph: GraphClient, clock: Clock) -> None:
        """Call through ``graph``."""
        self._graph, self._clock = graph, clock

    def read_quotas(self, who: RemoteAccount) -> Sequence[Quota]:
        """Return the quotas the network tells; ``RemoteFailure``."""
        match who.network:
            case Network.THREADS:
                return self._threads(who)
            case Network.INSTAGRAM:
                row = self._row(who, "content_publishing_limit", "config,quota_usage")
                return _quotas(row, {QuotaKind.POSTS: ""}, who.network, self._clock.now())
            case Network.FACEBOOK:
                return ()

    def _threads(self, who: RemoteAccount) -> Sequence[Quota]:
        """Read all four; without the permissions to delete and to tag places, the two that every token may read."""
        try:
            return self._threads_quotas(who, tuple(_THREADS_PREFIXES))
        except RemoteFailure as failure:
            if failure.kind not in (FailureKind.PERMISSION, FailureKind.BAD_INPUT):
                raise
        return self._threads_quotas(who, _ALWAYS)

    def _threads_quotas(self, who: RemoteAccount, kinds: Sequence[QuotaKind]) -> Sequence[Quota]:
        prefixes = {kind: _THREADS_PREFIXES[kind] for kind in kinds}
        fields = ",".join(f"{prefix}quota_usage,{prefix}config" for prefix in prefixes.values())
        row = self._row(who, "threads_publishing_limit", fields)
        return _quotas(row, prefixes, who.network, self._clock.now())

    def _row(self, who: RemoteAccount, edge: str, fields: str) -> Mapping[str, Json]:
        answer = self._graph.read(Caller.of(who), f"{who.remote_id}/{edge}", {"fields": fields})
        rows = answer.get("data")
        first = rows[0] if isinstance(rows, list) and rows else {}
        return first if isinstance(first, dict) else {}


def _quotas(
    row: Mapping[str, Json], prefixes: Mapping[QuotaKind, str], network: Network, now: datetime
) -> Sequence[Quota]:
    """Return the quotas whose use is told; a total that is not told is the careful one we assume."""
    found = []
    for kind, prefix in prefixes.items():
        used = as_int(row.get(f"{prefix}quota_usage"))
        config = row.get(f"{prefix}config")
        limits = config if isinstance(config, dict) else {}
        total = as_int(limits.get("quota_total"))
        if total is None:
            total = ASSUMED_TOTALS[network].get(kind)
        if used is None or total is None:
            continue
        seconds = as_int(limits.get("quota_duration"))
        window = DAY if seconds is None or seconds <= 0 else timedelta(seconds=min(seconds, _MOST * 10))
        found.append(Quota(kind, _bounded(used), _bounded(total), min(window, _LONGEST_WINDOW), now))
    return found


def _bounded(count: int) -> int:
    return min(max(count, 0), _MOST)
