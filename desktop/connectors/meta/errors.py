"""Turns an answer that is not a success into a ``RemoteFailure`` (``meta-api.md`` §5, ``reliability.md`` §1.5)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from desktop.connectors.meta.answers import GraphAnswer, GraphError
from desktop.connectors.meta.error_table import ERROR_TABLE, ErrorRow
from desktop.domain.errors import Effect, FailureKind, RemoteFailure


class CallKind(StrEnum):
    """What a call does: reads, creates something nobody sees, or makes something public."""

    READ = "read"
    CREATE = "create"
    PUBLISH = "publish"


# Real refusals come with these; 429, 5xx and an error inside 200 were all seen on posts that were live
_REFUSAL_STATUSES = frozenset({400, 401, 403})
# subcodes this large are unique over all codes; smaller ones (33, 463) mean nothing alone
_UNIQUE_SUBCODE = 1_000_000

_SYMBOLS = {row.symbol: row for row in ERROR_TABLE if row.symbol}
_PAIRS: dict[tuple[int | None, int | None], ErrorRow] = {
    (row.code, row.subcode): row for row in ERROR_TABLE if row.code is not None and row.subcode is not None
}
_SUBCODES = {row.subcode: row for row in ERROR_TABLE if row.subcode and row.subcode >= _UNIQUE_SUBCODE}
_CODES = {
    code: row
    for row in ERROR_TABLE
    if row.code is not None and row.subcode is None
    for code in range(row.code, (row.last_code or row.code) + 1)
}


def classify(
    answer: GraphAnswer, call: CallKind, *, network: str = "Meta", retry_after: timedelta | None = None
) -> RemoteFailure:
    """Return what ``answer`` means; it must carry an error.

    For a publish call the effect is UNKNOWN unless the answer is on the allow-list. ``retry_after`` is what usage
    headers said; it counts for limits only.
    """
    error = answer.error or GraphError(f"HTTP {answer.status}")
    row = find_row(error)
    kind = _kind(error, row, answer.status, call)
    return RemoteFailure(
        network=network,
        kind=kind,
        effect=_effect(error, row, answer.status, call),
        message=error.message,
        http_status=answer.status,
        remote_code=error.symbol or (None if error.code is None else str(error.code)),
        subcode=error.subcode,
        trace_id=error.trace_id,
        retry_after=_pause(kind, row, retry_after),
        field=error.field,
    )


def find_row(error: GraphError) -> ErrorRow | None:
    """Return the row of an error: by symbol, by code and subcode, by subcode alone, by code."""
    if error.symbol is not None and error.symbol in _SYMBOLS:
        return _SYMBOLS[error.symbol]
    code, subcode = error.code, error.subcode
    found = _PAIRS.get((code, subcode)) or (_SUBCODES.get(subcode) if subcode is not None else None)
    if found is not None or code is None:
        return found
    return _CODES.get(code) or _SUBCODES.get(code)  # a number that is unique on its own may also come as the code


def kind_of_subcode(subcode: int) -> FailureKind | None:
    """Return what a unique subcode found in free text means, None for an unknown one."""
    row = _SUBCODES.get(subcode)
    return row.kind if row else None


def _kind(error: GraphError, row: ErrorRow | None, status: int, call: CallKind) -> FailureKind:
    if call is CallKind.PUBLISH and (status >= 500 or 200 <= status < 400):
        return FailureKind.AMBIGUOUS
    kind = _kind_of_row(row, call) if row else _kind_without_row(error, status, call)
    if call is CallKind.PUBLISH and kind is FailureKind.TRANSIENT_RETRY:
        return FailureKind.AMBIGUOUS  # trying again is not ours to decide once it may be live
    return kind


def _kind_of_row(row: ErrorRow, call: CallKind) -> FailureKind:
    special = {CallKind.READ: row.on_read, CallKind.CREATE: row.on_create, CallKind.PUBLISH: None}[call]
    return special or row.kind


def _kind_without_row(error: GraphError, status: int, call: CallKind) -> FailureKind:
    if error.is_plain and 400 <= status < 500:
        return FailureKind.REAUTH  # only token endpoints answer in that shape
    if status == 429:
        return FailureKind.RATE_WAIT
    has_code = error.code is not None or error.symbol is not None
    if has_code and not error.is_transient and 400 <= status < 500 and call is not CallKind.READ:
        return FailureKind.BAD_INPUT
    # a status alone says little: a captive portal answers 403 as well
    return FailureKind.TRANSIENT_RETRY


def _effect(error: GraphError, row: ErrorRow | None, status: int, call: CallKind) -> Effect:
    if call is not CallKind.PUBLISH:
        return Effect.REFUSED if row and 400 <= status < 500 else Effect.UNKNOWN
    if row is None or not row.refuses_publish or status not in _REFUSAL_STATUSES:
        return Effect.UNKNOWN
    is_exact = error.subcode == row.subcode and _covers(row, error.code)
    return Effect.REFUSED if is_exact or row.any_subcode else Effect.UNKNOWN


def _covers(row: ErrorRow, code: int | None) -> bool:
    return code is not None and row.code is not None and row.code <= code <= (row.last_code or row.code)


def _pause(kind: FailureKind, row: ErrorRow | None, retry_after: timedelta | None) -> timedelta | None:
    if row is not None and row.cool_down is not None:
        return max(row.cool_down, retry_after or row.cool_down)
    return retry_after if kind in {FailureKind.RATE_WAIT, FailureKind.QUOTA_WAIT} else None
