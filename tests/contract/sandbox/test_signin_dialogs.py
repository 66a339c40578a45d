"""The dialogs: who, what, which Pages; redirects and their rules; requests that are refused before anybody is asked."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlsplit

import pytest

from tests.contract.sandbox.conftest import refusal
from tests.contract.sandbox.signing_in import NETWORKS, PEOPLE, SCOPES, person_id, sign_in_of
from tests.support.dialogs import open_consent, press, query_of, read_form

STATE = "31.opaque & ünusual"


@pytest.fixture
def facebook(http):
    return sign_in_of(http, "facebook")


@pytest.fixture
def threads_login(http):
    return sign_in_of(http, "threads")


@pytest.fixture
def change_app(http):
    return lambda network, **changes: http.post(f"/_sandbox/apps/{network}", json=changes).raise_for_status()


@pytest.mark.parametrize("network", NETWORKS)
def test_the_pages_name_everybody_and_label_every_box(http, network):
    login = sign_in_of(http, network)
    people = read_form(http.get(login.dialog()))
    assert any(PEOPLE[network] in text for text in people.links.values())
    assert people.buttons == ["cancel"]
    assert "Sandbox" in people.text
    _, form = open_consent(http, login.dialog(), PEOPLE[network])
    assert form.labels == len(form.boxes) + len(form.fixed)
    assert form.buttons == ["allow", "cancel"]
    assert set(form.values("scope") + form.fixed) >= set(SCOPES[network].split(","))


@pytest.mark.parametrize(
    ("network", "fragment"), [("facebook", "_=_"), ("instagram", "_"), ("threads", "_")], ids=NETWORKS
)
def test_trap_3_the_answer_carries_state_and_a_fragment(http, network, fragment):
    login = sign_in_of(http, network)
    address = urlsplit(login.come_back())
    assert f"{address.scheme}://{address.netloc}{address.path}" == login.redirect_uri
    assert address.fragment == fragment
    assert query_of(address.geturl()).keys() == {"code", "state"}
    assert query_of(address.geturl())["state"] == STATE


def test_the_fragment_of_facebook_is_a_switch(facebook, configure):
    configure(facebook_fragment=False)
    assert "#" not in facebook.come_back()


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("on_first_page", [True, False])
def test_denial(http, network, on_first_page):
    login = sign_in_of(http, network)
    address = login.dialog() if on_first_page else open_consent(http, login.dialog(), PEOPLE[network])[0]
    answer = query_of(press(http, address, [], "cancel"))
    assert (answer["error"], answer["error_reason"], answer["state"]) == ("access_denied", "user_denied", STATE)
    assert "code" not in answer
    if network == "facebook":
        assert (answer["error_code"], answer["error_description"]) == ("200", "Permissions error")


def test_threads_may_misspell_its_denial(http, threads_login, configure):
    configure(threads_misspelt_denial=True)
    assert query_of(press(http, threads_login.dialog(), [], "cancel"))["error"] == "acceess_denied"


def refused(http, url):
    answer = http.get(url)
    assert answer.status_code == 400
    assert http.post(url, data={"decision": "allow"}).status_code == 400
    return answer.text


def test_trap_1_each_network_takes_its_own_app_id_only(http, facebook, threads_login):
    instagram = sign_in_of(http, "instagram")
    assert len({login.app_id for login in (facebook, threads_login, instagram)}) == 3
    assert "4476002" in refused(http, threads_login.dialog(client_id=facebook.app_id))
    own = "/dialog/threads/oauth/authorize?" + urlsplit(threads_login.dialog()).query
    assert http.get(own).status_code == 200
    assert "4476002" in refused(http, own.replace(threads_login.app_id, instagram.app_id))
    assert "101" in refused(http, facebook.dialog(client_id=threads_login.app_id))
    assert "101" in refused(http, threads_login.dialog(client_id="1"))
    assert "101" in refused(http, "/dialog/instagram/oauth/authorize?" + urlsplit(threads_login.dialog()).query)


@pytest.mark.parametrize(
    ("uri", "networks"),
    [
        ("http://localhost:53682/callback", {"facebook"}),
        ("http://localhost", {"facebook"}),
        ("http://127.0.0.1:53682/callback", set()),
        ("http://localhost.example/callback", set()),
        ("http://[broken", set()),
        ("tidings://callback", set()),
        ("https://tidings.example/signin", set()),
        ("https://tidings.example/signin/", set(NETWORKS)),
        ("", set()),
    ],
)
def test_trap_6_which_redirects_are_valid(http, uri, networks):
    for network in NETWORKS:
        url = sign_in_of(http, network).dialog(redirect_uri=uri)
        if network in networks:
            assert http.get(url).status_code == 200
        else:
            assert "191" in refused(http, url)


def test_trap_6_localhost_ends_with_the_development_mode(http, facebook, change_app):
    url = facebook.dialog(redirect_uri="http://localhost:53682/callback")
    assert http.get(url).status_code == 200
    change_app("facebook", mode="live")
    assert "191" in refused(http, url)
    assert http.get(facebook.dialog()).status_code == 200


@pytest.mark.parametrize("network", ["instagram", "threads"])
def test_trap_6_a_switch_lets_localhost_pass_elsewhere(http, network, configure):
    login = sign_in_of(http, network)
    configure(loopback_redirects=True)
    login.redirect_uri = "http://localhost:53682/?keep=1"
    assert query_of(login.come_back())["keep"] == "1"
    assert "191" in refused(http, login.dialog(redirect_uri="http://127.0.0.1:53682/"))


def test_redirects_are_registered_and_must_be_https(http, facebook, change_app):
    facebook.redirect_uri = "https://other.example/back"
    assert "191" in refused(http, facebook.dialog())
    change_app("facebook", redirect_uris=[facebook.redirect_uri])
    assert facebook.come_back().startswith("https://other.example/back?code=")
    answer = http.post("/_sandbox/apps/facebook", json={"redirect_uris": ["http://localhost:5/"]})
    assert answer.status_code == 422


@pytest.mark.parametrize("network", NETWORKS)
def test_the_bounce_page_leads_to_the_port_in_the_state(http, network, server):
    login = sign_in_of(http, network)
    login.redirect_uri = f"{server.url}/_sandbox/bounce"
    answer = http.get(login.come_back(state="40123.secret"))
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("http://localhost:40123/callback?code=")
    assert query_of(answer.headers["location"])["state"] == "40123.secret"


@pytest.mark.parametrize("state", ["0.secret", "nonsense", "70000.secret", "٤٢.secret", ""])
def test_the_bounce_page_shows_the_address_when_there_is_no_port(http, state):
    answer = http.get("/_sandbox/bounce", params={"code": "<b>", "state": state})
    assert answer.status_code == 200
    assert "code=%3Cb%3E" in answer.text


def test_facebook_may_land_on_its_own_page(http, facebook, threads_login, server):
    facebook.redirect_uri = f"{server.url}/dialog/connect/login_success.html"
    assert http.get(facebook.come_back()).status_code == 200
    assert "191" in refused(http, threads_login.dialog(redirect_uri=facebook.redirect_uri))


@pytest.mark.parametrize(
    ("network", "scope", "part"),
    [
        ("facebook", "pages_show_list,nonsense", "nonsense"),
        ("instagram", "business_basic,business_content_publish", "business_basic"),
        ("instagram", "instagram_business_content_publish", "instagram_business_basic is required"),
        ("threads", "threads_content_publish", "threads_basic is required"),
    ],
)
def test_bad_scopes(http, network, scope, part):
    assert part in refused(http, sign_in_of(http, network).dialog(scope=scope))


def test_only_codes_are_handed_out(http, facebook):
    assert "response_type" in refused(http, facebook.dialog(response_type="token"))


def test_scopes_may_be_separated_by_spaces(http, threads_login):
    assert set(threads_login.inspect(threads_login.short(scope="threads_basic threads_delete"))["scopes"]) == {
        "threads_basic",
        "threads_delete",
    }


@pytest.mark.parametrize("network", NETWORKS)
def test_unticked_scopes_are_not_granted(http, network):
    login = sign_in_of(http, network)
    unticked = SCOPES[network].split(",")[-1]
    http.post(f"/_sandbox/people/{person_id(http, PEOPLE[network])}/remove-app").raise_for_status()
    token = login.short(untick=(unticked,))
    listed = {account["token"]: account for account in http.get("/_sandbox/accounts").json()["accounts"]}[token]
    assert set(listed["scopes"]) - {"public_profile"} == set(SCOPES[network].split(",")) - {unticked}


def test_the_basic_scope_cannot_be_unticked(http, threads_login):
    address, form = open_consent(http, threads_login.dialog(), PEOPLE["threads"])
    assert form.fixed == ["threads_basic"]
    code = query_of(press(http, address, form.hidden, "allow"))["code"]
    token = threads_login.exchange(code).json()["access_token"]
    assert threads_login.inspect(token)["scopes"] == ["threads_basic"]


def test_declined_scopes_are_asked_for_again_on_request_only(http, facebook):
    name = "Robin Sandbox"
    facebook.code(name, untick=("instagram_basic",))
    assert "instagram_basic" not in open_consent(http, facebook.dialog(), name)[1].values("scope")
    answer = facebook.client(facebook.short(name)).get("me/permissions").json()["data"]
    assert {"permission": "instagram_basic", "status": "declined"} in answer
    again = facebook.client(facebook.short(name, auth_type="rerequest"))
    assert {"permission": "instagram_basic", "status": "granted"} in again.get("me/permissions").json()["data"]
    assert "declined" not in again.get("me/permissions").text


def test_a_configuration_replaces_the_scopes(http, facebook):
    app = next(app for app in http.get("/_sandbox/accounts").json()["apps"] if app["network"] == "facebook")
    token = facebook.short(config_id=app["config_id"], scope="")
    assert {"pages_manage_posts", "business_management"} <= set(facebook.inspect(token)["scopes"])
    assert "config_id" in refused(http, facebook.dialog(config_id="1"))


def test_in_development_mode_only_people_with_a_role_sign_in(http, facebook, change_app):
    outsider = person_id(http, "Sam Without Role")
    assert "development mode" in refused(http, facebook.dialog() + f"&who={outsider}")
    change_app("facebook", mode="live")
    assert facebook.short("Sam Without Role")
    change_app("facebook", mode="development", role_ids=[outsider])
    assert facebook.short("Sam Without Role")
    assert "development mode" in refused(http, facebook.dialog() + f"&who={person_id(http, PEOPLE['facebook'])}")


def test_nobody_else_can_be_chosen(http, facebook, page):
    for stranger in (page.id, "1", person_id(http, PEOPLE["threads"])):
        assert http.get(facebook.dialog() + f"&who={stranger}").status_code == 400
        assert http.post(facebook.dialog(), data={"decision": "allow", "who": stranger}).status_code == 400


def test_personal_accounts(http, configure):
    login = sign_in_of(http, "instagram")
    personal = login.client(login.short("Just A Person"))
    assert personal.get("me", fields="account_type").json()["account_type"] == "PERSONAL"
    assert refusal(personal.get("me/media")) == (10, None)
    configure(instagram_personal_sign_in=False)
    assert "personal account" in refused(http, login.dialog() + f"&who={person_id(http, 'Just A Person')}")


@pytest.mark.parametrize("method", ["S256", "plain"])
def test_a_challenge_demands_its_verifier(facebook, configure, method):
    verifier = "x" * 43
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    challenge = {"code_challenge": digest if method == "S256" else verifier, "code_challenge_method": method}
    code = facebook.code(**challenge)
    assert refusal(facebook.exchange(code)) == (100, 36007)
    assert refusal(facebook.exchange(code, code_verifier="y" * 43)) == (100, 36007)
    assert refusal(facebook.exchange(code, code_verifier=verifier, client_secret="")) == (1, None)
    configure(pkce_without_secret=True)
    assert facebook.exchange(code, code_verifier=verifier, client_secret="").status_code == 200
    assert refusal(facebook.exchange(facebook.code(), client_secret="")) == (1, None)
