"""The real registry against the real sandbox over HTTP, and what the sandbox's own ledger says happened."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from desktop.connectors.meta.addresses import MetaAddresses
from desktop.connectors.registry import MetaRegistry
from desktop.domain.accounts import LoginKind
from desktop.domain.deliveries import Payload, PayloadMedia, PayloadPart, Upload
from desktop.domain.media import AssetId, MediaKind
from desktop.domain.networks import Network, PostFormat
from desktop.kit.clock import SystemClock
from desktop.services.publishing.ports import ContainerStatus, NetworkConnector, RemoteAccount, RemoteMedia
from tests.support.sandbox import SandboxServer, jpeg

FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64
LOGINS = {
    Network.THREADS: LoginKind.THREADS,
    Network.INSTAGRAM: LoginKind.INSTAGRAM,
    Network.FACEBOOK: LoginKind.FACEBOOK_PAGE,
}


class MediaFiles:
    """Serves bytes at an address, as the media host does."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder
        self.files: dict[str, bytes] = {}

    def address(self, media: PayloadMedia) -> str:
        return f"{self._url}/{media.asset_id}"

    def path(self, media: PayloadMedia) -> Path:
        path = self._folder / str(media.asset_id)
        path.write_bytes(self.files[str(media.asset_id)])
        return path


@contextmanager
def media_files() -> Iterator[MediaFiles]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = files.files.get(self.path[1:])
            self.send_response(404 if data is None else 200)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data or b"")

        do_HEAD = do_GET  # noqa: N815 - the name the standard library looks for

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    folder = Path(tempfile.mkdtemp())
    files = MediaFiles(f"http://127.0.0.1:{server.server_port}", folder)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="media-files")
    thread.start()
    try:
        yield files
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        shutil.rmtree(folder)


class World:
    """One sandbox, one registry, one account of each network."""

    def __init__(self, server: SandboxServer, files: MediaFiles, registry: MetaRegistry) -> None:
        self.server, self.files, self.registry = server, files, registry
        self.url = server.url
        self.client = httpx.Client(trust_env=False, verify=False)
        self._accounts = self.control("GET", "accounts")["accounts"]

    # ---- accounts ----

    def account(self, network: Network, purpose: str = "ready", index: int = 0) -> dict[str, Any]:
        """Return a ready-made account: id, username, name, token."""
        found = [a for a in self._accounts if (a["network"], a["purpose"]) == (network.value, purpose)]
        return dict(found[index])

    def who(self, network: Network, purpose: str = "ready") -> RemoteAccount:
        found = self.account(network, purpose)
        return RemoteAccount(network, LOGINS[network], found["id"], found["token"])

    def connector(self, network: Network) -> NetworkConnector:
        return self.registry.connector(network)

    # ---- content ----

    def image(self, alt_text: str = "", colour: tuple[int, int, int] = (1, 2, 3)) -> PayloadMedia:
        return self._media(MediaKind.IMAGE, "image/jpeg", jpeg(colour=colour), alt_text)

    def film(self) -> PayloadMedia:
        return self._media(MediaKind.VIDEO, "video/mp4", FILM, "")

    def _media(self, kind: MediaKind, mime_type: str, data: bytes, alt_text: str) -> PayloadMedia:
        name = f"file{len(self.files.files)}"
        self.files.files[name] = data
        return PayloadMedia(AssetId(name), kind, mime_type, hashlib.sha256(data).hexdigest(), alt_text)

    # ---- publishing as the engine does ----

    def prepare(self, who: RemoteAccount, payload: Payload, ordinal: int = 0, reply_to: str | None = None) -> str:
        connector, part = self.connector(who.network), payload.parts[ordinal]
        wanted = connector.child_count(payload, ordinal)
        children = tuple(
            connector.create_child(who, payload, ordinal, media, self.files) for media in part.media[:wanted]
        )
        for child in children:
            assert connector.read_child(who, child).status is ContainerStatus.FINISHED
        container = connector.create_container(
            who, payload, ordinal, children=children, files=self.files, reply_to=reply_to
        )
        upload: Upload | None = None
        while connector.takes_bytes(who, payload, ordinal) and not (upload and upload.is_complete):
            upload = connector.upload(
                who,
                payload,
                ordinal,
                container_id=container,
                upload=upload,
                files=self.files,
                on_sent=lambda sent, size: None,
            )
        return container

    def publish(self, who: RemoteAccount, payload: Payload) -> list[str]:
        """Publish every part, each answering the one before, and return the media ids."""
        connector, media_ids = self.connector(who.network), list[str]()
        for ordinal in range(len(payload.parts)):
            container = self.prepare(who, payload, ordinal, media_ids[-1] if media_ids else None)
            assert connector.read_container(who, container).status is ContainerStatus.FINISHED
            media_ids.append(connector.publish(who, container, deadline=soon()))
            assert connector.read_container(who, container).status is ContainerStatus.PUBLISHED
        return media_ids

    def recent(self, who: RemoteAccount) -> tuple[RemoteMedia, ...]:
        now = datetime.now(UTC)
        return self.connector(who.network).list_recent(who, now - timedelta(minutes=5), now + timedelta(minutes=1))

    # ---- the other side ----

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.client.request(method, f"{self.url}/_sandbox/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def fault(self, kind: str, endpoint: str, **rule: Any) -> None:
        self.control("POST", "faults", [{"kind": kind, "match": {"endpoint": endpoint}, **rule}])

    def posts(self, who: RemoteAccount) -> list[dict[str, Any]]:
        """What is really live for the account, in order."""
        found = self.control("GET", "ledger?posts_only=1")["posts"]
        return [post for post in found if post["account_id"] == who.remote_id and not post["deleted"]]

    def calls(self, endpoint: str) -> list[dict[str, Any]]:
        return [call for call in self.control("GET", "ledger")["calls"] if endpoint in call["endpoint"]]


def new_registry(url: str, timeout: timedelta = timedelta(seconds=20)) -> MetaRegistry:
    addresses = replace(
        MetaAddresses(),
        threads_graph_url=f"{url}/threads",
        instagram_graph_url=f"{url}/instagram",
        facebook_graph_url=f"{url}/facebook",
    )
    return MetaRegistry(addresses, SystemClock(), timeout)


def payload(
    network: Network, *parts: PayloadPart, text: str = "", media: tuple[PayloadMedia, ...] = (), **changes: Any
) -> Payload:
    wanted = parts or (PayloadPart(text, media=media, **changes),)
    return Payload(network, PostFormat.CAROUSEL if len(media) > 1 else PostFormat.FEED, wanted)


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=10)
