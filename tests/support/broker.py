"""A sign-in service over real HTTP, as ``BrokerExchanger`` describes it: it keeps the secrets, the program does not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from desktop.domain.errors import AppRefused, SignInCodeRefused, TidingsError
from desktop.domain.networks import Network
from desktop.services.accounts.ports import SignInGateway, TokenGrant

_CODES = {SignInCodeRefused: "code_refused", AppRefused: "app_refused"}


@dataclass
class Broker:
    """``url`` to give to the program; ``asked`` is what came, ``forced`` an answer to give instead."""

    gateway: SignInGateway
    url: str = ""
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    forced: tuple[int, bytes] | None = None

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        self.asked.append((method, path, body))
        if self.forced is not None:
            return self.forced
        _, version, kind, network, *action = path.split("/")
        assert (version, kind) == ("v1", "oauth")
        try:
            return 200, json.dumps(self._act(Network(network), "".join(action), body)).encode()
        except TidingsError as error:
            code = _CODES.get(type(error), "unavailable")
            message = str(error.details.get("message", error.title))
            return (400 if type(error) in _CODES else 502), json.dumps(
                {"error": {"code": code, "message": message}}
            ).encode()

    def _act(self, network: Network, action: str, body: dict[str, Any]) -> dict[str, Any]:
        match action:
            case "":
                app = self.gateway.app(network)
                return {"client_id": app.client_id, "redirect_uri": app.redirect_uri, "config_id": app.config_id}
            case "exchange":
                return _told(self.gateway.exchange(network, body["code"], body["redirect_uri"], body["code_verifier"]))
            case "refresh":
                return _told(self.gateway.refresh(network, body["access_token"]))
        raise AssertionError(action)


@contextmanager
def broker_over(gateway: SignInGateway) -> Iterator[Broker]:
    """Serve a broker that signs in through ``gateway``."""
    broker = Broker(gateway)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            status, answer = broker.answer(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET  # noqa: N815 - the name the standard library looks for

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        broker.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield broker
        finally:
            server.shutdown()
            thread.join()


def _told(grant: TokenGrant) -> dict[str, Any]:
    return {
        "access_token": grant.token,
        "issued_at": _instant(grant.issued_at),
        "expires_at": _instant(grant.expires_at),
        "data_access_expires_at": _instant(grant.data_access_expires_at),
        "scopes": list(grant.scopes),
        "user_id": grant.user_id,
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
