"""Connections to one origin, kept for the next request; every step asks a ``Countdown`` for the time that is left."""

from __future__ import annotations

import http.client
import io
import select
import socket
import ssl
import threading
import time
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from desktop.connectors.transport.countdown import Countdown

_KEEP_ALIVE_SECONDS = 15.0
_PIECE_BYTES = 64 * 1024


class NoFreeConnection(Exception):
    """Every connection to the origin was in use for as long as the request could wait."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy that is asked to connect through; ``authorization`` may be empty."""

    host: str
    port: int
    authorization: str = ""

    @classmethod
    def of(cls, address: str) -> Proxy:
        """Return the proxy of an address such as ``http://name:password@host:3128``."""
        parts = urlsplit(address if "://" in address else f"http://{address}")
        name, password = unquote(parts.username or ""), unquote(parts.password or "")
        secret = f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}" if name else ""
        return cls(parts.hostname or "", parts.port or 8080, secret)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where connections go: ``tls`` None for plain http, ``proxy`` None for straight."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    proxy: Proxy | None


class Connection(http.client.HTTPConnection):
    """One connection of the standard library whose socket is bounded by the countdown of the present request."""

    def __init__(self, origin: Origin) -> None:
        """Connect later, when the first request begins."""
        proxy = origin.proxy
        super().__init__(*((proxy.host, proxy.port) if proxy else (origin.host, origin.port)))
        if proxy:
            headers = {"Host": f"{origin.host}:{origin.port}"}
            if proxy.authorization:
                headers["Proxy-Authorization"] = proxy.authorization
            self.set_tunnel(origin.host, origin.port, headers)
        self._origin = origin
        self.countdown: Countdown | None = None
        self.idle_since = 0.0

    def connect(self) -> None:
        """Open the connection within the time left."""
        assert self.countdown is not None  # noqa: S101 - set by whoever uses the connection
        plain = socket.create_connection((self.host, self.port), self.countdown.seconds_left())
        self.sock = cast("Any", _CountedSocket(plain, self))
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._origin.proxy:
                self._tunnel()  # type: ignore[attr-defined]  # what the standard library's own connect calls
            if self._origin.tls:
                plain.settimeout(self.countdown.seconds_left())
                secure = self._origin.tls.wrap_socket(plain, server_hostname=self._origin.host)
                self.sock = cast("Any", _CountedSocket(secure, self))
        except BaseException:
            self.close()
            plain.close()
            raise

    @property
    def is_stale(self) -> bool:
        """Whether the other side has closed the idle connection, or said something nobody asked for."""
        if self.sock is None or time.monotonic() - self.idle_since > _KEEP_ALIVE_SECONDS:
            return True
        if hasattr(select, "poll"):  # no limit on descriptors; Windows has none of either
            poll = select.poll()
            poll.register(self.sock, select.POLLIN)
            return bool(poll.poll(0))
        return bool(select.select([self.sock], [], [], 0)[0])


class Pool:
    """Connections to one origin; safe to use from several threads."""

    def __init__(self, origin: Origin, most: int) -> None:
        """Keep at most ``most`` connections open."""
        self._origin = origin
        self._free = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._is_closed = False

    def take(self, countdown: Countdown) -> Connection:
        """Lend a connection that is open, or opens with the first request; ``NoFreeConnection``, ``TimeoutError``."""
        if not self._free.acquire(timeout=countdown.seconds_left()):
            raise NoFreeConnection
        connection = self._next_idle() or Connection(self._origin)
        connection.countdown = countdown
        return connection

    def give_back(self, connection: Connection, *, is_usable: bool) -> None:
        """Keep a connection whose answer was read to its end; close any other."""
        connection.countdown = None
        connection.idle_since = time.monotonic()
        with self._lock:
            is_kept = is_usable and connection.sock is not None and not self._is_closed
            if is_kept:
                self._idle.append(connection)
        if not is_kept:
            connection.close()
        self._free.release()

    def close(self) -> None:
        """Close what is idle now, and what is in use as soon as it comes back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _next_idle(self) -> Connection | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                connection = self._idle.pop()
            if not connection.is_stale:
                return connection
            connection.close()


class _CountedSocket:
    """What ``http.client`` needs of a socket. As with a real one, closing it waits for the readers made from it."""

    def __init__(self, wrapped: socket.socket, owner: Connection) -> None:
        self._socket, self._owner = wrapped, owner
        self._readers = 0
        self._is_closing = False

    def sendall(self, data: bytes | memoryview) -> None:
        view = memoryview(data)
        for start in range(0, len(view), _PIECE_BYTES):
            self._arm()
            self._socket.sendall(view[start : start + _PIECE_BYTES])

    def receive_into(self, buffer: bytearray | memoryview) -> int:
        self._arm()
        return self._socket.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        self._readers += 1
        return io.BufferedReader(_CountedReader(self))

    def reader_closed(self) -> None:
        self._readers -= 1
        if self._is_closing:
            self.close()

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._is_closing = True
        if self._readers <= 0:
            self._socket.close()

    def _arm(self) -> None:
        assert self._owner.countdown is not None  # noqa: S101 - nobody reads or writes between requests
        self._socket.settimeout(self._owner.countdown.seconds_left())


class _CountedReader(io.RawIOBase):
    """Reads from the socket; closing it leaves the socket open for the next answer."""

    def __init__(self, source: _CountedSocket) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._source.receive_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._source.reader_closed()
