"""What Authlib's OAuth 2 client takes as its session, over our own transport.

Authlib's protocol core needs an object with ``post`` only. Given this one instead of an httpx client, token requests
keep what every other call has: one deadline as a whole, no redirects, https or loopback, and nothing in the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlencode

from desktop.connectors.transport.http_transport import HttpTransport
from desktop.connectors.transport.messages import HttpAnswer, HttpRequest


class ClientAuthentication(Protocol):
    """Authlib's ``ClientAuth``: adds the app's id and secret to a request."""

    def prepare(self, method: str, uri: str, headers: dict[str, str], body: str) -> tuple[str, dict[str, str], str]: ...


class OAuthResponse:
    """An answer as Authlib reads it."""

    def __init__(self, answer: HttpAnswer, document: Mapping[str, object] | None = None) -> None:
        """``document`` replaces what the body says, for answers that are not quite OAuth."""
        self.answer = answer
        self.status_code = answer.status
        self._document = document

    def json(self) -> object:
        """Return the JSON of the body; ``ValueError``."""
        return json.loads(self.answer.body) if self._document is None else self._document

    def raise_for_status(self) -> None:
        """Errors are judged before Authlib sees an answer."""


class OAuthSession:
    """Posts forms. ``TransportFailure`` when no complete answer comes."""

    def __init__(self, transport: HttpTransport, timeout: timedelta) -> None:
        """``timeout`` bounds each request as a whole."""
        self._transport = transport
        self._timeout = timeout

    def post(
        self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: ClientAuthentication
    ) -> OAuthResponse:
        """Send a form with the app's id and secret in it."""
        url, signed, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        request = HttpRequest("POST", url, self._timeout, tuple(signed.items()), body.encode("ascii"))
        return OAuthResponse(self._transport.send(request))
