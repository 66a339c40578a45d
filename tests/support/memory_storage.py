"""An in-memory ``Storage`` for unit tests, as strict as the port: versions, epoch fence, roll back without commit.

Everything stored is immutable, so a transaction is a shallow copy of the tables and a commit swaps it in. Other than
with SQL, a read only sees a snapshot: writing inside ``read()`` is a ``TypeError``.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from types import MappingProxyType, TracebackType
from typing import Any, Self, TypeVar

from desktop.domain.accounts import Account, AccountId, AccountState
from desktop.domain.deliveries import (
    HUMAN_STATES,
    TERMINAL_STATES,
    Attempt,
    Delivery,
    DeliveryId,
    DeliveryState,
    TimelineEntry,
)
from desktop.domain.errors import DatabaseBusy, NotFound, StaleVersion
from desktop.domain.media import Asset, AssetId
from desktop.domain.posts import Content, Post, PostId
from desktop.services.hosting.ports import HostedObject, HostedObjectRepository
from desktop.services.limits.ports import LimitRepository, Quota, QuotaKind, UsageReading
from desktop.services.unit_of_work import (
    MAX_TITLE,
    AccountRepository,
    AssetRepository,
    BacklogItem,
    DeliveryRepository,
    DueDelivery,
    LeaseRecord,
    LeaseRepository,
    PlannedDelivery,
    PostRepository,
    SealedSecret,
    SealedSecretRepository,
    SettingRepository,
)
from tests.support.memory_limits import MemoryLimits
from tests.support.memory_sealed import MemoryHostedObjects, MemorySecrets

BUSY_SECONDS = 10.0

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass
class Tables:
    """Everything stored; values are frozen dataclasses, tuples or JSON text."""

    posts: MutableMapping[PostId, Post] = field(default_factory=dict)
    accounts: MutableMapping[AccountId, Account] = field(default_factory=dict)
    assets: MutableMapping[AssetId, Asset] = field(default_factory=dict)
    deliveries: MutableMapping[DeliveryId, Delivery] = field(default_factory=dict)
    timelines: MutableMapping[DeliveryId, tuple[TimelineEntry, ...]] = field(default_factory=dict)
    attempts: MutableMapping[DeliveryId, tuple[Attempt, ...]] = field(default_factory=dict)
    leases: MutableMapping[str, LeaseRecord] = field(default_factory=dict)
    settings: MutableMapping[str, str] = field(default_factory=dict)
    hosted: MutableMapping[str, HostedObject] = field(default_factory=dict)
    secrets: MutableMapping[str, SealedSecret] = field(default_factory=dict)
    readings: MutableMapping[str, UsageReading] = field(default_factory=dict)
    quotas: MutableMapping[tuple[AccountId, QuotaKind], Quota] = field(default_factory=dict)

    def copied(self) -> Tables:
        return Tables(**{f.name: dict(getattr(self, f.name)) for f in fields(self)})

    def read_only(self) -> Tables:
        views: dict[str, Any] = {f.name: MappingProxyType(getattr(self, f.name)) for f in fields(self)}
        return Tables(**views)


def _insert(table: MutableMapping[Key, Value], key: Key, value: Value) -> None:
    assert key not in table, f"{key} is stored already"
    table[key] = value


def _find(table: MutableMapping[Key, Value], key: Key, noun: str) -> Value:
    if key not in table:
        raise NotFound(noun=noun, id=str(key))
    return table[key]


def _page(found: list[Value], limit: int, offset: int) -> list[Value]:
    return found[offset : offset + limit]


class MemoryPosts:
    """``PostRepository``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def get(self, post_id: PostId) -> Post:
        return _find(self._tables.posts, post_id, "post")

    def add(self, post: Post) -> None:
        _insert(self._tables.posts, post.id, post)

    def save(self, post: Post) -> Post:
        stored = self._tables.posts.get(post.id)
        if stored is None or stored.version != post.version:
            raise StaleVersion(noun="post")
        self._tables.posts[post.id] = saved = replace(post, version=post.version + 1)
        return saved

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
        delivered = {d.post_id for d in self._tables.deliveries.values() if d.state is not DeliveryState.CANCELLED}
        found = [
            post
            for post in self._tables.posts.values()
            if post.deleted_at is None
            and (not search or any(search.casefold() in text.casefold() for text in _texts(post)))
            and (account_id is None or post.variant_for(account_id) is not None)
            and not (without_delivery and post.id in delivered)
            and (post.is_sample or not samples_only)
        ]
        return _page(sorted(found, key=lambda post: (post.updated_at, post.id), reverse=True), limit, offset)

    def backlog(self) -> Sequence[BacklogItem]:
        posts = self.list(without_delivery=True, limit=len(self._tables.posts))
        return [_backlog_item(post, self._tables.accounts) for post in posts]

    def by_ids(self, post_ids: Iterable[PostId]) -> dict[PostId, Post]:
        return {i: self._tables.posts[i] for i in post_ids if i in self._tables.posts}

    def purge(self, post_ids: Iterable[PostId]) -> None:
        gone = set(post_ids)
        for delivery in [d for d in self._tables.deliveries.values() if d.post_id in gone]:
            del self._tables.deliveries[delivery.id]
            del self._tables.timelines[delivery.id]
            del self._tables.attempts[delivery.id]
        for post_id in gone & set(self._tables.posts):
            del self._tables.posts[post_id]


