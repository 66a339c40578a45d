"""Codes, short and long tokens, refreshing, app tokens, debug_token, proofs."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

import pytest

from tests.contract.sandbox.conftest import refusal
from tests.contract.sandbox.signing_in import DAY, LONG_SECONDS, NETWORKS, PEOPLE, person_id, sign_in_of

PROFILES = ["instagram", "threads"]


@pytest.fixture(params=NETWORKS)
def login(request, http):
    return sign_in_of(http, request.param)


@pytest.fixture(params=PROFILES)
def profile_login(request, http):
    return sign_in_of(http, request.param)


@pytest.fixture
def facebook(http):
    return sign_in_of(http, "facebook")


@pytest.fixture
def frozen(http):
    http.post("/_sandbox/clock", json={"freeze": True}).raise_for_status()


def is_refused(login, answer):
    """Tell whether a code was refused, in the shape of the network."""
    document = answer.json()
    assert answer.status_code == 400
    if login.network == "facebook":
        return document["error"]["code"] == 100
    # trap 4: the token endpoints of the other two do not use the Graph envelope
    assert document.keys() == {"error_type", "code", "error_message"}
    return (document["error_type"], document["code"]) == ("OAuthException", 400)


def test_a_sign_in_ends_with_a_token_of_sixty_days(login, frozen):
    short = login.short()
    assert login.client(short).get("me").status_code == 200
    handed = login.lengthen(short).json()
    assert (handed["token_type"], handed["expires_in"]) == ("bearer", LONG_SECONDS)
    long = login.client(handed["access_token"])
    assert long.get("me").status_code == 200
    assert long.token != short


def test_trap_3_a_code_works_once_and_for_an_hour(login, frozen, advance):
    code = login.code()
    assert login.exchange(code).status_code == 200
    assert is_refused(login, login.exchange(code))
    late, later = login.code(), login.code()
    advance(3599)
    assert login.exchange(late).status_code == 200
    advance(1)
    assert is_refused(login, login.exchange(later))


@pytest.mark.parametrize("suffix", ["#_", "#_=_", "x"])
def test_trap_3_what_is_left_on_the_code_spoils_it(login, suffix):
    code = login.code()
    assert is_refused(login, login.exchange(code + suffix))
    assert login.exchange(code).status_code == 200


def test_trap_3_the_address_must_be_the_same_to_the_byte(login):
    code = login.code()
    exact = login.redirect_uri
    for changed in (exact[:-1], exact + "?", exact.replace("https", "HTTPS"), ""):
        assert is_refused(login, login.exchange(code, redirect_uri=changed))
    assert login.exchange(code).status_code == 200


def test_facebook_subcodes_of_codes_are_a_switch(facebook, configure):
    code = facebook.code()
    facebook.exchange(code)
    assert refusal(facebook.exchange(code)) == (100, 36009)
    assert refusal(facebook.exchange("nonsense")) == (100, 36007)
    configure(code_subcodes=False)
    assert refusal(facebook.exchange(code)) == (100, None)


def test_facebook_takes_the_code_by_get_post_and_basic_credentials(http, facebook):
    query = {"redirect_uri": facebook.redirect_uri, "code": facebook.code()}
    credentials = {"client_id": facebook.app_id, "client_secret": facebook.secret}
    assert http.get("/facebook/v25.0/oauth/access_token", params=query | credentials).status_code == 200
    query["code"] = facebook.code()
    basic = (facebook.app_id, facebook.secret)
    assert http.post("/facebook/oauth/access_token", data=query, auth=basic).status_code == 200
    assert http.get("/facebook/me", headers={"Authorization": "Basic nonsense"}).status_code == 400


def test_codes_belong_to_their_network(http, facebook):
    threads = sign_in_of(http, "threads")
    assert is_refused(threads, threads.exchange(facebook.code()))


def test_trap_1_and_25_wrong_ids_and_secrets(login, configure):
    code, short = login.code(), login.short()
    wrong_id, wrong_secret = login.exchange(code, client_id="1"), login.exchange(code, client_secret="x")
    if login.network == "facebook":
        assert (refusal(wrong_id), refusal(wrong_secret)) == ((101, None), (1, None))
    else:
        assert is_refused(login, wrong_id)
        assert is_refused(login, wrong_secret)
    assert refusal(login.lengthen(short, client_secret="x")) == (1, None)
    configure(wrong_secret_code=101)
    assert refusal(login.lengthen(short, client_secret="x")) == (101, None)
    assert login.exchange(code).status_code == 200


def test_trap_4_the_three_shapes_of_the_instagram_exchange(http, configure):
    login = sign_in_of(http, "instagram")
    (wrapped,) = login.exchange(login.code()).json()["data"]
    scopes = ["instagram_business_basic", "instagram_business_content_publish"]
    assert wrapped["permissions"] == ",".join(scopes)
    configure(instagram_exchange="flat_list")
    flat = login.exchange(login.code()).json()
    assert (type(flat["user_id"]), flat["permissions"]) == (int, scopes)
    assert str(flat["user_id"]) == wrapped["user_id"]
    configure(instagram_exchange="flat_text", instagram_exchange_scoped_id=False)
    text = login.exchange(login.code()).json()
    assert text["permissions"] == ",".join(scopes)
    me = login.client(text["access_token"]).get("me", fields="id,user_id").json()
    assert (me["id"], me["user_id"]) == (wrapped["user_id"], str(text["user_id"]))
    assert me["id"] != me["user_id"]


def test_instagram_takes_forms_and_multipart_but_no_json(http):
    login = sign_in_of(http, "instagram")
    data = {
        "client_id": login.app_id,
        "client_secret": login.secret,
        "redirect_uri": login.redirect_uri,
        "grant_type": "authorization_code",
        "code": login.code(),
    }
    url = "/instagram/oauth/access_token"
    assert is_refused(login, http.post(url, json=data))
    assert is_refused(login, http.get(url, params=data))
    assert is_refused(login, http.post(url, data=data | {"grant_type": "implicit"}))
    assert http.post(url, files={name: (None, value) for name, value in data.items()}).status_code == 200


def test_threads_tells_the_user_as_a_number(http):
    login = sign_in_of(http, "threads")
    handed = login.exchange(login.code()).json()
    assert handed.keys() == {"access_token", "user_id"}
    assert handed["user_id"] == int(person_id(http, PEOPLE["threads"]))


@pytest.mark.parametrize(("network", "life"), [("instagram", 3600), ("threads", 3600), ("facebook", 5400)])
def test_short_tokens_die_and_can_then_not_be_lengthened(http, network, life, frozen, advance):
    login = sign_in_of(http, network)
    short, spare = login.short(), login.short()
    advance(life - 1)
    assert login.client(short).get("me").status_code == 200
    assert login.lengthen(spare).status_code == 200
    advance(1)
    assert refusal(login.client(short).get("me")) == (190, 463)
    assert refusal(login.lengthen(short)) == (190, 463)


def test_long_tokens_live_sixty_days_to_the_second(login, frozen, advance):
    long = login.long()
    advance(LONG_SECONDS - 1)
    assert long.get("me").status_code == 200
    advance(1)
    assert refusal(long.get("me")) == (190, 463)


def test_expires_in_may_be_missing(login, configure):
    configure(leave_out_expires_in=True)
    assert login.lengthen(login.short()).json().keys() == {"access_token", "token_type"}


def test_trap_5_facebook_gives_no_more_time_without_a_sign_in(facebook, frozen, advance):
    long = facebook.long()
    advance(DAY)
    again = facebook.lengthen(long.token).json()
    assert (again["access_token"], again["expires_in"]) == (long.token, LONG_SECONDS - DAY)
    assert refusal(facebook.lengthen("nonsense")) == (190, None)
    page_token = long.get("me/accounts").json()["data"][0]["access_token"]
    assert refusal(facebook.lengthen(page_token)) == (190, None)


def test_trap_5_refreshing_from_a_day_to_the_end(profile_login, frozen, advance):
    long = profile_login.long()
    advance(DAY - 1)
    assert refusal(profile_login.refresh(long.token)) == (100, None)
    advance(1)
    fresh = profile_login.refresh(long.token).json()
    assert fresh["expires_in"] == LONG_SECONDS
    assert "refresh_token" not in fresh
    advance(LONG_SECONDS - DAY - 1)
    assert profile_login.refresh(long.token).status_code == 200
    advance(1)
    assert refusal(profile_login.refresh(long.token)) == (190, 463)
    assert profile_login.client(fresh["access_token"]).get("me").status_code == 200


def test_trap_5_how_an_expired_refresh_is_refused_is_a_switch(profile_login, configure, advance):
    long = profile_login.long()
    advance(LONG_SECONDS)
    configure(expired_refresh_is_bad_input=True)
    assert refusal(profile_login.refresh(long.token)) == (100, None)
    assert refusal(profile_login.refresh("nonsense")) == (190, None)


def test_what_refreshing_and_lengthening_refuse(profile_login):
    short = profile_login.short()
    assert refusal(profile_login.refresh(short)) == (100, None)
    long = profile_login.lengthen(short).json()["access_token"]
    assert refusal(profile_login.lengthen(long)) == (100, None)
    assert refusal(profile_login.lengthen(short, grant_type="refresh_token")) == (100, None)


def test_refreshing_needs_the_basic_scope(http, server, threads):
    token = server.box.world.tokens[threads.token]
    token.scopes.remove("threads_basic")
    assert refusal(sign_in_of(http, "threads").refresh(threads.token)) == (100, None)


def test_private_profiles_refresh_by_a_switch(http, configure, advance):
    login = sign_in_of(http, "threads")
    long = login.long("Quiet Corner")
    advance(DAY)
    assert login.refresh(long.token).status_code == 200
    configure(private_threads_refresh=False)
    assert refusal(login.refresh(long.token)) == (100, None)


@pytest.mark.parametrize("home", NETWORKS)
@pytest.mark.parametrize("host", NETWORKS)
def test_trap_2_signed_in_tokens_work_at_home_only(http, home, host):
    token = sign_in_of(http, home).long().token
    answer = sign_in_of(http, host).client(token).get("me")
    if home == host:
        assert answer.status_code == 200
    else:
        assert refusal(answer) == (190, None)
        assert "parse" in answer.json()["error"]["message"]


@pytest.mark.parametrize("network", ["facebook", "threads"])
def test_app_tokens(http, network):
    login = sign_in_of(http, network)
    query = {"grant_type": "client_credentials", "client_id": login.app_id, "client_secret": login.secret}
    handed = http.get(f"/{network}/oauth/access_token", params=query).json()["access_token"]
    assert handed.removeprefix("TH|") == f"{login.app_id}|{login.secret}"
    assert login.inspect(handed)["type"] == "APP"
    assert refusal(http.get(f"/{network}/oauth/access_token", params=query | {"client_secret": "x"})) == (1, None)
    assert refusal(http.get(f"/{network}/oauth/access_token", params=query | {"grant_type": "x"})) == (100, None)


def test_debug_token_needs_an_asker_of_the_same_network(http, facebook):
    token, threads = facebook.short(), sign_in_of(http, "threads")

    def ask(asker):
        return http.get("/facebook/debug_token", params={"input_token": token, "access_token": asker})

    assert ask(token).json()["data"]["is_valid"] is True
    assert refusal(ask(f"{facebook.app_id}|wrong")) == (190, None)
    assert refusal(ask(f"{threads.app_id}|{threads.secret}")) == (190, None)
    assert refusal(ask("nonsense")) == (190, None)


def test_debug_token_of_a_user(facebook, http, frozen):
    user = facebook.long(untick=("instagram_content_publish", page_named(http, "Harbour Page")))
    facts = facebook.inspect(user.token)
    assert (facts["type"], facts["app_id"], facts["is_valid"]) == ("USER", facebook.app_id, True)
    assert facts["user_id"] == person_id(http, PEOPLE["facebook"])
    assert facts["data_access_expires_at"] == facts["issued_at"] + 90 * DAY
    assert "profile_id" not in facts
    targets = {row["scope"]: row["target_ids"] for row in facts["granular_scopes"]}
    assert targets["pages_show_list"] == [page_named(http, "Tidings Page")]
    assert len(targets["instagram_basic"]) == 1


def test_trap_7_zero_is_never_and_missing_is_unknown(facebook, configure):
    user = facebook.long()
    page = user.get("me/accounts").json()["data"][0]
    facts = facebook.inspect(page["access_token"])
    assert (facts["type"], facts["profile_id"], facts["expires_at"]) == ("PAGE", page["id"], 0)
    assert facebook.inspect(user.token)["expires_at"] > 0
    configure(leave_out_expires_at=True)
    assert "expires_at" not in facebook.inspect(user.token)


@pytest.mark.parametrize("network", ["facebook", "threads"])
def test_debug_token_of_a_dead_one_is_an_answer(http, network, advance):
    login = sign_in_of(http, network)
    long = login.long()
    advance(LONG_SECONDS)
    facts = login.inspect(long.token)
    assert (facts["is_valid"], facts["error"]["code"], facts["error"]["subcode"]) == (False, 190, 463)
    assert login.inspect("nonsense")["is_valid"] is False


@pytest.mark.parametrize("network", NETWORKS)
def test_proofs_are_demanded_by_the_app_and_always_checked(http, network):
    login = sign_in_of(http, network)
    user = login.client(login.short())
    proof = hmac.new(login.secret.encode(), user.token.encode(), hashlib.sha256).hexdigest()
    assert user.get("me", appsecret_proof=proof).status_code == 200
    assert "Invalid appsecret_proof" in user.get("me", appsecret_proof=proof[:-1] + "?").json()["error"]["message"]
    http.post(f"/_sandbox/apps/{network}", json={"requires_proof": True}).raise_for_status()
    missing = user.get("me")
    assert (missing.status_code, refusal(missing)) == (400, (100, None))
    assert missing.json()["error"]["type"] == "GraphMethodException"
    assert "require an appsecret_proof" in missing.json()["error"]["message"]
    assert user.get("me", appsecret_proof=proof).status_code == 200
    assert login.lengthen(user.token).status_code == 200


def test_faults_know_token_calls_by_name(http, profile_login, play):
    short = profile_login.short()
    play({"kind": "html_502", "match": {"endpoint": "token"}, "times": 2})
    assert profile_login.lengthen(short).status_code == 502
    assert profile_login.refresh(short).status_code == 502
    assert profile_login.client(short).get("me").status_code == 200


def test_signed_in_tokens_are_listed_and_can_be_expired(http, profile_login):
    token = profile_login.long().token
    listed = {a["token"]: a for a in http.get("/_sandbox/accounts").json()["accounts"]}[token]
    assert listed["purpose"] == "signed_in"
    life = datetime.fromisoformat(listed["expires_at"]) - datetime.fromisoformat(listed["issued_at"])
    assert life == timedelta(seconds=LONG_SECONDS)
    assert http.post("/_sandbox/tokens/expire", json={"token": token}).json() == {"tokens": 1}
    assert refusal(profile_login.client(token).get("me")) == (190, 463)


def page_named(http, name):
    people = http.get("/_sandbox/accounts").json()["people"]
    return next(page["id"] for person in people for page in person["pages"] if page["name"] == name)
