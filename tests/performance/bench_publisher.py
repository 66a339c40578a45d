"""Publisher throughput against a bare httpx loop that makes the same calls on the same sandbox.

``python -m tests.performance.bench_publisher`` prints posts per second and the ratio (target ≥ 0.85). Both sides work
on the same accounts at once, one thread each (four, as many as the publisher has lanes; ``--accounts``); the publisher
also makes every step durable. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx

from desktop.connectors.meta.addresses import GRAPH_VERSION, MetaAddresses
from desktop.connectors.registry import MetaRegistry
from desktop.domain.deliveries import PublishingTimers
from desktop.domain.networks import Network
from desktop.files.asset_store import DiskAssetStore
from desktop.files.loopback_host import LoopbackMediaHost
from desktop.files.network_rules import load_rules
from desktop.host.process_lock import ProcessLock
from desktop.kit.clock import SystemClock
from desktop.services.changes import ChangeFeed
from desktop.services.publishing.engine import PublishingEngine
from desktop.services.publishing.lease import LeaseKeeper
from desktop.storage.database import open_storage
from desktop.worker.publisher import Publisher
from tests.support.publishing_rig import Kind, Rig, accounts_of
from tests.support.sandbox import account, sandbox_process

CONFIG = {
    "processing_factor": 0,
    "threads_quota_total": 10**6,
    "instagram_quota_total": 10**6,
    "instagram_container_total": 10**6,
    "app_calls_per_hour": 10**9,
    "account_calls_per_day": 10**9,
}
# which of the sandbox's ready-made accounts; Instagram takes no text
ACCOUNTS = ((Network.THREADS, 0), (Network.FACEBOOK, 0), (Network.THREADS, 1), (Network.FACEBOOK, 1))


def bare(url: str, posts: int, accounts: int) -> float:
    """Return the seconds bare loops, one for each account, need for ``posts`` posts."""

    def loop(network: Network, index: int) -> None:
        ready = account(url, network.value, index=index)
        headers = {"Authorization": f"Bearer {ready['token']}"}
        steps = _threads_steps if network is Network.THREADS else _facebook_steps
        with httpx.Client(base_url=url, headers=headers, trust_env=False) as client:
            for number in range(posts // accounts):
                steps(client, ready["id"], f"bare {network.value} {number}")

    with ThreadPoolExecutor(accounts) as pool:
        begin = time.perf_counter()
        for done in [pool.submit(loop, *chosen) for chosen in ACCOUNTS[:accounts]]:
            done.result()
        return time.perf_counter() - begin


def _threads_steps(client: httpx.Client, user: str, text: str) -> None:
    root = "/threads/v1.0"
    made = client.post(f"{root}/{user}/threads", data={"media_type": "TEXT", "text": text}).json()["id"]
    client.get(f"{root}/{made}", params={"fields": "id,status,error_message"}).json()
    live = client.post(f"{root}/{user}/threads_publish", data={"creation_id": made}).json()["id"]
    client.get(f"{root}/{live}", params={"fields": "permalink"}).json()


def _facebook_steps(client: httpx.Client, page: str, text: str) -> None:
    root = f"/facebook/{GRAPH_VERSION}"
    made = client.post(f"{root}/{page}/feed", data={"message": text, "published": "false"}).json()["id"]
    client.get(f"{root}/{made}", params={"fields": "id,is_published"}).json()
    client.post(f"{root}/{made}", data={"is_published": "true"}).json()
    client.get(f"{root}/{made}", params={"fields": "permalink_url"}).json()


def publisher(url: str, posts: int, accounts: int, folder: Path) -> float:
    """Return the seconds the product's publisher needs for as many posts to the same accounts."""
    clock, changes = SystemClock(), ChangeFeed()
    timers = replace(PublishingTimers(), scan=timedelta(seconds=1))
    storage = open_storage(folder / "tidings.db", backups=folder / "backups")
    store = DiskAssetStore(folder / "media")
    connected, tokens = zip(*(accounts_of(url, storage, clock.now(), index) for index in (0, 1)), strict=True)
    rig = Rig(storage, None, clock, timers, None, None, store, tokens[0] | tokens[1], connected[0], None, None)
    for number in range(posts):
        network, index = ACCOUNTS[number % accounts]
        rig.plan(Kind(network, "text"), account=connected[index][network])
    host = LoopbackMediaHost(store.path)
    addresses = MetaAddresses(
        facebook_graph_url=f"{url}/facebook",
        instagram_graph_url=f"{url}/instagram",
        threads_graph_url=f"{url}/threads",
    )
    registry = MetaRegistry(addresses, clock, timers.request_timeout)
    engine = PublishingEngine(storage, registry, rig, host, store.path, load_rules(), clock, timers, changes)
    keeper = LeaseKeeper(storage, ProcessLock(folder / "publisher.lock"), clock, timers, "bench")
    begin = time.perf_counter()
    Publisher(engine, keeper, storage, clock, timers, changes).run_until_idle()
    elapsed = time.perf_counter() - begin
    registry.close()
    host.close()
    storage.close()
    return elapsed


def main() -> None:
    """Measure both in turn and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=400)
    parser.add_argument("--accounts", type=int, default=len(ACCOUNTS), choices=range(1, len(ACCOUNTS) + 1))
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    ratios = []
    for round_number in range(arguments.rounds):
        with sandbox_process(config=CONFIG) as sandbox, tempfile.TemporaryDirectory() as folder:
            measured: dict[str, Callable[[], float]] = {
                "bare": lambda url=sandbox.url: bare(url, arguments.posts, arguments.accounts),
                "publisher": lambda url=sandbox.url, where=folder: publisher(
                    url, arguments.posts, arguments.accounts, Path(where)
                ),
            }
            seconds = {name: run() for name, run in measured.items()}
        ratios.append(seconds["bare"] / seconds["publisher"])
        rates = ", ".join(f"{name} {arguments.posts / each:.0f} posts/s" for name, each in seconds.items())
        print(f"round {round_number + 1}: {rates}, ratio {ratios[-1]:.2f}", flush=True)
    print(f"publisher / bare httpx loop: median ratio {statistics.median(ratios):.2f} (target >= 0.85)")


if __name__ == "__main__":
    main()
