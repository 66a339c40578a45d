"""Small requests the imitation makes itself: reading shared links, verifying and delivering webhooks. Loopback only."""

from __future__ import annotations

import asyncio
import http.client
import ipaddress
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_MOST_ANSWER_BYTES = 1 << 16


class NoAnswerError(Exception):
    """Nobody answered at the address; the message says why."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request; ``url`` is plain http on loopback."""

    method: str
    url: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def is_local(url: str) -> bool:
    """Tell whether ``url`` names a server of this computer."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        return parts.scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False


async def send(request: Outgoing, timeout_seconds: float) -> tuple[int, bytes]:
    """Return status and the start of the answer; :class:`NoAnswerError` when there is none. Redirects are answers."""
    if not is_local(request.url):
        raise NoAnswerError("only http addresses on loopback are called here")
    # A thread of its own, gone with the request: idle pool threads would outlive the test that caused them.
    with ThreadPoolExecutor(1, "sandbox-outgoing") as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, _send, request, timeout_seconds)


def _send(request: Outgoing, timeout_seconds: float) -> tuple[int, bytes]:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout_seconds)
    try:
        connection.request(request.method, target, request.body or None, request.headers)
        response = connection.getresponse()
        return response.status, response.read(_MOST_ANSWER_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(str(error)) from error
    finally:
        connection.close()
