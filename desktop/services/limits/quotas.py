"""How much is left of publishing quotas: what the network told, corrected by what we published since. Pure rules.

Windows roll: a use counts until it is older than the window, whatever the calendar says. Of the uses a network tells,
our own are known to the second; the others may have been at any time, so they count until the whole window has passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.domain.networks import Network, PostFormat
from desktop.services.limits.ports import Publish, Quota, QuotaKind

DAY = timedelta(hours=24)
# the networks that can be asked
TELLING = frozenset({Network.THREADS, Network.INSTAGRAM})
# what counts until a network has told its own figures; Instagram's guides name 100, 50 and 25 (``meta-api.md`` §3.4)
ASSUMED_TOTALS: dict[Network, dict[QuotaKind, int]] = {
    Network.THREADS: {QuotaKind.POSTS: 250, QuotaKind.REPLIES: 1000},
    Network.INSTAGRAM: {QuotaKind.POSTS: 50},
    Network.FACEBOOK: {QuotaKind.REELS: 30},
}


@dataclass(frozen=True, slots=True)
class QuotaState:
    """A quota at one moment. ``used`` includes our own publishes since ``read_at``, which is None when nobody told.

    ``frees_at`` is when the next use leaves the window, None when none is known.
    """

    kind: QuotaKind
    used: int
    total: int
    window: timedelta
    read_at: datetime | None
    frees_at: datetime | None

    @property
    def remaining(self) -> int:
        """How many may still go."""
        return max(0, self.total - self.used)

    @property
    def is_certain(self) -> bool:
        """Whether the total is no guess: the network told it, or has one figure for everybody."""
        return self.read_at is not None or self.kind is QuotaKind.REELS


def counted_as(network: Network, post_format: PostFormat | None, ordinal: int) -> QuotaKind | None:
    """Return the quota one published part counts against, None for none. A carousel is one part and counts once."""
    match network:
        case Network.THREADS:
            return QuotaKind.REPLIES if ordinal else QuotaKind.POSTS
        case Network.INSTAGRAM:
            return QuotaKind.POSTS
        case Network.FACEBOOK:
            return QuotaKind.REELS if post_format is PostFormat.REEL else None


def told_or_assumed(network: Network, told: Sequence[Quota], now: datetime) -> list[tuple[Quota, bool]]:
    """Return the quotas of an account, each with whether its network told it; by kind."""
    known = {quota.kind: quota for quota in told}
    assumed = ASSUMED_TOTALS[network]
    return [
        (known.get(kind) or Quota(kind, 0, assumed[kind], DAY, now), kind in known)
        for kind in QuotaKind
        if kind in known or kind in assumed
    ]


def quota_at(quota: Quota, ours: Sequence[Publish], at: datetime, *, is_told: bool = True) -> QuotaState:
    """Return how much of ``quota`` is used at ``at``.

    ``ours`` are our publishes of any kind, planned ones included, from one window before the earlier of ``at`` and
    ``quota.read_at`` on.
    """
    times = [publish.at for publish in ours if publish.kind is quota.kind]
    seen_by_network = sum(quota.read_at - quota.window < time <= quota.read_at for time in times)
    foreign = max(0, quota.used - seen_by_network) if at < quota.read_at + quota.window else 0
    own = [time for time in times if at - quota.window < time <= at]
    frees = [time + quota.window for time in own] + ([quota.read_at + quota.window] if foreign else [])
    return QuotaState(
        quota.kind,
        foreign + len(own),
        quota.total,
        quota.window,
        quota.read_at if is_told else None,
        min(frees, default=None),
    )
