from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.connectors.meta.answers import GraphAnswer, GraphError, parse_answer
from desktop.connectors.transport.messages import HttpAnswer

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def parse(body: Any, status: int = 200, secrets: tuple[str, ...] = ()) -> GraphAnswer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse_answer(HttpAnswer(status, {}, raw, NOW), secrets)


def error(body: Any, status: int = 200, secrets: tuple[str, ...] = ()) -> GraphError:
    found = parse(body, status, secrets).error
    assert found is not None
    return found


def test_success() -> None:
    answer = parse({"id": "1"})
    assert (answer.error, answer.document) == (None, {"id": "1"})


@pytest.mark.parametrize("status", [200, 400, 500])
def test_the_full_envelope_under_any_status(status: int) -> None:
    found = error(
        {
            "error": {
                "message": "tech",
                "type": "OAuthException",
                "code": 24,
                "error_subcode": 4279009,
                "is_transient": False,
                "error_user_title": "Media Not Found",
                "error_user_msg": "The media cannot be found.",
                "error_data": {"blame_field_specs": [["image_url"]]},
                "fbtrace_id": "AbC",
            }
        },
        status,
    )
    assert found == GraphError("The media cannot be found.", 24, None, 4279009, trace_id="AbC", field="image_url")


@pytest.mark.parametrize(
    ("code", "number", "symbol"),
    [
        (100, 100, None),
        ("100", 100, None),
        ("-2", -2, None),
        ("THREADS_API__X", None, "THREADS_API__X"),
        (None, None, None),
        ("", None, None),
        (True, None, None),
        (1.5, None, None),
        ([], None, None),
    ],
)
def test_codes_come_as_numbers_and_as_text(code: Any, number: int | None, symbol: str | None) -> None:
    found = error({"error": {"message": "m", "code": code}}, 400)
    assert (found.code, found.symbol) == (number, symbol)


def test_only_message_type_and_code_are_certain() -> None:
    assert error({"error": {"message": "m", "type": "T", "code": 1}}, 400) == GraphError("m", 1)
    assert error({"error": {"code": 7}}, 400).message == "#7"
    assert error({"error": "words"}).message == "words"


@pytest.mark.parametrize("flag", [True, "true"])
def test_transient(flag: Any) -> None:
    assert error({"error": {"message": "m", "is_transient": flag}}).is_transient


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ('{"blame_field_specs": [["url"]]}', "url"),
        ({"blame_field_specs": ["url"]}, "url"),
        ({"blame_field_specs": []}, None),
        ({"blame_field_specs": [[]]}, None),
        ("{not json", None),
        ([], None),
    ],
)
def test_the_blamed_field_in_its_shapes(data: Any, field: str | None) -> None:
    assert error({"error": {"message": "m", "error_data": data}}).field == field


def test_the_shape_of_token_endpoints() -> None:
    found = error({"error_type": "OAuthException", "code": 400, "error_message": "code was used"}, 400)
    assert found == GraphError("code was used", is_plain=True)


def test_a_container_in_error_was_read_successfully() -> None:
    assert parse({"id": "1", "status": "ERROR", "error_message": "UNKNOWN"}).error is None


@pytest.mark.parametrize("flag", [False, "false"])
def test_success_false(flag: Any) -> None:
    assert error({"success": flag}).message == "success: false"


@pytest.mark.parametrize("body", [b"", b"<html>Sorry</html>", b"\xff\xfe", b"[1]", b"null", b'"text"', b"[" * 100_000])
@pytest.mark.parametrize("status", [200, 400, 502])
def test_bodies_that_are_no_object_are_errors(body: bytes, status: int) -> None:
    answer = parse(body, status)
    assert answer.document == {}
    assert answer.error == GraphError(f"HTTP {status}")


def test_an_object_with_a_bad_status_is_an_error() -> None:
    assert error({"id": "1"}, 500).message == "HTTP 500"


def test_the_token_does_not_come_back_in_any_word() -> None:
    found = error(
        {
            "error": {
                "message": "no: s3cret",
                "fbtrace_id": "s3cret",
                "error_data": {"blame_field_specs": [["s3cret"]]},
            }
        },
        secrets=("s3cret",),
    )
    assert "s3cret" not in repr(found)


@given(st.binary(), st.integers(100, 599))
def test_any_bytes_are_parsed(body: bytes, status: int) -> None:
    answer = parse(body, status)
    assert (answer.error is None) <= (200 <= status < 300)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["message", "code", "error_subcode", "is_transient", "error_user_msg", "error_data", "fbtrace_id"]
)


@given(st.dictionaries(FIELDS, JSON_VALUES))
def test_any_envelope_is_parsed(envelope: dict[str, Any]) -> None:
    assert error({"error": envelope or "x"}, 400).message


@pytest.mark.parametrize("status", [201, 202, 204])
def test_only_200_counts_as_success(status: int) -> None:
    assert error({"id": "1"}, status).message == f"HTTP {status}"
