"""Killing the publisher for real (``reliability.md`` §9, T4): processes, SIGKILL, a network that fails.

``python -m tests.support.kill_lab --kills 300 --posts 600 --republish duplicate --seed 1``

A sandbox process publishes and misbehaves; a worker process runs the product's own publisher on a real database and
is killed at random moments. Afterwards the sandbox's ledger of effects is compared with what was planned. Waiting
times are shrunk together (``TIMERS``), so that an ambiguous send settles in seconds instead of minutes.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from desktop.connectors.meta.addresses import MetaAddresses
from desktop.connectors.registry import MetaRegistry
from desktop.domain.deliveries import DeliveryState, PublishingTimers
from desktop.domain.networks import Network
from desktop.files.asset_store import DiskAssetStore
from desktop.files.loopback_host import LoopbackMediaHost
from desktop.files.network_rules import load_rules
from desktop.host.process_lock import ProcessLock
from desktop.kit.clock import SystemClock
from desktop.kit.ids import new_id
from desktop.services.changes import ChangeFeed
from desktop.services.publishing.engine import PublishingEngine
from desktop.services.publishing.lease import LeaseKeeper
from desktop.storage.database import open_storage
from desktop.worker.publisher import Publisher
from tests.support.publishing_rig import Kind, Rig, accounts_of, ram_folder
from tests.support.sandbox import sandbox_process

ROOT = Path(__file__).resolve().parents[2]


def _ms(milliseconds: int) -> timedelta:
    return timedelta(milliseconds=milliseconds)


TIMERS = PublishingTimers(
    send_deadline=_ms(400),
    request_timeout=_ms(1200),
    quiet=_ms(2500),
    polls=(_ms(20), _ms(50), _ms(100)),
    poll_limit=500,
    look_ups=(_ms(50), _ms(400), _ms(800), _ms(1000)),
    look_up_later=_ms(1000),
    finished_reads_apart=_ms(300),
    resend_pause=_ms(30),
    retry_first=_ms(30),
    retry_ceiling=_ms(500),
    retries=10_000,
    recreations=10_000,
    rate_pause=_ms(200),
    longest_rest=_ms(200),
    lease=timedelta(seconds=5),
    scan=_ms(500),
)

# about a quarter of all calls fail or are slow, in every way the contract knows
FAULTS: list[dict[str, Any]] = [
    {"kind": "drop_after", "match": {"endpoint": "publish"}, "probability": 0.10},
    {"kind": "drop_before", "match": {"endpoint": "publish"}, "probability": 0.06},
    {"kind": "http_5xx_after", "match": {"endpoint": "publish"}, "probability": 0.06},
    {"kind": "http_5xx_before", "match": {"endpoint": "publish"}, "probability": 0.04},
    {"kind": "blocked_2207051_live", "match": {"endpoint": "publish"}, "probability": 0.03},
    {"kind": "not_found_4279009", "match": {"endpoint": "publish", "network": "threads"}, "probability": 0.03},
    {"kind": "slow", "match": {"endpoint": "publish"}, "probability": 0.02, "delay_before": 1.5},
    {"kind": "drop_after", "match": {"endpoint": "create"}, "probability": 0.08},
    {"kind": "html_502", "match": {"endpoint": "create"}, "probability": 0.07},
    {"kind": "rate_limited", "match": {"endpoint": "create"}, "probability": 0.02, "regain_minutes": 0},
    {"kind": "read_100_33", "match": {"endpoint": "status"}, "probability": 0.12},
    {"kind": "http_5xx_before", "match": {"endpoint": "list"}, "probability": 0.15},
    {"kind": "error_in_200", "match": {"endpoint": "permalink"}, "probability": 0.15},
    {"kind": "slow", "match": {"endpoint": "any"}, "probability": 0.10, "delay_before": 0.1, "delay_after": 0.1},
]  # fmt: skip

KINDS = (
    Kind(Network.THREADS, "text"),
    Kind(Network.THREADS, "image", (1,)),
    Kind(Network.THREADS, "chain", (0, 0)),
    Kind(Network.INSTAGRAM, "image", (1,)),
    Kind(Network.INSTAGRAM, "carousel", (2,)),
    Kind(Network.FACEBOOK, "text"),
    Kind(Network.FACEBOOK, "photos", (2,)),
)


@dataclass
class Report:
    """What one run saw; ``duplicates`` and ``lost`` are counted in parts by the sandbox's ledger."""

    republish: str
    seed: int
    kills: int = 0
    posts: int = 0
    parts: int = 0
    calls: int = 0
    faulty_calls: int = 0
    ambiguous: int = 0
    found: int = 0
    resent: int = 0
    duplicates: int = 0
    lost: int = 0
    needs_review: int = 0
    not_published: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        share = 100 * self.faulty_calls / max(1, self.calls)
        return (
            f"republish={self.republish} seed={self.seed}: kills {self.kills}, "
            f"posts {self.posts} ({self.parts} parts), "
            f"calls {self.calls} ({share:.0f} % faulty or slow), ambiguous sends {self.ambiguous}, found {self.found}, "
            f"re-sent {self.resent}, duplicates {self.duplicates}, lost {self.lost}, "
            f"needs review {self.needs_review}, not published {self.not_published}"
        )


