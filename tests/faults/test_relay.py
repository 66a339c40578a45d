"""Publishing through a relay of one's own: a real S3 server, the real engine, the sandbox fetching from it for real."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.domain.deliveries import Delivery, DeliveryId, DeliveryState
from desktop.domain.networks import Network
from desktop.files.object_store import Bucket, StoreTimeouts
from desktop.files.relay_view import FetcherView
from desktop.kit.clock import ManualClock, SystemClock
from desktop.kit.ids import new_id
from desktop.services.changes import ChangeFeed
from desktop.services.hosting.hosted_objects import LIFE
from desktop.services.hosting.relay_settings import RelaySettings
from desktop.services.hosting.relays import Relay, RelayCredentials
from desktop.services.hosting.service import HostingService
from desktop.storage.database import open_storage
from tests.support.publishing_rig import START, Kind, Rig, publishing_rig
from tests.support.relays import KEY, KEY_ID, FaultyFront, keys_in, make_bucket, s3_server
from tests.support.sandbox import jpeg
from tests.support.secret_stores import MemorySecretStore

IMAGE = Kind(Network.INSTAGRAM, "image", (1,))
KINDS = (IMAGE, Kind(Network.INSTAGRAM, "carousel", (3,)), Kind(Network.THREADS, "chain", (1, 0, 1)))
ROOT = Path(__file__).resolve().parents[2]


def patient(relay: Relay, credentials: RelayCredentials) -> Bucket:
    return Bucket(relay, credentials, StoreTimeouts(timedelta(seconds=5), timedelta(seconds=20), 0))


def hasty(relay: Relay, credentials: RelayCredentials) -> Bucket:
    return Bucket(relay, credentials, StoreTimeouts(timedelta(seconds=5), timedelta(seconds=0.3), 0))


@dataclass
class Relayed:
    """A rig whose media goes over the relay."""

    rig: Rig
    front: FaultyFront
    settings: RelaySettings
    keys: Callable[[], list[str]]

    def host(self, *, is_hasty: bool = False) -> HostingService:
        rig = self.rig
        view = FetcherView(SystemClock(), timedelta(seconds=0.3 if is_hasty else 20))
        opener = hasty if is_hasty else patient
        return HostingService(rig.storage, self.settings, opener, view, rig.store.path, rig.clock, lambda: True)

    def plan(self, kind: Kind, *, is_hasty: bool = False) -> tuple[DeliveryId, HostingService]:
        """Plan a post; its engine will host media on the relay."""
        delivery_id = self.rig.plan(kind)
        hosting = self.host(is_hasty=is_hasty)
        self.rig.host = hosting
        return delivery_id, hosting

    def step(self, delivery_id: DeliveryId) -> Delivery:
        """Let a publisher do what it can now."""
        engine, lease = self.rig.process()
        engine.run(delivery_id, lease)
        return self.rig.get(delivery_id)

    def rows(self) -> int:
        with self.rig.storage.read() as uow:
            return len(uow.hosted.list())


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server() as url:
        yield url


@pytest.fixture
def bucket(server: str) -> str:
    name = f"media-{new_id()[-12:]}"
    make_bucket(server, name)
    return name


@pytest.fixture
def relayed(server: str, bucket: str, tmp_path: Path) -> Iterator[Relayed]:
    front = FaultyFront(server)
    try:
        with publishing_rig(tmp_path) as rig:
            settings = RelaySettings(rig.storage, MemorySecretStore(), ChangeFeed())
            settings.choose(f"s3://{bucket}/p?endpoint={front.url}", KEY_ID, KEY)
            yield Relayed(rig, front, settings, lambda: keys_in(server, bucket))
    finally:
        front.close()


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_media_goes_over_the_relay_and_is_gone_afterwards(relayed: Relayed, kind: Kind) -> None:
    delivery_id, hosting = relayed.plan(kind)
    delivery = relayed.rig.drive(delivery_id)
    assert delivery.state is DeliveryState.PUBLISHED
    assert [len(live) for live in relayed.rig.published(delivery_id)] == [1] * len(kind.parts)
    # the sandbox has the very bytes, and has them from the relay: each was fetched by it and by the look from outside
    live = [post for posts in relayed.rig.published(delivery_id) for post in posts]
    assert delivery.payload is not None
    sent = [media.sha256 for part in delivery.payload.parts for media in part.media]
    assert [sha256 for post in live for sha256 in post["media_hashes"]] == sent
    put = [path for method, path in relayed.front.seen if method == "PUT"]
    assert len(put) == len(set(sent))
    assert sum(relayed.front.seen.count(("GET", path)) for path in put) == 2 * len(sent)
    assert len(relayed.keys()) == relayed.rows() == len(put)
    report = hosting.sweep()
    assert (report.deleted, report.left) == (len(put), ())
    assert relayed.keys() == []
    assert relayed.rows() == 0


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("down", "relay_unreachable"),
        ("stall", "relay_slow"),
        ("html", "relay_wrong_type"),
        ("redirect", "relay_redirects"),
        ("denied", "relay_access_denied"),
        ("private", "relay_not_public"),
        ("expires", "relay_address_expired"),
        ("robots", "relay_robots_forbid"),
    ],
)
def test_trouble_with_the_relay_is_named_and_the_post_waits_for_it(relayed: Relayed, fault: str, code: str) -> None:
    delivery_id, hosting = relayed.plan(IMAGE, is_hasty=fault == "stall")
    relayed.front.faults = {fault}
    relayed.front.clock = ManualClock(SystemClock().now() + 2 * LIFE)  # signed addresses have ended
    delivery = relayed.step(delivery_id)
    assert delivery.state is DeliveryState.RETRY_WAIT
    assert delivery.last_failure is not None
    assert delivery.last_failure.code == code
    assert "X-Amz" not in delivery.last_failure.message
    assert KEY not in delivery.last_failure.message
    assert delivery.tries == 0
    relayed.front.faults = set()
    relayed.front.go_on.set()
    relayed.rig.host = relayed.host()
    assert relayed.rig.drive(delivery_id).state is DeliveryState.PUBLISHED
    assert [len(live) for live in relayed.rig.published(delivery_id)] == [1]
    assert hosting.sweep().left == ()
    assert relayed.keys() == []


def test_deleting_that_fails_holds_nothing_up_and_is_made_up_for(relayed: Relayed) -> None:
    delivery_id, hosting = relayed.plan(IMAGE)
    relayed.front.faults = {"no_delete"}
    assert relayed.rig.drive(delivery_id).state is DeliveryState.PUBLISHED
    report = hosting.sweep()
    assert [error.code for _, error in report.left] == ["relay_access_denied"]
    assert len(relayed.keys()) == relayed.rows() == 1
    relayed.front.faults = set()
    assert hosting.sweep().deleted == 1
    assert relayed.keys() == []


KILLED_PROGRAM = """
import sys
from pathlib import Path
from datetime import timedelta
from desktop.domain.deliveries import DeliveryId, PayloadMedia
from desktop.domain.media import AssetId, MediaKind
from desktop.files.object_store import Bucket
from desktop.kit.clock import ManualClock
from desktop.kit.ids import new_id
from desktop.services.changes import ChangeFeed
from desktop.services.hosting.relay_settings import RelaySettings
from desktop.services.hosting.service import HostingService
from desktop.storage.database import open_storage
from tests.support.publishing_rig import START
from tests.support.secret_stores import MemorySecretStore

