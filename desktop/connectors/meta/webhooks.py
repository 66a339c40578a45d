"""Answers to what Meta sends to a server: the challenge, the signature, what somebody who leaves us asks for.

Pure functions over bytes and texts (``meta-api.md`` §7). Whoever knows the address of a webhook may call it, so all
input is hostile until its signature has been checked; each refusal is a ``WebhookRefused`` with the HTTP status to
answer. Secrets never show in it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from desktop.connectors.meta.answers import Json
from desktop.domain.errors import TidingsError

# a delivery holds at most 1000 changes; a change with a long comment is some 8 KiB
MOST_BYTES = 8 * 1024 * 1024
_MOST_SIGNED_REQUEST = 8 * 1024
_CHALLENGE = re.compile(r"[\w.-]{1,200}", re.ASCII)
_SHA256 = re.compile(r"sha256=([0-9a-fA-F]{64})")
_SHA1 = re.compile(r"sha1=([0-9a-fA-F]{40})")
_CLOCKS_APART = timedelta(minutes=5)
# times told outside of these are not times
EARLIEST, LATEST = datetime(2004, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class WebhookFault(StrEnum):
    """Why a call was refused."""

    VERIFICATION = "verification"
    SIGNATURE = "signature"
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    SHAPE = "shape"
    ALGORITHM = "algorithm"
    AGE = "age"


_STATUSES = {WebhookFault.VERIFICATION: 403, WebhookFault.SIGNATURE: 403, WebhookFault.TOO_LARGE: 413}


class WebhookRefused(TidingsError):
    """A call that is not from Meta, or that nobody can read (details: fault)."""

    code = "webhook_refused"
    title_text = "A message that claims to come from Meta was refused ({fault})."
    advice_text = "Check the app secret and the verify token. Other senders are rightly refused."

    def __init__(self, fault: WebhookFault) -> None:
        super().__init__(fault=fault.value)
        self.fault = fault

    @property
    def http_status(self) -> int:
        """What to answer."""
        return _STATUSES.get(self.fault, 400)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """Who left (``user_id`` is scoped to the app) and when Meta said so."""

    user_id: str
    issued_at: datetime


def answer_challenge(query: Mapping[str, str], verify_token: str) -> str:
    """Return the text to answer a subscription check with, as ``text/plain``; ``WebhookRefused``.

    Only a plain word is given back: whatever is echoed could be used against the page's visitors.
    """
    _require_secret(verify_token)
    is_ours = hmac.compare_digest(query.get("hub.verify_token", "").encode("utf-8", "replace"), verify_token.encode())
    challenge = query.get("hub.challenge", "")
    if query.get("hub.mode") != "subscribe" or not is_ours or not _CHALLENGE.fullmatch(challenge):
        raise WebhookRefused(WebhookFault.VERIFICATION)
    return challenge


def check_signature(body: bytes, headers: Mapping[str, str], app_secret: str, *, accepts_sha1: bool = False) -> None:
    """Return when ``body``, byte for byte as it came, was signed with our secret; ``WebhookRefused`` otherwise.

    ``headers`` have lower-case names. Never parse and write the body before: Meta escapes what it signs in its own way.
    The legacy SHA-1 header counts only with ``accepts_sha1`` and where the newer one is missing.
    """
    _require_secret(app_secret)
    if len(body) > MOST_BYTES:
        raise WebhookRefused(WebhookFault.TOO_LARGE)
    given, form, digest = headers.get("x-hub-signature-256"), _SHA256, "sha256"
    if given is None and accepts_sha1:
        given, form, digest = headers.get("x-hub-signature"), _SHA1, "sha1"
    found = form.fullmatch(given or "")
    expected = hmac.digest(app_secret.encode(), body, digest)
    if found is None or not hmac.compare_digest(bytes.fromhex(found[1]), expected):
        raise WebhookRefused(WebhookFault.SIGNATURE)


def read_signed_request(
    text: str, app_secret: str, now: datetime, *, longest_age: timedelta = timedelta(days=1)
) -> SignedRequest:
    """Return what a ``signed_request`` of a deauthorisation or data-deletion callback says; ``WebhookRefused``.

    The signature is over the payload as it was encoded, and is checked before anything of it is read.
    """
    _require_secret(app_secret)
    if len(text) > _MOST_SIGNED_REQUEST:
        raise WebhookRefused(WebhookFault.TOO_LARGE)
    signature, dot, payload = text.partition(".")
    if not dot or not text.isascii():
        raise WebhookRefused(WebhookFault.SHAPE)
    expected = hmac.digest(app_secret.encode(), payload.encode("ascii"), "sha256")
    if not hmac.compare_digest(_decoded(signature), expected):
        raise WebhookRefused(WebhookFault.SIGNATURE)
    claims = json_object(_decoded(payload))
    if str(claims.get("algorithm")).upper() != "HMAC-SHA256":
        raise WebhookRefused(WebhookFault.ALGORITHM)
    issued_at, user_id = instant_of_seconds(claims.get("issued_at")), identifier(claims.get("user_id"))
    if issued_at is None or not user_id:
        raise WebhookRefused(WebhookFault.SHAPE)
    if not now - longest_age <= issued_at <= now + _CLOCKS_APART:
        raise WebhookRefused(WebhookFault.AGE)
    return SignedRequest(user_id, issued_at)


def deletion_answer(request: SignedRequest, status_url: str, app_secret: str) -> dict[str, str]:
    """Return the JSON object that answers a request to delete data; ``status_url`` is an https page that takes codes.

    The code follows from the person and the secret: a request that is sent again gets the same one, and none can be
    guessed.
    """
    _require_secret(app_secret)
    if not status_url.startswith("https://"):
        raise ValueError("the status page must be https")
    code = hmac.digest(app_secret.encode(), b"data deletion of " + request.user_id.encode(), "sha256").hex()[:24]
    return {"url": f"{status_url}?code={code}", "confirmation_code": code}


def json_object(body: bytes) -> Mapping[str, Json]:
    """Return the JSON object in ``body``; ``WebhookRefused`` for anything else, numbers that are none included."""
    try:
        parsed = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise WebhookRefused(WebhookFault.NOT_JSON) from None
    if not isinstance(parsed, dict):
        raise WebhookRefused(WebhookFault.SHAPE)
    return parsed


def instant_of_seconds(value: object) -> datetime | None:
    """Return Unix time in seconds or milliseconds as an instant between ``EARLIEST`` and ``LATEST``, else None."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    seconds = value // 1000 if value > 10**11 else value
    return datetime.fromtimestamp(seconds, UTC) if EARLIEST.timestamp() <= seconds < LATEST.timestamp() else None


def identifier(value: object) -> str:
    """Return an id of a network, which may come as a number; empty for anything else."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if len(text) <= 128 and text.isprintable() else ""


def fingerprint(*parts: Json) -> str:
    """Return a short text that is the same for the same values, whatever the order of their fields."""
    try:
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    except RecursionError:
        raise WebhookRefused(WebhookFault.SHAPE) from None
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _decoded(text: str) -> bytes:
    """Return what base64url without padding stands for; other alphabets and spaces are refused."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise WebhookRefused(WebhookFault.SHAPE) from None


def _require_secret(secret: str) -> None:
    if not secret:
        raise ValueError("an empty secret protects nothing")
