"""Buckets of S3-compatible stores, Azure and Google, through obstore (one Rust library for all three).

Loading it takes some 30 ms, so this module is imported by the first use of a relay only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import AzureStore, GCSStore, S3Store

from desktop.domain.errors import FileUnreadable
from desktop.kit.i18n import tr
from desktop.services.hosting.errors import (
    RelayAccessDenied,
    RelayBucketMissing,
    RelayCannotSign,
    RelayCertificateInvalid,
    RelayClockWrong,
    RelayFailure,
    RelayRefused,
    RelaySlow,
    RelayUnreachable,
)
from desktop.services.hosting.relays import Relay, RelayCredentials, StoreKind

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Credential

_PIECE_BYTES = 5 * 1024 * 1024  # the smallest piece S3 takes; a few of them are all that is ever in memory
_PIECES_AT_ONCE = 2
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_CLOCK_CODES = {"RequestTimeTooSkewed", "RequestExpired"}
_KEY_CODES = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "AuthenticationFailed"}


@dataclass(frozen=True, slots=True)
class StoreTimeouts:
    """``request`` bounds one piece of 5 MiB, which a slow line may need minutes for."""

    connect: timedelta = timedelta(seconds=10)
    request: timedelta = timedelta(minutes=3)
    retries: int = 2


class Bucket:
    """``ObjectStore`` on obstore."""

    def __init__(self, relay: Relay, credentials: RelayCredentials, timeouts: StoreTimeouts | None = None) -> None:
        """No request is made; ``RelayAccessDenied`` for a key that cannot be one, ``RelayCannotSign``."""
        self._relay = relay
        try:
            self._store = _open(relay, credentials, timeouts or StoreTimeouts())
        except (BaseError, ValueError, OSError):
            raise RelayAccessDenied(relay=str(relay), reason=tr("its key is not valid")) from None

    def put(self, key: str, content: Path | bytes, mime_type: str) -> int:
        """Store a file piece by piece with its type; return its size. ``RelayFailure``, ``FileUnreadable``."""
        try:
            size = len(content) if isinstance(content, bytes) else content.stat().st_size
        except OSError as error:
            raise FileUnreadable(name=key, reason=error.strerror or type(error).__name__) from error
        try:
            obstore.put(
                self._store,
                key,
                content,
                # a cache on the way would serve it long after its deletion; Google's own keeps things for an hour
                attributes={"Content-Type": mime_type, "Cache-Control": "max-age=60"},
                chunk_size=_PIECE_BYTES,
                max_concurrency=_PIECES_AT_ONCE,
            )
        except (BaseError, ValueError, OSError) as error:
            if isinstance(error, OSError) and _STATUS.search(str(error)) is None:
                raise FileUnreadable(name=key, reason=error.strerror or type(error).__name__) from error
            raise self._failure(error) from None  # its text may hold a signature
        return size

    def address(self, key: str, life: timedelta) -> str:
        """Return the public address, or one signed for ``life``."""
        if self._relay.public:
            return self._relay.public_address(key)
        try:
            return obstore.sign(self._store, "GET", key, life)
        except (BaseError, ValueError) as error:
            raise self._failure(error) from None

    def delete(self, key: str) -> None:
        """Delete an object; nothing happens when there is none."""
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return  # not even the bucket is there any more
        except (BaseError, ValueError) as error:
            raise self._failure(error) from None

    def _failure(self, error: Exception) -> RelayFailure:
        """Return what an error of obstore means; its kinds are told in its text only."""
        text = str(error)
        found = _STATUS.search(text)
        status = int(found[1]) if found else None
        named = _CODE.search(text)
        code, relay, host = named[1] if named else "", str(self._relay), self._relay.host
        if code in _CLOCK_CODES:
            return RelayClockWrong(host=host)
        if code in _KEY_CODES or status in (401, 403):
            return RelayAccessDenied(relay=relay, reason=code or str(status))
        if status == 404:
            return RelayBucketMissing(relay=relay)
        if "without LOCATION" in text:  # how Amazon answers for a bucket of another region
            return RelayRefused(relay=relay, reason=tr("the bucket is in another region"))
        if status is not None and status < 500 and status != 429:
            return RelayRefused(relay=relay, reason=code or str(status))
        return _unreachable(text, host, code or str(status or ""))


def _unreachable(text: str, host: str, reason: str) -> RelayFailure:
    if "kind: Timeout" in text:
        return RelaySlow(host=host)
    if "certificate" in text:
        return RelayCertificateInvalid(host=host, reason=tr("the store's own was refused"))
    return RelayUnreachable(host=host, reason=reason or tr("no connection"))


def _open(relay: Relay, credentials: RelayCredentials, timeouts: StoreTimeouts) -> S3Store | AzureStore | GCSStore:
    client: ClientConfig = {
        "allow_http": relay.endpoint.startswith("http:"),  # read_relay has made sure that it is this computer
        "connect_timeout": timeouts.connect,
        "timeout": timeouts.request,
    }
    retry: RetryConfig = {"max_retries": timeouts.retries, "retry_timeout": timeouts.request * (timeouts.retries + 1)}
    prefix = relay.prefix or None
    if relay.kind is StoreKind.S3:
        return _open_s3(relay, credentials, client, retry)
    if relay.kind is StoreKind.AZURE:
        secret = credentials.secret.lstrip("?")
        is_sas = "sig=" in secret
        if is_sas and not relay.public:
            raise RelayCannotSign(relay=str(relay))
        azure: Any = {"sas_key" if is_sas else "account_key": secret, "account_name": relay.account}
        if relay.endpoint:
            azure["endpoint"] = relay.endpoint
        return AzureStore(relay.bucket, prefix=prefix, config=azure, client_options=client, retry_config=retry)
    is_json = credentials.secret.lstrip().startswith("{")
    google: Any = {"service_account_key" if is_json else "service_account": credentials.secret}
    if relay.endpoint:
        google["base_url"] = relay.endpoint
    return GCSStore(relay.bucket, prefix=prefix, config=google, client_options=client, retry_config=retry)


def _open_s3(relay: Relay, credentials: RelayCredentials, client: ClientConfig, retry: RetryConfig) -> S3Store:
    keys: S3Credential = {
        "access_key_id": credentials.key_id,
        "secret_access_key": credentials.secret,
        "token": credentials.session_token or None,
        "expires_at": None,
    }
    # Amazon wants the bucket in the host name, but its certificate covers no name with a dot; others want a path
    is_virtual = relay.style == "virtual" or not (relay.style or relay.endpoint or "." in relay.bucket)
    config: Any = {"virtual_hosted_style_request": is_virtual, "disable_bulk_delete": True}
    if relay.endpoint:
        config["endpoint"] = _with_bucket(relay) if is_virtual else relay.endpoint
    if relay.region:
        config["region"] = relay.region
    return S3Store(
        relay.bucket,
        prefix=relay.prefix or None,
        config=config,
        client_options=client,
        retry_config=retry,
        # not as configuration: that would be mixed with a session token of the environment
        credential_provider=lambda: keys,
    )


def _with_bucket(relay: Relay) -> str:
    parts = urlsplit(relay.endpoint)
    return parts._replace(netloc=f"{relay.bucket}.{parts.netloc}").geturl()
