"""A media host on this computer, for networks that run on it too (the sandbox): plain HTTP on the loopback address.

It serves only what was exposed, at addresses nobody can guess; a request never becomes a path, so nothing else on the
disk can be reached.
"""

from __future__ import annotations

import re
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from desktop.domain.deliveries import DeliveryId, PayloadMedia

_CHUNK_BYTES = 1 << 16
_CLIENT_SECONDS = 30.0
_RANGE = re.compile(r"bytes=(?!-$)(\d*)-(\d*)")
_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
}


@dataclass(frozen=True, slots=True)
class _Exposed:
    path: Path
    mime_type: str


class LoopbackMediaHost:
    """``MediaHost`` that listens on 127.0.0.1 from the first ``expose`` until ``close``."""

    def __init__(self, locate: Callable[[str], Path]) -> None:
        """``locate`` returns the path of an original by its SHA-256 (``AssetStore.path``)."""
        self._locate = locate
        self._lock = threading.Lock()
        self._addresses: dict[_Exposed, str] = {}
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def expose(self, media: PayloadMedia, delivery_id: DeliveryId | None = None) -> str:
        """Return the address of a file, the same one for everybody; ``FileUnreadable`` when the original has gone."""
        exposed = _Exposed(self._locate(media.sha256), media.mime_type)
        with self._lock:
            server = self._started()
            if exposed not in self._addresses:
                name = secrets.token_urlsafe(24) + _ENDINGS.get(media.mime_type, "")
                server.files[f"/{name}"] = exposed
                self._addresses[exposed] = f"http://127.0.0.1:{server.server_port}/{name}"
            return self._addresses[exposed]

    def release(self, delivery_id: DeliveryId) -> None:
        """Do nothing: what is served here lies on this computer anyway."""

    def close(self) -> None:
        """Stop serving, end open transfers and wait for the threads; ``expose`` starts anew."""
        with self._lock:
            server, thread = self._server, self._thread
            self._server = self._thread = None
            self._addresses.clear()
        if server is not None and thread is not None:
            server.shutdown()
            server.end_transfers()
            server.server_close()
            thread.join()

    def _started(self) -> _Server:
        if self._server is None:
            self._server = _Server()
            self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="media-host")
            self._thread.start()
        return self._server


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for them

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, _Exposed] = {}
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def end_transfers(self) -> None:
        """Cut connections whose client neither reads nor writes, so that closing does not wait for it."""
        with self._lock:
            for request in self._open:
                try:
                    request.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was faster

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet: a client that hangs up is no error of ours."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _CLIENT_SECONDS
    server_version = "media"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the method it replaces
        """Write nothing: the addresses are secrets."""

    def _answer(self, *, with_body: bool) -> None:
        exposed = self.server.files.get(self.path)
        try:
            file = exposed.path.open("rb") if exposed is not None else None
        except OSError:
            file = None
        if exposed is None or file is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        with file:
            size = exposed.path.stat().st_size
            wanted = _byte_range(self.headers.get("Range"), size)
            if wanted is None:
                self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                self._finish_headers({"Content-Range": f"bytes */{size}", "Content-Length": "0"})
                return
            start, end = wanted
            is_part = _RANGE.fullmatch(self.headers.get("Range", "")) is not None
            self.send_response(HTTPStatus.PARTIAL_CONTENT if is_part else HTTPStatus.OK)
            headers = {"Content-Type": exposed.mime_type, "Content-Length": str(end - start), "Accept-Ranges": "bytes"}
            if is_part:
                headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
            self._finish_headers(headers)
            if with_body:
                file.seek(start)
                self._send(file, end - start)

    def _finish_headers(self, headers: dict[str, str]) -> None:
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, file: Any, remaining: int) -> None:
        while remaining and (chunk := file.read(min(_CHUNK_BYTES, remaining))):
            self.wfile.write(chunk)
            remaining -= len(chunk)


def _byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return the half-open range asked for (RFC 9110 §14.2), all of it for a form we do not serve, None for none."""
    found = _RANGE.fullmatch(header or "")
    if found is None:
        return 0, size
    if found[1] == "":
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1 if found[2] else size)
    return (start, end) if start < end else None
