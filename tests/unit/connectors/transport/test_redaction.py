from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.connectors.transport.redaction import redact

LONG = "EAAGm0PX4ZCpsBAKZCxyz123456789abcdefgh"
LEAKS = [
    f"https://graph.threads.net/v1.0/me/threads?fields=id&access_token={LONG}&after=QVFI",
    f"GET /me?access_token={LONG}",
    f'{{"access_token":"{LONG}"}}',
    f"{{'access_token': '{LONG}'}}",
    f"Authorization: Bearer {LONG}",
    f"Authorization: OAuth {LONG}",
    f"Malformed access token {LONG}",
    f"input_token={LONG}",
    f"client_secret={LONG}",
    f"https://localhost/?code={LONG}#_",
    f"appsecret_proof={LONG}",
]


@pytest.mark.parametrize("text", LEAKS)
def test_no_token_survives(text: str) -> None:
    assert LONG not in redact(text)
    assert "[hidden]" in redact(text)


@pytest.mark.parametrize("short", ["abc", "tok1"])
def test_named_and_bearer_tokens_go_however_short(short: str) -> None:
    assert short not in redact(f"x access_token={short}&y=1")
    assert short not in redact(f"bearer {short}, again")


def test_a_known_secret_goes_wherever_it_stands() -> None:
    assert redact("no such user: pass-word", ["pass-word"]) == "no such user: [hidden]"


@pytest.mark.parametrize("prefix", ["EAA", "IG", "TH"])
def test_bare_tokens_go_by_their_look(prefix: str) -> None:
    token = f"{prefix}0a1b2c3d4e5f6g7h8"
    assert token not in redact(f"cannot parse {token}")


@pytest.mark.parametrize(
    "text",
    [
        "(#100) Param text must be at most 500 characters long.",
        "Invalid OAuth access token - Cannot parse access token",
        "The media with id 17841400000000001 cannot be found.",
        "THREADS_API__GEO_GATING_INVALID_COUNTRY_CODES",
        "Error validating access token: Session has expired on Monday, 01-Jan-26.",
        "[Errno 111] Connection refused",
        "error code 2207026",
    ],
)
def test_plain_words_stay(text: str) -> None:
    assert redact(text) == text


def test_text_becomes_one_short_line() -> None:
    assert redact("a\r\n  b\tc") == "a b c"
    assert len(redact("word " * 1000)) == 500


@given(st.text(), st.text("abcdefghijkXYZ0123456789_-|", min_size=40, max_size=250).map(lambda t: f"7{t}"))
def test_a_token_is_found_in_any_text(around: str, token: str) -> None:
    assert token not in redact(f"{around} access_token={token} {around}")
    assert token not in redact(f"{around} {token} {around}")
