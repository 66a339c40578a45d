"""The faulty answers themselves."""

from __future__ import annotations

from starlette.responses import HTMLResponse, JSONResponse, Response

from desktop.sandbox.connection import DroppedConnection
from desktop.sandbox.errors import (
    GraphError,
    dead_token,
    media_unreachable,
    quota_reached,
    unknown_object,
)
from desktop.sandbox.faults import FaultKind, FaultRule
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Network

_HTML = (
    "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>"
)
_RATE_CODES = {Network.THREADS: 4, Network.INSTAGRAM: 80002, Network.FACEBOOK: 80001}


def faulty_answer(rule: FaultRule, call: GraphCall, trace_id: str) -> Response:
    """Return what the client gets instead of the truth."""
    match rule.kind:
        case FaultKind.DROP_BEFORE | FaultKind.DROP_AFTER:
            return DroppedConnection()
        case FaultKind.HTTP_5XX_BEFORE | FaultKind.HTTP_5XX_AFTER:
            return HTMLResponse(_HTML, rule.status or 500)
        case FaultKind.HTML_502:
            return HTMLResponse(_HTML, rule.status or 502)
        case FaultKind.HTTP_429:
            return Response(status_code=rule.status or 429)
        case FaultKind.SUCCESS_FALSE:
            return JSONResponse({"success": False}, rule.status or 200)
        case _:
            error = _adjusted(_refusal(rule, call), rule)
            return JSONResponse(error.body(trace_id), error.status)


def _refusal(rule: FaultRule, call: GraphCall) -> GraphError:
    match rule.kind:
        case FaultKind.BLOCKED_2207051_LIVE:
            return GraphError(
                "Application request limit reached",
                4,
                2207051,
                status=403,
                title="Action is blocked",
                advice="We restrict certain activity to protect our community.",
            )
        case FaultKind.READ_100_33:
            return unknown_object(call.node)
        case FaultKind.STRING_CODE:
            return GraphError("The feature is not available", "THREADS_API__FEATURE_NOT_AVAILABLE")
        case FaultKind.ERROR_IN_200:
            return GraphError("An unknown error occurred", 1, status=200)
        case FaultKind.RATE_LIMITED:
            return GraphError("Application request limit reached", _RATE_CODES[call.family], status=403)
        case FaultKind.TOKEN_EXPIRED:
            return dead_token(rule.subcode or 463)
        case FaultKind.QUOTA_EXCEEDED:
            return quota_reached()
        case FaultKind.MEDIA_UNREACHABLE:
            return media_unreachable(call.text("image_url") or call.text("video_url") or call.text("url"))
        case _:
            return GraphError("An unknown error occurred", 1, status=500)


def _adjusted(error: GraphError, rule: FaultRule) -> GraphError:
    """Let the script's own code, subcode, status and message win."""
    error.code = error.code if rule.code is None else rule.code
    error.subcode = error.subcode if rule.subcode is None else rule.subcode
    error.status = rule.status or error.status
    error.message = rule.message or error.message
    return error
