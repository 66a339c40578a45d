"""Accounts, tokens, and how a call may carry its parameters."""

from __future__ import annotations

import httpx
import pytest

from tests.contract.sandbox.conftest import Client, refusal
from tests.support.sandbox import SandboxServer

NETWORKS = ["threads", "instagram", "facebook"]


def test_accounts_follow_the_seed(server):
    def tokens(url):
        return [
            a["token"] for a in httpx.get(f"{url}/_sandbox/accounts", trust_env=False, verify=False).json()["accounts"]
        ]

    with SandboxServer(seed=1) as same, SandboxServer(seed=2) as other:
        assert tokens(same.url) == tokens(server.url)
        assert not set(tokens(other.url)) & set(tokens(server.url))


@pytest.mark.parametrize("network", NETWORKS)
def test_each_network_has_two_ready_accounts(client, network):
    first, second = client(network), client(network, index=1)
    assert first.id != second.id
    for one in (first, second):
        assert one.get("me").status_code == 200


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("home", NETWORKS)
def test_a_token_works_on_its_own_host_only(http, client, network, home):
    stray = Client(http, network, "me", client(home).token)
    answer = stray.get("me")
    if home == network:
        assert answer.status_code == 200
    else:
        assert refusal(answer) == (190, None)


@pytest.mark.parametrize("network", NETWORKS)
def test_expired_unknown_and_missing_tokens(http, client, network):
    assert refusal(client(network, "expired").get("me")) == (190, 463)
    assert refusal(Client(http, network, "me", "nonsense").get("me")) == (190, None)
    assert refusal(http.get(f"/{network}/me")) == (190, None)


@pytest.mark.parametrize(
    ("network", "path", "data", "code"),
    [
        ("threads", "me/threads", {"media_type": "TEXT", "text": "x"}, 10),
        ("instagram", "me/media", {"image_url": "http://127.0.0.1/x.jpg"}, 10),
        ("facebook", "me/feed", {"message": "x"}, 200),
    ],
)
def test_without_the_scope_one_reads_but_does_not_publish(client, network, path, data, code):
    limited = client(network, "no_publish")
    assert limited.get("me").status_code == 200
    assert limited.refused(path, **data) == (code, None)


@pytest.mark.parametrize(
    ("network", "path"), [("threads", "me/threads_publishing_limit"), ("instagram", "me/content_publishing_limit")]
)
def test_how_much_may_be_published_is_told_to_publishers_only(client, network, path):
    assert refusal(client(network, "no_publish").get(path)) == (10, None)


def test_a_lost_role_kills_the_page_token(client):
    assert refusal(client("facebook", "role_lost").get("me")) == (190, 492)


def test_tokens_can_be_revoked_and_restored(http, threads):
    assert http.post("/_sandbox/tokens/revoke", json={"token": threads.token}).json() == {"tokens": 1}
    assert refusal(threads.get("me")) == (190, 460)
    http.post("/_sandbox/tokens/revoke", json={"account_id": threads.id, "subcode": 467})
    assert refusal(threads.get("me")) == (190, 467)
    http.post("/_sandbox/tokens/restore", json={"token": threads.token})
    assert threads.get("me").status_code == 200
    assert http.post("/_sandbox/tokens/revoke", json={"token": "nonsense"}).status_code == 404


def test_tokens_expire_by_the_clock_and_can_be_refreshed_before(threads, advance, http):
    fresh = threads.get("refresh_access_token", grant_type="th_refresh_token").json()
    assert (fresh["token_type"], fresh["expires_in"]) == ("bearer", 5183944)
    renewed = Client(http, "threads", threads.id, fresh["access_token"])
    assert refusal(renewed.get("refresh_access_token", grant_type="th_refresh_token")) == (100, None)
    advance(59 * 86_400)
    assert refusal(threads.get("me")) == (190, 463)
    assert renewed.get("me").status_code == 200
    assert refusal(renewed.get("refresh_access_token", grant_type="ig_refresh_token")) == (100, None)
    advance(2 * 86_400)
    assert refusal(renewed.get("refresh_access_token", grant_type="th_refresh_token")) == (190, 463)


def test_parameters_come_from_query_form_json_and_multipart(http, threads, ledger):
    url, data = f"/threads/v1.0/{threads.id}/threads", {"media_type": "TEXT", "text": "Ünïcode & more"}
    bearer = {"Authorization": f"Bearer {threads.token}"}
    answers = [
        http.post(url, params={**data, "access_token": threads.token}),
        http.post(url, data=data, headers=bearer),
        http.post(url, json={**data, "is_carousel_item": False}, headers=bearer),
        http.post(url, files={name: (None, value) for name, value in data.items()}, headers=bearer),
    ]
    for answer in answers:
        threads.created("me/threads_publish", creation_id=answer.json()["id"])
    assert [p["text"] for p in ledger()] == ["Ünïcode & more"] * 4


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        ({"Content-Type": "application/json"}, b"{broken"),
        ({"Content-Type": "multipart/form-data"}, b"no boundary"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"nonsense"),
    ],
)
def test_broken_bodies_are_refused_in_the_envelope(http, headers, content):
    assert refusal(http.post("/threads/me/threads", headers=headers, content=content)) == (100, None)


@pytest.mark.parametrize("params", [{"ids": "1,2"}, {"date_format": "U"}])
def test_what_v26_refuses(page, params):
    assert refusal(page.get("", **params)) == (100, None)
    assert refusal(page.get("v26.0/me", **params)) == (100, None)


def test_if_none_match_is_ignored(page):
    answer = page.http.get("/facebook/me", params={"access_token": page.token}, headers={"If-None-Match": "*"})
    assert answer.status_code == 200
    assert "etag" not in answer.headers


@pytest.mark.parametrize(
    ("path", "version"), [("v25.0/me", "v25.0"), ("v26.0/me", "v26.0"), ("v18.0/me", "v21.0"), ("me", "v25.0")]
)
def test_the_version_is_echoed_and_dead_ones_are_forwarded(page, path, version):
    assert page.get(path).headers["facebook-api-version"] == version


def test_unknown_edges_and_methods(threads, page):
    assert refusal(threads.get("me/nonsense")) == (100, None)
    assert refusal(threads.post("me", name="x")) == (100, None)
    assert refusal(page.get("12345")) == (100, 33)
    assert page.http.get("/nonsense/me").status_code in {404, 422}
