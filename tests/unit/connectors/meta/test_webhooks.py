"""What Meta sends to a server: challenge, signature, signed requests, each with what attackers would try."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import traceback
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.connectors.meta.webhooks import (
    MOST_BYTES,
    WebhookFault,
    WebhookRefused,
    answer_challenge,
    check_signature,
    deletion_answer,
    instant_of_seconds,
    json_object,
    read_signed_request,
)

SECRET = "0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# as Meta writes it: non-ASCII escaped, slashes too, spaces where no other writer would put them
BODY = (
    rb'{"object":"page", "entry":[{"id":"1001","changes":[{"value":{"message":"Gr\u00fc\u00dfe \/ \ud83c\udf0d"}}]}]}'
)


def signed(body: bytes, secret: str = SECRET, digest: str = "sha256") -> str:
    return f"{digest}={hmac.new(secret.encode(), body, digest).hexdigest()}"


def fault(call: Any, *arguments: Any, **options: Any) -> WebhookFault:
    with pytest.raises(WebhookRefused) as caught:
        call(*arguments, **options)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return caught.value.fault


# ---- challenge ----


def subscribe(**changes: str) -> dict[str, str]:
    return {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "meatyhamhock"} | {
        f"hub.{name}": value for name, value in changes.items()
    }


def test_the_challenge_is_given_back_as_it_came() -> None:
    assert answer_challenge(subscribe(), "meatyhamhock") == "1158201444"


@pytest.mark.parametrize(
    "query",
    [
        {},
        subscribe(mode="unsubscribe"),
        subscribe(verify_token="other"),
        subscribe(verify_token=""),
        subscribe(verify_token="meatyhamhock\udc80"),
        subscribe(challenge=""),
        subscribe(challenge="<script>alert(1)</script>"),
        subscribe(challenge="1" * 201),
        subscribe(challenge="1\n"),
    ],
)
def test_any_other_subscription_is_refused(query: dict[str, str]) -> None:
    assert fault(answer_challenge, query, "meatyhamhock") is WebhookFault.VERIFICATION


def test_an_empty_secret_is_a_mistake_of_ours() -> None:
    for call in (
        lambda: answer_challenge(subscribe(verify_token=""), ""),
        lambda: check_signature(b"", {"x-hub-signature-256": signed(b"", "")}, ""),
        lambda: read_signed_request("a.b", "", NOW),
    ):
        with pytest.raises(ValueError, match="empty secret"):
            call()


# ---- signature ----


def test_trap_25_the_signature_is_over_the_bytes_as_they_came() -> None:
    check_signature(BODY, {"x-hub-signature-256": signed(BODY)}, SECRET)
    written_again = json.dumps(json.loads(BODY)).encode()
    assert json.loads(written_again) == json.loads(BODY)
    assert (
        fault(check_signature, written_again, {"x-hub-signature-256": signed(BODY)}, SECRET) is WebhookFault.SIGNATURE
    )


def test_trap_25_digests_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    real = hmac.compare_digest

    def watched(left: bytes, right: bytes) -> bool:
        compared.append((left, right))
        return real(left, right)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    check_signature(BODY, {"x-hub-signature-256": signed(BODY)}, SECRET)
    read_signed_request(request(), SECRET, NOW)
    answer_challenge(subscribe(), "meatyhamhock")
    assert [len(left) for left, _ in compared] == [32, 32, 12]


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        signed(BODY)[7:],
        signed(BODY)[:-1],
        signed(BODY) + " ",
        signed(BODY).replace("sha256", "sha512"),
        signed(BODY, "another secret"),
        signed(BODY, digest="sha1"),
        "sha256=" + "é" * 64,
        "sha256=" + "g" * 64,
    ],
)
def test_any_other_signature_is_refused(header: str | None) -> None:
    headers = {} if header is None else {"x-hub-signature-256": header}
    refused = pytest.raises(WebhookRefused)
    with refused as caught:
        check_signature(BODY, headers, SECRET)
    assert (caught.value.fault, caught.value.http_status) == (WebhookFault.SIGNATURE, 403)


def test_the_legacy_signature_counts_only_when_asked_for_and_alone() -> None:
    old, new = {"x-hub-signature": signed(BODY, digest="sha1")}, {"x-hub-signature-256": signed(b"other")}
    check_signature(BODY, old, SECRET, accepts_sha1=True)
    assert fault(check_signature, BODY, old, SECRET) is WebhookFault.SIGNATURE
    assert fault(check_signature, BODY, old | new, SECRET, accepts_sha1=True) is WebhookFault.SIGNATURE


def test_a_body_nobody_would_send_is_not_even_hashed() -> None:
    body = bytes(MOST_BYTES + 1)
    assert fault(check_signature, body, {"x-hub-signature-256": signed(body)}, SECRET) is WebhookFault.TOO_LARGE


@given(st.binary(max_size=200), st.integers(min_value=0), st.integers(1, 255))
def test_one_changed_byte_is_noticed(body: bytes, place: int, change: int) -> None:
    headers = {"x-hub-signature-256": signed(body)}
    check_signature(body, headers, SECRET)
    changed = bytearray(body or b"\0")
    changed[place % len(changed)] ^= change
    assert fault(check_signature, bytes(changed), headers, SECRET) is WebhookFault.SIGNATURE


# ---- signed requests ----


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def request(secret: str = SECRET, **changes: Any) -> str:
    claims = {"user_id": "218471", "algorithm": "HMAC-SHA256", "issued_at": int(NOW.timestamp()), "expires": 0}
    payload = encoded(json.dumps({k: v for k, v in (claims | changes).items() if v is not None}).encode())
    return f"{encoded(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest())}.{payload}"


def test_a_signed_request_tells_who_left() -> None:
    read = read_signed_request(request(), SECRET, NOW + timedelta(hours=2))
    assert (read.user_id, read.issued_at) == ("218471", NOW)
    assert read_signed_request(request(user_id=218471), SECRET, NOW).user_id == "218471"


def test_the_signature_is_over_the_text_and_not_over_what_it_says() -> None:
    claims = json.dumps({"user_id": "1", "algorithm": "HMAC-SHA256", "issued_at": int(NOW.timestamp())}).encode()
    wrong = encoded(hmac.new(SECRET.encode(), claims, hashlib.sha256).digest())
    assert fault(read_signed_request, f"{wrong}.{encoded(claims)}", SECRET, NOW) is WebhookFault.SIGNATURE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (request("another secret"), WebhookFault.SIGNATURE),
        (request(algorithm="none"), WebhookFault.ALGORITHM),
        (request(algorithm=None), WebhookFault.ALGORITHM),
        (request(issued_at=None), WebhookFault.SHAPE),
        (request(issued_at=True), WebhookFault.SHAPE),
        (request(issued_at="soon"), WebhookFault.SHAPE),
        (request(issued_at=10**30), WebhookFault.SHAPE),
        (request(user_id=None), WebhookFault.SHAPE),
        (request(user_id=["1"]), WebhookFault.SHAPE),
        (request(user_id="1" * 200), WebhookFault.SHAPE),
        (request(issued_at=int(NOW.timestamp()) - 86_401), WebhookFault.AGE),
        (request(issued_at=int(NOW.timestamp()) + 301), WebhookFault.AGE),
        ("", WebhookFault.SHAPE),
        ("no dot", WebhookFault.SHAPE),
        (".", WebhookFault.SIGNATURE),
        ("a." + request().partition(".")[2], WebhookFault.SHAPE),
        (request() + "=", WebhookFault.SIGNATURE),
        (request().replace(".", "+/."), WebhookFault.SHAPE),
        ("ä." + request().partition(".")[2], WebhookFault.SHAPE),
        (request(user_id="1" * 9000), WebhookFault.TOO_LARGE),
    ],
)
def test_any_other_signed_request_is_refused(text: str, expected: WebhookFault) -> None:
    assert fault(read_signed_request, text, SECRET, NOW) is expected


@given(st.text(max_size=300))
def test_no_text_is_taken_for_a_signed_request(text: str) -> None:
    fault(read_signed_request, text, SECRET, NOW)


def test_the_deletion_answer_is_the_same_for_the_same_person_and_cannot_be_guessed() -> None:
    first = deletion_answer(read_signed_request(request(), SECRET, NOW), "https://example.com/deletion", SECRET)
    later = deletion_answer(
        read_signed_request(request(issued_at=int(NOW.timestamp()) + 60), SECRET, NOW),
        "https://example.com/deletion",
        SECRET,
    )
    other = deletion_answer(
        read_signed_request(request(user_id="7"), SECRET, NOW), "https://example.com/deletion", SECRET
    )
    assert first == later
    assert first["url"] == f"https://example.com/deletion?code={first['confirmation_code']}"
    assert len({first["confirmation_code"], other["confirmation_code"]}) == 2
    assert "218471" not in json.dumps(first)
    with pytest.raises(ValueError, match="https"):
        deletion_answer(read_signed_request(request(), SECRET, NOW), "http://example.com", SECRET)


# ---- reading ----


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", WebhookFault.NOT_JSON),
        (b"\xff\xfe", WebhookFault.NOT_JSON),
        (b'{"a": NaN}', WebhookFault.NOT_JSON),
        (b"[" * 100_000, WebhookFault.NOT_JSON),
        (b'{"a": ' + b"9" * 10_000 + b"}", WebhookFault.NOT_JSON),
        (b"[]", WebhookFault.SHAPE),
        (b"null", WebhookFault.SHAPE),
    ],
)
def test_only_json_objects_are_read(body: bytes, expected: WebhookFault) -> None:
    assert fault(json_object, body) is expected


def test_times_come_in_seconds_and_milliseconds() -> None:
    seconds = int(NOW.timestamp())
    assert instant_of_seconds(seconds) == instant_of_seconds(seconds * 1000) == NOW
    for value in (None, True, "1", 1.5, 0, -1, 10**9, 10**20, 10**400):
        assert instant_of_seconds(value) is None
