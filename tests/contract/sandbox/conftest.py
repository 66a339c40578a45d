"""One sandbox over real HTTP for all tests here, put back to its start before each; and a server for media."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from tests.support.sandbox import SandboxConfig, SandboxServer, account


@dataclass
class Client:
    """Calls one account's network with its token."""

    http: httpx.Client
    network: str
    id: str
    token: str

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(self._url(path), params={"access_token": self.token, **params})

    def post(self, path: str, files: Any = None, **data: Any) -> httpx.Response:
        return self.http.post(self._url(path), data={"access_token": self.token, **data}, files=files)

    def delete(self, path: str) -> httpx.Response:
        return self.http.delete(self._url(path), params={"access_token": self.token})

    def created(self, path: str, files: Any = None, **data: Any) -> str:
        answer = self.post(path, files, **data)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def refused(self, path: str, **data: Any) -> tuple[Any, Any]:
        return refusal(self.post(path, **data))

    def allow(self, *scopes: str) -> None:
        """Let the token do exactly this from now on."""
        self.http.post("/_sandbox/tokens/scopes", json={"token": self.token, "scopes": scopes}).raise_for_status()

    def become(self, **changes: Any) -> None:
        """Change what the account is: followers, account_type, features."""
        self.http.post(f"/_sandbox/accounts/{self.id}", json=changes).raise_for_status()

    def _url(self, path: str) -> str:
        return f"/{self.network}/{path}"


def refusal(answer: httpx.Response) -> tuple[Any, Any]:
    """Return (code, subcode) of an error answer."""
    error = answer.json()["error"]
    assert error["fbtrace_id"]
    return error["code"], error.get("error_subcode")


@pytest.fixture(scope="session")
def running() -> Iterator[SandboxServer]:
    with SandboxServer(config=SandboxConfig(processing_factor=0)) as server:
        yield server


def open_client(url: str) -> httpx.Client:
    """Return a client for ``url``; no certificates are loaded, which takes longer than most tests."""
    return httpx.Client(base_url=url, trust_env=False, verify=False, timeout=10)


@pytest.fixture(scope="session")
def connection(running: SandboxServer) -> Iterator[httpx.Client]:
    with open_client(running.url) as client:
        yield client


@pytest.fixture
def server(running: SandboxServer, connection: httpx.Client) -> SandboxServer:
    running.box.config = SandboxConfig(processing_factor=0)
    connection.post("/_sandbox/reset").raise_for_status()
    return running


@pytest.fixture
def http(server: SandboxServer, connection: httpx.Client) -> httpx.Client:
    return connection


@pytest.fixture
def client(http: httpx.Client) -> Any:
    def make(network: str, purpose: str = "ready", index: int = 0) -> Client:
        found = account(str(http.base_url), network, purpose, index)
        return Client(http, network, found["id"], found["token"])

    return make


@pytest.fixture
def threads(client: Any) -> Client:
    return client("threads")


@pytest.fixture
def instagram(client: Any) -> Client:
    return client("instagram")


@pytest.fixture
def page(client: Any) -> Client:
    return client("facebook")


@pytest.fixture
def ledger(http: httpx.Client) -> Any:
    return lambda: http.get("/_sandbox/ledger", params={"posts_only": 1}).json()["posts"]


@pytest.fixture
def configure(http: httpx.Client) -> Any:
    return lambda **changes: http.post("/_sandbox/config", json=changes).raise_for_status()


@pytest.fixture
def play(http: httpx.Client) -> Any:
    return lambda *rules: http.post("/_sandbox/faults", json=list(rules)).raise_for_status()


@pytest.fixture
def advance(http: httpx.Client) -> Any:
    return lambda seconds: http.post("/_sandbox/clock", json={"advance": seconds}).raise_for_status()


@dataclass
class MediaHost:
    """Serves ``files`` by name; ``statuses`` overrides the answer of a name, ``requests`` tells what was asked."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)

    def put(self, name: str, content: bytes) -> str:
        self.files[name] = content
        return f"{self.url}/{name}"


@pytest.fixture
def media() -> Iterator[MediaHost]:
    host: MediaHost

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.answer()

        def do_GET(self) -> None:
            self.wfile.write(self.answer())

        def answer(self) -> bytes:
            name = self.path.lstrip("/")
            host.requests.append((self.command, name))
            content = host.files.get(name, b"")
            status = host.statuses.get(f"{self.command} {name}") or host.statuses.get(name)
            self.send_response(status or (200 if name in host.files else 404))
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Location", f"{host.url}/elsewhere.jpg")
            self.end_headers()
            return content

        def log_message(self, *arguments: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = False
    host = MediaHost(f"http://127.0.0.1:{httpd.server_port}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield host
    httpd.shutdown()
    httpd.server_close()
    thread.join()
