"""The Graph client against a server that answers what it is told."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from desktop.connectors.meta.addresses import HostFamily, MetaAddresses
from desktop.connectors.meta.graph import Caller, GraphClient
from desktop.connectors.transport.http_transport import HttpTransport
from desktop.domain.accounts import LoginKind
from desktop.domain.errors import Effect, FailureKind, RemoteFailure
from desktop.domain.networks import Network
from desktop.kit.clock import SystemClock
from desktop.services.publishing.ports import RemoteAccount
from tests.unit.connectors.raw_server import RawConnection, RawServer

TOKEN = "EAAabc123abc123abc123abc123"
LATER = datetime(2100, 1, 1, tzinfo=UTC)
FACEBOOK = Caller(Network.FACEBOOK, HostFamily.FACEBOOK, "1001", TOKEN)
THREADS = Caller(Network.THREADS, HostFamily.THREADS, "77", TOKEN)


class Script:
    """Answers in turn; the last one repeats. ``requests`` are what came, as (method, path, params, head)."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, bytes, str]] = []
        self.requests: list[tuple[str, str, dict[str, str], str]] = []

    def say(self, body: object, *, status: str = "200 OK", headers: str = "") -> None:
        self.answers.append((status, body if isinstance(body, bytes) else json.dumps(body).encode(), headers))

    def serve(self, connection: RawConnection) -> None:
        while raw := connection.read_request():
            head, _, body = raw.decode().partition("\r\n\r\n")
            method, target, _ = head.split("\r\n")[0].split(" ")
            parts = urlsplit(target)
            params = parse_qs(parts.query or body, keep_blank_values=True)
            self.requests.append((method, parts.path, {k: v[0] for k, v in params.items()}, head))
            status, answer, headers = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            connection.answer(answer, status=status, headers=headers)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def graph(script: Script) -> Iterator[GraphClient]:
    clock = SystemClock()
    with RawServer(script.serve) as server, HttpTransport(clock) as transport:
        addresses = MetaAddresses(
            facebook_graph_url=f"{server.url}/facebook",
            instagram_graph_url=f"{server.url}/instagram",
            threads_graph_url=f"{server.url}/threads",
        )
        yield GraphClient(transport, addresses, clock, timedelta(seconds=10))


def failure(call: Callable[[], object]) -> RemoteFailure:
    with pytest.raises(RemoteFailure) as caught:
        call()
    assert TOKEN not in "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    return caught.value


def test_reads_carry_their_parameters_in_the_address_and_the_token_in_a_header(
    graph: GraphClient, script: Script
) -> None:
    script.say({"id": "1"})
    assert graph.read(FACEBOOK, "1001_2", {"fields": "id,a{b}", "limit": 5, "none": None}) == {"id": "1"}
    method, path, params, head = script.requests[0]
    assert (method, path, params) == ("GET", "/facebook/v25.0/1001_2", {"fields": "id,a{b}", "limit": "5"})
    assert f"Authorization: Bearer {TOKEN}" in head
    assert TOKEN not in head.split("\r\n")[0]


def test_writes_are_forms_with_nested_values_as_json(graph: GraphClient, script: Script) -> None:
    script.say({"id": 178})
    params = {"message": "Grüße & 1+1=2\n👋", "published": False, "attached_media": [{"media_fbid": "9"}], "x": None}
    assert graph.create(FACEBOOK, "1001/feed", params) == "178"
    method, path, sent, head = script.requests[0]
    assert (method, path) == ("POST", "/facebook/v25.0/1001/feed")
    assert sent == {
        "message": "Grüße & 1+1=2\n👋",
        "published": "false",
        "attached_media": '[{"media_fbid":"9"}]',
    }
    assert "Content-Type: application/x-www-form-urlencoded" in head


def test_an_id_from_outside_cannot_bend_the_address(graph: GraphClient, script: Script) -> None:
    script.say({"id": "1"})
    graph.read(THREADS, "1?access_token=x#y z")
    assert script.requests[0][1] == "/threads/v1.0/1%3Faccess_token%3Dx%23y%20z"


@pytest.mark.parametrize("body", [{}, {"id": ""}, {"id": None}, {"id": True}, {"id": {}}, {"media": "1"}])
def test_a_success_without_an_id_is_no_success(graph: GraphClient, script: Script, body: object) -> None:
    script.say(body)
    found = failure(lambda: graph.publish(THREADS, "77/threads_publish", {}, LATER))
    assert (found.kind, found.effect) == (FailureKind.AMBIGUOUS, Effect.UNKNOWN)
    found = failure(lambda: graph.create(THREADS, "77/threads", {}))
    assert (found.kind, found.effect) == (FailureKind.TRANSIENT_RETRY, Effect.UNKNOWN)


