"""Fetches media addresses for real, the way Meta's fetcher does: HEAD, then GET, no redirects, with a size cap."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import ipaddress
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from desktop.sandbox.config import SandboxConfig
from desktop.sandbox.model import Media
from desktop.sandbox.pictures import LARGEST_BYTES as LARGEST_PICTURE_BYTES
from desktop.sandbox.pictures import Pictures
from desktop.sandbox.probe import HEAD_BYTES, probe

LARGEST_BYTES = 1 << 30
_CHUNK_BYTES = 1 << 16


class UnreachableError(Exception):
    """The address could not be fetched; the message says why."""


async def fetch(url: str, config: SandboxConfig, pictures: Pictures) -> Media:
    """Download ``url``, keep it when it is a picture, and describe it; :class:`UnreachableError` when that fails."""
    # A thread of its own, gone with the fetch: idle pool threads would outlive the test that caused them.
    with ThreadPoolExecutor(1, "sandbox-fetch") as pool:
        media, start = await asyncio.get_running_loop().run_in_executor(pool, _fetch, url, config)
    pictures.keep(media, start)
    return media


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
    try:
        _ask_head(make(host, port, timeout=config.fetch_timeout_seconds), target)
        return _download(make(host, port, timeout=config.fetch_timeout_seconds), target, url)
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(str(error)) from error


def _ask_head(connection: http.client.HTTPConnection, target: str) -> None:
    try:
        connection.request("HEAD", target, headers=_HEADERS)
        status = connection.getresponse().status
    finally:
        connection.close()
    # Some hosts know no HEAD; that alone is no reason to give up.
    if status not in {200, 405, 501}:
        raise UnreachableError(f"HEAD was answered with {status}")


def _download(connection: http.client.HTTPConnection, target: str, url: str) -> tuple[Media, bytes]:
    digest, size, start = hashlib.sha256(), 0, bytearray()
    try:
        connection.request("GET", target, headers=_HEADERS)
        response = connection.getresponse()
        if response.status != 200:
            raise UnreachableError(f"GET was answered with {response.status}")
        while chunk := response.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            start += chunk[: LARGEST_PICTURE_BYTES - len(start)]
            if size > LARGEST_BYTES:
                raise UnreachableError("too large to fetch")
        if response.length:
            raise UnreachableError("the answer ended early")
    finally:
        connection.close()
    found = probe(bytes(start[:HEAD_BYTES]))
    return Media(found.kind, digest.hexdigest(), size, url, found.width, found.height), bytes(start)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_HEADERS = {"User-Agent": "facebookexternalhit/1.1 (Tidings sandbox)", "Accept": "*/*"}