def _texts(post: Post) -> Iterator[str]:
    contents: list[Content] = [post.shared, *(v.override for v in post.variants if v.override is not None)]
    return (part.text for content in contents for part in content.parts)


def _backlog_item(post: Post, accounts: MutableMapping[AccountId, Account]) -> BacklogItem:
    account_ids = tuple(variant.account_id for variant in post.variants)
    networks = tuple(dict.fromkeys(accounts[account_id].network for account_id in account_ids))
    parts, media = post.shared.parts, [use.asset_id for part in post.shared.parts for use in part.media]
    first = media[0] if media else None
    return BacklogItem(
        post.id,
        post.shared.title[:MAX_TITLE],
        account_ids,
        networks,
        len(parts),
        len(media),
        first,
        post.updated_at,
        post.is_sample,
    )


class MemoryAccounts:
    """``AccountRepository``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def get(self, account_id: AccountId) -> Account:
        return _find(self._tables.accounts, account_id, "account")

    def find(self, network: str, remote_id: str) -> Account | None:
        accounts = self._tables.accounts.values()
        return next((a for a in accounts if a.network == network and a.remote_id == remote_id), None)

    def add(self, account: Account) -> None:
        assert self.find(account.network, account.remote_id) is None, "this remote id is stored already"
        _insert(self._tables.accounts, account.id, account)

    def save(self, account: Account) -> Account:
        stored = self._tables.accounts.get(account.id)
        if stored is None or stored.version != account.version:
            raise StaleVersion(noun="account")
        self._tables.accounts[account.id] = saved = replace(account, version=account.version + 1)
        return saved

    def list(self, *, include_disconnected: bool = False) -> Sequence[Account]:
        accounts = self._tables.accounts.values()
        shown = [a for a in accounts if include_disconnected or a.state is not AccountState.DISCONNECTED]
        return sorted(shown, key=lambda account: (account.connected_at, account.id))


class MemoryAssets:
    """``AssetRepository``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def get(self, asset_id: AssetId) -> Asset:
        return _find(self._tables.assets, asset_id, "asset")

    def find(self, sha256: str) -> Asset | None:
        return next((asset for asset in self._tables.assets.values() if asset.sha256 == sha256), None)

    def add(self, asset: Asset) -> None:
        assert self.find(asset.sha256) is None, "this content is stored already"
        _insert(self._tables.assets, asset.id, asset)

    def by_ids(self, asset_ids: Iterable[AssetId]) -> dict[AssetId, Asset]:
        return {i: self._tables.assets[i] for i in asset_ids if i in self._tables.assets}


