"""The unit of work and the repositories it holds. Nothing is stored unless ``commit`` is called.

Repositories give and take domain objects only; rows never leave storage. Expected errors of storage
(``DatabaseBusy``, ``DiskFull``, ``DatabaseReadOnly`` …) may be raised by every method.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from desktop.domain.accounts import Account, AccountId
from desktop.domain.deliveries import Attempt, Delivery, DeliveryId, DeliveryState, TimelineEntry
from desktop.domain.media import Asset, AssetId
from desktop.domain.networks import Network
from desktop.domain.posts import Post, PostId
from desktop.domain.schedules import Schedule
from desktop.services.hosting.ports import HostedObjectRepository
from desktop.services.limits.ports import LimitRepository

# titles in lists end here: a text without a line break is one long title
MAX_TITLE = 200


@dataclass(frozen=True, slots=True)
class BacklogItem:
    """A post without a time.

    ``title`` is cut after ``MAX_TITLE`` code points; ``networks`` are those of its accounts, each once; ``thumbnail``
    is its first asset.
    """

    post_id: PostId
    title: str
    account_ids: tuple[AccountId, ...]
    networks: tuple[Network, ...]
    part_count: int
    media_count: int
    thumbnail: AssetId | None
    updated_at: datetime
    is_sample: bool


class PostRepository(Protocol):
    """Stored posts."""

    def get(self, post_id: PostId) -> Post:
        """Return a post, also one in the bin; ``NotFound``."""
        ...

    def add(self, post: Post) -> None:
        """Store a new post."""
        ...

    def save(self, post: Post) -> Post:
        """Store a changed post and return it with its new version; ``StaleVersion`` when ``post.version`` is old."""
        ...

    def list(
        self,
        *,
        search: str | None = None,
        account_id: AccountId | None = None,
        without_delivery: bool = False,
        samples_only: bool = False,
        limit: int = 200,
        offset: int = 0,
    ) -> Sequence[Post]:
        """Return posts that are not in the bin, last changed first.

        ``search`` is found anywhere in the text, ignoring case. ``without_delivery``: only the backlog, that is posts
        with no delivery or only cancelled ones.
        """
        ...

    def backlog(self) -> Sequence[BacklogItem]:
        """Return what a list of the backlog shows, last changed first, without reading any content."""
        ...

    def by_ids(self, post_ids: Iterable[PostId]) -> dict[PostId, Post]:
        """Return the posts that exist, in one query."""
        ...

    def purge(self, post_ids: Iterable[PostId]) -> None:
        """Remove posts for good with their deliveries (samples only; everything else goes to the bin)."""
        ...


class AccountRepository(Protocol):
    """Connected accounts."""

    def get(self, account_id: AccountId) -> Account:
        """Return an account; ``NotFound``."""
        ...

    def find(self, network: str, remote_id: str) -> Account | None:
        """Return the account of a remote id, also a disconnected one."""
        ...

    def add(self, account: Account) -> None:
        """Store a new account."""
        ...

    def save(self, account: Account) -> Account:
        """Store a changed account, return it with its new version; ``StaleVersion``."""
        ...

    def list(self, *, include_disconnected: bool = False) -> Sequence[Account]:
        """Return the accounts in the order they were connected."""
        ...


class AssetRepository(Protocol):
    """Stored assets; the files themselves are in the asset store."""

    def get(self, asset_id: AssetId) -> Asset:
        """Return an asset; ``NotFound``."""
        ...

    def find(self, sha256: str) -> Asset | None:
        """Return the asset with this content."""
        ...

    def add(self, asset: Asset) -> None:
        """Store a new asset."""
        ...

    def by_ids(self, asset_ids: Iterable[AssetId]) -> dict[AssetId, Asset]:
        """Return the assets that exist, in one query."""
        ...


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """A delivery with something to do."""

    id: DeliveryId
    account_id: AccountId
    next_action_at: datetime


class PlannedDelivery(NamedTuple):
    """What a calendar shows of a delivery; a named tuple, since a month may have thousands.

    ``due_s`` is the due time in whole seconds since 1970 in UTC: for the same reason it is not made an object yet.
    ``title`` and ``thumbnail`` (the first asset) are those of what the account publishes; where that has no words the
    title is the post's. It is cut after ``MAX_TITLE`` code points.
    """

    id: DeliveryId
    post_id: PostId
    account_id: AccountId
    network: Network
    schedule: Schedule
    due_s: int
    state: DeliveryState
    was_sent: bool
    title: str
    thumbnail: AssetId | None
    is_sample: bool


class DeliveryRepository(Protocol):
    """Deliveries with their parts, timeline and attempts. The delivery table is the only truth about publishing."""

    def get(self, delivery_id: DeliveryId) -> Delivery:
        """Return a delivery; ``NotFound``."""
        ...

    def add(self, delivery: Delivery, entry: TimelineEntry) -> None:
        """Store a new delivery; a second one for the same post, account and slot is a ``StaleVersion``."""
        ...

    def save(
        self, delivery: Delivery, *, entries: Sequence[TimelineEntry] = (), attempts: Sequence[Attempt] = ()
    ) -> Delivery:
        """Store a changed delivery and return it with its new version.

        Writes only when the stored ``version`` equals ``delivery.version`` and the stored ``epoch`` is not above
        ``delivery.epoch`` (the fence); otherwise ``StaleVersion`` and nothing is changed. Timeline and attempts are
        appended in the same statement group.
        """
        ...

    def due(self, now: datetime, *, limit: int, skip_accounts: Iterable[AccountId] = ()) -> Sequence[DueDelivery]:
        """Return deliveries with ``next_action_at <= now``, earliest first."""
        ...

    def next_action_at(self, *, skip_accounts: Iterable[AccountId] = ()) -> datetime | None:
        """Return the earliest timer, or None."""
        ...

    def list(
        self,
        *,
        states: Iterable[DeliveryState] = (),
        account_id: AccountId | None = None,
        post_id: PostId | None = None,
        due_from: datetime | None = None,
        due_to: datetime | None = None,
        newest_first: bool = False,
        limit: int = 200,
        offset: int = 0,
    ) -> Sequence[Delivery]:
        """Return deliveries by due time; empty ``states`` means all of them; ``due_to`` is exclusive."""
        ...

    def planned(self, *, due_from: datetime, due_to: datetime) -> Sequence[PlannedDelivery]:
        """Return what a calendar shows by due time, ``due_to`` exclusive: nothing cancelled, nothing in the bin.

        One query that reads neither contents nor payloads.
        """
        ...

    def first_due_at(self, states: Iterable[DeliveryState]) -> datetime | None:
        """Return the due time of the earliest delivery in one of these states; cheap enough to ask all the time."""
        ...

    def for_posts(self, post_ids: Iterable[PostId]) -> dict[PostId, Sequence[Delivery]]:
        """Return the deliveries of several posts in one query."""
        ...

    def timeline(self, delivery_id: DeliveryId) -> Sequence[TimelineEntry]:
        """Return its history, oldest first."""
        ...

    def attempts(self, delivery_id: DeliveryId) -> Sequence[Attempt]:
        """Return its calls, oldest first."""
        ...

    def bound_media_ids(self, account_id: AccountId, media_ids: Iterable[str]) -> frozenset[str]:
        """Return which of these network ids already belong to a delivery of the account (invariant S5)."""
        ...

    def without_timer(self) -> Sequence[DeliveryId]:
        """Return deliveries that break invariant L1: not terminal, no timer, not waiting for a person."""
        ...

    def counts(self) -> dict[DeliveryState, int]:
        """Return how many deliveries are in each state."""
        ...


@dataclass(frozen=True, slots=True)
class LeaseRecord:
    """Who publishes: a row in the database. ``epoch`` grows with every change of owner."""

    owner: str
    until: datetime
    epoch: int


class LeaseRepository(Protocol):
    """Named leases."""

    def get(self, name: str) -> LeaseRecord | None:
        """Return the lease, or None when nobody ever took it."""
        ...

    def put(self, name: str, record: LeaseRecord) -> None:
        """Store the lease; the caller has checked that it may (same transaction)."""
        ...


class SettingRepository(Protocol):
    """Values of settings that belong to the workspace, as JSON-ready values by dotted name."""

    def all(self) -> dict[str, object]:
        """Return every stored value."""
        ...

    def put(self, name: str, value: object) -> None:
        """Store one value."""
        ...

    def remove(self, name: str) -> None:
        """Forget one value, so that its default counts again."""
        ...


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret as it is stored: ``sealed`` (nonce and ciphertext) opens with the data key ``key_id`` only."""

    name: str
    key_id: str
    sealed: bytes
    updated_at: datetime