folder, url, key_id, key, where = Path(sys.argv[1]), *sys.argv[2:]

class Stop:
    def __init__(self, bucket):
        self.bucket = bucket
    def put(self, *given):
        if where == "before":
            self.wait()
        return self.bucket.put(*given)
    def address(self, *given):
        return self.bucket.address(*given)
    def look(self, *given, **more):
        self.wait()
    def wait(self):
        print("now", flush=True)
        sys.stdin.read()

storage = open_storage(folder / "tidings.db", backups=folder / "backups")
settings = RelaySettings(storage, MemorySecretStore(), ChangeFeed())
settings.choose(url, key_id, key)
media = PayloadMedia(AssetId("a"), MediaKind.IMAGE, "image/jpeg", "ab" * 32, "")
picture, clock = folder / "a.jpg", ManualClock(START)
opener, view = lambda *given: Stop(Bucket(*given)), Stop(None)
HostingService(storage, settings, opener, view, lambda sha256: picture, clock, lambda: True).expose(media)
"""


@pytest.mark.parametrize(("where", "objects"), [("before", 0), ("after", 1)])
def test_what_a_killed_process_put_up_is_taken_down(
    server: str, bucket: str, tmp_path: Path, where: str, objects: int
) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    url = f"s3://{bucket}/p?endpoint={server}"
    command = [sys.executable, "-c", KILLED_PROGRAM, str(tmp_path), url, KEY_ID, KEY, where]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        process.kill()
    assert len(keys_in(server, bucket)) == objects
    storage = open_storage(tmp_path / "tidings.db", backups=tmp_path / "backups")
    try:
        clock = ManualClock(START)
        settings = RelaySettings(storage, MemorySecretStore(), ChangeFeed(), variables=VARIABLES)
        hosting = HostingService(storage, settings, patient, FetcherView(clock), lambda sha256: tmp_path, clock)
        assert hosting.sweep().deleted == 0
        clock.advance(LIFE)
        assert hosting.sweep().deleted == 1
    finally:
        storage.close()
    assert keys_in(server, bucket) == []


VARIABLES = {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": KEY}
