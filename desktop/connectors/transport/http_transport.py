"""One HTTP request over pooled connections: no redirects, no retry, one attempt to connect.

It stands on the standard library's ``http.client`` instead of httpx: only below httpx a request can be bounded as a
whole, and only there is it known for sure whether its first byte was written (``reliability.md`` §1.5). A call costs a
fifth of the processor time it costs there, which is what bounds how many posts go out at once.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from types import TracebackType
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from desktop.connectors.transport.addresses import is_loopback, require_secure
from desktop.connectors.transport.connections import Connection, NoFreeConnection, Origin, Pool, Proxy
from desktop.connectors.transport.countdown import Countdown, SendDeadlinePassed
from desktop.connectors.transport.messages import FileBody, HttpAnswer, HttpRequest, TransportFailure
from desktop.connectors.transport.redaction import redact
from desktop.domain.errors import Effect, InvariantViolation
from desktop.kit.branding import NAME
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr

_MEBIBYTE = 2**20
_CONNECTIONS = 32
_PIECE_BYTES = 256 * 1024


class _CannotWrite(Exception):
    """The request has a header or an address that HTTP cannot carry; nothing of it was written."""


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
        self._pools: dict[str, Pool] = {}

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send ``request`` once and return the complete answer, whatever its status.

        ``TransportFailure`` has effect NOT_SENT while no byte of the request was written, UNKNOWN from then on.
        """
        countdown = Countdown(self._clock, request.timeout, request.send_deadline)
        pool = self._pool(request.url)
        try:
            connection = pool.take(countdown)
        except (NoFreeConnection, TimeoutError) as problem:
            raise _failure(problem, countdown) from None
        is_usable = False
        try:
            answer = self._exchange(connection, request, countdown)
            is_usable = True
        except (_CannotWrite, SendDeadlinePassed, http.client.HTTPException, OSError, UnicodeError) as problem:
            raise _failure(problem, countdown) from None  # the cause's text may hold the token
        finally:
            pool.give_back(connection, is_usable=is_usable)
        return answer

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

    def _exchange(self, connection: Connection, request: HttpRequest, countdown: Countdown) -> HttpAnswer:
        _put_together(connection, request)
        if connection.sock is None:
            connection.connect()
        countdown.begin_sending()
        connection.endheaders(_pieces(request.body) if isinstance(request.body, FileBody) else request.body)
        response = connection.getresponse()
        with response:
            body = self._read(response, countdown)
        if countdown.sent_at is None:  # then the send deadline was not looked at either
            raise InvariantViolation("an answer came, but the sending of its request was not seen")
        headers = {name.lower(): value for name, value in response.getheaders()}
        return HttpAnswer(response.status, headers, body, countdown.sent_at)

    def _read(self, response: http.client.HTTPResponse, countdown: Countdown) -> bytes:
        chunks: list[bytes] = []
        size = 0
        while chunk := response.read(_PIECE_BYTES):
            size += len(chunk)
            if size > self._largest_body_bytes:
                raise TransportFailure(_effect(countdown), tr("the answer is too large"))
            chunks.append(chunk)
        if response.length:  # bytes that were promised and did not come
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(chunks)

    def _pool(self, url: str) -> Pool:
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            if (pool := self._pools.get(place)) is None:
                require_secure(url, parts.hostname or place)
                pool = self._pools[place] = Pool(self._origin(url), _CONNECTIONS)
        return pool

    def _origin(self, url: str) -> Origin:
        parts = urlsplit(url)
        host, is_secure = parts.hostname or "", parts.scheme == "https"
        if is_secure and self._tls is None:
            self._tls = _usual_authorities()
        proxy = None if is_loopback(host) or proxy_bypass(host) else getproxies().get(parts.scheme)
        port = parts.port or (443 if is_secure else 80)
        return Origin(host, port, self._tls if is_secure else None, Proxy.of(proxy) if proxy else None)


def _put_together(connection: Connection, request: HttpRequest) -> None:
    """Collect the head of the request; nothing is written yet."""
    parts = urlsplit(request.url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    length = request.body.size if isinstance(request.body, FileBody) else len(request.body)
    try:
        connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in (
            ("Host", parts.netloc),
            ("User-Agent", NAME),
            ("Accept-Encoding", "identity"),
            ("Content-Length", str(length)),
            *request.headers,
        ):
            connection.putheader(name, value)
    except (ValueError, http.client.HTTPException):
        raise _CannotWrite from None


def _pieces(body: FileBody) -> Iterator[bytes]:
    left = body.length
    if body.head:
        yield body.head
    with body.path.open("rb") as file:
        file.seek(body.offset)
        while left and (piece := file.read(min(_PIECE_BYTES, left))):
            yield piece
            left -= len(piece)
            if body.on_sent is not None:
                body.on_sent(body.length - left)
    if body.tail:
        yield body.tail


def _usual_authorities() -> ssl.SSLContext:
    import certifi  # its list of authorities is read when the first https address is used

    return ssl.create_default_context(cafile=certifi.where())


def _effect(countdown: Countdown) -> Effect:
    return Effect.NOT_SENT if countdown.sent_at is None else Effect.UNKNOWN


def _failure(problem: Exception, countdown: Countdown) -> TransportFailure:
    effect = _effect(countdown)
    return TransportFailure(effect, _reason(problem, was_connected=effect is Effect.UNKNOWN))


def _reason(problem: Exception, *, was_connected: bool) -> str:
    match problem:
        case SendDeadlinePassed():
            return tr("it was too late to send")
        case NoFreeConnection():
            return tr("too many requests are waiting")
        case _CannotWrite():
            return tr("the request cannot be written")
        case TimeoutError():
            return tr("no complete answer in time") if was_connected else tr("no connection in time")
        case OSError() | socket.gaierror() if not was_connected:
            # the text of later problems may hold what was sent
            return tr("no connection ({reason})", reason=redact(str(problem))) if str(problem) else tr("no connection")
        case _:
            return tr("the connection broke off")
