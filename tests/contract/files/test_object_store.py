"""Buckets: S3 against a real server over HTTP, Azure and Google against a stub that notes what it is asked."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from desktop.domain.errors import FileUnreadable
from desktop.files.object_store import Bucket, StoreTimeouts
from desktop.kit.ids import new_id
from desktop.services.hosting.errors import (
    RelayAccessDenied,
    RelayBucketMissing,
    RelayCannotSign,
    RelayClockWrong,
    RelayFailure,
    RelayRefused,
    RelaySlow,
    RelayUnreachable,
)
from desktop.services.hosting.ports import ObjectStore
from desktop.services.hosting.relays import RelayCredentials, read_relay
from tests.support.relays import KEY, KEY_ID, FaultyFront, MemoryObjectStore, keys_in, make_bucket, s3_server

IMPATIENT = StoreTimeouts(timedelta(seconds=5), timedelta(seconds=10), 0)
KEYS = RelayCredentials(KEY_ID, KEY)
LIFE = timedelta(hours=2)
MiB = 2**20


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server() as url:
        yield url


@pytest.fixture
def name(server: str) -> str:
    name = f"media-{new_id()[-12:]}"
    make_bucket(server, name)
    return name


@pytest.fixture
def front(server: str) -> Iterator[FaultyFront]:
    front = FaultyFront(server)
    yield front
    front.close()


def s3(endpoint: str, name: str, timeouts: StoreTimeouts = IMPATIENT, more: str = "") -> Bucket:
    return Bucket(read_relay(f"s3://{name}/p?endpoint={endpoint}{more}"), KEYS, timeouts)


def fetch(address: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.fixture(params=["s3", "memory"])
def store(request: pytest.FixtureRequest, server: str, name: str) -> ObjectStore:
    return s3(server, name) if request.param == "s3" else MemoryObjectStore()


def test_bytes_and_files_are_stored_and_deleted(store: ObjectStore, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert store.put("a.jpg", path, "image/jpeg") == 5
    assert store.put("b.jpg", b"123", "image/jpeg") == 3
    assert "a.jpg" in store.address("a.jpg", LIFE)
    for _ in range(2):
        store.delete("a.jpg")  # the second time there is nothing to delete


def test_what_is_stored_is_served_with_its_type_in_parts_too(server: str, name: str) -> None:
    bucket = s3(server, name)
    bucket.put("a.jpg", b"hello", "image/jpeg")
    assert keys_in(server, name) == ["p/a.jpg"]
    address = bucket.address("a.jpg", LIFE)
    assert address.isascii()
    query = parse_qs(urlsplit(address).query)
    assert query["X-Amz-Expires"] == ["7200"]
    assert KEY not in address
    status, headers, body = fetch(address)
    assert (status, headers["content-type"], body) == (200, "image/jpeg", b"hello")
    assert headers["cache-control"] == "max-age=60"
    status, headers, body = fetch(address, Range="bytes=1-2")
    assert (status, headers["content-range"], body) == (206, "bytes 1-2/5", b"el")
    bucket.delete("a.jpg")
    assert fetch(address)[0] == 404
    assert keys_in(server, name) == []


def test_a_film_goes_up_in_pieces_byte_for_byte(front: FaultyFront, name: str, tmp_path: Path) -> None:
    film = b"".join(number.to_bytes(4, "big") for number in range(11 * MiB // 4)) + b"end"
    path = tmp_path / "film"
    path.write_bytes(film)
    bucket = s3(front.url, name)
    assert bucket.put("film.mp4", path, "video/mp4") == len(film)
    assert [method for method, _ in front.seen] == ["POST", "PUT", "PUT", "PUT", "POST"]
    status, headers, body = fetch(bucket.address("film.mp4", LIFE))
    assert (status, headers["content-type"]) == (200, "video/mp4")
    assert body == film


def test_a_public_address_is_not_signed(server: str, name: str) -> None:
    bucket = s3(server, name, more="&public=https://cdn.example/p")
    assert bucket.address("a.jpg", LIFE) == "https://cdn.example/p/a.jpg"


@pytest.mark.parametrize(
    ("relay", "start"),
    [
        ("s3://media/p?region=eu-north-1", "https://media.s3.eu-north-1.amazonaws.com/p/a.jpg?"),
        ("s3://my.media?region=eu-north-1", "https://s3.eu-north-1.amazonaws.com/my.media/a.jpg?"),
        ("s3://media?endpoint=https://x.example", "https://x.example/media/a.jpg?"),
        ("s3://media?endpoint=https://x.example&style=virtual", "https://media.x.example/a.jpg?"),
        ("s3://media?region=eu-north-1&style=path", "https://s3.eu-north-1.amazonaws.com/media/a.jpg?"),
    ],
)
def test_the_bucket_stands_where_the_store_wants_it(relay: str, start: str) -> None:
    assert Bucket(read_relay(relay), KEYS).address("a.jpg", LIFE).startswith(start)


def test_keys_of_the_environment_are_not_mixed_with_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "foreign")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "foreign")
    assert "foreign" not in Bucket(read_relay("s3://media?region=auto"), KEYS).address("a.jpg", LIFE)
    session = RelayCredentials(KEY_ID, KEY, "ours")
    assert "X-Amz-Security-Token=ours" in Bucket(read_relay("s3://media?region=auto"), session).address("a.jpg", LIFE)


# ---- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error"),
    [("down", RelayUnreachable), ("denied", RelayAccessDenied), ("skewed", RelayClockWrong)],
)
def test_each_trouble_has_its_name(front: FaultyFront, name: str, fault: str, error: type[RelayFailure]) -> None:
    front.faults = {fault}
    with pytest.raises(error) as caught:
        s3(front.url, name).put("a.jpg", b"x", "image/jpeg")
    assert KEY not in str(caught.value) + caught.value.advice + repr(caught.value.details)
    assert caught.value.__cause__ is None


def test_a_store_that_stalls_is_slow(front: FaultyFront, name: str) -> None:
    front.faults = {"stall"}
    with pytest.raises(RelaySlow):
        s3(front.url, name, StoreTimeouts(timedelta(seconds=5), timedelta(seconds=0.3), 0)).put(
            "a.jpg", b"x", "image/jpeg"
        )


def test_nobody_there(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(RelayUnreachable):
        s3(f"http://127.0.0.1:{port}", name).put("a.jpg", b"x", "image/jpeg")


def test_no_such_bucket(server: str) -> None:
    bucket = s3(server, "not-there")
    with pytest.raises(RelayBucketMissing):
        bucket.put("a.jpg", b"x", "image/jpeg")
    bucket.delete("a.jpg")  # so it holds no object either


def test_a_file_that_has_gone_is_not_the_relays_fault(server: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        s3(server, name).put("a.jpg", tmp_path / "gone", "image/jpeg")
    with pytest.raises(FileUnreadable):
        s3(server, name).put("a.jpg", tmp_path, "image/jpeg")


@pytest.mark.parametrize(
    ("relay", "credentials", "error"),
    [
        ("az://box?account=acct", RelayCredentials("", "!!"), RelayAccessDenied),
        ("az://box?account=acct", RelayCredentials("", "sv=1&sp=rwd&sig=abc"), RelayCannotSign),
        ("gs://media", RelayCredentials("", "{}"), RelayAccessDenied),
        ("gs://media", RelayCredentials("", "no/such/file.json"), RelayAccessDenied),
    ],
)
def test_what_cannot_be_a_key_is_refused_before_any_request(
    relay: str, credentials: RelayCredentials, error: type[RelayFailure]
) -> None:
    with pytest.raises(error) as caught:
        Bucket(read_relay(relay), credentials)
    assert credentials.secret not in caught.value.title


# ---- Azure and Google: the shape of the requests -------------------------------------------------------------------


class Stub:
    """Notes every request and answers as ``answer`` says."""

    def __init__(self, answer: Callable[[str, str], tuple[int, dict[str, str], bytes]]) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                stub.requests.append((self.command, self.path, headers, body))
                status, more, content = answer(self.command, self.path)
                self.send_response(status)
                for header, value in {"ETag": '"1"', "Content-Length": str(len(content)), **more}.items():
                    self.send_header(header, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_PUT = do_POST = do_DELETE = handle_any  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the method it replaces
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _azure(method: str, path: str) -> tuple[int, dict[str, str], bytes]:
    if method != "POST":
        return 201, {}, b""
    lines = ["--b", "Content-Type: application/http", "Content-ID: 0", "", "HTTP/1.1 202 Accepted", "", "", "--b--", ""]
    return 202, {"Content-Type": "multipart/mixed; boundary=b"}, "\r\n".join(lines).encode()


@pytest.fixture
def azure() -> Iterator[Stub]:
    stub = Stub(_azure)
    yield stub
    stub.close()


@pytest.fixture
def google() -> Iterator[Stub]:
    stub = Stub(lambda method, path: (200, {}, b""))
    yield stub
    stub.close()


def test_azure_is_asked_with_a_shared_key_and_signs_for_reading_only(azure: Stub) -> None:
    key = base64.b64encode(b"k" * 32).decode()
    bucket = Bucket(read_relay(f"az://box/p?account=acct&endpoint={azure.url}"), RelayCredentials("", key), IMPATIENT)
    bucket.put("a.jpg", b"hello", "image/jpeg")
    bucket.delete("a.jpg")
    (method, path, headers, body), (_, batch, _, deleted) = azure.requests
    assert (method, path, body) == ("PUT", "/box/p/a.jpg", b"hello")
    assert headers["x-ms-blob-content-type"] == "image/jpeg"
    assert headers["authorization"].startswith("SharedKey acct:")
    assert batch == "/box?restype=container&comp=batch"
    assert b"DELETE /box/p/a.jpg" in deleted
    query = parse_qs(urlsplit(bucket.address("a.jpg", LIFE)).query)
    assert (query["sp"], query["sr"]) == (["r"], ["b"])


def test_azure_with_a_sas_token_needs_a_public_address(azure: Stub) -> None:
    relay = read_relay(f"az://box?account=acct&endpoint={azure.url}&public=https://cdn.example")
    bucket = Bucket(relay, RelayCredentials("", "?sv=1&sp=rwd&sig=abc"), IMPATIENT)
    bucket.put("a.jpg", b"hello", "image/jpeg")
    assert parse_qs(urlsplit(azure.requests[0][1]).query)["sig"] == ["abc"]
    assert bucket.address("a.jpg", LIFE) == "https://cdn.example/a.jpg"


def test_google_is_asked_with_a_signed_token_and_signs_without_asking(google: Stub) -> None:
    private = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {
        "type": "service_account",
        "private_key": private.decode(),
        "private_key_id": "1",
        "client_email": "a@b.example",
        "client_id": "1",
    }
    relay = read_relay(f"gs://media/p?endpoint={google.url}")
    bucket = Bucket(relay, RelayCredentials("", json.dumps(account)), IMPATIENT)
    bucket.put("a.jpg", b"hello", "image/jpeg")
    bucket.delete("a.jpg")
    (method, path, headers, body), (deleting, _, _, _) = google.requests
    assert (method, path, body) == ("PUT", "/media/p%2Fa%2Ejpg", b"hello")
    assert headers["content-type"] == "image/jpeg"
    assert headers["authorization"].startswith("Bearer ey")
    assert deleting == "DELETE"
    address = bucket.address("a.jpg", LIFE)
    assert len(google.requests) == 2
    assert parse_qs(urlsplit(address).query)["X-Goog-Expires"] == ["7200"]


def test_a_wrong_region_is_named() -> None:
    stub = Stub(lambda method, path: (301, {}, b"<Error><Code>PermanentRedirect</Code></Error>"))
    try:
        with pytest.raises(RelayRefused, match="region"):
            s3(stub.url, "media").put("a.jpg", b"x", "image/jpeg")
    finally:
        stub.close()
