"""Reads the answers of the Graph hosts, which come in more shapes than documented (``meta-api.md`` §5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from desktop.connectors.transport.messages import HttpAnswer
from desktop.connectors.transport.redaction import redact

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class GraphError:
    """What an answer says went wrong. ``code`` or ``symbol``, never both; ``message`` is cleaned of tokens.

    ``is_plain`` marks the shape token endpoints use (``error_type``), which carries no Graph code.
    """

    message: str
    code: int | None = None
    symbol: str | None = None
    subcode: int | None = None
    is_transient: bool = False
    is_plain: bool = False
    trace_id: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """One parsed answer. ``document`` is empty when the body is not a JSON object.

    ``error`` is None only for a 2xx with a JSON object that neither holds an error nor says ``success: false``.
    """

    status: int
    headers: Mapping[str, str]
    document: Mapping[str, Json]
    error: GraphError | None


def parse_answer(answer: HttpAnswer, secrets: tuple[str, ...] = ()) -> GraphAnswer:
    """Parse ``answer``; never raises. ``secrets`` are taken out of every message."""
    try:
        parsed = json.loads(answer.body)
    except (ValueError, RecursionError):
        parsed = None
    document = parsed if isinstance(parsed, dict) else {}
    return GraphAnswer(answer.status, answer.headers, document, _error(answer.status, parsed, secrets))


def as_int(value: object) -> int | None:
    """Return a number that may have come as text; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        return int(value) if isinstance(value, int | str) else None
    except ValueError:
        return None


def _error(status: int, parsed: object, secrets: tuple[str, ...]) -> GraphError | None:
    if isinstance(parsed, dict):
        found = parsed.get("error")
        if isinstance(found, dict):
            return _envelope(found, secrets)
        if found:
            return GraphError(redact(str(found), secrets))
        if "error_type" in parsed:  # error_message alone is a field of Threads containers
            return GraphError(redact(str(parsed.get("error_message", "")), secrets), is_plain=True)
        if parsed.get("success") in (False, "false"):
            return GraphError("success: false")
        if status == 200:  # the only status the networks answer success with; any other is not taken for one
            return None
    return GraphError(f"HTTP {status}")


def _envelope(error: Mapping[str, Json], secrets: tuple[str, ...]) -> GraphError:
    code = error.get("code")
    number = as_int(code)
    words = error.get("error_user_msg") or error.get("message") or error.get("error_user_title") or ""
    trace_id = error.get("fbtrace_id")
    return GraphError(
        message=redact(str(words), secrets) or redact(f"#{code}", secrets),
        code=number,
        symbol=redact(code, secrets) if isinstance(code, str) and code and number is None else None,
        subcode=as_int(error.get("error_subcode")),
        is_transient=error.get("is_transient") in (True, "true"),
        trace_id=redact(str(trace_id), secrets) if trace_id else None,
        field=_blamed(error.get("error_data"), secrets),
    )


def _blamed(data: Json, secrets: tuple[str, ...]) -> str | None:
    """Return the first blamed parameter; ``error_data`` may be an object or JSON text."""
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            return None
    specs = data.get("blame_field_specs") if isinstance(data, dict) else None
    while isinstance(specs, list) and specs:
        specs = specs[0]
    return redact(specs, secrets) if isinstance(specs, str) else None