class SealedSecretRepository(Protocol):
    """Sealed secrets by name. The data key is never stored beside them."""

    def get(self, name: str) -> SealedSecret | None:
        """Return one, or None."""
        ...

    def list(self) -> Sequence[SealedSecret]:
        """Return all of them by name."""
        ...

    def put(self, secret: SealedSecret) -> None:
        """Store or replace one."""
        ...

    def remove(self, name: str) -> None:
        """Forget one; nothing happens when there is none."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without ``commit`` rolls back."""

    posts: PostRepository
    accounts: AccountRepository
    assets: AssetRepository
    deliveries: DeliveryRepository
    leases: LeaseRepository
    settings: SettingRepository
    secrets: SealedSecretRepository
    limits: LimitRepository
    hosted: HostedObjectRepository

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def commit(self) -> None:
        """Make it durable. An error here means "unknown": re-read before going on (``reliability.md`` §1.7)."""
        ...


class Storage(Protocol):
    """Opens units of work. Safe to share between threads; a unit of work is not."""

    def write(self) -> UnitOfWork:
        """Begin a writing transaction (it waits for its turn, then holds the write lock at once)."""
        ...

    def read(self) -> UnitOfWork:
        """Begin a reading transaction that sees one consistent state; ``commit`` does nothing."""
        ...
