"""One HTTP request over pooled connections: no redirects, no retry, one attempt to connect.

It stands on httpcore, the engine of httpx, instead of httpx itself: only there a request can be bounded as a whole,
and only there is it known for sure whether its first byte was written (``reliability.md`` §1.5).
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore

from desktop.connectors.transport.addresses import is_loopback, require_secure
from desktop.connectors.transport.countdown import Countdown, CountedBackend, SendDeadlinePassed
from desktop.connectors.transport.messages import HttpAnswer, HttpRequest, TransportFailure
from desktop.connectors.transport.redaction import redact
from desktop.domain.errors import Effect, InvariantViolation
from desktop.kit.branding import NAME
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr

_MEBIBYTE = 2**20
_CONNECTIONS = 32
_KEEP_ALIVE_SECONDS = 15.0

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (SendDeadlinePassed, "it was too late to send"),
    (httpcore.PoolTimeout, "too many requests are waiting"),
    (httpcore.ConnectTimeout, "no connection in time"),
    (httpcore.TimeoutException, "no complete answer in time"),
    (httpcore.ProxyError, "the proxy refused the connection"),
    (httpcore.ConnectError, "no connection"),
    (httpcore.LocalProtocolError, "the request cannot be written"),
    (Exception, "the connection broke off"),
)
# the text of the others may hold what was sent
_TELLING = (httpcore.ProxyError, httpcore.ConnectError)


class HttpTransport:
    """Sends requests; safe to use from several threads. Connections are opened by the first use of an address.

    Plain http goes to this computer only (``InsecureAddress`` otherwise) and never through a proxy; https follows the
    proxy settings of the computer. Close it when done.
    """

    def __init__(
        self, clock: Clock, *, tls: ssl.SSLContext | None = None, largest_body_bytes: int = 8 * _MEBIBYTE
    ) -> None:
        """``tls`` None trusts the usual certificate authorities."""
        self._clock = clock
        self._tls = tls
        self._largest_body_bytes = largest_body_bytes
        self._lock = threading.Lock()
        self._pools: dict[str, httpcore.ConnectionPool] = {}

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send ``request`` once and return the complete answer, whatever its status.

        ``TransportFailure`` has effect NOT_SENT while no byte of the request was written, UNKNOWN from then on.
        """
        countdown = Countdown(self._clock, request.timeout, request.send_deadline)
        host = urlsplit(request.url).netloc
        try:
            return self._exchange(request, host, countdown)
        except (
            httpcore.TimeoutException,
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.ProxyError,
            SendDeadlinePassed,
            OSError,
            UnicodeError,
        ) as problem:
            raise _failure(problem, countdown) from None  # the cause's text may hold the token

    def close(self) -> None:
        """Close every connection; a later request would open new ones."""
        with self._lock:
            pools, self._pools = self._pools, {}
        for pool in pools.values():
            pool.close()

    def __enter__(self) -> HttpTransport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _exchange(self, request: HttpRequest, host: str, countdown: Countdown) -> HttpAnswer:
        headers = [
            ("Host", host),
            ("User-Agent", NAME),
            ("Accept-Encoding", "identity"),
            ("Content-Length", str(len(request.body))),
            *request.headers,
        ]
        extensions: dict[str, Any] = {"timeout": countdown.timeouts(), "trace": countdown.on_event}
        pool = self._pool(request.url)
        with pool.stream(
            request.method, request.url, headers=headers, content=request.body, extensions=extensions
        ) as response:
            body = self._read(response, countdown)
        if countdown.sent_at is None:  # then the send deadline was not looked at either
            raise InvariantViolation("an answer came, but the sending of its request was not seen")
        return HttpAnswer(response.status, _headers(response), body, countdown.sent_at)

    def _read(self, response: httpcore.Response, countdown: Countdown) -> bytes:
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_stream():
            size += len(chunk)
            if size > self._largest_body_bytes:
                raise TransportFailure(_effect(countdown), tr("the answer is too large"))
            chunks.append(chunk)
        return b"".join(chunks)

    def _pool(self, url: str) -> httpcore.ConnectionPool:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            if (pool := self._pools.get(origin)) is None:
                require_secure(url, parts.hostname or origin)
                pool = self._pools[origin] = self._new_pool(parts.scheme, parts.hostname or "")
        return pool

    def _new_pool(self, scheme: str, host: str) -> httpcore.ConnectionPool:
        options: dict[str, Any] = {
            "max_connections": _CONNECTIONS,
            "keepalive_expiry": _KEEP_ALIVE_SECONDS,
            "retries": 0,
            "network_backend": CountedBackend(),
        }
        if scheme == "https":
            if self._tls is None:
                self._tls = httpcore.default_ssl_context()
            options["ssl_context"] = self._tls
        proxy = getproxies().get(scheme)
        if proxy is None or is_loopback(host) or proxy_bypass(host):
            return httpcore.ConnectionPool(**options)
        return httpcore.ConnectionPool(proxy=_proxy(proxy), **options)


def _proxy(address: str) -> httpcore.Proxy:
    parts = urlsplit(address if "://" in address else f"http://{address}")
    auth = (parts.username, parts.password or "") if parts.username else None
    return httpcore.Proxy(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", auth=auth)


def _headers(response: httpcore.Response) -> Mapping[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}


def _effect(countdown: Countdown) -> Effect:
    return Effect.NOT_SENT if countdown.sent_at is None else Effect.UNKNOWN


def _failure(problem: Exception, countdown: Countdown) -> TransportFailure:
    reason = next(tr(text) for kind, text in _REASONS if isinstance(problem, kind))
    if isinstance(problem, _TELLING) and str(problem):
        reason = f"{reason} ({redact(str(problem))})"
    return TransportFailure(_effect(countdown), reason)