class MemoryDeliveries:
    """``DeliveryRepository``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def get(self, delivery_id: DeliveryId) -> Delivery:
        return _find(self._tables.deliveries, delivery_id, "delivery")

    def add(self, delivery: Delivery, entry: TimelineEntry) -> None:
        assert delivery.post_id in self._tables.posts, "foreign key: the post is not stored"
        assert delivery.account_id in self._tables.accounts, "foreign key: the account is not stored"
        slots = {(d.post_id, d.account_id, d.slot_key) for d in self._tables.deliveries.values()}
        if (delivery.post_id, delivery.account_id, delivery.slot_key) in slots:
            raise StaleVersion(noun="delivery")
        _insert(self._tables.deliveries, delivery.id, delivery)
        self._tables.timelines[delivery.id] = (entry,)
        self._tables.attempts[delivery.id] = ()

    def save(
        self, delivery: Delivery, *, entries: Sequence[TimelineEntry] = (), attempts: Sequence[Attempt] = ()
    ) -> Delivery:
        stored = self._tables.deliveries.get(delivery.id)
        if stored is None or stored.version != delivery.version or stored.epoch > delivery.epoch:
            raise StaleVersion(noun="delivery")
        self._tables.deliveries[delivery.id] = saved = replace(delivery, version=delivery.version + 1)
        self._tables.timelines[delivery.id] += tuple(entries)
        self._tables.attempts[delivery.id] += tuple(attempts)
        return saved

    def due(self, now: datetime, *, limit: int, skip_accounts: Iterable[AccountId] = ()) -> Sequence[DueDelivery]:
        return _page([due for due in self._timers(skip_accounts) if due.next_action_at <= now], limit, 0)

    def next_action_at(self, *, skip_accounts: Iterable[AccountId] = ()) -> datetime | None:
        return next((due.next_action_at for due in self._timers(skip_accounts)), None)

    def _timers(self, skip_accounts: Iterable[AccountId]) -> list[DueDelivery]:
        skipped = set(skip_accounts)
        timers = [
            DueDelivery(d.id, d.account_id, d.next_action_at)
            for d in self._tables.deliveries.values()
            if d.next_action_at is not None and d.account_id not in skipped
        ]
        return sorted(timers, key=lambda due: (due.next_action_at, due.id))

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
        wanted = frozenset(states)
        found = [
            d
            for d in self._tables.deliveries.values()
            if (not wanted or d.state in wanted)
            and account_id in (None, d.account_id)
            and post_id in (None, d.post_id)
            and (due_from is None or d.due_at >= due_from)
            and (due_to is None or d.due_at < due_to)
        ]
        return _page(sorted(found, key=lambda d: (d.due_at, d.id), reverse=newest_first), limit, offset)

    def planned(self, *, due_from: datetime, due_to: datetime) -> Sequence[PlannedDelivery]:
        found = self.list(due_from=due_from, due_to=due_to, limit=len(self._tables.deliveries))
        posts = self._tables.posts
        return [
            _planned(d, posts[d.post_id])
            for d in found
            if d.state is not DeliveryState.CANCELLED and posts[d.post_id].deleted_at is None
        ]

    def first_due_at(self, states: Iterable[DeliveryState]) -> datetime | None:
        wanted = frozenset(states)
        return min((d.due_at for d in self._tables.deliveries.values() if d.state in wanted), default=None)

    def for_posts(self, post_ids: Iterable[PostId]) -> dict[PostId, Sequence[Delivery]]:
        found: dict[PostId, list[Delivery]] = {post_id: [] for post_id in post_ids}
        for delivery in self.list(limit=len(self._tables.deliveries)):
            if delivery.post_id in found:
                found[delivery.post_id].append(delivery)
        return {post_id: deliveries for post_id, deliveries in found.items() if deliveries}

    def timeline(self, delivery_id: DeliveryId) -> Sequence[TimelineEntry]:
        return self._tables.timelines.get(delivery_id, ())

    def attempts(self, delivery_id: DeliveryId) -> Sequence[Attempt]:
        return self._tables.attempts.get(delivery_id, ())

    def bound_media_ids(self, account_id: AccountId, media_ids: Iterable[str]) -> frozenset[str]:
        own = (d for d in self._tables.deliveries.values() if d.account_id == account_id)
        return frozenset(media_ids) & {part.media_id for d in own for part in d.parts if part.media_id is not None}

    def without_timer(self) -> Sequence[DeliveryId]:
        return [
            d.id
            for d in self._tables.deliveries.values()
            if d.next_action_at is None and d.state not in TERMINAL_STATES | HUMAN_STATES
        ]

    def counts(self) -> dict[DeliveryState, int]:
        return dict(Counter(d.state for d in self._tables.deliveries.values()))


def _planned(delivery: Delivery, post: Post) -> PlannedDelivery:
    content = post.content_for(delivery.account_id)
    return PlannedDelivery(
        delivery.id,
        delivery.post_id,
        delivery.account_id,
        delivery.network,
        delivery.schedule,
        int(delivery.due_at.timestamp()),
        delivery.state,
        delivery.was_sent,
        (content.title or post.shared.title)[:MAX_TITLE],
        next((use.asset_id for part in content.parts for use in part.media), None),
        post.is_sample,
    )


class MemoryLeases:
    """``LeaseRepository``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def get(self, name: str) -> LeaseRecord | None:
        return self._tables.leases.get(name)

    def put(self, name: str, record: LeaseRecord) -> None:
        self._tables.leases[name] = record


