from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from desktop.domain.deliveries import PayloadMedia
from desktop.domain.errors import FileUnreadable
from desktop.domain.media import AssetId, MediaKind
from desktop.files.asset_store import DiskAssetStore
from desktop.files.loopback_host import LoopbackMediaHost
from tests.support.pictures import image_bytes

PICTURE = image_bytes(size=(300, 200), noise=True)


@pytest.fixture
def store(tmp_path: Path) -> DiskAssetStore:
    return DiskAssetStore(tmp_path / "media")


@pytest.fixture
def host(store: DiskAssetStore) -> Iterator[LoopbackMediaHost]:
    host = LoopbackMediaHost(store.path)
    yield host
    host.close()


@pytest.fixture
def media(store: DiskAssetStore) -> PayloadMedia:
    stored = store.take_bytes(PICTURE, "a.jpg")
    return PayloadMedia(AssetId("a"), MediaKind.IMAGE, stored.mime_type, stored.sha256, "")


def ask(
    url: str, method: str = "GET", path: str | None = None, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    try:
        connection.request(method, path or parts.path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_an_exposed_file_is_served_whole(host: LoopbackMediaHost, media: PayloadMedia) -> None:
    url = host.expose(media)
    assert url.startswith("http://127.0.0.1:")
    assert url.isascii()
    assert url.endswith(".jpg")
    assert host.expose(media) == url
    status, headers, body = ask(url)
    assert (status, headers["Content-Type"], headers["Content-Length"]) == (200, "image/jpeg", str(len(PICTURE)))
    assert body == PICTURE
    status, headers, body = ask(url, "HEAD")
    assert (status, headers["Content-Length"], body) == (200, str(len(PICTURE)), b"")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-", 0, None), ("bytes=10-19", 10, 20), ("bytes=-5", -5, None), ("bytes=100-9999999", 100, None)],
)
def test_ranges(host: LoopbackMediaHost, media: PayloadMedia, asked: str, start: int, end: int | None) -> None:
    status, headers, body = ask(host.expose(media), Range=asked)
    assert (status, body) == (206, PICTURE[start:end])
    first = start % len(PICTURE)
    assert headers["Content-Range"] == f"bytes {first}-{first + len(body) - 1}/{len(PICTURE)}"


@pytest.mark.parametrize("asked", ["bytes=9999999-", "bytes=20-10", "bytes=-0"])
def test_ranges_outside_the_file(host: LoopbackMediaHost, media: PayloadMedia, asked: str) -> None:
    status, headers, _ = ask(host.expose(media), Range=asked)
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(PICTURE)}")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=-"])
def test_forms_of_ranges_it_does_not_know_give_everything(
    host: LoopbackMediaHost, media: PayloadMedia, asked: str
) -> None:
    assert ask(host.expose(media), Range=asked)[::2] == (200, PICTURE)


def test_nothing_else_is_served(host: LoopbackMediaHost, media: PayloadMedia, store: DiskAssetStore) -> None:
    url = host.expose(media)
    hidden = store.take_bytes(image_bytes(), "b.jpg").sha256
    name = urlsplit(url).path
    for path in (
        "/",
        "",
        f"/{hidden}",
        f"/{hidden[:2]}/{hidden[2:]}",
        "/../" * 8 + "etc/passwd",
        name[:-4],
        f"/x{name}",
    ):
        assert ask(url, path=path or "*")[0] == 404
    assert ask(url, "POST")[0] == 501


def test_a_missing_original_is_an_error_and_a_vanished_one_is_not_found(
    host: LoopbackMediaHost, media: PayloadMedia, store: DiskAssetStore
) -> None:
    url = host.expose(media)
    store.path(media.sha256).unlink()
    assert ask(url)[0] == 404
    with pytest.raises(FileUnreadable):
        host.expose(media)


def test_closing_ends_everything_even_a_silent_client(host: LoopbackMediaHost, media: PayloadMedia) -> None:
    url = host.expose(media)
    port = urlsplit(url).port
    with socket.create_connection(("127.0.0.1", port)) as silent:
        silent.sendall(b"GET ")
        ask(url)  # connections are taken in order, so the silent one has been taken
        host.close()
        assert silent.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    host.close()
    assert ask(host.expose(media))[0] == 200


def test_many_clients_at_once(host: LoopbackMediaHost, media: PayloadMedia) -> None:
    url = host.expose(media)
    found: list[bytes] = []
    clients = [threading.Thread(target=lambda: found.append(ask(url)[2])) for _ in range(12)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert found == [PICTURE] * 12
