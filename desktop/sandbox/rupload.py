"""The upload host (``/rupload``): bytes or the address of a film, sent to ``/{kind}/{version}/{id}`` (Reels guide).

``video-upload`` belongs to Pages, ``ig-api-upload`` to Instagram: they are answered as edges of those names, to which
the headers ``offset``, ``file_size`` and ``file_url`` are parameters and the body is ``call.stream``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from desktop.sandbox.connection import DroppedConnection
from desktop.sandbox.graph import run
from desktop.sandbox.graph_call import GraphCall, split_path
from desktop.sandbox.model import Network
from desktop.sandbox.sandbox import Sandbox

KINDS = frozenset({"video-upload", "ig-api-upload"})
_HEADERS = ("offset", "file_size", "file_url")


async def answer_upload(box: Sandbox, request: Request, path: str) -> Response:
    """Answer one call on ``/rupload/{path}``; what arrived before the caller went stays."""
    box.world.settle(box.clock.now())
    call = _read(box, request, path)
    try:
        response = await run(box, call)
        if not isinstance(response, DroppedConnection):  # an answer given too early would be lost behind a reset
            await _drain(call.stream)
    except ClientDisconnect:
        return Response(status_code=400)
    return response


def _read(box: Sandbox, request: Request, path: str) -> GraphCall:
    kind, _, rest = path.partition("/")
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    token = value.strip() if scheme.lower() == "oauth" else ""
    known = box.world.tokens.get(token)
    family = known.family if known else Network.FACEBOOK
    version, node, _ = split_path(family, rest)
    params = {name: request.headers[name] for name in _HEADERS if name in request.headers}
    return GraphCall(
        family,
        "POST",
        request.url.path,
        version,
        node,
        edge=kind if kind in KINDS else "unknown",
        base_url=str(request.base_url).rstrip("/"),
        token=token,
        params=params,
        stream=aiter(request.stream()),
    )


async def _drain(stream: AsyncIterator[bytes] | None) -> None:
    if stream is not None:
        async for _ in stream:
            pass
