"""Batches: order, references, what is left out, null items, limits, counting."""

from __future__ import annotations

import json

import pytest

from tests.contract.sandbox.conftest import refusal
from tests.support.sandbox import jpeg


@pytest.fixture
def send(page):
    def post(*items, path="v25.0/", files=None, **more):
        return page.post(path, files, batch=json.dumps(list(items)), **more)

    return post


def bodies(answer):
    assert answer.status_code == 200, answer.text
    return [item and json.loads(item["body"]) for item in answer.json()]


def test_items_are_answered_in_order_whatever_became_of_them(send, page, ledger):
    answer = send(
        {"method": "POST", "relative_url": "me/feed", "body": "message=one%20%26%20two"},
        {"method": "GET", "relative_url": "v24.0/nothing?fields=id"},
        {"method": "GET", "relative_url": f"{page.id}?fields=id,name"},
        {"method": "GET", "relative_url": "me/nothing"},
        path="",
    )
    assert [item["code"] for item in answer.json()] == [200, 400, 200, 400]
    made, lost, found, _ = bodies(answer)
    assert made["id"] == ledger()[0]["id"]
    assert ledger()[0]["text"] == "one & two"
    assert lost["error"]["error_subcode"] == 33
    assert found["id"] == page.id
    headers = {h["name"].lower(): h["value"] for h in answer.json()[1]["headers"]}
    assert headers["facebook-api-version"] == "v24.0"
    assert "x-app-usage" in headers


def test_headers_are_left_out_on_demand(send):
    (item,) = send({"method": "GET", "relative_url": "me"}, include_headers="false").json()
    assert item.keys() == {"code", "body"}


def test_a_result_is_used_by_the_next(send, page, ledger):
    answer = send(
        {"method": "POST", "name": "make", "relative_url": "me/feed", "body": "message=x"},
        {"method": "GET", "relative_url": "{result=make:$.id}?fields=message"},
        {"method": "POST", "relative_url": "{result=make:$.id}/comments", "body": "message=to+{result=make:$.id}"},
    )
    made, read, comment = bodies(answer)
    assert read == {"message": "x", "id": made["id"]}
    assert page.get(comment["id"], fields="message").json()["message"] == f"to {made['id']}"
    assert len(ledger()) == 1


def test_deeper_references(send, page):
    ids = [page.created("me/feed", message=str(n)) for n in range(2)][::-1]
    answer = send(
        {"method": "GET", "name": "list", "relative_url": "me/feed?fields=id"},
        {"method": "POST", "relative_url": "me/feed", "body": "message={result=list:$.data.*.id}"},
        {"method": "GET", "relative_url": "{result=list:$.data[1].id}?fields=message"},
    )
    made, read = bodies(answer)[1:]
    assert page.get(made["id"], fields="message").json()["message"] == ",".join(ids)
    assert read["message"] == "0"


def test_what_depends_on_a_failure_is_not_executed(send, ledger):
    answer = send(
        {"method": "GET", "name": "bad", "relative_url": "nothing"},
        {"method": "POST", "relative_url": "me/feed", "body": "message=a", "depends_on": "bad"},
        {"method": "POST", "relative_url": "me/feed", "body": "message={result=bad:$.id}"},
        {"method": "POST", "relative_url": "me/feed", "body": "message=c", "depends_on": "unknown"},
    )
    assert [item and item["code"] for item in answer.json()] == [400, None, None, None]
    assert ledger() == []


def test_success_is_left_out_on_demand(send, configure):
    named = {"method": "GET", "name": "me", "relative_url": "me"}
    quiet = {"method": "GET", "relative_url": "me", "omit_response_on_success": True}
    failing = {"method": "GET", "relative_url": "nothing", "omit_response_on_success": True}
    assert [item and item["code"] for item in send(named, quiet, failing).json()] == [200, None, 400]
    configure(batch_omits_named=True)
    loud = named | {"omit_response_on_success": False}
    assert [item and item["code"] for item in send(named, loud).json()] == [None, 200]


@pytest.mark.parametrize(("kind", "live"), [("drop_before", 0), ("drop_after", 1)])
def test_items_that_time_out_are_null(send, play, ledger, http, kind, live):
    play({"kind": kind, "match": {"endpoint": "publish", "nth": 1}})
    answer = send(*[{"method": "POST", "relative_url": "me/feed", "body": f"message={n}"} for n in range(3)])
    assert [item and item["code"] for item in answer.json()] == [None, 200, 200]
    assert len(ledger()) == 2 + live


def test_faults_strike_single_items(send, play):
    play({"kind": "html_502", "match": {"endpoint": "identity", "nth": 2}})
    first, second = send(*[{"method": "GET", "relative_url": "me"}] * 2).json()
    assert (first["code"], second["code"]) == (200, 502)
    assert second["body"].startswith("<!DOCTYPE html>")


def test_fifty_at_most_each_counted(send, http, configure):
    items = [{"method": "GET", "relative_url": "me"}] * 51
    answer = send(*items)
    assert refusal(answer) == (100, None)
    assert answer.json()["error"]["type"] == "GraphBatchException"
    before = len(http.get("/_sandbox/ledger").json()["calls"])
    assert len(send(*items[:50]).json()) == 50
    calls = http.get("/_sandbox/ledger").json()["calls"][before:]
    assert [call["path"] for call in calls] == ["/facebook/me"] * 50
    configure(app_calls_per_hour=60)
    codes = [item["code"] for item in send(*items[:10]).json()]
    assert (codes[0], codes[-1]) == (200, 403)


def test_files_of_the_request(send, ledger):
    files = {"first": ("a.jpg", jpeg(), "image/jpeg"), "second": ("b.jpg", jpeg(colour=(1, 2, 3)), "image/jpeg")}
    item = {"method": "POST", "relative_url": "me/photos", "body": "caption=x"}
    answer = send(item | {"attached_files": "first"}, item | {"attached_files": "second"}, files=files)
    assert [item["code"] for item in answer.json()] == [200, 200]
    hashes = [p["media_hashes"] for p in ledger()]
    assert hashes[0] != hashes[1]


def test_items_with_tokens_of_their_own(page, client, http):
    other = client("facebook", "ready", 1)
    items = [{"method": "GET", "relative_url": f"me?access_token={c.token}&fields=id"} for c in (page, other)]
    answer = http.post("/facebook/", data={"batch": json.dumps(items)})
    assert [found["id"] for found in bodies(answer)] == [page.id, other.id]


def test_batches_that_are_none(page, send):
    assert refusal(page.post("", batch="nonsense")) == (100, None)
    assert page.http.get("/_sandbox/ledger").json()["calls"][-1]["status"] == 400
    assert refusal(page.post("", batch="[]")) == (100, None)
    assert refusal(page.post("", batch='["me"]')) == (100, None)
    (item,) = send({"method": "GET", "relative_url": "me?date_format=U"}).json()
    assert item["code"] == 400


def test_hosts_that_take_no_batches(instagram, threads, configure):
    batch = json.dumps([{"method": "GET", "relative_url": "me?fields=username"}])
    assert instagram.post("v25.0/", batch=batch).status_code == 400
    assert threads.post("", batch=batch).status_code == 400
    configure(instagram_batch=True)
    assert "username" in bodies(instagram.post("v25.0/", batch=batch))[0]
