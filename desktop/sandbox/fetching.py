"""Fetches media addresses for real, the way Meta's fetcher does: HEAD, then GET, no redirects, with a size cap."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import ipaddress
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from desktop.sandbox.config import SandboxConfig
from desktop.sandbox.model import Media
from desktop.sandbox.mp4 import read_boxes
from desktop.sandbox.pictures import LARGEST_BYTES as LARGEST_PICTURE_BYTES
from desktop.sandbox.pictures import Pictures
from desktop.sandbox.probe import HEAD_BYTES, probe

LARGEST_BYTES = 1 << 30
_CHUNK_BYTES = 1 << 16


class UnreachableError(Exception):
    """The address could not be fetched; the message says why."""


class NoRangesError(UnreachableError):
    """The host of a film does not answer with parts of it."""


@dataclass(frozen=True, slots=True)
class _Address:
    make: type[http.client.HTTPConnection]
    host: str
    port: int | None
    target: str
    timeout: float

    def connect(self) -> http.client.HTTPConnection:
        return self.make(self.host, self.port, timeout=self.timeout)


async def fetch(url: str, config: SandboxConfig, pictures: Pictures) -> Media:
    """Download ``url``, keep it when it is a picture, and describe it; :class:`UnreachableError` when that fails."""
    # A thread of its own, gone with the fetch: idle pool threads would outlive the test that caused them.
    with ThreadPoolExecutor(1, "sandbox-fetch") as pool:
        media, start = await asyncio.get_running_loop().run_in_executor(pool, _fetch, url, config)
    pictures.keep(media, start)
    return media


async def describe_file(path: Path) -> Media:
    """Describe a film that was uploaded to ``path``."""
    with ThreadPoolExecutor(1, "sandbox-probe") as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, _describe_file, path)


def describe(content: bytes, pictures: Pictures) -> Media:
    """Describe uploaded bytes and keep them when they are a picture."""
    found = probe(content[:HEAD_BYTES])
    digest = hashlib.sha256(content).hexdigest()
    media = Media(found.kind, digest, len(content), width=found.width, height=found.height)
    pictures.keep(media, content)
    return media


def _fetch(url: str, config: SandboxConfig) -> tuple[Media, bytes]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UnreachableError("not an address") from None
    if parts.scheme not in {"http", "https"} or not host or not url.isascii():
        raise UnreachableError("not an http address in ASCII")
    if not (config.fetch_any_host or _is_loopback(host)):
        raise UnreachableError("only loopback addresses are fetched here")
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    address = _Address(make, host, port, target, config.fetch_timeout_seconds)
    try:
        _ask_head(address)
        # On disk beyond the size of a picture: a film may have a gigabyte.
        with tempfile.SpooledTemporaryFile(LARGEST_PICTURE_BYTES) as spool:
            media = _download(address, url, spool)
            if media.kind == "mp4" and config.fetch_needs_ranges:
                _ask_range(address)
            spool.seek(0)
            return media, spool.read(LARGEST_PICTURE_BYTES) if media.kind != "mp4" else b""
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(str(error)) from error


def _ask_head(address: _Address) -> None:
    connection = address.connect()
    try:
        connection.request("HEAD", address.target, headers=_HEADERS)
        status = connection.getresponse().status
    finally:
        connection.close()
    # Some hosts know no HEAD; that alone is no reason to give up.
    if status not in {200, 405, 501}:
        raise UnreachableError(f"HEAD was answered with {status}")


def _ask_range(address: _Address) -> None:
    connection = address.connect()
    try:
        connection.request("GET", address.target, headers=_HEADERS | {"Range": "bytes=0-0"})
        status = connection.getresponse().status
    finally:
        connection.close()
    if status != 206:
        raise NoRangesError(f"a part of the film was answered with {status}")


def _download(address: _Address, url: str, spool: IO[bytes]) -> Media:
    digest, size = hashlib.sha256(), 0
    connection = address.connect()
    try:
        connection.request("GET", address.target, headers=_HEADERS)
        response = connection.getresponse()
        if response.status != 200:
            raise UnreachableError(f"GET was answered with {response.status}")
        if response.getheader("Content-Type", "").lower().startswith("text/html"):
            raise UnreachableError("the answer is a page, not media")
        while chunk := response.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            spool.write(chunk)
            if size > LARGEST_BYTES:
                raise UnreachableError("too large to fetch")
        if response.length:
            raise UnreachableError("the answer ended early")
    finally:
        connection.close()
    return _described(spool, digest.hexdigest(), size, url)


def _describe_file(path: Path) -> Media:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return _described(file, digest, path.stat().st_size)


def _described(file: IO[bytes], digest: str, size: int, url: str = "") -> Media:
    file.seek(0)
    found = probe(file.read(HEAD_BYTES))
    if found.kind != "mp4":
        return Media(found.kind, digest, size, url, found.width, found.height)
    boxes = read_boxes(file, size)
    return Media("mp4", digest, size, url, boxes.width, boxes.height, film=boxes.film)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_HEADERS = {"User-Agent": "facebookexternalhit/1.1 (Tidings sandbox)", "Accept": "*/*"}