class MemorySettings:
    """``SettingRepository``; values pass through JSON as they do in a database."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def all(self) -> dict[str, object]:
        return {name: json.loads(value) for name, value in self._tables.settings.items()}

    def put(self, name: str, value: object) -> None:
        self._tables.settings[name] = json.dumps(value)

    def remove(self, name: str) -> None:
        self._tables.settings.pop(name, None)


class MemoryUnitOfWork:
    """``UnitOfWork``: the tables are taken when the block is entered."""

    posts: PostRepository
    accounts: AccountRepository
    assets: AssetRepository
    deliveries: DeliveryRepository
    leases: LeaseRepository
    settings: SettingRepository
    secrets: SealedSecretRepository
    limits: LimitRepository
    hosted: HostedObjectRepository

    def __init__(self, storage: MemoryStorage, *, is_writing: bool) -> None:
        self._storage = storage
        self._is_writing = is_writing

    def __enter__(self) -> Self:
        self._tables = self._storage._begin() if self._is_writing else self._storage._snapshot()
        self.posts = MemoryPosts(self._tables)
        self.accounts = MemoryAccounts(self._tables)
        self.assets = MemoryAssets(self._tables)
        self.deliveries = MemoryDeliveries(self._tables)
        self.leases = MemoryLeases(self._tables)
        self.settings = MemorySettings(self._tables)
        self.hosted = MemoryHostedObjects(self._tables)
        self.secrets = MemorySecrets(self._tables)
        self.limits = MemoryLimits(self._tables)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_writing:
            self._storage._end()

    def commit(self) -> None:
        if self._is_writing:
            self._storage._commit(self._tables)


class MemoryStorage:
    """``Storage`` in memory. ``commits`` counts the transactions made durable.

    ``fail_commit`` makes the next commits raise it: with ``commit_anyway`` after they took effect, else before, which
    are the two things an unknown commit may have done.
    """

    def __init__(self) -> None:
        self.commits = 0
        self.fail_commit: BaseException | None = None
        self.commit_anyway = False
        self._tables = Tables()
        self._writing = threading.Lock()

    def write(self) -> MemoryUnitOfWork:
        return MemoryUnitOfWork(self, is_writing=True)

    def read(self) -> MemoryUnitOfWork:
        return MemoryUnitOfWork(self, is_writing=False)

    def _begin(self) -> Tables:
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise DatabaseBusy
        return self._tables.copied()

    def _snapshot(self) -> Tables:
        return self._tables.read_only()

    def _commit(self, tables: Tables) -> None:
        if self.fail_commit is None or self.commit_anyway:
            self._tables = tables.copied()
            self.commits += 1
        if self.fail_commit is not None:
            raise self.fail_commit

    def _end(self) -> None:
        self._writing.release()
