"""Limits against the sandbox: quotas read live, and usage heard of on every answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from desktop.connectors.meta.addresses import MetaAddresses
from desktop.connectors.registry import MetaRegistry
from desktop.domain.errors import FailureKind, RemoteFailure
from desktop.domain.networks import Network
from desktop.kit.clock import SystemClock
from desktop.services.limits.ports import QuotaKind, UsageReading
from desktop.services.limits.quotas import DAY
from tests.contract.connectors.world import World, payload


@pytest.fixture
def heard(world: World) -> list[UsageReading]:
    return []


@pytest.fixture
def registry(world: World, heard: list[UsageReading]) -> Iterator[MetaRegistry]:
    addresses = MetaAddresses(
        threads_graph_url=f"{world.url}/threads",
        instagram_graph_url=f"{world.url}/instagram",
        facebook_graph_url=f"{world.url}/facebook",
    )
    made = MetaRegistry(addresses, SystemClock(), timedelta(seconds=20), heard.extend)
    yield made
    made.close()


def test_trap_15_instagram_tells_its_own_total_and_a_carousel_counts_once(world: World, registry: MetaRegistry) -> None:
    who = world.who(Network.INSTAGRAM)
    world.control("POST", "config", {"instagram_quota_total": 73})
    [before] = registry.read_quotas(who)
    assert (before.kind, before.used, before.total, before.window) == (QuotaKind.POSTS, 0, 73, DAY)
    pictures = tuple(world.image(colour=(number, 2, 3)) for number in range(3))
    world.publish(who, payload(Network.INSTAGRAM, text="three", media=pictures))
    [after] = registry.read_quotas(who)
    assert after.used == 1
    world.control("POST", "config", {"instagram_quota_total": 50})


def test_threads_tells_posts_and_replies(world: World, registry: MetaRegistry) -> None:
    who = world.who(Network.THREADS)
    world.publish(who, payload(Network.THREADS, text="one"))
    quotas = {quota.kind: quota for quota in registry.read_quotas(who)}
    assert (quotas[QuotaKind.POSTS].used, quotas[QuotaKind.POSTS].total) == (1, 250)
    assert (quotas[QuotaKind.REPLIES].used, quotas[QuotaKind.REPLIES].total) == (0, 1000)
    assert all(quota.window == timedelta(days=1) for quota in quotas.values())


def test_facebook_is_not_asked(world: World, registry: MetaRegistry, heard: list[UsageReading]) -> None:
    assert registry.read_quotas(world.who(Network.FACEBOOK)) == ()
    assert heard == []


@pytest.mark.parametrize("network", [Network.THREADS, Network.INSTAGRAM])
def test_a_refusal_is_told(world: World, registry: MetaRegistry, network: Network) -> None:
    with pytest.raises(RemoteFailure) as caught:
        registry.read_quotas(world.who(network, "expired"))
    assert caught.value.kind is FailureKind.REAUTH


@pytest.mark.parametrize("network", list(Network))
def test_trap_24_every_answer_is_heard_the_good_ones_too(
    world: World, registry: MetaRegistry, heard: list[UsageReading], network: Network
) -> None:
    who = world.who(network)
    registry.connector(network).check_token(who)
    buckets = {reading.bucket.split("/")[1] for reading in heard}
    assert "app" in buckets
    assert {reading.owner for reading in heard} == {"", who.remote_id}
    assert registry.usage() == tuple({reading.bucket: reading for reading in heard}.values())
