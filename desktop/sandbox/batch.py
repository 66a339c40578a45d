"""Batch requests: up to fifty calls in one, each answered and counted like a call of its own (batch-requests page)."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from starlette.responses import JSONResponse, Response

from desktop.sandbox.connection import DroppedConnection
from desktop.sandbox.errors import JSON, GraphError, bad_parameter
from desktop.sandbox.graph_call import GraphCall, split_path
from desktop.sandbox.model import Network
from desktop.sandbox.sandbox import Sandbox

MOST_ITEMS = 50
_REFERENCE = re.compile(r"\{result=([^:{}]+):\$([^{}]*)\}")
_STEP = re.compile(r"\.([\w-]+|\*)|\[(\d+|\*)\]")

Run = Callable[[Sandbox, GraphCall], Awaitable[Response]]


@dataclass(slots=True)
class _Done:
    """An item that was executed: its status and body, and what the caller gets to see of it."""

    status: int
    body: str
    shown: JSON


def is_batch(box: Sandbox, call: GraphCall) -> bool:
    """Tell a batch from other calls on the root; Threads takes none, Instagram's own host by configuration."""
    takes_batches = call.family is Network.FACEBOOK or (call.family is Network.INSTAGRAM and box.config.instagram_batch)
    return takes_batches and call.method == "POST" and not call.node and "batch" in call.params


async def answer_batch(box: Sandbox, outer: GraphCall, run: Run) -> Response:
    """Answer the items in their order; the whole is HTTP 200 even when items failed, ``null`` was not executed.

    Raises ``GraphError`` for what is no list of at most 50 requests.
    """
    done: dict[str, _Done | None] = {}
    answers: list[JSON] = []
    for item in _items(outer):
        result = await _execute(box, outer, item, done, run)
        if item.get("name"):
            done[str(item["name"])] = result
        answers.append(None if result is None or _is_omitted(box, item, result) else result.shown)
    return JSONResponse(answers)


def _items(outer: GraphCall) -> list[dict[str, JSON]]:
    items = outer.document("batch")
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise bad_parameter("Param batch must be a list of requests", blamed="batch")
    if len(items) > MOST_ITEMS:
        message = f"Too many requests in batch message. Maximum batch size is {MOST_ITEMS}"
        raise GraphError(message, 100, kind="GraphBatchException", blamed="batch")
    return [item for item in items if isinstance(item, dict)]


async def _execute(
    box: Sandbox, outer: GraphCall, item: dict[str, JSON], done: dict[str, _Done | None], run: Run
) -> _Done | None:
    waited_for = {n.strip() for n in str(item.get("depends_on") or "").split(",") if n.strip()}
    address, body = str(item.get("relative_url") or ""), str(item.get("body") or "")
    waited_for |= {found[1] for text in (address, body) for found in _REFERENCE.finditer(text)}
    results = {name: done.get(name) for name in waited_for}
    if any(result is None or result.status >= HTTPStatus.BAD_REQUEST for result in results.values()):
        return None
    bodies = {name: json.loads(result.body) for name, result in results.items() if result is not None}
    call = _call(outer, item, _resolved(address, bodies), _resolved(body, bodies))
    response = await run(box, call)
    if isinstance(response, DroppedConnection):  # what times out inside a batch is null in it
        return None
    return _shown(response, with_headers=outer.flag("include_headers", default=True))


def _call(outer: GraphCall, item: dict[str, JSON], address: str, body: str) -> GraphCall:
    parts = urlsplit(address.lstrip("/"))
    params = dict(parse_qsl(parts.query, keep_blank_values=True)) | dict(parse_qsl(body, keep_blank_values=True))
    version, node, edge = split_path(outer.family, parts.path)
    attached = [name.strip() for name in str(item.get("attached_files") or "").split(",")]
    files = [outer.files[name] for name in attached if name in outer.files]
    return GraphCall(
        outer.family,
        str(item.get("method") or "GET").upper(),
        f"/{outer.family}/{parts.path}",
        version,
        node,
        edge,
        outer.base_url,
        params.pop("access_token", "") or outer.token,
        params,
        {"source": files[0]} if files else {},
    )


def _shown(response: Response, *, with_headers: bool) -> _Done:
    body = bytes(response.body).decode()
    shown: dict[str, JSON] = {"code": response.status_code}
    if with_headers:
        shown["headers"] = [{"name": name, "value": value} for name, value in response.headers.items()]
    return _Done(response.status_code, body, shown | {"body": body})


def _is_omitted(box: Sandbox, item: dict[str, JSON], result: _Done) -> bool:
    asked = item.get("omit_response_on_success", box.config.batch_omits_named and bool(item.get("name")))
    return str(asked).lower() == "true" and result.status < HTTPStatus.BAD_REQUEST


def _resolved(text: str, bodies: dict[str, JSON]) -> str:
    """Put values of earlier answers in: ``{result=name:$.data.*.id}`` becomes a comma list of what is found."""

    def value(reference: re.Match[str]) -> str:
        found = [bodies[reference[1]]]
        for step in _STEP.finditer(reference[2]):
            found = [inner for document in found for inner in _stepped(document, step[1] or step[2])]
        return ",".join(str(document) for document in found)

    return _REFERENCE.sub(value, text)


def _stepped(document: JSON, step: str) -> list[JSON]:
    if isinstance(document, list):
        items: list[JSON] = document
        return items if step == "*" else items[int(step) : int(step) + 1] if step.isdigit() else []
    if isinstance(document, dict):
        return list(document.values()) if step == "*" else [document[step]] if step in document else []
    return []
