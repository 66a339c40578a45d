"""Clients others wrote believe the sandbox: only the host names are changed."""

from __future__ import annotations

import pytest
from facebook_business import FacebookAdsApi, FacebookSession
from facebook_business.adobjects.business import Business
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.user import User
from facebook_business.exceptions import FacebookRequestError
from pyfacebook import BasicDisplayAPI, FacebookError, GraphAPI, ThreadsGraphAPI

from tests.contract.sandbox.signing_in import DAY, PEOPLE, SCOPES, person_id, sign_in_of
from tests.support.dialogs import allow

# the SDK warns of fields its lists do not know, "tasks" among them, and asks for them nevertheless
pytestmark = pytest.mark.filterwarnings("ignore:.* does not allow field:UserWarning")


@pytest.fixture(autouse=True)
def plain_http_to_this_computer(monkeypatch):
    # oauthlib wants https for every address, loopback included
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def facebook(http):
    return sign_in_of(http, "facebook")


@pytest.fixture
def make_api(server):
    """Make a ``python-facebook-api`` client; its connections are closed at the end."""
    made = []

    def make(kind, host, dialog, login, **options):
        api = kind(
            app_id=login.app_id,
            app_secret=login.secret,
            oauth_flow=True,
            base_url=f"{server.url}/{host}/",
            authorization_url=f"{server.url}{dialog}",
            access_token_url=f"{server.url}/{host}/oauth/access_token",
            **options,
        )
        api.redirect_uri = login.redirect_uri
        api.scope = SCOPES[login.network].split(",")
        made.append(api)
        return api

    yield make
    for api in made:
        api.session.close()


@pytest.fixture
def graph_api(make_api, facebook):
    return make_api(GraphAPI, "facebook", "/dialog/dialog/oauth", facebook)


def signed_in(http, api, who):
    url, _ = api.get_authorization_url()
    return api.exchange_user_access_token(response=allow(http, url, who))


def test_python_facebook_api_signs_in_and_reads(http, graph_api, page):
    signed_in(http, graph_api, PEOPLE["facebook"])
    long = graph_api.exchange_long_lived_user_access_token()
    graph_api.access_token = long["access_token"]
    assert graph_api.get_object("me")["id"] == person_id(http, PEOPLE["facebook"])
    rows = graph_api.get_full_connections("me", "accounts", count=None, limit=1, fields="id,name,access_token")["data"]
    assert [row["name"] for row in rows] == ["Tidings Page", "Harbour Page"]
    assert graph_api.exchange_page_access_token(page.id) == rows[0]["access_token"]
    assert {p["permission"] for p in graph_api.get_connection("me", "permissions")["data"]} >= {"pages_show_list"}
    linked = graph_api.get_object(page.id, fields="instagram_business_account{username}")
    assert linked["instagram_business_account"]["username"] == "tidings.studio"
    facts = graph_api.debug_token(long["access_token"], graph_api.get_app_token()["access_token"])["data"]
    assert facts["is_valid"]


def test_python_facebook_api_understands_refusals(http, graph_api):
    signed_in(http, graph_api, PEOPLE["facebook"])
    http.post(f"/_sandbox/people/{person_id(http, PEOPLE['facebook'])}/password").raise_for_status()
    with pytest.raises(FacebookError) as refused:
        graph_api.get_object("me")
    assert refused.value.code == 190


def test_python_facebook_api_signs_in_to_threads(http, make_api, advance):
    api = make_api(ThreadsGraphAPI, "threads", "/dialog/oauth/authorize", sign_in_of(http, "threads"))
    signed_in(http, api, PEOPLE["threads"])
    long = api.exchange_long_lived_user_access_token()
    assert api.get_object("me", fields="username", access_token=long["access_token"])["username"] == "tidings.daily"
    advance(DAY)
    assert api.refresh_access_token(long["access_token"])["access_token"] != long["access_token"]


def test_python_facebook_api_signs_in_to_instagram(http, make_api, configure, advance):
    configure(instagram_exchange="flat_text")  # the library knows this shape alone
    login = sign_in_of(http, "instagram")
    api = make_api(BasicDisplayAPI, "instagram", "/dialog/oauth/authorize", login, version="v25.0")
    signed_in(http, api, PEOPLE["instagram"])
    long = api.exchange_long_lived_user_access_token()
    api.access_token = long["access_token"]
    assert api.get_object("me", fields="username")["username"] == "tidings.studio"
    advance(DAY)
    assert api.refresh_access_token(long["access_token"])["access_token"] != long["access_token"]


@pytest.fixture
def business_api(server, facebook):
    """The ``facebook-business`` SDK with the token of a sign-in; the app demands the proof the SDK sends."""
    facebook.http.post("/_sandbox/apps/facebook", json={"requires_proof": True}).raise_for_status()
    token = facebook.long(scope=f"{SCOPES['facebook']},business_management").token
    session = FacebookSession(facebook.app_id, facebook.secret, token)
    session.GRAPH = f"{server.url}/facebook"
    session.requests.trust_env = False
    yield FacebookAdsApi(session)
    session.requests.close()


def test_the_business_sdk_reads_pages(business_api, page):
    rows = User("me", api=business_api).get_accounts(
        fields=["id", "name", "access_token", "tasks"], params={"limit": 1}
    )
    assert [row["name"] for row in rows] == ["Tidings Page", "Harbour Page"]
    found = Page(page.id, api=business_api).api_get(fields=["name", "instagram_business_account"])
    assert found["instagram_business_account"]["id"] != page.id


def test_the_business_sdk_reads_businesses(business_api):
    (business,) = User("me", api=business_api).get_businesses(fields=["id", "name"])
    assert business["name"] == "Harbour Group"
    owned = Business(business["id"], api=business_api).get_owned_pages(fields=["name", "access_token"])
    assert [row["name"] for row in owned] == ["Lighthouse Page"]


def test_the_business_sdk_understands_refusals(business_api, http):
    http.post(f"/_sandbox/people/{person_id(http, PEOPLE['facebook'])}/remove-app").raise_for_status()
    with pytest.raises(FacebookRequestError) as refused:
        User("me", api=business_api).api_get()
    assert (refused.value.api_error_code(), refused.value.api_error_subcode()) == (190, 458)
