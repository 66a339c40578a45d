"""What the transport says happened, against sockets that do it."""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from desktop.connectors.transport.http_transport import HttpTransport
from desktop.connectors.transport.messages import FileBody, HttpAnswer, HttpRequest, TransportFailure
from desktop.domain.errors import Effect, InsecureAddress
from desktop.kit.clock import ManualClock, SystemClock
from tests.unit.connectors.raw_server import RawConnection, RawServer

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
TOKEN = "EAAsecretsecretsecret12345"


class JumpingClock(SystemClock):
    """Real, but the wall clock reads ``times`` in turn and then stays at the last."""

    def __init__(self, *times: datetime) -> None:
        self._times = list(times)

    def now(self) -> datetime:
        return self._times.pop(0) if len(self._times) > 1 else self._times[0]


@pytest.fixture
def transport() -> Iterator[HttpTransport]:
    with HttpTransport(SystemClock()) as made:
        yield made


def request(url: str, *, seconds: float = 10.0, **changes: Any) -> HttpRequest:
    defaults: dict[str, Any] = {
        "method": "POST",
        "url": f"{url}/v1.0/me/threads_publish",
        "timeout": timedelta(seconds=seconds),
        "headers": (("Authorization", f"Bearer {TOKEN}"),),
        "body": b"creation_id=1",
    }
    return HttpRequest(**(defaults | changes))


def failure(transport: HttpTransport, wanted: HttpRequest) -> TransportFailure:
    with pytest.raises(TransportFailure) as caught:
        transport.send(wanted)
    return caught.value


def echo(connection: RawConnection) -> None:
    while sent := connection.read_request():
        connection.answer(sent)


def test_an_answer_comes_back_whole(transport: HttpTransport) -> None:
    with RawServer(echo) as server:
        before = datetime.now(UTC)
        answer = transport.send(request(server.url))
        assert answer.status == 200
        assert answer.headers["content-length"] == str(len(answer.body))
        assert before <= answer.sent_at <= datetime.now(UTC)
        head, _, body = answer.body.partition(b"\r\n\r\n")
        assert head.startswith(b"POST /v1.0/me/threads_publish HTTP/1.1\r\n")
        assert f"Host: 127.0.0.1:{server.port}".encode() in head
        assert b"Accept-Encoding: identity" in head
        assert f"Authorization: Bearer {TOKEN}".encode() in head
        assert body == b"creation_id=1"


def test_a_connection_is_used_again(transport: HttpTransport) -> None:
    with RawServer(echo) as server:
        for _ in range(3):
            transport.send(request(server.url))
        assert len(server.connections) == 1


def test_many_threads_share_one_transport(transport: HttpTransport) -> None:
    with RawServer(echo) as server, ThreadPoolExecutor(8) as lanes:
        bodies = [f"creation_id={i}".encode() for i in range(160)]
        answers = list(lanes.map(lambda body: transport.send(request(server.url, body=body)), bodies))
        transport.close()
    assert [answer.body.partition(b"\r\n\r\n")[2] for answer in answers] == bodies


def test_a_refused_connection_sent_nothing(transport: HttpTransport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    problem = failure(transport, request(f"http://127.0.0.1:{port}"))
    assert problem.effect is Effect.NOT_SENT
    assert "refused" in problem.reason.lower()


def test_a_connection_that_never_opens_sent_nothing(transport: HttpTransport) -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):  # nobody accepts: once the queue is full, the system lets newcomers wait
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert failure(transport, request(url, seconds=0.3)).effect is Effect.NOT_SENT


