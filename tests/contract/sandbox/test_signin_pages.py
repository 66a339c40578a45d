"""From a person to their Pages: page tokens, tasks, businesses, permissions, and the 90 days of data access."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.conftest import Client, refusal
from tests.contract.sandbox.signing_in import DAY, FACEBOOK_SCOPES, LONG_SECONDS, person_id, sign_in_of
from tests.support.dialogs import open_consent

WITH_BUSINESS = f"{FACEBOOK_SCOPES},business_management"


@pytest.fixture
def facebook(http):
    return sign_in_of(http, "facebook")


@pytest.fixture
def pages(http):
    """The ids of Alex's Pages by name."""
    people = http.get("/_sandbox/accounts").json()["people"]
    return {page["name"]: page["id"] for p in people if p["name"] == "Alex Sandbox" for page in p["pages"]}


def rows(client, path="me/accounts", **params):
    answer = client.get(path, **params)
    assert answer.status_code == 200, answer.text
    return {row["name"]: row for row in answer.json()["data"]}


def as_page(http, row):
    return Client(http, "facebook", row["id"], row["access_token"])


def test_trap_8_each_page_has_a_token_of_its_own(http, facebook):
    user = facebook.long()
    found = rows(user)
    assert list(found) == ["Tidings Page", "Harbour Page"]
    first, second = (as_page(http, row) for row in found.values())
    assert len({user.token, first.token, second.token}) == 3
    assert first.get("me").json()["name"] == "Tidings Page"
    assert refusal(first.get(second.id)) == (100, 33)
    assert first.created("me/feed", message="from the Page")
    assert rows(user) == found  # asking again gives the same tokens


def test_page_tokens_last_as_long_as_the_user_token_was_made_for(http, facebook, advance):
    short = facebook.client(facebook.short())
    brief, lasting = as_page(http, rows(short)["Harbour Page"]), as_page(http, rows(facebook.long())["Harbour Page"])
    assert facebook.inspect(brief.token)["expires_at"] == facebook.inspect(short.token)["expires_at"]
    advance(5400)
    assert refusal(brief.get("me")) == (190, 463)
    advance(LONG_SECONDS)
    assert refusal(facebook.client(short.token).get("me/accounts")) == (190, 463)
    assert lasting.get("me").status_code == 200


def test_a_page_tells_its_token_and_its_instagram_account(facebook, pages):
    user = facebook.long()
    page = user.get(pages["Tidings Page"], fields="access_token,tasks,instagram_business_account{id,username}").json()
    assert page["access_token"] == rows(user)["Tidings Page"]["access_token"]
    assert page["instagram_business_account"]["username"] == "tidings.studio"
    assert user.get(page["instagram_business_account"]["id"], fields="username").json()["username"] == "tidings.studio"


def test_me_accounts_comes_in_parts(facebook):
    user = facebook.long()
    first = user.get("me/accounts", fields="name", limit=1).json()
    assert [row["name"] for row in first["data"]] == ["Tidings Page"]
    assert first["paging"]["cursors"].keys() == {"before", "after"}
    second = user.http.get(first["paging"]["next"]).json()
    assert [row["name"] for row in second["data"]] == ["Harbour Page"]
    assert "next" not in second["paging"]
    assert user.get("me/accounts", after=second["paging"]["cursors"]["after"]).json() == {"data": []}
    assert refusal(user.get("me/accounts", limit=0)) == (100, None)


def test_trap_9_unticked_pages_are_absent(facebook, pages):
    assert list(rows(facebook.long(untick=(pages["Tidings Page"],)))) == ["Harbour Page"]
    user = facebook.long(untick=(pages["Tidings Page"], pages["Harbour Page"]))
    assert user.get("me/accounts").json() == {"data": []}
    assert refusal(user.get(pages["Harbour Page"])) == (100, 33)


def test_trap_9_pages_of_a_business_are_found_through_it_only(http, facebook):
    user = facebook.long(scope=WITH_BUSINESS)
    assert "Lighthouse Page" not in rows(user)
    (business,) = rows(user, "me/businesses").values()
    owned, client = rows(user, f"{business['id']}/owned_pages"), rows(user, f"{business['id']}/client_pages")
    assert (list(owned), list(client)) == (["Lighthouse Page"], ["Ferry Page"])
    assert client["Ferry Page"]["tasks"] == ["ANALYZE", "MODERATE", "CREATE_CONTENT"]
    assert as_page(http, owned["Lighthouse Page"]).created("me/feed", message="from the business")


def test_trap_9_a_business_needs_its_permission(facebook, pages):
    without = facebook.long()
    assert refusal(without.get("me/businesses")) == (10, None)
    assert "Lighthouse Page" not in open_consent(facebook.http, facebook.dialog(), "Alex Sandbox")[1].text
    business = rows(facebook.long(scope=WITH_BUSINESS), "me/businesses")["Harbour Group"]["id"]
    assert refusal(without.get(f"{business}/owned_pages")) == (10, None)
    unticked = facebook.long(scope=WITH_BUSINESS, untick=(pages["Lighthouse Page"],))
    assert unticked.get(f"{business}/owned_pages").json() == {"data": []}
    helper = facebook.long("Robin Sandbox", scope=WITH_BUSINESS)
    assert helper.get("me/businesses").json() == {"data": []}
    assert refusal(helper.get(f"{business}/owned_pages")) == (100, 33)


