"""A real S3 server over HTTP (moto), and a front before it that misbehaves on demand."""

from __future__ import annotations

import http.client
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from moto.server import ThreadedMotoServer

from desktop.kit.clock import Clock, SystemClock
from desktop.services.hosting.errors import RelayNotPublic, RelayUnreachable
from desktop.services.hosting.relays import Relay, RelayCredentials

KEY_ID, KEY = "AKIDEXAMPLE", "only-for-tests"
DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
EXPIRED = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
SKEWED = b"<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too large.</Message></Error>"


@contextmanager
def s3_server() -> Iterator[str]:
    """Run an empty S3 server; gives its address. What it keeps is shared by all of them in one process."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        address = "http://{}:{}".format(*server.get_host_and_port())
        urllib.request.urlopen(f"{address}/moto-api/reset", data=b"", timeout=10).close()
        yield address
    finally:
        server.stop()


def make_bucket(server: str, name: str) -> None:
    request = urllib.request.Request(f"{server}/{name}", method="PUT")
    urllib.request.urlopen(request, timeout=10).close()


def keys_in(server: str, bucket: str) -> list[str]:
    """List a bucket, asking the server itself."""
    with urllib.request.urlopen(f"{server}/{bucket}?list-type=2", timeout=10) as answer:
        text = answer.read().decode()
    return [part.partition("</Key>")[0] for part in text.split("<Key>")[1:]]


class FaultyFront:
    """Passes requests on to a server, except for ``faults``; ``seen`` has each method and path.

    ``stall`` holds every request until ``go_on`` is set. The rest spoil one thing each: ``down`` (503), ``denied``
    (PUT), ``no_delete``, ``private``, ``redirect``, ``html``, ``no_range``, ``shortened``, ``robots``, ``no_head``,
    ``expires`` (honours the end of signed addresses by ``clock``), ``skewed``.
    """

    def __init__(self, behind: str, clock: Clock | None = None) -> None:
        self.behind, self.clock = behind, clock or SystemClock()
        self.faults: set[str] = set()
        self.seen: list[tuple[str, str]] = []
        self.go_on = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Front)
        self._server.daemon_threads = False
        self._server.front = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="front")
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Front(BaseHTTPRequestHandler):
    def _handle(self) -> None:
        front: FaultyFront = self.server.front  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        front.seen.append((self.command, path))
        if "stall" in front.faults:
            front.go_on.wait(60)
            return
        if path == "/robots.txt":
            self._robots(front)
            return
        refusal = self._refusal(front)
        if refusal is not None:
            self._say(*refusal)
            return
        self._pass_on(front, body)

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = _handle  # noqa: N815

    def _robots(self, front: FaultyFront) -> None:
        if "robots" in front.faults:
            self._say(200, {"Content-Type": "text/plain"}, b"User-agent: facebookexternalhit\nDisallow: /\n")
        else:
            self._say(404, {}, b"")

    def _refusal(self, front: FaultyFront) -> tuple[int, dict[str, str], bytes] | None:
        faults, is_read = front.faults, self.command in ("GET", "HEAD")
        if "down" in faults:
            return 503, {}, b""
        if "skewed" in faults:
            return 403, {"Date": format_datetime(front.clock.now() - timedelta(hours=1), usegmt=True)}, SKEWED
        if ("denied" in faults and self.command == "PUT") or ("no_delete" in faults and self.command == "DELETE"):
            return 403, {}, DENIED
        if (is_read and "private" in faults) or ("no_head" in faults and self.command == "HEAD"):
            return 403, {}, DENIED
        if is_read and "redirect" in faults:
            return 302, {"Location": "http://127.0.0.1:9/"}, b""
        if is_read and "expires" in faults and front.clock.now() > _end_of(self.path):
            return 403, {}, EXPIRED
        return None

    def _pass_on(self, front: FaultyFront, body: bytes) -> None:
        parts = urlsplit(front.behind)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "host")}
        if "no_range" in front.faults:
            headers.pop("Range", None)
            headers.pop("range", None)
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        kept = {n: v for n, v in answer.getheaders() if n.lower() not in ("connection", "date", "server")}
        kept = {n: v for n, v in kept.items() if n.lower() != "content-length" or self.command == "HEAD"}
        if "html" in front.faults and self.command in ("GET", "HEAD"):
            kept = {n: v for n, v in kept.items() if n.lower() != "content-type"} | {"Content-Type": "text/html"}
        if "shortened" in front.faults and self.command == "HEAD":
            kept = {n: v for n, v in kept.items() if n.lower() != "content-length"} | {"Content-Length": "7"}
        self._say(answer.status, kept, content)

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name in headers):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the method it replaces
        pass


def _end_of(target: str) -> datetime:
    query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
    signed_at = datetime.strptime(query["X-Amz-Date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
    return signed_at + timedelta(seconds=int(query["X-Amz-Expires"]))


class MemoryObjectStore:
    """``ObjectStore`` in a dictionary; ``is_down`` makes every call fail."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.puts = 0
        self.is_down = False

    def __call__(self, relay: Relay, credentials: RelayCredentials) -> MemoryObjectStore:
        return self

    def put(self, key: str, content: Path | bytes, mime_type: str) -> int:
        self._answer()
        data = content if isinstance(content, bytes) else content.read_bytes()
        self.objects[key] = data, mime_type
        self.puts += 1
        return len(data)

    def address(self, key: str, life: timedelta) -> str:
        return f"https://relay.example/{key}?life={int(life.total_seconds())}"

    def delete(self, key: str) -> None:
        self._answer()
        self.objects.pop(key, None)

    def look(self, address: str, mime_type: str, *, size_bytes: int | None, needs_range: bool, is_signed: bool) -> None:
        """``OutsideView`` of it."""
        self._answer()
        stored = self.objects.get(urlsplit(address).path[1:])
        if stored is None:
            raise RelayNotPublic(host="relay.example", status=404)
        assert (stored[1], size_bytes) in ((mime_type, len(stored[0])), (mime_type, None))

    def _answer(self) -> None:
        if self.is_down:
            raise RelayUnreachable(host="relay.example", reason="down")