@pytest.mark.parametrize("body", [{}, {"id": "1"}, {"success": False}, {"success": None}, {"success": "yes"}])
def test_a_flip_needs_the_word_success(graph: GraphClient, script: Script, body: object) -> None:
    script.say(body)
    found = failure(lambda: graph.update_public(FACEBOOK, "1001_2", {"is_published": True}, LATER))
    assert (found.kind, found.effect) == (FailureKind.AMBIGUOUS, Effect.UNKNOWN)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", b""),
        ("200 OK", b"<html></html>"),
        ("200 OK", {"error": {"message": "m", "code": 190, "error_subcode": 463}}),
        ("200 OK", {"id": "5", "error": {"message": "m", "code": 1}}),
        ("302 Found", {"id": "5"}),
        ("429 Too Many Requests", b""),
        ("429 Too Many Requests", {"error": {"message": "m", "code": 190}}),
        ("500 Internal Server Error", {"error": {"message": "m", "code": 10}}),
        ("502 Bad Gateway", b"<html></html>"),
        ("400 Bad Request", {"error": {"message": "m", "code": 100}}),
        ("400 Bad Request", {"error": {"message": "m", "code": "THREADS_API__FEATURE_NOT_AVAILABLE"}}),
        ("403 Forbidden", {"error": {"message": "m", "code": 4}}),
        ("403 Forbidden", {"error": {"message": "m", "code": 4, "error_subcode": 2207051}}),
    ],
)
def test_publishing_answers_off_the_allow_list_may_be_live(
    graph: GraphClient, script: Script, status: str, body: object
) -> None:
    script.say(body, status=status, headers="Location: /elsewhere\r\n")
    found = failure(lambda: graph.publish(THREADS, "77/threads_publish", {"creation_id": "1"}, LATER))
    assert found.effect is Effect.UNKNOWN
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [(24, 4279009, "not_ready"), (9007, 2207027, "not_ready"), (190, 463, "reauth"), (10, None, "permission")],
)
def test_publishing_refusals_on_the_allow_list_had_no_effect(
    graph: GraphClient, script: Script, code: int, subcode: int | None, kind: str
) -> None:
    script.say({"error": {"message": "m", "code": code, "error_subcode": subcode}}, status="400 Bad Request")
    found = failure(lambda: graph.publish(THREADS, "77/threads_publish", {"creation_id": "1"}, LATER))
    assert (found.kind, found.effect) == (kind, Effect.REFUSED)


def test_a_passed_deadline_is_not_sent(graph: GraphClient, script: Script) -> None:
    found = failure(lambda: graph.publish(THREADS, "77/threads_publish", {}, datetime(2020, 1, 1, tzinfo=UTC)))
    assert (found.kind, found.effect, found.http_status) == (FailureKind.TRANSIENT_RETRY, Effect.NOT_SENT, None)
    assert script.requests == []


@pytest.mark.parametrize("token", ["", " ", "EAA\nabc", "EAAä", "EAA\r\nX-Evil: 1"])
def test_what_cannot_be_a_token_is_not_sent(graph: GraphClient, script: Script, token: str) -> None:
    caller = Caller(Network.THREADS, HostFamily.THREADS, "77", token)
    found = failure(lambda: graph.read(caller, "me"))
    assert (found.kind, found.effect) == (FailureKind.REAUTH, Effect.NOT_SENT)
    assert script.requests == []


def test_a_dead_connection_is_ambiguous_for_publishing_only() -> None:
    clock = SystemClock()
    with RawServer(RawConnection.read_request) as server, HttpTransport(clock) as transport:
        graph = GraphClient(transport, MetaAddresses(threads_graph_url=server.url), clock, timedelta(seconds=10))
        published = failure(lambda: graph.publish(THREADS, "77/threads_publish", {}, LATER))
        assert (published.kind, published.effect) == (FailureKind.AMBIGUOUS, Effect.UNKNOWN)
        created = failure(lambda: graph.create(THREADS, "77/threads", {}))
        assert (created.kind, created.effect) == (FailureKind.TRANSIENT_RETRY, Effect.UNKNOWN)


