"""Connecting by token, against the sandbox's ready-made people, profiles and Pages."""

from __future__ import annotations

import pytest

from desktop.domain.accounts import LoginKind
from desktop.domain.errors import FailureKind, InvalidInput, RemoteFailure
from desktop.domain.networks import Network
from tests.contract.connectors.world import LOGINS, World, payload

THREADS, INSTAGRAM, FACEBOOK = Network.THREADS, Network.INSTAGRAM, Network.FACEBOOK


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("given", ["nothing", "its own id"])
def test_a_ready_token(world: World, network: Network, given: str) -> None:
    known = world.account(network)
    found = world.registry.identify(network, f" {known['token']}\n", known["id"] if given == "its own id" else None)
    assert (found.network, found.login, found.remote_id) == (network, LOGINS[network], known["id"])
    assert (found.display_name, found.page_token, found.token_expires_at) == (known["name"], None, None)
    if network is not FACEBOOK:
        assert found.username == known["username"]


@pytest.mark.parametrize("network", Network)
def test_a_token_of_another_account_than_the_chosen_one(world: World, network: Network) -> None:
    first, second = (world.account(network, index=i) for i in range(2))
    with pytest.raises(InvalidInput) as caught:
        world.registry.identify(network, first["token"], second["id"])
    assert first["token"] not in caught.value.title


@pytest.mark.parametrize("network", Network)
def test_tokens_that_do_not_work(world: World, network: Network) -> None:
    foreign = world.account(THREADS if network is not THREADS else INSTAGRAM)["token"]
    expired = world.account(network, "expired")["token"]
    for token in ("nonsense", foreign, expired):
        with pytest.raises(RemoteFailure) as caught:
            world.registry.identify(network, token, None)
        assert caught.value.kind is FailureKind.REAUTH
        assert token not in caught.value.title


def test_a_token_that_lost_its_page(world: World) -> None:
    token = world.account(FACEBOOK, "role_lost")["token"]
    with pytest.raises(RemoteFailure) as caught:
        world.registry.identify(FACEBOOK, token, None)
    assert (caught.value.kind, caught.value.subcode) == (FailureKind.REAUTH, 492)


def test_a_personal_instagram_account(world: World) -> None:
    personal = world.account(INSTAGRAM, "personal")
    with pytest.raises(InvalidInput) as caught:
        world.registry.identify(INSTAGRAM, personal["token"], None)
    assert personal["name"] in caught.value.title
    assert "personal" in caught.value.title


@pytest.mark.parametrize("network", [THREADS, INSTAGRAM])
def test_a_token_that_may_read_and_not_publish(world: World, network: Network) -> None:
    """The quota is readable only with the right to publish, which is how the right is proven."""
    with pytest.raises(RemoteFailure) as caught:
        world.registry.identify(network, world.account(network, "no_publish")["token"], None)
    assert caught.value.kind is FailureKind.PERMISSION


def test_a_person_with_several_pages_has_to_choose(world: World) -> None:
    person = world.account(FACEBOOK, "login")
    pages = [world.account(FACEBOOK, index=i) for i in range(2)]
    with pytest.raises(InvalidInput) as caught:
        world.registry.identify(FACEBOOK, person["token"], None)
    for page in pages:
        assert page["name"] in caught.value.title
        assert page["id"] in caught.value.title
        assert page["token"] not in caught.value.title


def test_a_person_who_chose_gets_the_page_token(world: World) -> None:
    person = world.account(FACEBOOK, "login")
    page = world.account(FACEBOOK, index=1)
    found = world.registry.identify(FACEBOOK, person["token"], page["id"])
    assert (found.remote_id, found.display_name, found.login) == (page["id"], page["name"], LoginKind.FACEBOOK_PAGE)
    assert found.page_token == page["token"]
    assert page["token"] not in repr(found)


def test_a_page_the_person_does_not_manage(world: World) -> None:
    with pytest.raises(InvalidInput) as caught:
        world.registry.identify(FACEBOOK, world.account(FACEBOOK, "login")["token"], "12345")
    assert "12345" in caught.value.title


def test_a_person_who_unticked_the_permission_to_post(world: World) -> None:
    person = world.account(FACEBOOK, "login")
    token = world.server.box.world.tokens[person["token"]]
    token.scopes.remove("pages_manage_posts")
    try:
        with pytest.raises(RemoteFailure) as caught:
            world.registry.identify(FACEBOOK, person["token"], None)
    finally:
        token.scopes.append("pages_manage_posts")
    assert caught.value.kind is FailureKind.PERMISSION
    assert "pages_manage_posts" in caught.value.title


def test_an_identified_account_can_publish(world: World) -> None:
    person = world.account(FACEBOOK, "login")
    page = world.account(FACEBOOK)
    found = world.registry.identify(FACEBOOK, person["token"], page["id"])
    who = world.who(FACEBOOK)
    assert (found.remote_id, found.page_token) == (who.remote_id, who.token)
    world.publish(who, payload(FACEBOOK, text="hello"))
    assert [post["text"] for post in world.posts(who)] == ["hello"]
