"""Webhooks for tests: subscribing a Page, verifying the address, signed deliveries."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest


@pytest.fixture
def receiver():
    """Answer challenges and keep (signature, body) of each delivery."""
    deliveries = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked = parse_qs(urlsplit(self.path).query)
            is_ours = asked["hub.verify_token"] == ["right"] and asked["hub.mode"] == ["subscribe"]
            self.answer(200 if is_ours else 403, asked["hub.challenge"][0].encode() if is_ours else b"")

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            deliveries.append((self.headers["X-Hub-Signature-256"], body))
            self.answer(200, b"")

        def answer(self, status, content):
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = False
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}/hook", deliveries
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def deliver(http, page, receiver):
    url, deliveries = receiver
    page.post("me/subscribed_apps", subscribed_fields="feed").raise_for_status()
    http.post("/_sandbox/webhooks", json={"url": url, "verify_token": "right"}).raise_for_status()

    def order(*changes, **more):
        deliveries.clear()
        answer = http.post(
            "/_sandbox/webhooks/deliveries", json={"account_id": page.id, "changes": list(changes), **more}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["statuses"], [json.loads(body) for _, body in deliveries]

    return order


def change(number=0, field="feed", message="Hei på deg"):
    return {"field": field, "value": {"item": "comment", "verb": "add", "comment_id": str(number), "message": message}}


def test_a_delivery_is_signed_over_its_bytes(deliver, page, receiver, server):
    statuses, (body,) = deliver(change())
    assert statuses == [200]
    assert (body["object"], body["entry"][0]["id"]) == ("page", page.id)
    assert body["entry"][0]["changes"][0]["value"]["message"] == "Hei på deg"
    ((signed, raw),) = receiver[1]
    secret = server.box.world.apps["facebook"].secret
    assert signed == "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    assert b"p\\u00e5" in raw


def test_a_wrong_signature_on_demand(deliver, receiver, server):
    deliver(change(), bad_signature=True)
    ((signed, raw),) = receiver[1]
    secret = server.box.world.apps["facebook"].secret
    assert signed != "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def test_duplicates_and_reordering(deliver):
    def ids(bodies):
        return [c["value"]["comment_id"] for b in bodies for e in b["entry"] for c in e["changes"]]

    changes = [change(n) for n in range(3)]
    assert [ids(deliver(*changes)[1])] == [["0", "1", "2"]]
    statuses, bodies = deliver(*changes, each=True, copies=2, backwards=True)
    assert (statuses, ids(bodies)) == ([200] * 6, ["2", "2", "1", "1", "0", "0"])


def test_only_fields_asked_for_are_delivered(deliver, page):
    assert deliver(change(field="mention"))[1] == []
    page.post("me/subscribed_apps", subscribed_fields="mention")
    assert deliver(change(), change(field="mention"))[1][0]["entry"][0]["changes"][0]["field"] == "mention"
    assert (
        deliver(account_id="1", entry=[{"id": "1", "changes": []}], object="instagram")[1][0]["object"] == "instagram"
    )


def test_an_address_proves_itself(http, receiver):
    assert http.post("/_sandbox/webhooks", json={"url": receiver[0], "verify_token": "wrong"}).status_code == 422
    for url in ("http://127.0.0.1:1/", "https://example.org/hook", "http://192.0.2.1/hook"):
        assert http.post("/_sandbox/webhooks", json={"url": url, "verify_token": "right"}).status_code == 422


def test_subscribing_a_page(page, server):
    assert page.get("me/subscribed_apps").json() == {"data": []}
    assert page.post("me/subscribed_apps", subscribed_fields="feed,mention").json() == {"success": True}
    assert page.post("me/subscribed_apps", subscribed_fields="feed").json() == {"success": True}
    assert page.get("me/subscribed_apps").json()["data"][0]["subscribed_fields"] == ["feed"]
    assert page.refused("me/subscribed_apps", subscribed_fields="everything") == (100, None)
    assert page.delete("me/subscribed_apps").json() == {"success": True}
    assert page.get("me/subscribed_apps").json() == {"data": []}
    server.box.world.tokens[page.token].scopes.remove("pages_manage_metadata")
    assert page.refused("me/subscribed_apps", subscribed_fields="feed") == (200, None)
