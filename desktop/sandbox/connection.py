"""Cutting a connection without an answer, as a failing network does."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_Ends = tuple[Any, Any]


class CuttableProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol, remembering the transport of each open connection by its two ends."""

    open_transports: ClassVar[dict[_Ends, asyncio.Transport]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Remember the transport."""
        super().connection_made(transport)
        self.open_transports[self.client, self.server] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the transport."""
        self.open_transports.pop((self.client, self.server), None)
        super().connection_lost(exc)


class CutError(Exception):
    """A handler wants the connection cut instead of an answer."""


class DroppedConnection(Response):
    """An answer that is none: the connection is aborted and not one byte is sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Abort, then wait until the server noticed, because it would send its own 500 otherwise."""
        ends = (tuple(scope["client"]), tuple(scope["server"]))
        if (transport := CuttableProtocol.open_transports.get(ends)) is not None:  # else the client went first
            transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
