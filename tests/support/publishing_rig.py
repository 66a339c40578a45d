"""The real publisher core against the real sandbox, on one clock that both share and that only tests move.

Storage is SQLite on disk, the connectors speak HTTP to the sandbox, the sandbox fetches pictures from the loopback
host: only time is made up, so hours of look-ups pass in milliseconds.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from desktop.connectors.meta.addresses import MetaAddresses
from desktop.connectors.registry import MetaRegistry
from desktop.domain.accounts import DEFAULT_HUES, Account, AccountId, AccountState, LoginKind
from desktop.domain.deliveries import (
    TERMINAL_STATES,
    Delivery,
    DeliveryId,
    DeliveryState,
    PayloadMedia,
    PublishingTimers,
    TimelineEntry,
)
from desktop.domain.media import Asset, AssetId, MediaKind
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import Content, MediaUse, Part, Post, PostId, Variant
from desktop.domain.schedules import Schedule
from desktop.files.asset_store import DiskAssetStore
from desktop.files.loopback_host import LoopbackMediaHost
from desktop.files.network_rules import load_rules
from desktop.kit.clock import Clock, ManualClock
from desktop.kit.ids import new_id
from desktop.services.changes import ChangeFeed
from desktop.services.publishing.calls import Edge, no_edge
from desktop.services.publishing.engine import PublishingEngine
from desktop.services.publishing.lease import Lease, LeaseKeeper
from desktop.storage.database import open_storage
from tests.support.sandbox import SandboxConfig, SandboxServer, account, jpeg
from tests.support.videos import small_video

START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
LOGINS = {
    Network.THREADS: LoginKind.THREADS,
    Network.INSTAGRAM: LoginKind.INSTAGRAM,
    Network.FACEBOOK: LoginKind.FACEBOOK_PAGE,
}


class Crash(BaseException):
    """The process dies here: nothing below may catch it."""


class FreeLock:
    """A publisher lock whose former holder is always dead."""

    def acquire(self) -> bool:
        return True

    def release(self) -> None:
        pass


@dataclass(frozen=True)
class Kind:
    """A content type on a network: parts, each with a number of pictures."""

    network: Network
    name: str
    parts: tuple[int, ...] = (0,)
    format: PostFormat = PostFormat.FEED
    link: bool = False

    def __str__(self) -> str:
        return f"{self.network.value}-{self.name}"


KINDS = (
    Kind(Network.THREADS, "text"),
    Kind(Network.THREADS, "image", (1,)),
    Kind(Network.THREADS, "carousel", (2,)),
    Kind(Network.THREADS, "chain", (0, 1, 0)),
    Kind(Network.INSTAGRAM, "image", (1,)),
    Kind(Network.INSTAGRAM, "carousel", (3,)),
    Kind(Network.INSTAGRAM, "reel", (1,), PostFormat.REEL),
    Kind(Network.FACEBOOK, "text"),
    Kind(Network.FACEBOOK, "link", link=True),
    Kind(Network.FACEBOOK, "photo", (1,)),
    Kind(Network.FACEBOOK, "photos", (2,)),
)


@dataclass
class Rig:
    """Everything wired; ``engine`` is made anew after each crash, as a new process would."""

    storage: Any
    server: SandboxServer
    clock: Any
    timers: PublishingTimers
    connectors: Any
    host: Any
    store: Any
    tokens: dict[str, str]
    accounts: dict[Network, Account]
    rules: Any
    control: httpx.Client
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    processes: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def token(self, account_id: str) -> str:
        return self.tokens[account_id]

    def process(self, edge: Edge = no_edge) -> tuple[PublishingEngine, Lease]:
        """Start a publisher: take the lease over, recover what the one before left."""
        keeper = LeaseKeeper(self.storage, FreeLock(), self.clock, self.timers, f"process {next(self.processes)}")
        lease = keeper.acquire()
        assert lease is not None
        engine = PublishingEngine(
            self.storage,
            self.connectors,
            self,
            self.host,
            self.store.path,
            self.rules,
            self.clock,
            self.timers,
            ChangeFeed(),
            edge,
        )
        engine.recover(lease)
        return engine, lease

    def plan(self, kind: Kind, *, late_limit: timedelta | None = None, account: Account | None = None) -> DeliveryId:
        """Store a post of that kind, due now, with a text nobody else has; None means the network's one account."""
        number = next(self.numbers)
        parts = tuple(
            Part(
                text=f"{kind} post {number}, part {i}" + (" https://example.org/a" if kind.link else ""),
                media=tuple(self.picture(number * 100 + i * 10 + m, kind) for m in range(count)),
            )
            for i, count in enumerate(kind.parts)
        )
        account = account or self.accounts[kind.network]
        now = self.clock.now()
        post = Post(
            id=PostId(new_id()),
            shared=Content(parts),
            variants=(Variant(account.id, format=kind.format),),
            created_at=now,
            updated_at=now,
        )
        schedule = Schedule(now.replace(tzinfo=None), "UTC")
        delivery = Delivery(
            id=DeliveryId(new_id()),
            post_id=post.id,
            account_id=account.id,
            network=kind.network,
            slot_key="once",
            schedule=schedule,
            due_at=now,
            late_limit=late_limit,
            state=DeliveryState.SCHEDULED,
            state_since=now,
            created_at=now,
            next_action_at=now,
        )
        with self.storage.write() as uow:
            uow.posts.add(post)
            uow.deliveries.add(delivery, TimelineEntry(now, None, DeliveryState.SCHEDULED, "planned"))
            uow.commit()
        return delivery.id

    def picture(self, number: int, kind: Kind) -> MediaUse:
        if kind.format is PostFormat.REEL:
            return MediaUse(self._video(number), "")
        data = jpeg(400, 400, (number % 251, number // 251 % 251, number // 63001 % 251))
        stored = self.store.take_bytes(data, f"{number}.jpg")
        return MediaUse(self._asset(stored), f"picture {number}")

    def _video(self, number: int) -> AssetId:
        return self._asset(self.store.take_bytes(small_video(number), f"{number}.mp4"))

    def _asset(self, stored: Any) -> AssetId:
        with self.storage.write() as uow:
            known = uow.assets.find(stored.sha256)
            if known is not None:
                return AssetId(known.id)
            asset = Asset(
                id=AssetId(new_id()),
                kind=stored.kind,
                mime_type=stored.mime_type,
                sha256=stored.sha256,
                size_bytes=stored.size_bytes,
                width=stored.width,
                height=stored.height,
                duration=stored.duration,
                original_name="x",
                created_at=self.clock.now(),
            )
            assert asset.kind in MediaKind
            uow.assets.add(asset)
            uow.commit()
        return asset.id

    def get(self, delivery_id: DeliveryId) -> Delivery:
        with self.storage.read() as uow:
            return uow.deliveries.get(delivery_id)

    def drive(
        self, delivery_id: DeliveryId, *, make_edge: Callable[[], Edge] = lambda: no_edge, limit: int = 200
    ) -> Delivery:
        """Let publishers run it, moving the clock from timer to timer, until nothing more happens by itself."""
        engine, lease = self.process(make_edge())
        for _ in range(limit):
            delivery = self.get(delivery_id)
            if delivery.next_action_at is None:
                assert delivery.state in TERMINAL_STATES | {
                    DeliveryState.MISSED,
                    DeliveryState.HELD,
                    DeliveryState.NEEDS_REVIEW,
                }
                return delivery
            if delivery.next_action_at > self.clock.now():
                self.clock.advance(delivery.next_action_at - self.clock.now())
            try:
                engine.run(delivery_id, lease)
            except Crash:
                engine, lease = self.process(make_edge())
        raise AssertionError(f"no end in sight: {self.get(delivery_id)}")

    def calls(self) -> list[dict[str, Any]]:
        """Return every call the sandbox answered."""
        return list(self.control.get("/_sandbox/ledger").json()["calls"])

    def published(self, delivery_id: DeliveryId) -> list[list[dict[str, Any]]]:
        """Return, for each part, the sandbox's live posts with exactly its text, from the ledger of effects."""
        with self.storage.read() as uow:
            delivery = uow.deliveries.get(delivery_id)
            post = uow.posts.get(delivery.post_id)
        answer = self.control.get("/_sandbox/ledger?posts_only=1")
        live = [p for p in answer.json()["posts"] if not p["deleted"]]
        return [[p for p in live if p["text"].startswith(part.text.split(" https")[0])] for part in post.shared.parts]

    def faults(self, *rules: dict[str, Any]) -> None:
        self.control.post("/_sandbox/faults", json=list(rules)).raise_for_status()


@contextmanager
def ram_folder(fallback: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: these tests crash the program, not the disk."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield fallback
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@contextmanager
def publishing_rig(
    folder: Path, *, timers: PublishingTimers | None = None, republish: str = "duplicate", clock: Clock | None = None
) -> Iterator[Rig]:
    """Open a rig in ``folder``, on a clock that stands still unless another is given."""
    clock = clock or ManualClock(START)
    # a rest of a day for each fault would outlive the sandbox's tokens
    timers = timers or PublishingTimers(longest_rest=timedelta(minutes=5))
    config = SandboxConfig(
        republish=republish,
        processing_factor=0,
        threads_quota_total=10**6,
        threads_reply_quota_total=10**6,
        instagram_quota_total=10**6,
        instagram_container_total=10**6,
        app_calls_per_hour=10**9,
        account_calls_per_day=10**9,
    )
    storage = open_storage(folder / "tidings.db", backups=folder / "backups")
    store = DiskAssetStore(folder / "media")
    host = LoopbackMediaHost(store.path)
    # start its thread here, in the fixture that also ends it, and not in the middle of some test
    first = store.take_bytes(jpeg(), "first.jpg")
    host.expose(PayloadMedia(AssetId(""), first.kind, first.mime_type, first.sha256, ""))
    with SandboxServer(config=config, clock=clock) as server:
        addresses = MetaAddresses(
            facebook_graph_url=f"{server.url}/facebook",
            instagram_graph_url=f"{server.url}/instagram",
            threads_graph_url=f"{server.url}/threads",
        )
        registry = MetaRegistry(addresses, clock, timers.request_timeout)
        accounts, tokens = accounts_of(server.url, storage, clock.now())
        control = httpx.Client(base_url=server.url, trust_env=False)
        try:
            yield Rig(storage, server, clock, timers, registry, host, store, tokens, accounts, load_rules(), control)
        finally:
            control.close()
            registry.close()
            host.close()
            storage.close()


def accounts_of(url: str, storage: Any, now: datetime, index: int = 0) -> tuple[dict[Network, Account], dict[str, str]]:
    """Store the ``index``-th ready-made account of each network; return them and their tokens by account id."""
    accounts: dict[Network, Account] = {}
    tokens: dict[str, str] = {}
    for network in Network:
        ready = account(url, network.value, index=index)
        accounts[network] = _account(network, ready, now)
        tokens[accounts[network].id] = ready["token"]
        with storage.write() as uow:
            uow.accounts.add(accounts[network])
            uow.commit()
    return accounts, tokens


def _account(network: Network, ready: dict[str, Any], now: datetime) -> Account:
    return Account(
        id=AccountId(new_id()),
        network=network,
        login=LOGINS[network],
        remote_id=ready["id"],
        username=ready["username"],
        display_name=ready["name"],
        state=AccountState.CONNECTED,
        state_reason="",
        hue=DEFAULT_HUES[network],
        is_sample=False,
        connected_at=now,
        token_expires_at=None,
    )
