"""Every row of the error table against a list typed from the reference, and the rules around the table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from desktop.connectors.meta.answers import GraphAnswer, GraphError
from desktop.connectors.meta.error_table import ERROR_TABLE, ErrorRow
from desktop.connectors.meta.errors import CallKind, classify, find_row, kind_of_subcode
from desktop.domain.errors import Effect, FailureKind, RemoteFailure

READ, CREATE, PUBLISH = CallKind.READ, CallKind.CREATE, CallKind.PUBLISH

# Typed by hand from meta-api.md section 5: code, subcode, what it means on a read, a create and a publish call (all
# with HTTP 400), and whether a publish call is proven to have had no effect.
EXPECTED = """
LINK     -        bad_input           bad_input           bad_input           unknown
GEO      -        bad_input           bad_input           bad_input           unknown
LOCATION -        bad_input           bad_input           bad_input           unknown
FEATURE  -        permission          permission          permission          unknown
1        -        transient_retry     transient_retry     ambiguous           unknown
1        2207057  bad_input           bad_input           bad_input           unknown
2        -        transient_retry     transient_retry     ambiguous           unknown
3        -        permission          permission          permission          unknown
4        -        rate_wait           rate_wait           rate_wait           unknown
4        2207051  ambiguous           ambiguous           ambiguous           unknown
9        2207042  quota_wait          quota_wait          quota_wait          refused
10       -        permission          permission          permission          refused
17       -        rate_wait           rate_wait           rate_wait           unknown
17       2446079  rate_wait           rate_wait           rate_wait           unknown
24       2207006  recreate_container  recreate_container  recreate_container  unknown
24       2207008  recreate_container  transient_retry     recreate_container  unknown
24       4279009  not_ready           not_ready           not_ready           refused
25       2207050  account_action      account_action      account_action      unknown
32       -        rate_wait           rate_wait           rate_wait           unknown
33       -        transient_retry     permission          permission          unknown
33       33       transient_retry     permission          permission          unknown
100      33       transient_retry     permission          permission          unknown
100      -        bad_input           bad_input           bad_input           unknown
100      2207023  bad_input           bad_input           bad_input           unknown
100      2207028  bad_input           bad_input           bad_input           unknown
100      2207035  bad_input           bad_input           bad_input           unknown
100      2207036  bad_input           bad_input           bad_input           unknown
100      2207037  bad_input           bad_input           bad_input           unknown
100      2207040  bad_input           bad_input           bad_input           unknown
102      -        reauth              reauth              reauth              unknown
190      -        reauth              reauth              reauth              refused
190      458      reauth              reauth              reauth              refused
190      459      account_action      account_action      account_action      refused
190      460      reauth              reauth              reauth              refused
190      463      reauth              reauth              reauth              refused
190      464      account_action      account_action      account_action      refused
190      467      reauth              reauth              reauth              refused
190      492      reauth              reauth              reauth              refused
190      1        reauth              reauth              reauth              refused
200      -        permission          permission          permission          refused
230      -        permission          permission          permission          refused
299      -        permission          permission          permission          refused
341      -        rate_wait           rate_wait           rate_wait           unknown
352      2207026  bad_input           bad_input           bad_input           unknown
368      -        account_action      account_action      account_action      unknown
368      1390008  rate_wait           rate_wait           rate_wait           unknown
368      4854002  account_action      account_action      account_action      unknown
368      1404082  duplicate           duplicate           duplicate           unknown
506      -        duplicate           duplicate           duplicate           unknown
613      -        rate_wait           rate_wait           rate_wait           unknown
613      1996     rate_wait           rate_wait           rate_wait           unknown
9004     2207052  recreate_container  recreate_container  recreate_container  unknown
9007     2207027  not_ready           not_ready           not_ready           refused
36000    2207004  bad_input           bad_input           bad_input           unknown
36001    2207005  bad_input           bad_input           bad_input           unknown
36003    2207009  bad_input           bad_input           bad_input           unknown
36004    2207010  bad_input           bad_input           bad_input           unknown
-1       2207001  transient_retry     transient_retry     ambiguous           unknown
-1       2207032  transient_retry     transient_retry     ambiguous           unknown
-1       2207053  recreate_container  recreate_container  recreate_container  unknown
-2       2207003  transient_retry     transient_retry     ambiguous           unknown
-2       2207020  recreate_container  recreate_container  recreate_container  unknown
?        2207076  recreate_container  recreate_container  recreate_container  unknown
?        2207082  recreate_container  recreate_container  recreate_container  unknown
?        2207077  recreate_container  recreate_container  recreate_container  unknown
?        2207081  bad_input           bad_input           bad_input           unknown
80000    -        rate_wait           rate_wait           rate_wait           unknown
80001    -        rate_wait           rate_wait           rate_wait           unknown
80002    -        rate_wait           rate_wait           rate_wait           unknown
80003    -        rate_wait           rate_wait           rate_wait           unknown
80004    -        rate_wait           rate_wait           rate_wait           unknown
80006    -        rate_wait           rate_wait           rate_wait           unknown
80014    -        rate_wait           rate_wait           rate_wait           unknown
?        1609005  bad_input           bad_input           bad_input           unknown
?        4476002  permission          permission          permission          unknown
?        4279013  account_action      account_action      account_action      unknown
?        1366046  bad_input           bad_input           bad_input           unknown
?        2069019  bad_input           bad_input           bad_input           unknown
?        1349125  bad_input           bad_input           bad_input           unknown
?        2061006  bad_input           bad_input           bad_input           unknown
?        1609008  bad_input           bad_input           bad_input           unknown
?        1366051  duplicate           duplicate           duplicate           unknown
?        1346003  account_action      account_action      account_action      unknown
?        1404102  account_action      account_action      account_action      unknown
?        1404112  account_action      account_action      account_action      unknown
?        1404006  account_action      account_action      account_action      unknown
?        1404078  account_action      account_action      account_action      unknown
?        1363047  transient_retry     transient_retry     ambiguous           unknown
?        1609010  transient_retry     transient_retry     ambiguous           unknown
"""
SYMBOLS = {
    "LINK": "THREADS_API__LINK_LIMIT_EXCEEDED",
    "GEO": "THREADS_API__GEO_GATING_INVALID_COUNTRY_CODES",
    "LOCATION": "INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID",
    "FEATURE": "THREADS_API__FEATURE_NOT_AVAILABLE",
}


def error_of(code: str, subcode: str) -> GraphError:
    """Build the error a line of the list stands for; ``?`` is a code nobody knows."""
    number = None if subcode == "-" else int(subcode)
    if code in SYMBOLS:
        return GraphError("m", symbol=SYMBOLS[code])
    return GraphError("m", code=987_654 if code == "?" else int(code), subcode=number)


LINES = [line.split() for line in EXPECTED.strip().splitlines()]
CASES = [
    (error_of(code, subcode), call, kind, effect)
    for code, subcode, on_read, on_create, on_publish, effect in LINES
    for call, kind in ((READ, on_read), (CREATE, on_create), (PUBLISH, on_publish))
]


def failure(error: GraphError | None, call: CallKind, status: int = 400, **changes: Any) -> RemoteFailure:
    return classify(GraphAnswer(status, {}, {}, error), call, **changes)


@pytest.mark.parametrize(("error", "call", "kind", "effect"), CASES, ids=lambda value: str(value)[:40])
def test_each_line_of_the_reference(error: GraphError, call: CallKind, kind: str, effect: str) -> None:
    found = failure(error, call)
    assert found.kind == kind
    assert found.effect == (effect if call is PUBLISH else Effect.REFUSED)


def test_every_row_of_the_table_has_a_line() -> None:
    """So that a row added by mistake, or changed together with the code, is noticed."""
    reached = {id(find_row(error)) for error, _, _, _ in CASES}
    assert [row.meaning for row in ERROR_TABLE if id(row) not in reached] == []


@pytest.mark.parametrize("row", ERROR_TABLE, ids=lambda row: f"{row.symbol or row.code}/{row.subcode}")
def test_each_row_is_found_by_what_it_says(row: ErrorRow) -> None:
    assert find_row(GraphError("m", code=row.code, symbol=row.symbol, subcode=row.subcode)) is row
    if row.last_code is not None:
        assert find_row(GraphError("m", code=row.last_code)) is row
        assert find_row(GraphError("m", code=row.last_code + 1)) is not row


def test_exactly_these_answers_prove_that_nothing_was_published() -> None:
    trusted = {(row.code, row.last_code, row.subcode) for row in ERROR_TABLE if row.refuses_publish}
    assert trusted == {
        (9007, None, 2207027),
        (24, None, 4279009),
        (9, None, 2207042),
        (10, None, None),
        (200, 299, None),
        *((190, None, subcode) for subcode in (None, 458, 459, 460, 463, 464, 467, 492)),
    }


@pytest.mark.parametrize("status", [200, 201, 302, 304, 404, 408, 409, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("row", [row for row in ERROR_TABLE if row.refuses_publish], ids=lambda row: row.meaning)
def test_a_refusal_is_not_trusted_under_an_odd_status(row: ErrorRow, status: int) -> None:
    assert failure(GraphError("m", code=row.code, subcode=row.subcode), PUBLISH, status).effect is Effect.UNKNOWN


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refusal_is_trusted_under_the_usual_statuses(status: int) -> None:
    assert failure(GraphError("m", code=190, subcode=463), PUBLISH, status).effect is Effect.REFUSED


@pytest.mark.parametrize(
    ("code", "subcode"),
    [
        (10, 2018278),
        (200, 1),
        (9, None),
        (24, None),
        (24, 2207027),
        (9007, 4279009),
        (9007, None),
        (12345, 4279009),
        (190, 2207051),
        (None, 463),
        (None, None),
        (987654, None),
    ],
)
def test_almost_a_trusted_refusal_is_none(code: int | None, subcode: int | None) -> None:
    assert failure(GraphError("m", code=code, subcode=subcode), PUBLISH).effect is Effect.UNKNOWN


@pytest.mark.parametrize("status", [200, 301, 500, 502, 503])
@pytest.mark.parametrize("error", [None, GraphError("m"), GraphError("m", code=100), GraphError("m", code=4)])
def test_publishing_with_a_status_that_tells_nothing_is_ambiguous(error: GraphError | None, status: int) -> None:
    found = failure(error, PUBLISH, status)
    assert (found.kind, found.effect) == (FailureKind.AMBIGUOUS, Effect.UNKNOWN)


@pytest.mark.parametrize(
    ("error", "status", "on_read", "on_create", "on_publish"),
    [
        (GraphError("m"), 429, "rate_wait", "rate_wait", "rate_wait"),
        (GraphError("m"), 500, "transient_retry", "transient_retry", "ambiguous"),
        (GraphError("m"), 403, "transient_retry", "transient_retry", "ambiguous"),
        (GraphError("m"), 200, "transient_retry", "transient_retry", "ambiguous"),
        (GraphError("m", code=987654), 400, "transient_retry", "bad_input", "bad_input"),
        (GraphError("m", symbol="THREADS_API__NEW"), 400, "transient_retry", "bad_input", "bad_input"),
        (GraphError("m", code=987654, is_transient=True), 400, "transient_retry", "transient_retry", "ambiguous"),
        (GraphError("m", code=100, is_transient=True), 400, "bad_input", "bad_input", "bad_input"),
        (GraphError("m", is_plain=True), 400, "reauth", "reauth", "reauth"),
    ],
)
def test_without_a_row(error: GraphError, status: int, on_read: str, on_create: str, on_publish: str) -> None:
    for call, kind in ((READ, on_read), (CREATE, on_create), (PUBLISH, on_publish)):
        assert failure(error, call, status).kind == kind
    assert failure(error, PUBLISH, status).effect is Effect.UNKNOWN


def test_a_subcode_counts_under_another_code_and_as_the_code_itself() -> None:
    assert failure(GraphError("m", code=987654, subcode=2207010), CREATE).kind is FailureKind.BAD_INPUT
    assert failure(GraphError("m", code=1366051), CREATE).kind is FailureKind.DUPLICATE
    # 33 and 463 mean something under their own code only
    assert failure(GraphError("m", code=987654, subcode=463), CREATE).kind is FailureKind.BAD_INPUT


def test_a_symbol_wins_over_numbers() -> None:
    error = GraphError("m", symbol=SYMBOLS["FEATURE"], subcode=2207027)
    assert failure(error, PUBLISH).kind is FailureKind.PERMISSION


def test_numbers_in_the_words_of_a_container() -> None:
    assert kind_of_subcode(2207026) is FailureKind.BAD_INPUT
    assert kind_of_subcode(2207999) is None


def test_the_failure_carries_what_support_needs() -> None:
    error = GraphError("m", code=36003, subcode=2207009, trace_id="A1", field="image_url")
    found = failure(error, CREATE, network="Instagram")
    assert (found.http_status, found.remote_code, found.subcode, found.trace_id, found.field) == (
        400,
        "36003",
        2207009,
        "A1",
        "image_url",
    )
    assert found.title == "Instagram answered: m"
    assert failure(GraphError("m", symbol="X"), CREATE).remote_code == "X"
    assert failure(GraphError("m"), CREATE).remote_code is None


def test_pauses_count_for_limits_only() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert failure(GraphError("m", code=4), CREATE, retry_after=hour).retry_after == hour
    assert failure(GraphError("m", code=9, subcode=2207042), PUBLISH, retry_after=hour).retry_after == hour
    assert failure(GraphError("m", code=100), CREATE, retry_after=hour).retry_after is None
    assert failure(GraphError("m", code=4, subcode=2207051), PUBLISH).retry_after == day
    assert failure(GraphError("m", code=368, subcode=1390008), CREATE, retry_after=hour).retry_after == 3 * day
