"""What token endpoints answer, in every shape they were seen to use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desktop.connectors.meta.exchangers import with_facts
from desktop.connectors.meta.token_answers import read_facts, read_grant, read_scopes
from desktop.services.accounts.ports import TokenFacts, TokenGrant

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "answer",
    [
        {"data": [{"access_token": "IGx", "user_id": "178", "permissions": "a,b"}]},
        {"access_token": "IGx", "user_id": 178, "permissions": ["a", "b"]},
        {"access_token": "IGx", "user_id": 178, "permissions": "a, b"},
        {"data": {"access_token": "IGx", "user_id": "178", "permissions": "a,b"}},
    ],
)
def test_trap_04_every_shape_of_a_grant(answer: dict[str, Any]) -> None:
    assert read_grant(answer, NOW) == TokenGrant("IGx", NOW, scopes=("a", "b"), user_id="178")


@pytest.mark.parametrize(
    ("expires_in", "life"),
    [
        (5_183_944, timedelta(seconds=5_183_944)),
        ("3600", timedelta(hours=1)),
        (0, None),
        (None, None),
        ("soon", None),
        (True, None),
    ],
)
def test_trap_07_an_end_is_known_or_not(expires_in: object, life: timedelta | None) -> None:
    grant = read_grant({"access_token": "EAAx", "expires_in": expires_in}, NOW)  # type: ignore[dict-item]
    assert grant is not None
    assert grant.expires_at == (None if life is None else NOW + life)


@pytest.mark.parametrize("answer", [{}, {"data": []}, {"data": [5]}, {"access_token": ""}, {"access_token": 7}])
def test_answers_without_a_token(answer: dict[str, Any]) -> None:
    assert read_grant(answer, NOW) is None


def test_grants_hide_their_token() -> None:
    assert "EAAsecret" not in repr(read_grant({"access_token": "EAAsecret"}, NOW))


@pytest.mark.parametrize(
    ("value", "scopes"),
    [("a,b", ("a", "b")), (["a", " b "], ("a", "b")), ("", ()), (None, ()), (5, ()), ([5, "a", ""], ("a",))],
)
def test_scopes(value: Any, scopes: tuple[str, ...]) -> None:
    assert read_scopes(value) == scopes


def facts(**data: Any) -> TokenFacts:
    found = read_facts({"data": {"is_valid": True, **data}})
    assert found is not None
    return found


def test_trap_07_zero_means_never_and_missing_means_unknown() -> None:
    assert (facts(expires_at=0).never_expires, facts(expires_at=0).expires_at) == (True, None)
    assert (facts().never_expires, facts().expires_at) == (False, None)
    assert (facts(expires_at=1_785_000_000).never_expires, facts(expires_at=1_785_000_000).expires_at) == (
        False,
        datetime.fromtimestamp(1_785_000_000, UTC),
    )
    assert facts(expires_at=10**30).expires_at is None


def test_a_dead_token_is_described_too() -> None:
    dead = read_facts({"data": {"is_valid": False, "scopes": [], "error": {"code": 190, "subcode": 463}}})
    assert dead == TokenFacts(False, subcode=463)


@pytest.mark.parametrize("document", [{}, {"data": []}, {"data": {}}, {"data": "x"}])
def test_descriptions_that_say_nothing(document: dict[str, Any]) -> None:
    assert read_facts(document) is None


def test_what_is_described_completes_a_grant() -> None:
    grant = TokenGrant("EAAx", NOW, NOW + timedelta(days=60), scopes=("a",), user_id="1")
    assert with_facts(grant, TokenFacts(True)) == grant
    later = NOW + timedelta(days=90)
    described = with_facts(grant, TokenFacts(True, expires_at=later, scopes=("b",), user_id="2"))
    assert (described.expires_at, described.scopes, described.user_id) == (later, ("b",), "2")
    assert with_facts(grant, TokenFacts(True, never_expires=True)).expires_at is None
