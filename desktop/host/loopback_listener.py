"""Waits on this computer for the browser to come back from a sign-in (RFC 8252 §7.3).

One request with a query to the expected path ends the wait. Nothing of it is logged: its query holds the code.
"""

from __future__ import annotations

import contextlib
import errno
import hmac
import selectors
import socket
from collections.abc import Iterator
from datetime import timedelta
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from desktop.domain.errors import Cancelled, ListenerUnavailable
from desktop.host.loopback_pages import NOT_FOUND, closing_page
from desktop.kit.clock import Clock

_PATH = "/callback"
_LARGEST_REQUEST = 16 * 1024
_PATIENCE_SECONDS = 10.0  # of one connection; browsers open some in advance and leave them silent
_TRIES = 20


class LoopbackListener:
    """Listens at ``http://localhost:PORT`` (127.0.0.1 and, where there is one, ::1). Use it in a ``with`` block.

    ``wait`` blocks its own thread; ``cancel`` may be called from any other.
    """

    def __init__(self, clock: Clock) -> None:
        """Open a free port; ``ListenerUnavailable``."""
        self._clock = clock
        self._bell, self._rope = socket.socketpair()
        try:
            self._doors = _open_doors()
        except OSError as error:
            self._bell.close()
            self._rope.close()
            raise ListenerUnavailable(reason=error.strerror or str(error)) from error
        self.port: int = self._doors[0].getsockname()[1]

    def wait(self, state: str, timeout: timedelta) -> str | None:
        """Return the address the browser was sent to, None when nobody came in time; ``Cancelled``.

        An address with another ``state`` ends the wait too, so that the person hears of it; it is shown another page.
        """
        ends = self._clock.monotonic() + timeout.total_seconds()
        with selectors.DefaultSelector() as selector, contextlib.ExitStack() as guests:
            for one in (self._bell, *self._doors):
                selector.register(one, selectors.EVENT_READ, one)
            while (left := ends - self._clock.monotonic()) > 0:
                for key, _ in selector.select(min(left, 1.0)):
                    if key.data is self._bell:
                        raise Cancelled
                    if not isinstance(key.data, _Guest):
                        self._let_in(key.data, selector, guests)
                    elif (address := self._hear(key.data, selector, state)) is not None:
                        return address
                _see_off(selector, self._clock.monotonic())
        return None

    def cancel(self) -> None:
        """End a ``wait`` that is going on, or the next one."""
        with contextlib.suppress(OSError):
            self._rope.send(b".")

    def close(self) -> None:
        """Stop listening."""
        for one in (self._bell, self._rope, *self._doors):
            one.close()

    def __enter__(self) -> LoopbackListener:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _let_in(self, door: socket.socket, selector: selectors.BaseSelector, guests: contextlib.ExitStack) -> None:
        with contextlib.suppress(OSError):
            connection, _ = door.accept()
            guests.callback(connection.close)
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ, _Guest(connection, self._clock.monotonic()))

    def _hear(self, guest: _Guest, selector: selectors.BaseSelector, state: str) -> str | None:
        """Read on; once the request is complete answer it, and return its address when it is the one we wait for."""
        head = guest.read()
        if head is None:
            return None
        selector.unregister(guest.connection)
        target = _target(head, self.port)
        if target is None or urlsplit(target).path != _PATH or not urlsplit(target).query:
            guest.answer(NOT_FOUND)
            return None
        said = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        is_ours = hmac.compare_digest(said.get("state", "").encode(), state.encode())
        guest.answer(closing_page(is_ours=is_ours, is_granted="code" in said and "error" not in said))
        return f"http://localhost:{self.port}{target}"


class _Guest:
    """One connection and what it has said so far."""

    def __init__(self, connection: socket.socket, came: float) -> None:
        self.connection, self.came = connection, came
        self._said = b""

    def read(self) -> bytes | None:
        """Return the head of the request once it is complete, nothing but ``b""`` when there will be none."""
        try:
            more = self.connection.recv(4096)
        except BlockingIOError:
            return None
        except OSError:
            return b""
        self._said += more
        if not more or len(self._said) > _LARGEST_REQUEST:
            return b""
        return self._said if b"\r\n\r\n" in self._said else None

    def answer(self, page: bytes) -> None:
        """Send the page and hang up; a browser that is gone already misses nothing."""
        with contextlib.suppress(OSError):
            self.connection.settimeout(1.0)
            self.connection.sendall(page)
            self.connection.shutdown(socket.SHUT_WR)
        self.connection.close()


def _see_off(selector: selectors.BaseSelector, now: float) -> None:
    """Hang up on connections that have been silent for too long."""
    for key in list(selector.get_map().values()):
        if isinstance(key.data, _Guest) and now - key.data.came > _PATIENCE_SECONDS:
            selector.unregister(key.fileobj)
            key.data.connection.close()


def _target(head: bytes, port: int) -> str | None:
    """Return the target of a GET addressed to us by name: a page elsewhere must not reach us under its own name."""
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    hosts = [line.partition(":")[2].strip().lower() for line in lines[1:] if line.lower().startswith("host:")]
    if len(words) != 3 or words[0] != "GET" or not words[1].startswith("/"):
        return None
    return words[1] if hosts in [[f"{name}:{port}"] for name in ("localhost", "127.0.0.1", "[::1]")] else None


def _open_doors() -> list[socket.socket]:
    """Listen on one port of both loopback addresses: browsers try either of them for ``localhost``."""
    for _ in range(_TRIES):
        door = socket.create_server(("127.0.0.1", 0))
        try:
            return [door, *_second_door(door.getsockname()[1])]
        except OSError as error:
            door.close()
            if error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, "no free port")


def _second_door(port: int) -> Iterator[socket.socket]:
    if not socket.has_ipv6:
        return
    try:
        yield socket.create_server(("::1", port), family=socket.AF_INET6)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise
        # no IPv6 on this computer: then localhost is 127.0.0.1
