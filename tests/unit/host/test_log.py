"""The log keeps what support needs and no token, whatever its shape and wherever it hides."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from desktop.host.log import logging_to
from desktop.host.redaction import redact, remember
from desktop.kit.clock import SystemClock
from desktop.kit.correlation import correlated
from desktop.sandbox.seeding import Cast

log = logging.getLogger("tests.log")
CAST = Cast(1, SystemClock().now())
TOKENS = [
    *sorted({token.value for token in CAST.tokens(CAST.accounts())}),
    "TH|178414000000001|Vq3-x_9fQz7LmNoPqRsT",
    "178414000000001|Vq3-x_9fQz7LmNoPqRsTuVw",
]
PLACES = [
    "{token}",
    "the token {token}, it seems",
    "GET https://graph.facebook.com/v25.0/me?fields=id&access_token={token}&limit=1",
    "Authorization: Bearer {token}",
    "Authorization: OAuth {token}",
    '{{"access_token": "{token}", "token_type": "bearer"}}',
    "{{'access_token': '{token}'}}",
    '"{{\\"access_token\\":\\"{token}\\"}}"',
    "next=https%3A%2F%2Fgraph.threads.net%2Fme%3Faccess_token%3D{quoted}",
    "Token(value='{token}', family=<Network.THREADS>)",
]


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Any]:
    with logging_to(tmp_path, "test"):
        yield lambda: [json.loads(line) for line in (tmp_path / "test.log").read_text().splitlines()]


@pytest.mark.parametrize("place", PLACES)
def test_no_token_of_the_sandbox_survives(lines: Any, place: str) -> None:
    for token in TOKENS:
        text = place.format(token=token, quoted=quote(token, safe=""))
        log.info("%s", text)
        try:
            raise RuntimeError(text)
        except RuntimeError:
            log.warning("failed", exc_info=True)
        log.info("plain", extra={"correlation": text})
    written = json.dumps(lines())
    assert len(lines()) == 3 * len(TOKENS)
    assert [token for token in TOKENS if token in written or quote(token, safe="") in written] == []


@pytest.mark.parametrize(
    "text",
    [
        "code=190 subcode=33 and 100/33",
        "THREADS_API__CONTAINER_NOT_READY",
        "container 18000001000000011 of account 17841400000000001",
        "publishing 3 posts to Instagram, Threads and THIS",
        "01a2052c-e2ee-7992-8051-f8251b094871",
    ],
)
def test_what_support_needs_stays(text: str) -> None:
    assert redact(text) == text


def test_a_login_code_in_an_address_goes() -> None:
    assert "AQDx7" not in redact("GET /callback?state=1&code=AQDx7-abc#_")


def test_a_secret_of_any_shape_goes_once_it_is_known() -> None:
    secret = "plain-words-as/secret?"
    assert secret in redact(f"says {secret}")
    remember(secret)
    assert secret not in redact(f"says {secret}")
    assert quote(secret, safe="") not in redact(f"x={quote(secret, safe='')}")


def test_lines_of_one_attempt_carry_its_id(lines: Any) -> None:
    log.info("before")
    with correlated("delivery-1"):
        log.info("inside")
    log.info("after")
    assert [line.get("correlation") for line in lines()] == [None, "delivery-1", None]


def test_a_line_tells_when_where_and_how_bad(lines: Any) -> None:
    log.warning("watch out: %s", "ö")
    (line,) = lines()
    assert line["at"].endswith("+00:00")
    assert (line["level"], line["logger"], line["message"]) == ("warning", "tests.log", "watch out: ö")


def test_requests_are_not_logged_with_their_addresses(lines: Any) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET https://graph.facebook.com/me?access_token=x")
    log.info("mark")
    assert [line["message"] for line in lines()] == ["mark"]


def test_verbose_goes_to_standard_error_without_tokens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to(tmp_path, "test", verbose=True):
        log.info("has %s", TOKENS[0])
    shown = capsys.readouterr().err
    assert "tests.log: has [removed]" in shown


@pytest.mark.logs_errors
def test_a_bug_is_logged_on_its_way_out(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), logging_to(tmp_path, "test"):
        raise ZeroDivisionError(f"with {TOKENS[0]}")
    line = json.loads((tmp_path / "test.log").read_text())
    assert line["level"] == "critical"
    assert "ZeroDivisionError: with [removed]" in line["error"]


def test_nothing_stays_behind(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    with logging_to(tmp_path, "test", verbose=True):
        pass
    assert (list(root.handlers), root.level) == before