@pytest.mark.parametrize("problem", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
def test_a_name_that_leads_nowhere_sent_nothing(
    transport: HttpTransport, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def look_up(*arguments: object, **keywords: object) -> None:
        raise problem

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert failure(transport, request("https://graph.threads.invalid")).effect is Effect.NOT_SENT


def test_no_free_connection_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.connectors.transport.http_transport._CONNECTIONS", 1)
    taken, done = threading.Event(), threading.Event()

    def hold(connection: RawConnection) -> None:
        connection.read_request()
        taken.set()
        done.wait(10)
        connection.answer()

    with HttpTransport(SystemClock()) as transport, RawServer(hold) as server, ThreadPoolExecutor(1) as lanes:
        first = lanes.submit(transport.send, request(server.url))
        assert taken.wait(10)
        second = failure(transport, request(server.url, seconds=0.2, body=b"creation_id=2"))
        done.set()
        assert first.result(10).status == 200
        assert second.effect is Effect.NOT_SENT
        assert b"creation_id=2" not in server.received


@pytest.mark.parametrize("reads_first", [True, False])
def test_a_reset_is_unknown_once_writing_began(transport: HttpTransport, reads_first: bool) -> None:
    def reset(connection: RawConnection) -> None:
        if reads_first:
            connection.read_request()
        else:
            connection.wait_for_bytes()
        connection.reset()

    with RawServer(reset) as server:
        assert failure(transport, request(server.url)).effect is Effect.UNKNOWN
        assert len(server.connections) == 1


def test_silence_after_the_request_is_unknown(transport: HttpTransport) -> None:
    with RawServer(RawConnection.wait_for_end) as server:
        problem = failure(transport, request(server.url, seconds=0.2))
    assert problem.effect is Effect.UNKNOWN
    assert "in time" in problem.reason


def test_half_an_answer_is_unknown(transport: HttpTransport) -> None:
    def half(connection: RawConnection) -> None:
        connection.read_request()
        connection.send(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id":')

    with RawServer(half) as server:
        assert failure(transport, request(server.url)).effect is Effect.UNKNOWN


def test_nonsense_instead_of_http_is_unknown(transport: HttpTransport) -> None:
    def babble(connection: RawConnection) -> None:
        connection.read_request()
        connection.send(b"\x00\x01 not http at all\r\n\r\n")

    with RawServer(babble) as server:
        assert failure(transport, request(server.url)).effect is Effect.UNKNOWN


@pytest.mark.parametrize("opening", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n"])
def test_dripping_cannot_stretch_the_total(transport: HttpTransport, opening: bytes) -> None:
    """Every byte comes well within any single read's timeout; left alone, the answer would be complete and fine."""
    over = threading.Event()

    def drip(connection: RawConnection) -> None:
        connection.read_request()
        connection.send(opening)
        for _ in range(400):
            over.wait(0.02)
            connection.send(b"x")
        if opening.endswith(b" "):
            connection.send(b"\r\nContent-Length: 0\r\n\r\n")

    with RawServer(drip) as server:
        assert failure(transport, request(server.url, seconds=0.4)).effect is Effect.UNKNOWN
        over.set()


def test_a_redirect_is_an_answer_and_is_not_followed(transport: HttpTransport) -> None:
    def redirect(connection: RawConnection) -> None:
        while connection.read_request():
            connection.answer(status="307 Temporary Redirect", headers="Location: /elsewhere\r\n")

    with RawServer(redirect) as server:
        assert transport.send(request(server.url)).status == 307
        assert server.received.count(b"HTTP/1.1\r\n") == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello world",
        b"HTTP/1.0 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
    ],
)
def test_every_way_to_end_a_body_is_understood(transport: HttpTransport, answer: bytes) -> None:
    is_last = b"close" in answer or b"HTTP/1.0" in answer

    def say(connection: RawConnection) -> None:
        while connection.read_request():
            connection.send(answer)
            if is_last:
                return

    with RawServer(say, say) as server:
        for _ in range(2):
            assert transport.send(request(server.url)).body == b"hello world"


def test_a_chunked_answer_that_breaks_off_is_unknown(transport: HttpTransport) -> None:
    def half(connection: RawConnection) -> None:
        connection.read_request()
        connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")

    with RawServer(half) as server:
        assert failure(transport, request(server.url)).effect is Effect.UNKNOWN


def test_a_piece_of_a_file_is_sent_and_counted(transport: HttpTransport, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    content = bytes(range(256)) * 4096
    path.write_bytes(content)
    sent: list[int] = []
    with RawServer(echo) as server:
        body = FileBody(path, offset=1000, length=600_000, on_sent=sent.append)
        answer = transport.send(request(server.url, body=body))
    assert answer.body.partition(b"\r\n\r\n")[2] == content[1000:601_000]
    assert sent == sorted(sent)
    assert sent[-1] == 600_000


def test_who_watches_a_file_being_sent_may_stop_it(transport: HttpTransport, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(sent: int) -> None:
        raise Enough

    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(2**20))
    with RawServer(RawConnection.wait_for_end, echo) as server:
        with pytest.raises(Enough):
            transport.send(request(server.url, body=FileBody(path, 0, 2**20, stop)))
        assert transport.send(request(server.url)).status == 200  # the half-used connection is not used again


def test_an_endless_body_is_cut_off() -> None:
    def flood(connection: RawConnection) -> None:
        connection.read_request()
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.send(b"x" * 65536)

    with HttpTransport(SystemClock(), largest_body_bytes=2**20) as transport, RawServer(flood) as server:
        problem = failure(transport, request(server.url))
    assert problem.effect is Effect.UNKNOWN
    assert "too large" in problem.reason


def test_an_error_page_is_an_answer(transport: HttpTransport) -> None:
    page = b"<html>Sorry, something went wrong.</html>"

    def fail(connection: RawConnection) -> None:
        while connection.read_request():
            connection.answer(page, status="502 Bad Gateway")

    with RawServer(fail) as server:
        answer = transport.send(request(server.url))
    assert (answer.status, answer.body) == (502, page)


def test_a_kept_connection_that_dies_under_a_request_is_unknown_and_not_repeated(transport: HttpTransport) -> None:
    def die_on_second(connection: RawConnection) -> None:
        connection.read_request()
        connection.answer()
        connection.read_request()

    with RawServer(die_on_second, echo) as server:
        transport.send(request(server.url))
        assert failure(transport, request(server.url, body=b"creation_id=2")).effect is Effect.UNKNOWN
        assert len(server.connections) == 1
        assert server.received.count(b"creation_id=2") == 1


def test_a_kept_connection_seen_closed_is_replaced_before_writing(transport: HttpTransport) -> None:
    closed = threading.Event()

    def once(connection: RawConnection) -> None:
        connection.read_request()
        connection.answer()
        connection._peer.close()
        closed.set()

    with RawServer(once, echo) as server:
        transport.send(request(server.url))
        assert closed.wait(10)
        assert transport.send(request(server.url)).status == 200
        assert len(server.connections) == 2


def test_a_passed_deadline_writes_nothing_on_a_new_connection() -> None:
    """The clock stands before the deadline while connecting and past it when the first byte is due."""
    late = JumpingClock(NOON, NOON, NOON + timedelta(seconds=3))
    with HttpTransport(late) as transport, RawServer(RawConnection.wait_for_end) as server:
        problem = failure(transport, request(server.url, send_deadline=NOON + timedelta(seconds=2)))
        server.wait_for_connection()
    assert problem.effect is Effect.NOT_SENT
    assert "too late" in problem.reason
    assert len(server.connections) == 1
    assert server.received == b""


def test_a_passed_deadline_writes_nothing_on_a_kept_connection() -> None:
    clock = ManualClock(NOON)
    with HttpTransport(clock) as transport, RawServer(echo) as server:
        deadline = NOON + timedelta(seconds=2)
        transport.send(request(server.url, send_deadline=deadline))
        before = server.received
        clock.advance(timedelta(seconds=2, milliseconds=1))
        assert failure(transport, request(server.url, send_deadline=deadline)).effect is Effect.NOT_SENT
    assert server.received == before


def test_a_deadline_passed_before_connecting_opens_nothing() -> None:
    with HttpTransport(ManualClock(NOON)) as transport, RawServer(echo) as server:
        deadline = NOON - timedelta(seconds=1)
        assert failure(transport, request(server.url, send_deadline=deadline)).effect is Effect.NOT_SENT
    assert server.connections == []


def test_the_deadline_binds_the_sending_and_not_the_answer() -> None:
    clock = ManualClock(NOON)

    def slow(connection: RawConnection) -> None:
        connection.read_request()
        clock.advance(timedelta(seconds=30))
        connection.answer()

    with HttpTransport(clock) as transport, RawServer(slow) as server:
        answer = transport.send(request(server.url, seconds=60, send_deadline=NOON + timedelta(seconds=2)))
    assert (answer.status, answer.sent_at) == (200, NOON)


@pytest.mark.parametrize("url", ["http://graph.threads.net", "http://10.0.0.1:8000", "ftp://127.0.0.1", "http://"])
def test_plain_http_goes_to_this_computer_only(transport: HttpTransport, url: str) -> None:
    with pytest.raises(InsecureAddress):
        transport.send(request(url))


def test_a_header_that_cannot_be_written_sends_nothing_and_tells_nothing(transport: HttpTransport) -> None:
    with RawServer(RawConnection.wait_for_end) as server:
        problem = failure(transport, request(server.url, headers=(("Authorization", f"Bearer {TOKEN}\n"),)))
        transport.close()
    assert problem.effect is Effect.NOT_SENT
    assert TOKEN not in "".join(traceback.format_exception(problem))
    assert server.received == b""


def test_requests_and_answers_do_not_show_their_secrets() -> None:
    answer = HttpAnswer(200, {}, TOKEN.encode(), NOON)
    assert TOKEN not in repr(request("http://127.0.0.1", body=TOKEN.encode())) + repr(answer)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that signs itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_https_works_with_a_trusted_certificate(certificate: Path, server_tls: ssl.SSLContext) -> None:
    trusted = ssl.create_default_context(cafile=certificate)
    with HttpTransport(SystemClock(), tls=trusted) as transport, RawServer(echo, tls=server_tls) as server:
        assert transport.send(request(server.url)).status == 200


def test_a_certificate_nobody_trusts_is_sent_nothing(transport: HttpTransport, server_tls: ssl.SSLContext) -> None:
    with RawServer(RawConnection.wait_for_end, tls=server_tls) as server:
        problem = failure(transport, request(server.url))
    assert problem.effect is Effect.NOT_SENT
    assert "certificate" in problem.reason.lower()
    assert server.received == b""


def test_a_reset_during_the_tls_greeting_sent_nothing(transport: HttpTransport) -> None:
    with RawServer(RawConnection.reset) as server:
        url = server.url.replace("http:", "https:")
        assert failure(transport, request(url)).effect is Effect.NOT_SENT


def test_a_proxy_that_refuses_gets_neither_token_nor_body(
    transport: HttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(connection: RawConnection) -> None:
        connection.read_request()
        connection.answer(status="407 Proxy Authentication Required")

    with RawServer(refuse) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        problem = failure(transport, request("https://graph.threads.invalid"))
    assert problem.effect is Effect.NOT_SENT
    # Python 3.11 speaks HTTP/1.0 to proxies, later ones 1.1
    assert re.match(
        rb"CONNECT graph.threads.invalid:443 HTTP/1.[01]\r\nHost: graph.threads.invalid:443\r\n", proxy.received
    )
    assert TOKEN.encode() not in proxy.received


def test_this_computer_is_never_reached_through_a_proxy(
    transport: HttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(echo) as server, RawServer(RawConnection.reset) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        assert transport.send(request(server.url)).status == 200
        assert proxy.connections == []
