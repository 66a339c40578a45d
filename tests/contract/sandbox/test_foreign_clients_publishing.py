"""Clients others wrote publish on the sandbox and read back what they published: only the host name is changed."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from facebook_business import FacebookAdsApi, FacebookSession
from facebook_business.adobjects.iguser import IGUser
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.exceptions import FacebookRequestError
from pyfacebook import FacebookError, GraphAPI

from tests.contract.sandbox.facebook_films import film
from tests.support.sandbox import account, jpeg

# the SDK warns of fields its lists do not know, "attachments" among them, and asks for them nevertheless
pytestmark = pytest.mark.filterwarnings("ignore:.* does not allow field:UserWarning")

POST_FIELDS = ["id", "message", "permalink_url", "attachments", "is_published"]


@pytest.fixture(autouse=True)
def straight_to_this_computer(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def sdk(server, page, monkeypatch):
    """Meta's own SDK, with the Page's token."""
    session = FacebookSession(access_token=page.token)
    monkeypatch.setattr(session, "GRAPH", f"{server.url}/facebook")
    yield FacebookAdsApi(session, api_version="v25.0")
    session.requests.close()


@pytest.fixture
def pyfacebook(server, page):
    """The client of ``python-facebook-api``, with the Page's token."""
    api = GraphAPI(access_token=page.token, base_url=f"{server.url}/facebook/", version="v25.0")
    yield api
    api.session.close()


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "picture.jpg"
    path.write_bytes(jpeg())
    return path


def test_the_sdk_publishes_a_post_with_a_photo(sdk, page, picture, ledger):
    target = Page(page.id, api=sdk)
    hidden = {"published": False, "alt_text_custom": "A square"}
    with picture.open("rb") as file:  # create_photo of the SDK takes addresses only
        photo = sdk.call("POST", (page.id, "photos"), params=hidden, files={"source": file}).json()
    made = target.create_feed(params={"message": "From the SDK", "attached_media": [{"media_fbid": photo["id"]}]})
    post = PagePost(made["id"], api=sdk).api_get(fields=POST_FIELDS)
    assert (post["message"], post["is_published"]) == ("From the SDK", True)
    assert post["attachments"]["data"][0]["target"]["id"] == photo["id"]
    (published,) = ledger()
    assert (published["id"], published["alt_texts"]) == (made["id"], ["A square"])
    assert published["media_hashes"] == [sha256(picture.read_bytes()).hexdigest()]
    assert post["permalink_url"] == published["permalink"]
    assert [p["id"] for p in target.get_published_posts(fields=["id"])] == [made["id"]]


def test_the_sdk_follows_pages_of_a_listing(sdk, page):
    ids = [page.created("me/feed", message=str(n)) for n in range(5)]
    found = Page(page.id, api=sdk).get_posts(fields=["id"], params={"limit": 2})
    assert [post["id"] for post in found] == ids[::-1]


def test_the_sdk_edits_deletes_and_understands_refusals(sdk, page):
    post_id = page.created("me/feed", message="old")
    PagePost(post_id, api=sdk).api_update(params={"message": "new"})
    assert page.get(post_id, fields="message").json()["message"] == "new"
    PagePost(post_id, api=sdk).api_delete()
    with pytest.raises(FacebookRequestError) as refused:
        PagePost(post_id, api=sdk).api_get(fields=["id"])
    assert (refused.value.api_error_code(), refused.value.api_error_subcode()) == (100, 33)


def test_the_sdk_sends_batches(sdk, page, ledger):
    batch, answers = sdk.new_batch(), []
    for number in range(3):
        request = Page(page.id, api=sdk).create_feed(params={"message": f"number {number}"}, pending=True)
        batch.add_request(request, success=lambda answer: answers.append(answer.json()["id"]))
    assert batch.execute() is None
    assert answers == [post["id"] for post in ledger()]
    assert [post["text"] for post in ledger()] == ["number 0", "number 1", "number 2"]


def test_the_sdk_publishes_a_reel_a_story_and_a_comment(sdk, page, media, http, ledger):
    target = Page(page.id, api=sdk)
    opened = target.create_video_reel(params={"upload_phase": "start"})
    headers = {"Authorization": f"OAuth {page.token}", "file_url": media.put("reel.mp4", film())}
    assert http.post(opened["upload_url"], headers=headers).json() == {"success": True}
    target.create_video_reel(
        params={"upload_phase": "finish", "video_id": opened["video_id"], "video_state": "PUBLISHED"}
    )
    assert [p["media_type"] for p in ledger()] == ["REEL"]
    photo = target.create_photo(params={"published": False, "url": media.put("story.jpg", jpeg())})
    target.create_photo_story(params={"photo_id": photo["id"]})
    assert [p["media_type"] for p in ledger()] == ["REEL", "STORY"]
    post_id = page.created("me/feed", message="x")
    comment = PagePost(post_id, api=sdk).create_comment(params={"message": "From the SDK"})
    assert page.get(comment["id"], fields="message").json()["message"] == "From the SDK"


def test_the_sdk_publishes_an_instagram_picture(sdk, server, page, media, ledger):
    target = IGUser(account(server.url, "facebook")["linked_instagram_id"], api=sdk)
    container = target.create_media(params={"image_url": media.put("a.jpg", jpeg()), "caption": "From the SDK"})
    made = target.create_media_publish(params={"creation_id": container["id"]})
    (post,) = ledger()
    assert (post["id"], post["text"], post["network"]) == (made["id"], "From the SDK", "instagram")
    (found,) = target.get_media(fields=["id", "caption", "permalink"])
    assert (found["caption"], found["permalink"]) == ("From the SDK", post["permalink"])


def test_python_facebook_api_publishes_a_post_with_a_photo(pyfacebook, page, picture, ledger):
    with picture.open("rb") as file:
        hidden = {"published": "false"}
        photo = pyfacebook.post_object(page.id, "photos", data=hidden, files={"source": file})
    attached = json.dumps([{"media_fbid": photo["id"]}])
    made = pyfacebook.post_object(page.id, "feed", data={"message": "From Python", "attached_media": attached})
    post = pyfacebook.get_object(made["id"], fields=",".join(POST_FIELDS))
    assert post["message"] == "From Python"
    assert post["attachments"]["data"][0]["target"]["id"] == photo["id"]
    assert [p["id"] for p in ledger()] == [made["id"]]
    assert pyfacebook.get_connection(page.id, "published_posts", fields="id")["data"] == [{"id": made["id"]}]


def test_python_facebook_api_pages_comments_insights_and_refusals(pyfacebook, page, advance, ledger):
    ids = [page.created("me/feed", message=str(n)) for n in range(5)]
    found = pyfacebook.get_full_connections(page.id, "feed", count=5, limit=2, fields="id")
    assert [post["id"] for post in found["data"]] == ids[::-1]
    comment = pyfacebook.post_object(ids[0], "comments", data={"message": "hello"})
    assert pyfacebook.get_object(comment["id"], fields="message")["message"] == "hello"
    advance(2 * 86_400)
    rows = pyfacebook.get_connection(ids[0], "insights", metric="post_media_view")["data"]
    assert rows[0]["values"][0]["value"] > 0
    with pytest.raises(FacebookError) as refused:
        pyfacebook.get_connection(ids[0], "insights", metric="post_impressions")
    assert refused.value.code == 100
    with pytest.raises(FacebookError):
        pyfacebook.get_objects(ids=",".join(ids[:2]), fields="id")
    pyfacebook.delete_object(ids[0])
    assert [p["deleted"] for p in ledger()] == [True, False, False, False, False]
