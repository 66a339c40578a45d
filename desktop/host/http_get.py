"""One plain GET with the standard library: for the doctor and our own sandbox, where a client library is too heavy."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlsplit

MAX_BODY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers by name as sent, and at most a megabyte of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def get(url: str, seconds: float) -> Answer:
    """Return the answer of an http(s) address, whatever its status; ``OSError`` when none comes in time."""
    # a proxy has no business between two processes of this computer
    is_local = urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({} if is_local else None))
    try:
        with opener.open(url, timeout=seconds) as response:
            return Answer(response.status, dict(response.headers), response.read(MAX_BODY_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, dict(error.headers), b"")
    except HTTPException as error:
        raise OSError(f"no HTTP answer: {type(error).__name__}") from error
