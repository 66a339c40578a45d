from __future__ import annotations

import pytest

from desktop.domain.errors import InsecureAddress, InvalidInput
from desktop.services.hosting.relays import (
    STORE_VARIABLES,
    Relay,
    RelayCredentials,
    StoreKind,
    given_credentials,
    read_relay,
)


@pytest.mark.parametrize(
    ("text", "relay"),
    [
        ("s3://media", Relay(StoreKind.S3, "media")),
        (
            "s3://media/a/b/?region=auto&endpoint=https://x.example/",
            Relay(StoreKind.S3, "media", "a/b", endpoint="https://x.example", region="auto"),
        ),
        (
            "s3://media?style=virtual&public=https://cdn.example/p",
            Relay(StoreKind.S3, "media", style="virtual", public="https://cdn.example/p"),
        ),
        ("az://box/p?account=acct", Relay(StoreKind.AZURE, "box", "p", account="acct")),
        (" gs://media/p ", Relay(StoreKind.GOOGLE, "media", "p")),
        ("s3://media?endpoint=http://127.0.0.1:9000", Relay(StoreKind.S3, "media", endpoint="http://127.0.0.1:9000")),
    ],
)
def test_an_address_is_read_and_spelt_in_one_way(text: str, relay: Relay) -> None:
    assert read_relay(text) == relay
    assert read_relay(str(relay)) == relay


@pytest.mark.parametrize(
    "text",
    [
        "",
        "media",
        "https://bucket.example",
        "ftp://media",
        "s3://",
        "s3://UPPER",
        "s3://id:key@media",
        "s3://media/ä",
        "s3://media/../other",
        "s3://media/a//b",
        "s3://media#x",
        "s3://media?secret=1",
        "s3://media?region=a&region=b",
        "s3://media?region=a%20b",
        "s3://media?style=odd",
        "s3://media?endpoint=x.example",
        "s3://media?endpoint=https://id:key@x.example",
        "s3://media?endpoint=https://x.example:port",
        "s3://media?public=https://x.example/%3Fa=1?b=2",
        "s3://media?public=https://ä.example",
        "s3://media?account=acct",
        "az://box",
        "gs://media?region=a",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="relay"):
        read_relay(text)


@pytest.mark.parametrize("option", ["endpoint", "public"])
@pytest.mark.parametrize("host", ["x.example", "10.0.0.1", "localhost.example"])
def test_plain_http_stays_on_this_computer(option: str, host: str) -> None:
    with pytest.raises(InsecureAddress):
        read_relay(f"s3://media?{option}=http://{host}")
    assert read_relay(f"s3://media?{option}=http://localhost:9000").is_local


@pytest.mark.parametrize(
    ("text", "is_local"),
    [
        ("s3://media", False),
        ("s3://media?endpoint=https://x.example", False),
        ("s3://media?endpoint=https://192.168.1.4", True),
        ("s3://media?endpoint=https://192.168.1.4&public=https://cdn.example", False),
        ("s3://media?public=https://[::1]", True),
    ],
)
def test_what_means_nothing_on_the_internet_is_known(text: str, is_local: bool) -> None:
    assert read_relay(text).is_local is is_local


def test_public_addresses_name_the_object_below_the_prefix() -> None:
    relay = read_relay("s3://media/p?public=https://cdn.example/p/")
    assert relay.public_address("-a_b.jpg") == "https://cdn.example/p/-a_b.jpg"


def test_keys_of_the_environment_belong_to_their_kind_of_store() -> None:
    variables = {name: name.lower() for name in STORE_VARIABLES}
    assert given_credentials(StoreKind.S3, variables) == RelayCredentials(
        "aws_access_key_id", "aws_secret_access_key", "aws_session_token"
    )
    assert given_credentials(StoreKind.AZURE, variables) == RelayCredentials(
        "azure_storage_account_name", "azure_storage_account_key"
    )
    assert given_credentials(StoreKind.GOOGLE, variables) == RelayCredentials("", "google_service_account_key")
    assert given_credentials(StoreKind.S3, {"AWS_SECRET_ACCESS_KEY": "x"}) is None
    assert given_credentials(StoreKind.GOOGLE, {}) is None


def test_a_key_never_shows() -> None:
    assert "hush" not in repr(RelayCredentials("id", "hush", "hush"))
