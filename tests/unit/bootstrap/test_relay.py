"""Which host media goes to, and the thread that takes it down again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.bootstrap.container import Container, build_container
from desktop.bootstrap.examination import examine
from desktop.bootstrap.relay_sweeper import RelaySweeper
from desktop.domain.deliveries import PayloadMedia
from desktop.domain.errors import InsecureAddress
from desktop.domain.media import AssetId
from desktop.host.environment import Environment, read_environment
from desktop.host.paths import Profile
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.hosting.errors import RelayLocalOnly
from desktop.services.hosting.hosted_objects import SweepReport
from tests.support.relays import KEY, KEY_ID, keys_in, make_bucket, s3_server
from tests.support.sandbox import jpeg
from tests.support.workspaces import environment


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server() as url:
        make_bucket(url, "media")
        yield url


def variables(relay_url: str) -> dict[str, str]:
    return {"TIDINGS_RELAY_URL": relay_url, "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": KEY}


def given(relay_url: str, *, is_sandbox: bool) -> Environment:
    """Return an environment whose networks are on this computer, or the real ones."""
    networks = environment().networks if is_sandbox else {}
    found = read_environment(variables(relay_url))
    return Environment(networks=networks, relay_url=found.relay_url, store_variables=found.store_variables)


def a_picture(container: Container) -> PayloadMedia:
    asset = container.media.add_bytes(jpeg(), "a.jpg")
    return PayloadMedia(AssetId(asset.id), asset.kind, asset.mime_type, asset.sha256, "")


def test_the_environment_names_the_relay_and_hides_its_keys() -> None:
    found = read_environment(variables("s3://media"))
    assert found.relay_url == "s3://media"
    assert KEY not in repr(found)


def test_a_relay_without_tls_opens_nothing(tmp_path: Path) -> None:
    with pytest.raises(InsecureAddress):
        build_container(Profile(tmp_path), given("s3://media?endpoint=http://x.example", is_sandbox=True))
    build_container(Profile(tmp_path), given("s3://media", is_sandbox=True)).close()


def test_an_imitation_here_fetches_from_a_relay_here(tmp_path: Path, server: str) -> None:
    container = build_container(Profile(tmp_path), given(f"s3://media?endpoint={server}", is_sandbox=True))
    try:
        assert container.networks.expose(a_picture(container)).startswith(f"{server}/media/")
        assert container.hosting.withdraw().deleted == 1
    finally:
        container.close()


def test_an_imitation_here_cannot_use_a_relay_on_the_internet(tmp_path: Path) -> None:
    container = build_container(Profile(tmp_path), given("s3://media", is_sandbox=True))
    try:
        assert container.networks.expose(a_picture(container)).startswith("http://127.0.0.1:")
        assert container.hosting.settings.current() is not None
    finally:
        container.close()


def test_the_real_networks_cannot_use_a_relay_here(tmp_path: Path, server: str) -> None:
    container = build_container(Profile(tmp_path), given(f"s3://media?endpoint={server}", is_sandbox=False))
    try:
        with pytest.raises(RelayLocalOnly):
            container.networks.expose(a_picture(container))
    finally:
        container.close()


def test_the_doctor_tries_the_relay_out(tmp_path: Path, server: str) -> None:
    container = build_container(Profile(tmp_path), given(f"s3://media?endpoint={server}", is_sandbox=True))
    try:
        found = {checkup.code: checkup.is_ok for checkup in examine(Profile(tmp_path), lambda: container)}
    finally:
        container.close()
    assert (found["relay_stores"], found["relay_serves"], found["relay_deletes"]) == (True, True, True)
    assert keys_in(server, "media") == []


class Sweeps:
    """Counts sweeps; ``leaves`` makes each report something left."""

    def __init__(self, *, leaves: bool = False) -> None:
        self.count = 0
        self.changed = threading.Condition()
        self.report = SweepReport(left=((None, None),)) if leaves else SweepReport()  # type: ignore[arg-type]

    def sweep(self) -> SweepReport:
        with self.changed:
            self.count += 1
            self.changed.notify_all()
        return self.report

    def wait_for(self, count: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.count >= count, 30)


def test_files_are_swept_at_the_start_after_every_step_and_at_the_end() -> None:
    sweeps, changes = Sweeps(), ChangeFeed()
    sweeper = RelaySweeper(sweeps, changes)  # type: ignore[arg-type]
    sweeper.start()
    sweeps.wait_for(1)
    changes.announce(Noun.DELIVERIES)
    sweeps.wait_for(2)
    before = sweeps.count
    sweeper.stop()
    assert sweeps.count == before + 1


def test_a_broken_relay_is_not_asked_at_every_step() -> None:
    sweeps, changes = Sweeps(leaves=True), ChangeFeed()
    sweeper = RelaySweeper(sweeps, changes)  # type: ignore[arg-type]
    sweeper.start()
    sweeps.wait_for(1)
    for _ in range(20):
        changes.announce(Noun.DELIVERIES)
    sweeper.stop()
    assert sweeps.count == 2


def test_what_was_never_started_ends_without_a_sweep() -> None:
    sweeps = Sweeps()
    RelaySweeper(sweeps, ChangeFeed()).stop()  # type: ignore[arg-type]
    assert sweeps.count == 0