def test_the_message_names_the_network_and_hides_the_token(graph: GraphClient, script: Script) -> None:
    script.say({"error": {"message": f"cannot parse {TOKEN}", "code": 190}}, status="401 Unauthorized")
    assert failure(lambda: graph.read(FACEBOOK, "me")).title == "Facebook answered: cannot parse [hidden]"
    script.answers.clear()
    script.say({"error": {"message": "who is pass-word?", "code": 190}}, status="401 Unauthorized")
    odd = Caller(Network.FACEBOOK, HostFamily.FACEBOOK, "1", "pass-word")
    assert failure(lambda: graph.read(odd, "me")).title == "Facebook answered: who is [hidden]?"


def test_usage_headers_tell_how_long_a_limit_lasts(graph: GraphClient, script: Script) -> None:
    usage = json.dumps({"1001": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 19}]})
    script.say({"id": "1"}, headers=f"X-Business-Use-Case-Usage: {usage}\r\n")
    script.say({"error": {"message": "m", "code": 32}}, status="403 Forbidden")
    script.say(b"", status="429 Too Many Requests", headers="Retry-After: 7\r\n")
    graph.read(FACEBOOK, "me")
    assert [(reading.bucket, reading.percent) for reading in graph.usage.readings()] == [("facebook/pages/1001", 100)]
    pause = failure(lambda: graph.read(FACEBOOK, "me")).retry_after
    assert pause is not None
    assert timedelta(minutes=18) < pause <= timedelta(minutes=19)
    assert failure(lambda: graph.read(FACEBOOK, "me")).retry_after == timedelta(seconds=7)


def page(*ids: str, after: str | None = None, following: str | None = None) -> object:
    paging = {"cursors": {"after": after} if after else {}} | ({"next": following} if following else {})
    return {"data": [{"id": i} for i in ids], "paging": paging}


def listed(graph: GraphClient, caller: Caller) -> list[object]:
    return [row["id"] for row in graph.list_all(caller, "1/posts", {"limit": 2})]


def test_threads_listings_end_without_a_cursor_or_with_an_empty_page(graph: GraphClient, script: Script) -> None:
    for answer in (page("1", "2", after="a"), page("3", after="b"), page("4")):
        script.say(answer)
    assert listed(graph, THREADS) == ["1", "2", "3", "4"]
    assert [request[2].get("after") for request in script.requests] == [None, "a", "b"]
    script.answers.clear()
    for answer in (page("1", after="a"), page(after="b")):
        script.say(answer)
    assert listed(graph, THREADS) == ["1"]


def test_other_listings_end_without_next_and_never_follow_it(graph: GraphClient, script: Script) -> None:
    tempting = f"http://127.0.0.1:1/steal?access_token={TOKEN}"
    for answer in (page("1", after="a", following=tempting), page(after="b", following=tempting), page("2", after="c")):
        script.say(answer)
    assert listed(graph, FACEBOOK) == ["1", "2"]
    assert [request[1] for request in script.requests] == ["/facebook/v25.0/1/posts"] * 3


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}}])
def test_a_listing_without_a_list_is_a_failure(graph: GraphClient, script: Script, body: object) -> None:
    script.say(body)
    assert failure(lambda: listed(graph, THREADS)).kind is FailureKind.TRANSIENT_RETRY


def test_an_endless_listing_fails_instead_of_passing_for_complete(
    graph: GraphClient, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.connectors.meta.graph._MOST_PAGES", 3)
    for cursor in "abcd":
        script.say(page("1", after=cursor))
    assert failure(lambda: listed(graph, THREADS)).kind is FailureKind.TRANSIENT_RETRY
    assert len(script.requests) == 3


def test_logs_tell_version_and_trace_and_no_token(
    graph: GraphClient, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    error = {"error": {"message": TOKEN, "code": 100, "error_subcode": 33, "fbtrace_id": "Abc"}}
    script.say(error, status="400 Bad Request", headers="facebook-api-version: v26.0\r\n")
    failure(lambda: graph.read(FACEBOOK, "me", {"fields": "id"}))
    assert "facebook read me: HTTP 400, version v26.0, code 100/33, trace Abc" in caplog.text
    assert TOKEN not in caplog.text


def test_a_caller_is_made_for_an_account_and_does_not_show_its_token() -> None:
    who = RemoteAccount(Network.INSTAGRAM, LoginKind.FACEBOOK_PAGE, "5", TOKEN)
    caller = Caller.of(who)
    assert (caller.network, caller.family, caller.owner_id) == (Network.INSTAGRAM, HostFamily.FACEBOOK, "5")
    assert TOKEN not in repr(caller)