def test_trap_9_somebody_may_really_have_none(facebook):
    assert facebook.long("Kim Without Pages").get("me/accounts").json() == {"data": []}


def test_pages_are_not_listed_without_the_permission_or_for_others(http, facebook, page):
    assert refusal(facebook.long("Kim Without Pages", scope="public_profile").get("me/accounts")) == (10, None)
    user = facebook.long()
    assert refusal(user.get(f"{person_id(http, 'Robin Sandbox')}/accounts")) == (100, 33)
    assert refusal(page.get("me/accounts")) == (100, None)


def test_without_the_task_one_does_not_post(http, facebook):
    row = rows(facebook.long("Robin Sandbox"))["Tidings Page"]
    assert row["tasks"] == ["ANALYZE", "MODERATE"]
    limited = as_page(http, row)
    assert limited.get("me").status_code == 200
    assert limited.refused("me/feed", message="x") == (200, None)


def test_trap_8_a_lost_role_ends_that_page_alone(http, facebook, pages):
    user = facebook.long()
    lost, kept = (as_page(http, row) for row in rows(user).values())
    url = f"/_sandbox/people/{person_id(http, 'Alex Sandbox')}/roles/{lost.id}"
    assert http.post(url, json={"tasks": []}).json()["tokens"] > 0
    assert refusal(lost.get("me")) == (190, 492)
    assert facebook.inspect(lost.token)["error"]["subcode"] == 492
    assert kept.get("me").status_code == 200
    assert list(rows(user)) == ["Harbour Page"]
    assert "access_token" not in user.get(lost.id, fields="access_token").json()
    http.post(url, json={"tasks": ["CREATE_CONTENT"]}).raise_for_status()
    back = rows(user)["Tidings Page"]
    assert back["tasks"] == ["CREATE_CONTENT"]
    assert as_page(http, back).get("me").status_code == 200
    assert refusal(lost.get("me")) == (190, 492)


def test_one_permission_can_be_taken_back(http, facebook):
    user = facebook.long()
    page = as_page(http, rows(user)["Tidings Page"])
    assert user.delete("me/permissions/pages_manage_posts").json() == {"success": True}
    assert {"permission": "pages_manage_posts", "status": "declined"} in user.get("me/permissions").json()["data"]
    assert page.refused("me/feed", message="x") == (200, None)
    assert refusal(user.delete("me/permissions/pages_manage_posts")) == (100, None)


def test_all_permissions_can_be_taken_back(http, facebook):
    user, code = facebook.long(), facebook.code()
    page = as_page(http, rows(user)["Tidings Page"])
    other = facebook.long("Robin Sandbox")
    assert refusal(user.delete(f"{person_id(http, 'Robin Sandbox')}/permissions")) == (100, 33)
    assert user.delete(f"{person_id(http, 'Alex Sandbox')}/permissions").json() == {"success": True}
    assert refusal(user.get("me")) == (190, 458)
    assert refusal(page.get("me")) == (190, 458)
    assert refusal(facebook.exchange(code)) == (100, 36007)
    assert other.get("me").status_code == 200
    assert facebook.long().get("me").status_code == 200


@pytest.fixture
def instagram_of(http):
    """The Instagram account linked to a Page, as seen with the Page's token."""

    def find(page):
        linked = page.get("me", fields="instagram_business_account").json()["instagram_business_account"]["id"]
        return Client(http, "facebook", linked, page.token)

    return find


def test_trap_7_instagram_lapses_after_ninety_days_and_pages_go_on(http, facebook, advance, instagram_of, configure):
    row = rows(facebook.long())["Tidings Page"]
    page = as_page(http, row)
    account = instagram_of(page)
    advance(90 * DAY - 60)
    assert account.get(f"{account.id}/media").status_code == 200
    advance(61)
    for path in (f"{account.id}/media", f"{account.id}/content_publishing_limit", account.id):
        assert refusal(account.get(path)) == (190, None)
    configure(data_access_lapse_code=10)
    assert refusal(account.get(account.id)) == (10, None)
    assert page.created("me/feed", message="still posting")
    assert page.get("me/feed").status_code == 200
    facts = facebook.inspect(page.token)
    assert facts["is_valid"] is True
    assert facts["data_access_expires_at"] < facts["issued_at"] + 90 * DAY + 1
    states = {p["permission"]: p["status"] for p in page.get("me/permissions").json()["data"]}
    assert (states["instagram_basic"], states["pages_manage_posts"]) == ("expired", "granted")


def test_trap_7_signing_in_again_moves_the_end(http, facebook, advance, instagram_of):
    page = as_page(http, rows(facebook.long())["Tidings Page"])
    account = instagram_of(page)
    before = facebook.inspect(page.token)["data_access_expires_at"]
    advance(91 * DAY)
    assert refusal(account.get(account.id)) == (190, None)
    facebook.long()
    assert account.get(account.id).status_code == 200
    assert facebook.inspect(page.token)["data_access_expires_at"] >= before + 91 * DAY
