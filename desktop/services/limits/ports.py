"""What is known of the networks' limits, and what limits need from outside: storage, and asking a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from desktop.domain.accounts import AccountId
from desktop.services.publishing.ports import RemoteAccount


@dataclass(frozen=True, slots=True)
class UsageReading:
    """How full one bucket of a rate limit is: the highest of its percentages, which may exceed 100.

    ``bucket`` begins with the family of hosts, as in ``facebook/app``. ``owner`` is the network's id of the account the
    bucket belongs to, empty for the whole app. ``regain_at`` is when calls are answered again, None when the network
    named no time.
    """

    bucket: str
    owner: str
    percent: int
    regain_at: datetime | None
    read_at: datetime


class QuotaKind(StrEnum):
    """What a network counts in a rolling window (``meta-api.md`` §2.4, §3.4, §4.4)."""

    POSTS = "posts"
    REPLIES = "replies"
    DELETES = "deletes"
    LOCATION_SEARCHES = "location_searches"
    REELS = "reels"


@dataclass(frozen=True, slots=True)
class Quota:
    """``used`` of ``total`` within the last ``window`` as of ``read_at``, as the network told."""

    kind: QuotaKind
    used: int
    total: int
    window: timedelta
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Publish:
    """One part of ours that went live, or will, at ``at``, and the quota it counts against."""

    at: datetime
    kind: QuotaKind


class UsageListener(Protocol):
    """Hears what the usage headers of an answer said; on the thread of the call, so it returns at once."""

    def __call__(self, readings: Sequence[UsageReading]) -> object:
        """Take note of ``readings``."""
        ...


class QuotaReader(Protocol):
    """Asks a network how much an account may still publish."""

    def read_quotas(self, who: RemoteAccount) -> Sequence[Quota]:
        """Return the quotas the network tells, none where it has no such call; at most two requests.

        ``RemoteFailure`` when the network refuses.
        """
        ...


class LimitRepository(Protocol):
    """Stored readings and quotas, and our own publishes, which count against the quotas."""

    def readings(self) -> Sequence[UsageReading]:
        """Return the newest reading of each bucket, by bucket."""
        ...

    def put_readings(self, readings: Sequence[UsageReading]) -> None:
        """Store readings; an older one than the stored changes nothing."""
        ...

    def remove_readings(self, before: datetime) -> None:
        """Forget readings made earlier whose time of regaining has passed as well."""
        ...

    def quotas(self, account_id: AccountId) -> Sequence[Quota]:
        """Return what the account's network last told, by kind."""
        ...

    def put_quotas(self, account_id: AccountId, quotas: Sequence[Quota]) -> None:
        """Store quotas of an account, each replacing the one of its kind."""
        ...

    def published(self, account_id: AccountId, since: datetime) -> Sequence[Publish]:
        """Return the account's parts that went live at ``since`` or later and have the network's id, oldest first.

        Only those that count against a quota, here and in ``planned``.
        """
        ...

    def planned(self, account_id: AccountId, until: datetime) -> Sequence[Publish]:
        """Return its parts that are not live yet, will go out by themselves and are due before ``until``, by time.

        A delivery nobody has begun to prepare counts as one part.
        """
        ...
