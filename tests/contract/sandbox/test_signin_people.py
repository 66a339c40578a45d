"""What happens to people and outlives a restart; what is never written down."""

from __future__ import annotations

import json

import pytest

from tests.contract.sandbox.conftest import open_client, refusal
from tests.contract.sandbox.signing_in import NETWORKS, PEOPLE, person_id, sign_in_of
from tests.support.sandbox import SandboxServer


@pytest.fixture
def facebook(http):
    return sign_in_of(http, "facebook")


def happens(http, name, what):
    answer = http.post(f"/_sandbox/people/{person_id(http, name)}/{what}")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("what", "subcode"), [("password", 460), ("remove-app", 458)])
def test_what_ends_every_token_for_good(http, network, what, subcode):
    login = sign_in_of(http, network)
    old = login.long()
    happens(http, PEOPLE[network], what)
    assert refusal(old.get("me")) == (190, subcode)
    fresh = login.long()
    assert fresh.get("me").status_code == 200
    assert refusal(old.get("me")) == (190, subcode)


def test_a_new_password_ends_page_tokens_too(http, facebook):
    page = facebook.long().get("me/accounts").json()["data"][0]
    happens(http, PEOPLE["facebook"], "password")
    assert refusal(facebook.client(page["access_token"]).get("me")) == (190, 460)


def test_others_keep_their_tokens(http, facebook):
    other = facebook.long("Robin Sandbox")
    happens(http, PEOPLE["facebook"], "password")
    assert other.get("me").status_code == 200


@pytest.mark.parametrize(("what", "subcode"), [("checkpoint", 459), ("unconfirmed", 464)])
def test_what_keeps_tokens_from_working_until_it_is_settled(http, facebook, what, subcode):
    user = facebook.long()
    happens(http, PEOPLE["facebook"], what)
    assert refusal(user.get("me")) == (190, subcode)
    assert facebook.inspect(user.token)["error"]["subcode"] == subcode
    happens(http, PEOPLE["facebook"], "settled")
    assert user.get("me").status_code == 200


def test_signing_in_settles_a_checkpoint(http, facebook):
    user = facebook.long()
    happens(http, PEOPLE["facebook"], "checkpoint")
    facebook.long()
    assert user.get("me").status_code == 200


def test_only_people_that_exist(http, page):
    for stranger in ("1", page.id):
        for what in ("password", "remove-app", "checkpoint", f"roles/{page.id}"):
            assert http.post(f"/_sandbox/people/{stranger}/{what}", json={}).status_code == 404
    assert http.post(f"/_sandbox/people/{person_id(http, 'Alex Sandbox')}/nonsense").status_code == 422
    assert http.post(f"/_sandbox/people/{person_id(http, 'Alex Sandbox')}/roles/1", json={}).status_code == 404
    assert http.post("/_sandbox/apps/threads", json={"nonsense": 1}).status_code == 422


def test_apps_and_people_follow_the_seed(http, server):
    def listed(url):
        with open_client(url) as client:
            answer = client.get("/_sandbox/accounts").json()
        return [(app["id"], app["secret"]) for app in answer["apps"]], [p["id"] for p in answer["people"]]

    with SandboxServer(seed=1) as same, SandboxServer(seed=2) as other:
        assert listed(same.url) == listed(server.url)
        for one, another in zip(listed(other.url), listed(server.url), strict=True):
            assert not set(one) & set(another)


def test_the_listing_tells_what_tests_need(http):
    answer = http.get("/_sandbox/accounts").json()
    bounce = f"{str(http.base_url).rstrip('/')}/_sandbox/bounce"
    for app in answer["apps"]:
        assert bounce in app["redirect_uris"]
        assert (app["mode"], app["requires_proof"]) == ("development", False)
    people = {person["name"]: person for person in answer["people"]}
    assert people["Just A Person"]["account_type"] == "PERSONAL"
    assert people["Quiet Corner"]["is_private"]
    assert not people["Sam Without Role"]["has_role"]
    assert {p["name"]: p["business"] for p in people["Alex Sandbox"]["pages"]} == {
        "Tidings Page": None,
        "Harbour Page": None,
        "Lighthouse Page": "Harbour Group",
        "Ferry Page": "Harbour Group",
    }


def test_everything_outlives_a_restart(tmp_path):
    state = tmp_path / "state.jsonl"
    with SandboxServer(state_file=state) as server, open_client(server.url) as http:
        login = sign_in_of(http, "facebook")
        used, waiting = login.code(), login.code("Robin Sandbox")
        login.exchange(used)
        user = login.long(untick=("instagram_basic",))
        page = user.get("me/accounts").json()["data"][0]
        http.post("/_sandbox/apps/facebook", json={"mode": "live", "redirect_uris": [login.redirect_uri]})
        happens(http, "Just A Person", "checkpoint")
    with SandboxServer(state_file=state) as server, open_client(server.url) as http:
        login = sign_in_of(http, "facebook")
        user = login.client(user.token)
        assert user.get("me/accounts").json()["data"][0] == page
        assert login.client(page["access_token"]).get("me").json()["id"] == page["id"]
        assert {"permission": "instagram_basic", "status": "declined"} in user.get("me/permissions").json()["data"]
        assert refusal(login.exchange(used)) == (100, 36009)
        assert login.exchange(waiting).status_code == 200
        listed = http.get("/_sandbox/accounts").json()
        assert [app["mode"] for app in listed["apps"] if app["network"] == "facebook"] == ["live"]
        assert [p["trouble"] for p in listed["people"] if p["name"] == "Just A Person"] == [459]


def test_a_state_of_before_there_was_sign_in_gets_the_apps_and_people(tmp_path):
    state = tmp_path / "state.jsonl"
    with SandboxServer(state_file=state):
        pass
    kept = [json.loads(line) for line in state.read_bytes().splitlines()]
    old = [line for line in kept if line["kind"] in {"token", "offset"} or line["value"].get("name") == "Tidings Page"]
    for line in old:
        if line["kind"] == "account":
            line["value"]["roles"] = {}
    state.write_text("".join(json.dumps(line) + "\n" for line in old))
    with SandboxServer(state_file=state) as server, open_client(server.url) as http:
        assert [row["name"] for row in sign_in_of(http, "facebook").long().get("me/accounts").json()["data"]] == [
            "Tidings Page",
            "Harbour Page",
        ]


def test_trap_25_neither_codes_nor_tokens_nor_secrets_are_in_the_ledger(http):
    secrets = []
    for network in NETWORKS:
        login = sign_in_of(http, network)
        code = login.code()
        token = login.long().token
        login.exchange(code)
        secrets += [code, token, login.secret]
    ledger = http.get("/_sandbox/ledger").text
    assert "/oauth/access_token" in ledger
    assert not [secret for secret in secrets if secret in ledger]
