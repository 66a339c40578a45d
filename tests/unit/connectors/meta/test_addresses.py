from __future__ import annotations

from dataclasses import fields

import pytest

from desktop.connectors.meta.addresses import HostFamily, MetaAddresses
from desktop.domain.accounts import LoginKind
from desktop.domain.errors import InsecureAddress


def test_the_real_addresses_are_the_defaults() -> None:
    real = MetaAddresses()
    assert not real.is_loopback
    assert {family: real.graph_root(family) for family in HostFamily} == {
        HostFamily.THREADS: "https://graph.threads.net/v1.0",
        HostFamily.INSTAGRAM: "https://graph.instagram.com/v25.0",
        HostFamily.FACEBOOK: "https://graph.facebook.com/v25.0",
    }


def test_an_imitation_on_this_computer() -> None:
    root = "http://127.0.0.1:8000"
    addresses = MetaAddresses(
        facebook_graph_url=f"{root}/facebook/",
        instagram_graph_url=f"{root}/instagram",
        threads_graph_url=f"{root}/threads",
    )
    assert addresses.is_loopback
    assert addresses.graph_root(HostFamily.FACEBOOK) == f"{root}/facebook/v25.0"


@pytest.mark.parametrize("name", [field.name for field in fields(MetaAddresses)])
def test_plain_http_elsewhere_is_refused_by_the_name_of_its_variable(name: str) -> None:
    with pytest.raises(InsecureAddress) as caught:
        MetaAddresses(**{name: "http://graph.example.com"})
    assert f"TIDINGS_{name.upper()}" in caught.value.title


def test_each_login_has_its_hosts() -> None:
    assert {HostFamily.of_login(login) for login in LoginKind} == set(HostFamily)
    assert HostFamily.of_login(LoginKind.FACEBOOK_PAGE) is HostFamily.FACEBOOK
