"""The way of one call: read it, play a fault, do the work, answer with the network's headers, write it down."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from desktop.sandbox import auth, facebook_people
from desktop.sandbox.connection import DroppedConnection
from desktop.sandbox.endpoints import EDGES, endpoint_names
from desktop.sandbox.errors import JSON, GraphError, bad_parameter
from desktop.sandbox.fault_answers import faulty_answer
from desktop.sandbox.faults import ORDINARY_ANSWER, FaultKind, FaultRule
from desktop.sandbox.graph_call import GraphCall, read_call
from desktop.sandbox.model import Network
from desktop.sandbox.nodes import answer_node
from desktop.sandbox.quotas import usage_headers
from desktop.sandbox.sandbox import Sandbox

_USE_CASES = {Network.THREADS: "threads", Network.INSTAGRAM: "instagram", Network.FACEBOOK: "pages"}
_BLOCKED_CODES = {Network.THREADS: 4, Network.INSTAGRAM: 80002, Network.FACEBOOK: 80001}
_REGAIN_MINUTES = 60


async def answer(box: Sandbox, request: Request, family: Network, path: str) -> Response:
    """Answer one call on ``/{family}/{path}`` and write it down."""
    now = box.clock.now()
    box.world.settle(now)
    try:
        call = await read_call(request, family, path)
    except GraphError as error:
        box.calls.note(now, request.method, request.url.path, frozenset(), "").status = error.status
        return _refusal(box, error)
    except ClientDisconnect:
        # the caller died while sending: nothing was asked, and nobody is there to answer
        return Response(status_code=400)
    token = box.world.tokens.get(call.token)
    account_id = token.account_id if token else ""
    names = endpoint_names(box, call)
    record = box.calls.note(now, call.method, call.path, names, account_id)
    rule = box.faults.pick(family, names, call.method, account_id)
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


async def _play(box: Sandbox, call: GraphCall, rule: FaultRule, *, is_blocked: bool) -> Response:
    await asyncio.sleep(rule.delay_before)
    if rule.kind is FaultKind.NOT_FOUND_4279009:
        _lose_container(box, call, rule)
    truth = await _respond(box, call, is_blocked) if rule.takes_effect or rule.kind in ORDINARY_ANSWER else None
    if truth is not None and rule.kind in {FaultKind.STUCK_IN_PROGRESS, FaultKind.CONTAINER_ERROR}:
        _spoil_container(box, rule, json.loads(bytes(truth.body)).get("id", ""))
    await asyncio.sleep(rule.delay_after)
    # "blocked while live" promises a live post, so it does not cover up a refusal.
    is_refused = truth is not None and truth.status_code >= 400 and rule.kind is FaultKind.BLOCKED_2207051_LIVE
    if truth is not None and (is_refused or rule.kind in ORDINARY_ANSWER):
        return truth
    return faulty_answer(rule, call, _trace_id(box))


async def _work(box: Sandbox, call: GraphCall) -> JSON:
    if "ids" in call.params or "date_format" in call.params:
        raise bad_parameter("Param ids and date_format are not supported in this version")
    match call.node:
        case "debug_token":
            if "|" not in call.token:  # an app token, "{app id}|{app secret}"; any is taken
                auth.authenticate(box.world, call)
            return facebook_people.debug_token(box, call)
        case "refresh_access_token" if call.family is not Network.FACEBOOK:
            return auth.refresh(box.world, call)
    token = auth.authenticate(box.world, call)
    if not call.edge:
        return answer_node(box, call, token)
    handler = EDGES[call.family].get((call.method, call.edge))
    if handler is None:
        raise bad_parameter(f"Unsupported {call.method.lower()} request on the edge {call.edge}")
    return await handler(box, call, token)


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
