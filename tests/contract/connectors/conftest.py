from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.connectors.world import World, media_files, new_registry
from tests.support.sandbox import SandboxConfig, SandboxServer


@pytest.fixture(scope="module")
def shared_world() -> Iterator[World]:
    config = SandboxConfig(processing_factor=0)
    with SandboxServer(config=config) as server, media_files() as files:
        registry = new_registry(server.url)
        made = World(server, files, registry)
        yield made
        made.client.close()
        registry.close()


@pytest.fixture
def world(shared_world: World) -> World:
    """A sandbox without posts, faults and revoked tokens."""
    shared_world.control("POST", "reset", {})
    shared_world.control("DELETE", "faults")
    shared_world.control("POST", "config", {"republish": "reject"})
    return shared_world
