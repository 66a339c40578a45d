"""A loopback server that does exactly what its script says, byte by byte, and keeps what it was sent."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

PATIENCE_SECONDS = 20.0


class RawConnection:
    """One accepted connection; ``received`` holds every byte that came."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self._pending = b""
        self.received = b""

    def read_request(self) -> bytes:
        """Read one request with its body; empty when the client closed instead."""
        while b"\r\n\r\n" not in self._pending:
            if not self._more():
                return b""
        head, _, _ = self._pending.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        total = len(head) + 4 + length
        while len(self._pending) < total:
            if not self._more():
                return b""
        request, self._pending = self._pending[:total], self._pending[total:]
        return request

    def wait_for_bytes(self) -> None:
        """Return once something came, and leave it unread."""
        self._peer.recv(1, socket.MSG_PEEK)

    def send(self, data: bytes) -> None:
        self._peer.sendall(data)

    def answer(self, body: bytes = b"{}", *, status: str = "200 OK", headers: str = "") -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        self.send(head.encode() + body)

    def reset(self) -> None:
        """Close so that the client sees a reset instead of an orderly end."""
        self._peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._peer.close()

    def wait_for_end(self) -> None:
        """Keep whatever still comes until the client closes."""
        while self._more():
            pass

    def _more(self) -> bool:
        data = self._peer.recv(65536)
        self._pending += data
        self.received += data
        return bool(data)


Script = Callable[[RawConnection], None]


class RawServer:
    """Runs one script for each connection, in the order they come; the last one repeats."""

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self._scripts = scripts
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, name="raw-server")]
        self._opened: list[socket.socket] = []
        self._arrived = threading.Semaphore(0)
        self.connections: list[RawConnection] = []
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._threads[0].start()

    @property
    def received(self) -> bytes:
        return b"".join(connection.received for connection in self.connections)

    def wait_for_connection(self) -> None:
        """Return once another connection was accepted."""
        assert self._arrived.acquire(timeout=PATIENCE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join(PATIENCE_SECONDS)
        for peer in self._opened:
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join(PATIENCE_SECONDS)

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            peer.settimeout(PATIENCE_SECONDS)
            self._opened.append(peer)
            script = self._scripts[min(len(self._threads), len(self._scripts)) - 1]
            thread = threading.Thread(target=self._serve, args=(peer, script), name="raw-connection")
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: socket.socket, script: Script) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.callback(peer.close)
            if self._tls is not None:
                peer = self._tls.wrap_socket(peer, server_side=True)
                stack.callback(peer.close)
                self._opened.append(peer)  # it took the place of the plain one
            connection = RawConnection(peer)
            self.connections.append(connection)
            self._arrived.release()
            script(connection)
