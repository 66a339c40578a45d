"""Takes tokens out of text that came from outside, before it is shown, stored or logged.

Networks repeat tokens in error messages, in ``paging.next`` and in addresses (``meta-api.md`` §11, trap 25).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "[hidden]"
_LONGEST = 500

# access_token=..., "client_secret": "...", code=abc in an address; plain words such as "code 100" stay
_NAMED = re.compile(
    r"""((?:access_token|input_token|fb_exchange_token|client_secret|appsecret_proof|[?&]code)["']?\s*[=:]\s*["']?)"""
    r"""[^&\s"'<>,}]+""",
    re.IGNORECASE,
)
_BEARER = re.compile(r"""\b(Bearer)\s+[^\s"',]+""", re.IGNORECASE)
# tokens of the three families, and anything long enough to be one
_LOOKS = re.compile(r"\b(?:EAA|IG|TH)[A-Za-z0-9_\-|]{16,}|[A-Za-z0-9_\-|.+=%]{40,}")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` on one line, at most 500 characters, without ``secrets`` and whatever looks like a token."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    text = _NAMED.sub(rf"\1{HIDDEN}", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = " ".join(_LOOKS.sub(_hidden_unless_word, text).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _hidden_unless_word(found: re.Match[str]) -> str:
    """Symbolic error codes are as long as tokens; only tokens have digits."""
    return HIDDEN if any(letter.isdigit() for letter in found[0]) else found[0]
