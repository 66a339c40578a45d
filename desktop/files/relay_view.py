"""Looks at an address the way Meta's fetcher does: robots.txt, HEAD, part of a GET; no redirects, one strict deadline.

``meta-api.md`` §3.1: no redirect, the right Content-Type, Range for films, ``facebookexternalhit`` not turned away.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from urllib.robotparser import RobotFileParser

from desktop.kit.branding import NAME
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr
from desktop.services.hosting.errors import (
    RelayAddressExpired,
    RelayCertificateInvalid,
    RelayClockWrong,
    RelayNotPublic,
    RelayRedirects,
    RelayRobotsForbid,
    RelaySlow,
    RelayUnreachable,
    RelayWithoutRange,
    RelayWrongSize,
    RelayWrongType,
)

_FETCHER = "facebookexternalhit"
_HEADERS = {"User-Agent": f"{_FETCHER}/1.1 (as tried by {NAME})", "Accept": "*/*", "Accept-Encoding": "identity"}
_START_BYTES = 1024
_MOST_BYTES = 64 * 1024
_LARGEST_SKEW = timedelta(minutes=5)
_NOT_NOW = (408, 425, 429)
_HEAD_UNKNOWN = (403, 405, 501)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class FetcherView:
    """``OutsideView`` over http.client."""

    def __init__(
        self, clock: Clock, timeout: timedelta = timedelta(seconds=20), tls: ssl.SSLContext | None = None
    ) -> None:
        """``timeout`` bounds each request as a whole; ``tls`` None trusts the usual certificate authorities."""
        self._clock, self._seconds, self._tls = clock, timeout.total_seconds(), tls

    def look(self, address: str, mime_type: str, *, size_bytes: int | None, needs_range: bool, is_signed: bool) -> None:
        """Raise the ``RelayFailure`` that says why a network could not fetch it."""
        host = urlsplit(address).hostname or ""
        self._read_robots(address, host)
        answer = self._ask("HEAD", address)
        # most stores sign for one method only; then the GET alone can tell
        if not (is_signed and answer.status in _HEAD_UNKNOWN):
            self._judge_status(answer, host)
            _judge_file(answer, host, mime_type, size_bytes, _whole_length(answer))
        start = self._ask("GET", address, {"Range": f"bytes=0-{_START_BYTES - 1}"})
        self._judge_status(start, host)
        is_part = start.status == http.HTTPStatus.PARTIAL_CONTENT
        if needs_range and not is_part:
            raise RelayWithoutRange(host=host)
        _judge_file(start, host, mime_type, size_bytes, _range_total(start) if is_part else _whole_length(start))

    def _read_robots(self, address: str, host: str) -> None:
        answer = self._ask("GET", urlsplit(address)._replace(path="/robots.txt", query="").geturl())
        if answer.status != http.HTTPStatus.OK:
            return  # without rules everything is allowed
        robots = RobotFileParser()
        robots.parse(answer.body.decode("utf-8", "replace").splitlines())
        if not robots.can_fetch(_FETCHER, address):
            raise RelayRobotsForbid(host=host)

    def _judge_status(self, answer: _Answer, host: str) -> None:
        status = answer.status
        if status in (http.HTTPStatus.OK, http.HTTPStatus.PARTIAL_CONTENT):
            return
        if 300 <= status < 400:
            raise RelayRedirects(host=host)
        if status >= 500 or status in _NOT_NOW:
            raise RelayUnreachable(host=host, reason=str(status))
        date = _date(answer.headers.get("Date"))
        if status in (400, 403) and date is not None and abs(self._clock.now() - date) > _LARGEST_SKEW:
            raise RelayClockWrong(host=host)
        if b"expired" in answer.body.lower():
            raise RelayAddressExpired(host=host)
        raise RelayNotPublic(host=host, status=status)

    def _ask(self, method: str, address: str, headers: dict[str, str] | None = None) -> _Answer:
        parts = urlsplit(address)
        host = parts.hostname or ""
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with self._connected(parts.scheme, host, parts.port) as connection:
                connection.request(method, target, headers=_HEADERS | (headers or {}))
                with connection.getresponse() as response:
                    return _Answer(response.status, response.headers, response.read(_MOST_BYTES))
        except TimeoutError:
            raise RelaySlow(host=host) from None
        except ssl.SSLCertVerificationError as error:
            raise RelayCertificateInvalid(host=host, reason=error.verify_message) from None
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "strerror", None) or tr("the connection broke off")
            raise RelayUnreachable(host=host, reason=reason) from None

    @contextlib.contextmanager
    def _connected(self, scheme: str, host: str, port: int | None) -> Iterator[http.client.HTTPConnection]:
        """Connect, through the computer's proxy if it has one, and cut the connection when the time is over."""
        connection = self._connection(scheme, host, port)
        is_over = threading.Event()
        try:
            connection.connect()
            open_socket = connection.sock
            cut = threading.Timer(self._seconds, _cut, (open_socket, is_over))
            cut.start()
            try:
                yield connection
            finally:
                cut.cancel()
                cut.join()
                if is_over.is_set():  # whatever the reader made of it, an error or a short answer
                    raise TimeoutError
        finally:
            connection.close()

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http":  # this computer only, so never through a proxy
            return http.client.HTTPConnection(host, port, timeout=self._seconds)
        proxy = urlsplit("" if proxy_bypass(host) else getproxies().get("https", ""))
        if not proxy.hostname:
            return http.client.HTTPSConnection(host, port, timeout=self._seconds, context=self._tls)
        tunnel = http.client.HTTPSConnection(proxy.hostname, proxy.port, timeout=self._seconds, context=self._tls)
        tunnel.set_tunnel(host, port)
        return tunnel


def _cut(open_socket: socket.socket, is_over: threading.Event) -> None:
    is_over.set()
    with contextlib.suppress(OSError):  # it was closed in the same moment
        open_socket.shutdown(socket.SHUT_RDWR)


def _judge_file(answer: _Answer, host: str, mime_type: str, size_bytes: int | None, found_bytes: int | None) -> None:
    found = answer.headers.get("Content-Type", "")
    if found.partition(";")[0].strip().lower() != mime_type:
        raise RelayWrongType(host=host, expected=mime_type, found=found)
    if size_bytes is not None and found_bytes != size_bytes:
        raise RelayWrongSize(host=host, expected=size_bytes, found="?" if found_bytes is None else found_bytes)


def _whole_length(answer: _Answer) -> int | None:
    length = answer.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def _range_total(answer: _Answer) -> int | None:
    total = answer.headers.get("Content-Range", "").rpartition("/")[2]
    return int(total) if total.isdecimal() else None


def _date(text: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return date if date.tzinfo is not None else None
