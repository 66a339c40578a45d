"""Signing in through a broker that keeps the secrets; the sandbox behind it is the real one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from desktop.domain.errors import BrokerFailed, InsecureAddress, InvalidInput, SignInCodeRefused
from desktop.domain.networks import Network
from desktop.services.accounts.callback import read_callback
from desktop.services.accounts.ports import App
from tests.contract.connectors.sign_in_world import SignInWorld
from tests.contract.connectors.world import World
from tests.support.broker import Broker, broker_over


@dataclass
class BrokeredRig:
    """``rig`` is the program, which knows no secret; ``broker`` has its own way to the sandbox."""

    rig: SignInWorld
    broker: Broker


@pytest.fixture
def brokered(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrokeredRig]:
    rig, keeper = SignInWorld(world), SignInWorld(world)

    def nothing(_network: Network) -> App | None:
        return None

    monkeypatch.setattr(rig.apps, "_ready_made", nothing)
    with broker_over(keeper.gateway) as broker:
        rig.apps.keep_broker(broker.url)
        yield BrokeredRig(rig, broker)
    rig.close()
    keeper.close()


@pytest.mark.parametrize("network", Network)
def test_signing_in_without_a_secret_of_ones_own(brokered: BrokeredRig, network: Network) -> None:
    rig = brokered.rig
    signed_in = rig.signed_in(network)
    (account,) = rig.sign_in.connect(signed_in, [signed_in.can_be_chosen[0].remote_id])
    assert account.scopes
    assert account.token_issued_at is not None
    assert [(method, path.rpartition("/")[2]) for method, path, _ in brokered.broker.asked] == [
        ("GET", network.value),
        ("POST", "exchange"),
    ]
    assert rig.doctor.examine(account.id).is_well


def test_a_refresh_goes_through_the_broker_as_well(brokered: BrokeredRig) -> None:
    rig = brokered.rig
    token = rig.signed_in(Network.THREADS).grant.token
    rig.world.control("POST", "clock", {"advance": 40 * 86_400})
    try:
        fresh = rig.gateway.refresh(Network.THREADS, token)
    finally:
        rig.world.control("POST", "clock", {"advance": -40 * 86_400})
    assert fresh.token != token
    assert fresh.expires_at is not None


def test_a_used_code(brokered: BrokeredRig) -> None:
    rig = brokered.rig
    attempt = rig.begin(Network.THREADS)
    address = rig.come_back(attempt)
    rig.sign_in.complete(attempt, address)
    with pytest.raises(SignInCodeRefused) as caught:
        rig.sign_in.complete(attempt, address)
    assert read_callback(address).code not in caught.value.title


@pytest.mark.parametrize(
    "forced",
    [
        (200, b"<html>"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"access_token": 5}'),
        (302, b""),
        (500, b'{"error": "x"}'),
        (502, b'{"error": {"code": "unavailable", "message": "later"}}'),
    ],
)
def test_answers_that_make_no_sense(brokered: BrokeredRig, forced: tuple[int, bytes]) -> None:
    rig = brokered.rig
    attempt = rig.begin(Network.THREADS)
    brokered.broker.forced = forced
    with pytest.raises(BrokerFailed):
        rig.sign_in.complete(attempt, f"?code=abcdefgh&state={attempt.state}")
    with pytest.raises(BrokerFailed):
        rig.begin(Network.THREADS)


def test_a_broker_that_is_gone(brokered: BrokeredRig) -> None:
    brokered.rig.apps.keep_broker("http://127.0.0.1:9")
    with pytest.raises(BrokerFailed):
        brokered.rig.begin(Network.THREADS)


def test_an_answer_that_repeats_the_code_is_cleaned(brokered: BrokeredRig) -> None:
    rig = brokered.rig
    attempt = rig.begin(Network.THREADS)
    brokered.broker.forced = (400, b'{"error": {"code": "code_refused", "message": "abcdefgh is old"}}')
    with pytest.raises(SignInCodeRefused) as caught:
        rig.sign_in.complete(attempt, f"?code=abcdefgh&state={attempt.state}")
    assert "abcdefgh" not in caught.value.title


def test_an_own_app_goes_before_the_broker(brokered: BrokeredRig) -> None:
    rig = brokered.rig
    own = rig.ready_app(Network.THREADS)
    assert own is not None
    rig.apps.keep(Network.THREADS, own)
    assert rig.signed_in(Network.THREADS).candidates
    assert brokered.broker.asked == []


@pytest.mark.parametrize("url", ["http://example.org", "ftp://example.org", "broker", "https://"])
def test_brokers_are_https(brokered: BrokeredRig, url: str) -> None:
    with pytest.raises(InvalidInput):
        brokered.rig.apps.keep_broker(url)
    brokered.rig.secrets.put("app/broker", url)
    with pytest.raises(InsecureAddress):
        brokered.rig.begin(Network.THREADS)


@pytest.mark.parametrize(
    "change", [{"client_id": ""}, {"client_id": "12 3"}, {"secret": "short"}, {"redirect_uri": "http://example.org/"}]
)
def test_apps_that_cannot_be(brokered: BrokeredRig, change: dict[str, str]) -> None:
    good = App("123456", "https://example.org/bounce", "", "0123456789abcdef")
    brokered.rig.apps.keep(Network.THREADS, good)
    with pytest.raises(InvalidInput):
        brokered.rig.apps.keep(Network.THREADS, replace(good, **change))
    assert brokered.rig.apps.own(Network.THREADS) == good
    brokered.rig.apps.forget(Network.THREADS)
    assert brokered.rig.apps.own(Network.THREADS) is None
    assert "0123456789abcdef" not in repr(good)