def work(folder: Path) -> None:
    """Be the worker process: the product's publisher with shrunken timers, until nothing is due."""
    plan = json.loads((folder / "lab.json").read_text())
    clock, changes = SystemClock(), ChangeFeed()
    storage = open_storage(folder / "tidings.db", backups=folder / "backups")
    store = DiskAssetStore(folder / "media")
    host = LoopbackMediaHost(store.path)
    registry = MetaRegistry(_addresses(plan["url"]), clock, TIMERS.request_timeout)
    tokens = _Tokens(plan["tokens"])
    engine = PublishingEngine(storage, registry, tokens, host, store.path, load_rules(), clock, TIMERS, changes)
    lock = ProcessLock(folder / "publisher.lock")
    keeper = LeaseKeeper(storage, lock, clock, TIMERS, f"worker {new_id()}")
    publisher = Publisher(engine, keeper, storage, clock, TIMERS, changes)
    print("working", flush=True)
    publisher.run_until_idle()
    registry.close()
    host.close()
    storage.close()
    print("idle", flush=True)


def run(kills: int, posts: int, republish: str, seed: int, folder: Path) -> Report:
    """Run the lab in ``folder`` and return what it saw."""
    report = Report(republish, seed)
    rng = random.Random(seed)
    config = {
        "republish": republish,
        "processing_factor": 0.02,
        "listing_delay_seconds": 0.2,
        "threads_quota_total": 10**6,
        "threads_reply_quota_total": 10**6,
        "instagram_quota_total": 10**6,
        "instagram_container_total": 10**6,
        "app_calls_per_hour": 10**9,
        "account_calls_per_day": 10**9,
    }
    with sandbox_process(seed=seed, config=config) as sandbox:
        rig, planned = _plan(sandbox.url, posts, folder)
        httpx.post(f"{sandbox.url}/_sandbox/faults", json=FAULTS, trust_env=False).raise_for_status()
        while not _one_life(folder, rng, report, kills):
            pass
        ledger = httpx.get(f"{sandbox.url}/_sandbox/ledger", trust_env=False, timeout=60).json()
        _judge(report, rig, planned, ledger)
        rig.storage.close()
    return report


def _one_life(folder: Path, rng: random.Random, report: Report, kills: int) -> bool:
    """Start a worker and kill it at a random moment while kills are left; True when one ended by itself."""
    command = [sys.executable, "-m", "tests.support.kill_lab", "--work", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "working\n"
        if report.kills < kills:
            # the moment is random on purpose; nothing is asserted about how far it got
            time.sleep(rng.uniform(0.02, 0.6))
            process.send_signal(signal.SIGKILL)
            process.wait()
            report.kills += 1
            return False
        assert process.stdout.readline() == "idle\n", "the worker did not come to an end by itself"
        process.wait()
    return True


def _plan(url: str, posts: int, folder: Path) -> tuple[Rig, list[Any]]:
    clock = SystemClock()
    storage = open_storage(folder / "tidings.db", backups=folder / "backups")
    accounts, tokens = accounts_of(url, storage, clock.now())
    (folder / "lab.json").write_text(json.dumps({"url": url, "tokens": tokens}))
    rig = Rig(
        storage=storage,
        server=None,
        clock=clock,
        timers=TIMERS,
        connectors=None,
        host=None,
        store=DiskAssetStore(folder / "media"),
        tokens=tokens,
        accounts=accounts,
        rules=None,
        control=httpx.Client(),
    )
    return rig, [rig.plan(KINDS[i % len(KINDS)]) for i in range(posts)]


def _judge(report: Report, rig: Rig, planned: list[Any], ledger: dict[str, Any]) -> None:
    live = Counter(post["text"] for post in ledger["posts"] if not post["deleted"])
    report.calls = len(ledger["calls"])
    report.faulty_calls = sum(1 for call in ledger["calls"] if call["fault"])
    report.posts = len(planned)
    with rig.storage.read() as uow:
        for delivery_id in planned:
            delivery = uow.deliveries.get(delivery_id)
            parts = uow.posts.get(delivery.post_id).shared.parts
            report.parts += len(parts)
            for part in parts:
                report.duplicates += max(0, live[part.text] - 1)
                report.lost += live[part.text] == 0
                if live[part.text] != 1:
                    report.wrong.append(f"{part.text!r} is live {live[part.text]} times; we say {delivery.state.value}")
            report.needs_review += delivery.state is DeliveryState.NEEDS_REVIEW
            report.not_published += delivery.state is not DeliveryState.PUBLISHED
            for entry in uow.deliveries.timeline(delivery_id):
                report.ambiguous += entry.after is DeliveryState.UNCERTAIN
                if entry.before is DeliveryState.UNCERTAIN:
                    report.resent += entry.after is DeliveryState.READY
                    report.found += entry.after in _FOUND


_FOUND = (DeliveryState.PUBLISHED, DeliveryState.LIVE_UNLINKED, DeliveryState.PREPARING)


class _Tokens:
    def __init__(self, tokens: dict[str, str]) -> None:
        self._tokens = tokens

    def token(self, account_id: str) -> str:
        return self._tokens[account_id]


def _addresses(url: str) -> MetaAddresses:
    return MetaAddresses(
        facebook_graph_url=f"{url}/facebook",
        instagram_graph_url=f"{url}/instagram",
        threads_graph_url=f"{url}/threads",
    )


def main() -> int:
    """Run as a worker (``--work``) or as the lab; exit code 1 when anything was doubled or lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--posts", type=int, default=600)
    parser.add_argument("--republish", choices=("reject", "idempotent", "duplicate"), default="duplicate")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments.work)
        return 0
    with tempfile.TemporaryDirectory() as folder, ram_folder(Path(folder)) as place:
        report = run(arguments.kills, arguments.posts, arguments.republish, arguments.seed, place)
    print(report)
    print(*report.wrong, sep="\n")
    return 1 if report.duplicates or report.lost or report.not_published else 0


if __name__ == "__main__":
    sys.exit(main())
