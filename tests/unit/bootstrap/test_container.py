"""The object graph: which networks, which secrets, and hearing of other processes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.bootstrap.container import Container, build_container
from desktop.bootstrap.networks import RelayMissing
from desktop.connectors.meta.addresses import MetaAddresses
from desktop.domain.deliveries import PayloadMedia
from desktop.domain.errors import InsecureAddress
from desktop.domain.media import AssetId, MediaKind
from desktop.host.environment import Environment, SecretStoreKind
from desktop.host.local_sandbox import LocalSandbox
from desktop.host.paths import Profile
from desktop.services.changes import Noun
from desktop.services.settings.preferences import WorkspaceKind

ENCRYPTED = Environment(secret_store=SecretStoreKind.FILE, passphrase="x")
MEDIA = PayloadMedia(AssetId("1"), MediaKind.IMAGE, "image/jpeg", "0" * 64, "")


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    built = build_container(Profile(tmp_path), ENCRYPTED)
    yield built
    built.close()


def test_a_workspace_of_ones_own_talks_to_meta(container: Container) -> None:
    assert container.networks.addresses() == MetaAddresses()
    assert not container.is_sandbox
    with pytest.raises(RelayMissing, match="public address"):
        container.networks.expose(MEDIA)


def test_a_sandbox_workspace_talks_to_its_sandbox(container: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LocalSandbox, "address", lambda self: "http://127.0.0.1:9")
    container.settings.update(workspace_kind=WorkspaceKind.SANDBOX)
    assert container.networks.addresses().threads_graph_url == "http://127.0.0.1:9/threads"
    assert container.networks.addresses().is_loopback
    assert container.is_sandbox
    container.settings.update(workspace_kind=WorkspaceKind.LIVE)
    assert container.networks.addresses() == MetaAddresses()


def test_addresses_of_the_environment_stand_above_both(tmp_path: Path) -> None:
    given = {"threads_graph_url": "https://threads.example/"}
    built = build_container(Profile(tmp_path), Environment(networks=given))
    built.settings.update(workspace_kind=WorkspaceKind.SANDBOX)
    assert built.networks.addresses().threads_graph_url == "https://threads.example"
    assert not built.is_sandbox
    built.close()


def test_an_insecure_address_opens_nothing(tmp_path: Path) -> None:
    with pytest.raises(InsecureAddress):
        build_container(Profile(tmp_path), Environment(networks={"threads_graph_url": "http://threads.example"}))
    # what was opened on the way is closed again
    build_container(Profile(tmp_path), ENCRYPTED).close()


def test_building_starts_nothing(tmp_path: Path) -> None:
    before = threading.active_count()
    built = build_container(Profile(tmp_path), ENCRYPTED)
    assert threading.active_count() == before
    built.close()


def test_what_another_process_writes_is_announced(container: Container, tmp_path: Path) -> None:
    container.start_publishing()
    heard: dict[Noun, threading.Event] = {noun: threading.Event() for noun in Noun}
    container.changes.subscribe(lambda change: heard[change.noun].set())
    other = build_container(Profile(tmp_path), ENCRYPTED)  # a connection of its own, as another process has
    other.drafting.create()
    assert all(event.wait(20) for event in heard.values())
    other.close()
