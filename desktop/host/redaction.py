"""Takes access tokens out of text before it is written anywhere.

Two nets: the shapes of Meta's tokens and of the parameters that carry one, and every secret this process has
read from or put into a secret store, whatever its shape.
"""

from __future__ import annotations

import json
import re
from urllib.parse import quote

MASK = "[removed]"
SHORTEST_SECRET = 6  # shorter ones would tear holes into ordinary words

_NAMES = (
    "access_token|input_token|fb_exchange_token|refresh_token|id_token|page_token|token|client_secret|app_secret"
    "|appsecret_proof|code_verifier|passphrase|password|hub.verify_token"
)
_PATTERNS = (
    # a=b in addresses and forms, and percent-encoded in a nested address
    re.compile(rf"(?P<keep>(?:(?:\b|(?<=%3F)|(?<=%26))(?:{_NAMES})|[?&]code)(?:=|%3D))[^\s&\"'<>#]+", re.IGNORECASE),
    # "a": "b" in JSON and in reprs
    re.compile(rf"(?P<keep>\\?[\"'](?:{_NAMES})\\?[\"']\s*:\s*\\?[\"'])[^\"'\\]+", re.IGNORECASE),
    re.compile(r"(?P<keep>\b(?:Bearer|OAuth)\s+)[A-Za-z0-9._~+/|%=-]{8,}", re.IGNORECASE),
    # app tokens: ID|SECRET and TH|ID|SECRET
    re.compile(r"(?P<keep>)(?:\bTH(?:\||%7C))?\b\d{4,}(?:\||%7C)[A-Za-z0-9_-]{8,}", re.IGNORECASE),
    # user and page tokens; symbolic error codes of Threads have no digit
    re.compile(r"(?P<keep>)\b(?:EAA|IG|TH)(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{20,}"),
)
_known: set[str] = set()


def remember(secret: str) -> None:
    """Take ``secret`` out of everything that is redacted from now on; of a JSON object also its secret fields."""
    for text in (secret, *_secret_fields(secret)):
        if len(text) >= SHORTEST_SECRET:
            _known.update((text, quote(text, safe="")))


def _secret_fields(text: str) -> list[str]:
    if not text.startswith("{"):
        return []
    try:
        fields: dict[str, object] = json.loads(text)
    except ValueError:
        return []
    return [value for name, value in fields.items() if isinstance(value, str) and ("secret" in name or "token" in name)]


def redact(text: str) -> str:
    """Return ``text`` without tokens."""
    # longest first: one may be the beginning of another; a copy, since another thread may remember one meanwhile
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, MASK)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<keep>{MASK}", text)
    return text
