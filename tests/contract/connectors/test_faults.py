"""What goes wrong at the network, and whether the connector says truthfully what may have happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desktop.domain.errors import Effect, FailureKind, RemoteFailure
from desktop.domain.networks import Network
from desktop.services.publishing.ports import ContainerStatus, RemoteAccount
from tests.contract.connectors.world import World, new_registry, payload, soon

THREADS, INSTAGRAM, FACEBOOK = Network.THREADS, Network.INSTAGRAM, Network.FACEBOOK
TRANSIENT, AMBIGUOUS, RATE = FailureKind.TRANSIENT_RETRY, FailureKind.AMBIGUOUS, FailureKind.RATE_WAIT
UNKNOWN, REFUSED = Effect.UNKNOWN, Effect.REFUSED


def failure(call: Callable[[], object], who: RemoteAccount) -> RemoteFailure:
    with pytest.raises(RemoteFailure) as caught:
        call()
    assert who.token not in repr(vars(caught.value)) + str(caught.value)
    assert caught.value.title.startswith(f"{who.network.label} answered: ")
    return caught.value


def prepared(world: World, network: Network) -> tuple[RemoteAccount, str]:
    who = world.who(network)
    return who, world.prepare(who, payload(network, text="x", media=(world.image(),)))


PUBLISH_FAULTS: list[tuple[dict[str, Any], FailureKind, Effect, int]] = [
    ({"kind": "drop_before"}, AMBIGUOUS, UNKNOWN, 0),
    ({"kind": "drop_after"}, AMBIGUOUS, UNKNOWN, 1),
    ({"kind": "http_5xx_before"}, AMBIGUOUS, UNKNOWN, 0),
    ({"kind": "http_5xx_after"}, AMBIGUOUS, UNKNOWN, 1),
    ({"kind": "html_502"}, AMBIGUOUS, UNKNOWN, 0),
    ({"kind": "html_502", "effect": True}, AMBIGUOUS, UNKNOWN, 1),
    ({"kind": "http_429"}, RATE, UNKNOWN, 0),
    ({"kind": "http_429", "effect": True}, RATE, UNKNOWN, 1),
    ({"kind": "blocked_2207051_live"}, AMBIGUOUS, UNKNOWN, 1),
    ({"kind": "string_code"}, FailureKind.PERMISSION, UNKNOWN, 0),
    ({"kind": "error_in_200", "effect": True}, AMBIGUOUS, UNKNOWN, 1),
    ({"kind": "success_false", "effect": True}, AMBIGUOUS, UNKNOWN, 1),
    ({"kind": "rate_limited", "effect": True}, RATE, UNKNOWN, 1),
    ({"kind": "error", "code": 10, "status": 500, "effect": True}, AMBIGUOUS, UNKNOWN, 1),
    ({"kind": "error", "code": 100, "status": 400, "effect": True}, FailureKind.BAD_INPUT, UNKNOWN, 1),
    ({"kind": "error", "code": 506, "status": 400, "effect": True}, FailureKind.DUPLICATE, UNKNOWN, 1),
    ({"kind": "token_expired"}, FailureKind.REAUTH, REFUSED, 0),
    ({"kind": "quota_exceeded"}, FailureKind.QUOTA_WAIT, REFUSED, 0),
    ({"kind": "error", "code": 10, "status": 403}, FailureKind.PERMISSION, REFUSED, 0),
]


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize(("rule", "kind", "effect", "live"), PUBLISH_FAULTS, ids=lambda value: str(value)[:60])
def test_publish_faults(
    world: World, network: Network, rule: dict[str, Any], kind: FailureKind, effect: Effect, live: int
) -> None:
    """REFUSED never goes with a live post; one call is made; the container tells the truth afterwards."""
    who, container = prepared(world, network)
    world.fault(endpoint="publish", **rule)
    found = failure(lambda: world.connector(network).publish(who, container, deadline=soon()), who)
    assert (found.kind, found.effect) == (kind, effect)
    assert len(world.posts(who)) == live
    assert len(world.calls("publish")) == 1
    reading = world.connector(network).read_container(who, container)
    assert reading.status is (ContainerStatus.PUBLISHED if live else ContainerStatus.FINISHED)
    if network is FACEBOOK and live:
        assert reading.media_id == world.posts(who)[0]["id"]
    assert [media.id for media in world.recent(who)] == [post["id"] for post in world.posts(who)]


@pytest.mark.parametrize("network", Network)
def test_an_answer_that_takes_too_long_may_be_live(world: World, network: Network) -> None:
    who, container = prepared(world, network)
    world.fault("slow", "publish", delay_after=1.0)
    impatient = new_registry(world.url, timedelta(milliseconds=300))
    found = failure(lambda: impatient.connector(network).publish(who, container, deadline=soon()), who)
    impatient.close()
    assert (found.kind, found.effect, found.http_status) == (AMBIGUOUS, UNKNOWN, None)
    assert len(world.posts(who)) == 1


def test_an_unreachable_network_was_sent_nothing(world: World) -> None:
    who = world.who(THREADS)
    nowhere = new_registry("http://127.0.0.1:1")
    found = failure(lambda: nowhere.connector(THREADS).publish(who, "1", deadline=soon()), who)
    nowhere.close()
    assert (found.kind, found.effect) == (TRANSIENT, Effect.NOT_SENT)


@pytest.mark.parametrize("network", [THREADS, INSTAGRAM])
def test_publishing_too_early_is_a_refusal(world: World, network: Network) -> None:
    world.fault("stuck_in_progress", "create", for_seconds=60)
    who, container = prepared(world, network)
    connector = world.connector(network)
    assert connector.read_container(who, container).status is ContainerStatus.IN_PROGRESS
    found = failure(lambda: connector.publish(who, container, deadline=soon()), who)
    assert (found.kind, found.effect, world.posts(who)) == (FailureKind.NOT_READY, REFUSED, [])
    world.control("POST", "clock", {"advance": 61})
    connector.publish(who, container, deadline=soon())
    assert len(world.posts(who)) == 1


def test_a_container_that_threads_finds_again(world: World) -> None:
    who, container = prepared(world, THREADS)
    world.fault("not_found_4279009", "publish", heal_after=1, times=1)
    publish = world.connector(THREADS).publish
    found = failure(lambda: publish(who, container, deadline=soon()), who)
    assert (found.kind, found.effect, found.subcode) == (FailureKind.NOT_READY, REFUSED, 4279009)
    publish(who, container, deadline=soon())
    assert len(world.posts(who)) == 1


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize(("behaviour", "live"), [("reject", 1), ("idempotent", 1), ("duplicate", 2)])
def test_publishing_twice(world: World, network: Network, behaviour: str, live: int) -> None:
    """The connector takes part in no guess: a second refusal proves nothing, a second success is told as it is."""
    who, container = prepared(world, network)
    world.control("POST", "config", {"republish": behaviour})
    publish = world.connector(network).publish
    first = publish(who, container, deadline=soon())
    if behaviour == "reject":
        assert failure(lambda: publish(who, container, deadline=soon()), who).effect is UNKNOWN
    else:
        second = publish(who, container, deadline=soon())
        assert (second == first) is (behaviour == "idempotent" or network is FACEBOOK)
    assert len(world.posts(who)) == live


@pytest.mark.parametrize("network", [THREADS, INSTAGRAM])
def test_a_container_that_expired(world: World, network: Network) -> None:
    who, container = prepared(world, network)
    world.control("POST", "clock", {"advance": 86_401})
    assert world.connector(network).read_container(who, container).status is ContainerStatus.EXPIRED


@pytest.mark.parametrize(
    ("network", "words", "kind"),
    [
        (THREADS, "INVALID_DURATION", FailureKind.BAD_INPUT),
        (THREADS, "INVALID_ASPEC_RATIO", FailureKind.BAD_INPUT),
        (THREADS, "FAILED_DOWNLOADING_VIDEO", FailureKind.RECREATE_CONTAINER),
        (THREADS, "FAILED_PROCESSING_VIDEO", FailureKind.RECREATE_CONTAINER),
        (THREADS, "UNKNOWN", FailureKind.RECREATE_CONTAINER),
        (INSTAGRAM, "2207026", FailureKind.BAD_INPUT),
        (INSTAGRAM, "2207076", FailureKind.RECREATE_CONTAINER),
        (INSTAGRAM, "2207001", FailureKind.RECREATE_CONTAINER),
        (INSTAGRAM, "2207050", FailureKind.ACCOUNT_ACTION),
        (INSTAGRAM, "nothing known", FailureKind.RECREATE_CONTAINER),
    ],
)
def test_a_container_in_error_tells_why(world: World, network: Network, words: str, kind: FailureKind) -> None:
    world.fault("container_error", "create", message=words)
    who, container = prepared(world, network)
    reading = world.connector(network).read_container(who, container)
    assert (reading.status, reading.failure) == (ContainerStatus.ERROR, kind)
    assert words in reading.detail


CREATE_FAULTS: list[tuple[dict[str, Any], FailureKind]] = [
    ({"kind": "drop_before"}, TRANSIENT),
    ({"kind": "drop_after"}, TRANSIENT),
    ({"kind": "html_502"}, TRANSIENT),
    ({"kind": "http_429"}, RATE),
    ({"kind": "error_in_200"}, TRANSIENT),
    ({"kind": "success_false"}, TRANSIENT),
    ({"kind": "string_code"}, FailureKind.PERMISSION),
    ({"kind": "token_expired", "subcode": 460}, FailureKind.REAUTH),
    ({"kind": "media_unreachable"}, FailureKind.RECREATE_CONTAINER),
    ({"kind": "error", "code": 100, "status": 400}, FailureKind.BAD_INPUT),
]


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize(("rule", "kind"), CREATE_FAULTS, ids=lambda value: str(value)[:60])
def test_create_faults(world: World, network: Network, rule: dict[str, Any], kind: FailureKind) -> None:
    world.fault(endpoint="create", **rule)
    who = world.who(network)
    assert failure(lambda: world.prepare(who, payload(network, text="x", media=(world.image(),))), who).kind is kind
    assert world.posts(who) == []


def test_a_picture_that_is_gone(world: World) -> None:
    """On a Page there is nothing to fetch: it gets the bytes."""
    expected = {
        THREADS: (FailureKind.RECREATE_CONTAINER, 2207052),
        INSTAGRAM: (FailureKind.RECREATE_CONTAINER, 2207052),
    }
    for network, (kind, subcode) in expected.items():
        who, image = world.who(network), world.image()
        world.files.files.pop(str(image.asset_id))
        found = failure(lambda w=who, i=image: world.prepare(w, payload(w.network, media=(i,))), who)  # type: ignore[misc]
        assert (found.kind, found.subcode) == (kind, subcode)


def test_text_that_is_too_long_names_the_field(world: World) -> None:
    who = world.who(THREADS)
    found = failure(lambda: world.prepare(who, payload(THREADS, text="x" * 501)), who)
    assert (found.kind, found.effect, found.field) == (FailureKind.BAD_INPUT, REFUSED, "text")


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ({"kind": "drop_before"}, TRANSIENT),
        ({"kind": "html_502"}, TRANSIENT),
        ({"kind": "error_in_200"}, TRANSIENT),
        ({"kind": "success_false"}, TRANSIENT),
        ({"kind": "read_100_33"}, TRANSIENT),
        ({"kind": "rate_limited"}, RATE),
        ({"kind": "token_expired"}, FailureKind.REAUTH),
    ],
    ids=lambda value: str(value)[:60],
)
def test_read_faults(world: World, network: Network, rule: dict[str, Any], kind: FailureKind) -> None:
    who, container = prepared(world, network)
    connector = world.connector(network)
    media_id = connector.publish(who, container, deadline=soon())
    now = datetime.now(UTC)
    reads: list[tuple[str, Callable[[], object]]] = [
        ("status", lambda: connector.read_container(who, container)),
        ("permalink", lambda: connector.read_permalink(who, media_id)),
        ("list", lambda: connector.list_recent(who, now - timedelta(minutes=1), now)),
    ]
    for endpoint, read in reads:
        world.fault(endpoint=endpoint, **rule)
        assert failure(read, who).kind is kind


@pytest.mark.parametrize("network", Network)
def test_a_limit_tells_when_it_ends(world: World, network: Network) -> None:
    who = world.who(network)
    world.fault("rate_limited", "create", regain_minutes=7)
    found = failure(lambda: world.prepare(who, payload(network, text="x", media=(world.image(),))), who)
    assert found.retry_after is not None
    assert timedelta(minutes=6) < found.retry_after <= timedelta(minutes=7)
    assert any(reading.percent >= 100 for reading in world.registry.usage())


@pytest.mark.parametrize("network", Network)
def test_checking_a_token(world: World, network: Network) -> None:
    who = world.who(network)
    world.connector(network).check_token(who)
    world.control("POST", "tokens/revoke", {"token": who.token, "subcode": 460})
    found = failure(lambda: world.connector(network).check_token(who), who)
    assert (found.kind, found.remote_code, found.subcode) == (FailureKind.REAUTH, "190", 460)
    world.control("POST", "tokens/restore", {"token": who.token})
    world.connector(network).check_token(who)


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize(("purpose", "kind"), [("expired", FailureKind.REAUTH), ("no_publish", FailureKind.PERMISSION)])
def test_publishing_with_a_token_that_may_not(world: World, network: Network, purpose: str, kind: FailureKind) -> None:
    who, container = prepared(world, network)
    powerless = world.who(network, purpose)
    found = failure(lambda: world.connector(network).publish(powerless, container, deadline=soon()), powerless)
    assert (found.kind, found.effect) == (kind, REFUSED)
    assert world.posts(who) == []
