"""Looking at an address as Meta's fetcher does: a real S3 server behind a front that misbehaves on demand."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from desktop.files.object_store import Bucket
from desktop.files.relay_view import FetcherView
from desktop.kit.clock import SystemClock
from desktop.services.hosting.errors import (
    RelayAddressExpired,
    RelayCertificateInvalid,
    RelayClockWrong,
    RelayFailure,
    RelayNotPublic,
    RelayRedirects,
    RelayRobotsForbid,
    RelaySlow,
    RelayUnreachable,
    RelayWithoutRange,
    RelayWrongSize,
    RelayWrongType,
)
from desktop.services.hosting.relays import RelayCredentials, read_relay
from tests.support.relays import KEY, KEY_ID, FaultyFront, make_bucket, s3_server

PICTURE = b"\xff\xd8\xff" + bytes(5000)
VIEW = FetcherView(SystemClock(), timedelta(seconds=20))


class Shift:
    """A clock that is wrong."""

    def __init__(self, shift: timedelta) -> None:
        self.shift = shift

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def monotonic(self) -> float:
        return SystemClock().monotonic()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server() as url:
        make_bucket(url, "media")
        yield url


@pytest.fixture
def front(server: str) -> Iterator[FaultyFront]:
    front = FaultyFront(server)
    yield front
    front.close()


@pytest.fixture
def address(front: FaultyFront) -> str:
    bucket = Bucket(read_relay(f"s3://media/p?endpoint={front.url}"), RelayCredentials(KEY_ID, KEY))
    bucket.put("a.jpg", PICTURE, "image/jpeg")
    front.seen.clear()
    return bucket.address("a.jpg", timedelta(hours=2))


def look(
    address: str,
    view: FetcherView = VIEW,
    mime_type: str = "image/jpeg",
    size_bytes: int | None = len(PICTURE),
    needs_range: bool = True,
    is_signed: bool = True,
) -> None:
    view.look(address, mime_type, size_bytes=size_bytes, needs_range=needs_range, is_signed=is_signed)


def test_a_file_as_it_should_be(front: FaultyFront, address: str) -> None:
    look(address)
    look(address, size_bytes=None)
    path = "/media/p/a.jpg"
    assert front.seen[:3] == [("GET", "/robots.txt"), ("HEAD", path), ("GET", path)]


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("down", RelayUnreachable, "503"),
        ("private", RelayNotPublic, "403"),
        ("redirect", RelayRedirects, "redirects"),
        ("html", RelayWrongType, "“text/html” instead of “image/jpeg”"),
        ("no_range", RelayWithoutRange, "parts"),
        ("shortened", RelayWrongSize, "7 bytes instead of 5003"),
        ("robots", RelayRobotsForbid, "forbids"),
        ("skewed", RelayClockWrong, "clock"),
    ],
)
def test_trap_16_each_trouble_has_its_name(
    front: FaultyFront, address: str, fault: str, error: type[RelayFailure], words: str
) -> None:
    front.faults = {fault}
    with pytest.raises(error, match=words) as caught:
        look(address)
    assert "Signature" not in str(caught.value) + repr(caught.value.details)


def test_a_picture_needs_no_parts(front: FaultyFront, address: str) -> None:
    front.faults = {"no_range"}
    look(address, needs_range=False)


def test_another_size_than_was_stored(address: str) -> None:
    with pytest.raises(RelayWrongSize):
        look(address, size_bytes=4)


def test_another_type_than_was_wanted(address: str) -> None:
    with pytest.raises(RelayWrongType):
        look(address, mime_type="image/png")


def test_trap_16_an_address_that_has_ended(front: FaultyFront, address: str) -> None:
    front.faults = {"expires"}
    look(address)
    front.clock = Shift(timedelta(hours=2, minutes=1))
    with pytest.raises(RelayAddressExpired):
        look(address)


def test_a_store_that_signs_for_one_method_only_is_judged_by_that(front: FaultyFront, address: str) -> None:
    front.faults = {"no_head"}
    look(address)
    with pytest.raises(RelayNotPublic):
        look(address, is_signed=False)
    front.faults = {"no_head", "html"}
    with pytest.raises(RelayWrongType):
        look(address)


def test_what_was_deleted_is_not_there(server: str, address: str) -> None:
    with pytest.raises(RelayNotPublic, match="404"):
        look(address.replace("a.jpg", "b.jpg"))


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(RelayUnreachable, match="refused"):
        look(f"http://127.0.0.1:{port}/a.jpg")


def test_a_relay_that_stalls_is_slow(front: FaultyFront, address: str) -> None:
    front.faults = {"stall"}
    with pytest.raises(RelaySlow):
        look(address, FetcherView(SystemClock(), timedelta(seconds=0.3)))


def test_a_relay_that_drips_is_slow_as_well() -> None:
    """Each byte comes in time, the whole never would: the deadline is one for the request."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                try:
                    while not ended.wait(0.02):
                        connection.sendall(b"x")
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with pytest.raises(RelaySlow):
                look(
                    f"http://127.0.0.1:{listener.getsockname()[1]}/a.jpg",
                    FetcherView(SystemClock(), timedelta(seconds=0.5)),
                )
        finally:
            ended.set()
            thread.join()


def test_what_is_no_http_is_not_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"hello\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(RelayUnreachable, match="broke off"):
            look(f"http://127.0.0.1:{listener.getsockname()[1]}/a.jpg")
        thread.join()


def test_a_certificate_nobody_vouches_for(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    return  # the client hangs up, as it should

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(RelayCertificateInvalid, match="self-signed"):
            look(f"https://127.0.0.1:{listener.getsockname()[1]}/a.jpg")
        thread.join()


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
