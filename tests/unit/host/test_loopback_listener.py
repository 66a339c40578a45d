"""Waiting for the browser: real sockets on this computer."""

from __future__ import annotations

import contextlib
import http.client
import logging
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from desktop.domain.errors import Cancelled
from desktop.host.loopback_listener import LoopbackListener
from desktop.kit.clock import ManualClock, SystemClock

STATE = "4711.abcdef"
LONG = timedelta(seconds=30)


class Waiting:
    """A listener waiting on a thread, as the window does it."""

    def __init__(self, listener: LoopbackListener, timeout: timedelta = LONG) -> None:
        self.listener = listener
        self.result: list[object] = []
        self.thread = threading.Thread(target=self._wait, args=(timeout,))
        self.thread.start()

    def _wait(self, timeout: timedelta) -> None:
        try:
            self.result.append(self.listener.wait(STATE, timeout))
        except Cancelled as cancelled:
            self.result.append(cancelled)

    def outcome(self) -> Any:
        self.thread.join(10)
        return self.result[0]


@pytest.fixture
def listener() -> Iterator[LoopbackListener]:
    with LoopbackListener(SystemClock()) as made:
        yield made


@pytest.fixture
def waiting(listener: LoopbackListener) -> Iterator[Waiting]:
    made = Waiting(listener)
    yield made
    listener.cancel()
    made.thread.join(10)


def ask(port: int, path: str, *, host: str = "localhost", address: str = "127.0.0.1", method: str = "GET") -> Any:
    connection = http.client.HTTPConnection(address, port, timeout=5)
    with contextlib.closing(connection):
        connection.request(method, path, headers={"Host": f"{host}:{port}"})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_the_browser_comes_back(waiting: Waiting, address: str) -> None:
    port = waiting.listener.port
    try:
        status, headers, page = ask(port, f"/callback?code=SECRET&state={STATE}", address=address)
    except OSError:
        if address == "::1":
            pytest.skip("no IPv6 on this computer")
        raise
    assert waiting.outcome() == f"http://localhost:{port}/callback?code=SECRET&state={STATE}"
    assert status == 200
    assert "close this page" in page
    assert "SECRET" not in page
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_a_person_who_said_no_sees_another_page(waiting: Waiting) -> None:
    _, _, page = ask(waiting.listener.port, f"/callback?error=access_denied&state={STATE}")
    assert "Nothing was connected" in page
    assert "access_denied" in waiting.outcome()


def test_a_wrong_state_ends_the_wait_and_says_so(waiting: Waiting) -> None:
    status, _, page = ask(waiting.listener.port, "/callback?code=x&state=4711.other")
    assert status == 400
    assert "not started here" in page
    assert "4711.other" in waiting.outcome()


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/favicon.ico", {}),
        ("/callback", {}),
        (f"/?code=x&state={STATE}", {}),
        ("/callback/more?code=x", {}),
        (f"/callback?code=x&state={STATE}", {"method": "POST"}),
        (f"/callback?code=x&state={STATE}", {"host": "evil.example"}),
    ],
)
def test_anything_else_is_sent_away_and_the_wait_goes_on(waiting: Waiting, path: str, options: dict[str, str]) -> None:
    assert ask(waiting.listener.port, path, **options)[0] == 404
    assert ask(waiting.listener.port, f"/callback?code=y&state={STATE}")[0] == 200
    assert "code=y" in waiting.outcome()


def test_a_silent_connection_opened_in_advance_does_not_block(waiting: Waiting) -> None:
    port = waiting.listener.port
    with socket.create_connection(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET /callback?code=slow")
        assert ask(port, f"/callback?code=fast&state={STATE}")[0] == 200
        assert "code=fast" in waiting.outcome()


def test_a_request_in_pieces(waiting: Waiting) -> None:
    port = waiting.listener.port
    request = f"GET /callback?code=x&state={STATE} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(0, len(request), 7):
            connection.sendall(request[i : i + 7])
        assert connection.recv(100).startswith(b"HTTP/1.1 200 OK")
    assert STATE in waiting.outcome()


@pytest.mark.parametrize("rubbish", [b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET\r\n\r\n", b"x" * 40_000])
def test_rubbish(waiting: Waiting, rubbish: bytes) -> None:
    with socket.create_connection(("127.0.0.1", waiting.listener.port)) as connection, contextlib.suppress(OSError):
        connection.sendall(rubbish)
        assert connection.recv(100) in (
            b"",
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        )
    assert waiting.thread.is_alive()


def test_the_person_gives_up(waiting: Waiting) -> None:
    waiting.listener.cancel()
    assert isinstance(waiting.outcome(), Cancelled)


def test_nobody_comes() -> None:
    clock = ManualClock(SystemClock().now())
    with LoopbackListener(clock) as listener:
        waiting = Waiting(listener)
        clock.advance(LONG)
        listener_woken(listener.port)
        assert waiting.outcome() is None


def test_the_port_is_free_again() -> None:
    with LoopbackListener(SystemClock()) as listener:
        port = listener.port
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        pass


def test_codes_are_in_no_log(waiting: Waiting, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(waiting.listener.port, f"/callback?code=SECRET&state={STATE}")
        waiting.outcome()
    assert "SECRET" not in caplog.text


def listener_woken(port: int) -> None:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
