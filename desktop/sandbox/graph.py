"""The way of one call: read it, play a fault, do the work, answer with the network's headers, write it down."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from desktop.sandbox import auth, facebook_chunks, facebook_processing
from desktop.sandbox.batch import answer_batch, is_batch
from desktop.sandbox.connection import CutError, DroppedConnection
from desktop.sandbox.data_access import require_data_access
from desktop.sandbox.endpoints import endpoint_names, find_handler
from desktop.sandbox.errors import JSON, GraphError, bad_parameter
from desktop.sandbox.fault_answers import faulty_answer
from desktop.sandbox.faults import ORDINARY_ANSWER, FaultKind, FaultRule
from desktop.sandbox.graph_call import GraphCall, read_call
from desktop.sandbox.model import Network
from desktop.sandbox.nodes import answer_node
from desktop.sandbox.oauth import find_token_call
from desktop.sandbox.quotas import usage_headers
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.uploads import Upload

_USE_CASES = {Network.THREADS: "threads", Network.INSTAGRAM: "instagram", Network.FACEBOOK: "pages"}
_BLOCKED_CODES = {Network.THREADS: 4, Network.INSTAGRAM: 80002, Network.FACEBOOK: 80001}
_REGAIN_MINUTES = 60


async def answer(box: Sandbox, request: Request, family: Network, path: str) -> Response:
    """Answer one call on ``/{family}/{path}``; a batch counts as the calls in it."""
    files: list[Upload] = []
    try:
        call = await read_call(request, family, path, box.uploads)
        files.extend(call.files.values())
        return await (answer_batch(box, call, run) if is_batch(box, call) else run(box, call))
    except GraphError as error:
        box.calls.note(box.clock.now(), request.method, request.url.path, frozenset(), "").status = error.status
        return _refusal(box, error)
    except ClientDisconnect:
        # the caller died while sending: nothing was asked, and nobody is there to answer
        return Response(status_code=400)
    finally:
        for upload in files:
            upload.discard()


async def run(box: Sandbox, call: GraphCall) -> Response:
    """Answer one call that was read, and write it down."""
    now = box.clock.now()
    box.world.settle(now)
    token = box.world.tokens.get(call.token)
    account_id = token.account_id if token else ""
    names = endpoint_names(box, call)
    record = box.calls.note(now, call.method, call.path, names, account_id)
    rule = box.faults.pick(call.family, names, call.method, account_id)
    record.fault = rule.kind if rule else None
    percents = box.usage.note(account_id, now, box.config.app_calls_per_hour, box.config.account_calls_per_day)
    is_blocked = max(percents) >= 100
    response = await (_play(box, call, rule, is_blocked=is_blocked) if rule else _respond(box, call, is_blocked))
    if not isinstance(response, DroppedConnection):
        record.status = response.status_code
        response.headers.update(_headers(call, account_id, percents, _regain_minutes(rule, is_blocked=is_blocked)))
    return response


async def _respond(box: Sandbox, call: GraphCall, is_blocked: bool) -> Response:
    try:
        if is_blocked:
            raise GraphError("Application request limit reached", _BLOCKED_CODES[call.family], status=403)
        return JSONResponse(await _work(box, call))
    except GraphError as error:
        return _refusal(box, error)
    except CutError:
        return DroppedConnection()


async def _play(box: Sandbox, call: GraphCall, rule: FaultRule, *, is_blocked: bool) -> Response:
    await asyncio.sleep(rule.delay_before)
    if rule.kind is FaultKind.NOT_FOUND_4279009:
        _lose_container(box, call, rule)
    if rule.kind is FaultKind.CUT_UPLOAD and call.stream is not None:
        call.stream = _cut(call.stream, rule.after_bytes)
    truth = await _respond(box, call, is_blocked) if rule.takes_effect or rule.kind in ORDINARY_ANSWER else None
    if isinstance(truth, DroppedConnection):
        return truth
    if truth is not None and rule.kind is FaultKind.REWOUND_OFFSET and truth.status_code < 400:
        truth = JSONResponse(facebook_chunks.rewind(box, call, rule.after_bytes))
    if truth is not None and rule.kind in {FaultKind.STUCK_IN_PROGRESS, FaultKind.CONTAINER_ERROR}:
        made = json.loads(bytes(truth.body)).get("id", "")
        _spoil_container(box, rule, made)
        facebook_processing.spoil(box, call.text("video_id") or call.text("upload_session_id") or made, rule)
    await asyncio.sleep(rule.delay_after)
    # "blocked while live" promises a live post, so it does not cover up a refusal.
    is_refused = truth is not None and truth.status_code >= 400 and rule.kind is FaultKind.BLOCKED_2207051_LIVE
    if truth is not None and (is_refused or rule.kind in ORDINARY_ANSWER):
        return truth
    return faulty_answer(rule, call, _trace_id(box))


async def _work(box: Sandbox, call: GraphCall) -> JSON:
    if "ids" in call.params or "date_format" in call.params:
        raise bad_parameter("Param ids and date_format are not supported in this version")
    if (token_call := find_token_call(call)) is not None:
        return token_call(box, call)
    token = auth.authenticate(box.world, call)
    require_data_access(box, call, token)
    handler = find_handler(box, call)
    if handler is None and not call.edge:
        return answer_node(box, call, token)
    if handler is None:
        raise bad_parameter(f"Unsupported {call.method.lower()} request on the edge {call.edge}")
    return await handler(box, call, token)


async def _cut(stream: AsyncIterator[bytes], after_bytes: int) -> AsyncIterator[bytes]:
    """Yield the first ``after_bytes`` of a body that has more, then cut the connection."""
    async for piece in stream:
        if after_bytes < len(piece):
            yield piece[:after_bytes]
            raise CutError
        yield piece
        after_bytes -= len(piece)


def _lose_container(box: Sandbox, call: GraphCall, rule: FaultRule) -> None:
    container = box.world.containers.get(call.text("creation_id"))
    if container is not None and not container.refusals_left:
        container.refusals_left = -1 if rule.heal_after is None else rule.heal_after
        box.world.save(container)


def _spoil_container(box: Sandbox, rule: FaultRule, container_id: str) -> None:
    container = box.world.containers.get(container_id)
    if container is None:
        return
    if rule.kind is FaultKind.CONTAINER_ERROR:
        container.error = rule.message or ("UNKNOWN" if container.network is Network.THREADS else "2207076")
    else:
        wait = rule.for_seconds
        container.ready_at = None if wait is None else container.created_at + timedelta(seconds=wait)
    box.world.save(container)


def _headers(call: GraphCall, account_id: str, percents: tuple[int, int], regain_minutes: int) -> dict[str, str]:
    app, account = (max(percent, 100) if regain_minutes else percent for percent in percents)
    use_case = _USE_CASES[call.family]
    usage = usage_headers(app, account, account_id=account_id, use_case=use_case, regain_minutes=regain_minutes)
    return usage | {"facebook-api-version": call.version}


def _regain_minutes(rule: FaultRule | None, *, is_blocked: bool) -> int:
    if rule is not None and rule.kind is FaultKind.RATE_LIMITED:
        return rule.regain_minutes
    return _REGAIN_MINUTES if is_blocked else 0


def _refusal(box: Sandbox, error: GraphError) -> Response:
    return JSONResponse(error.body(_trace_id(box)), error.status)


def _trace_id(box: Sandbox) -> str:
    return "A" + box.world.new_shortcode() + box.world.new_shortcode()
