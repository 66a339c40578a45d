"""Comments: visitors write, the account answers, hides, deletes and switches off."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.conftest import Client, refusal
from tests.support.sandbox import account, jpeg

DAYS = 4 * 86_400
FIELDS = "id,text,timestamp,username,from{id,username},hidden,like_count,media{id},parent_id,replies,user"


@pytest.fixture
def posts(instagram, media):
    return [publish(instagram, media) for _ in range(5)]


def publish(instagram, media, **data):
    container = instagram.created("me/media", image_url=media.put("a.jpg", jpeg()), **data)
    return instagram.created("me/media_publish", creation_id=container)


def items(answer):
    return answer.json()["data"]


@pytest.fixture
def post(instagram, posts, advance):
    """The post with the most comments."""
    advance(DAYS)
    return max(posts, key=lambda p: len(items(instagram.get(f"{p}/comments"))))


def test_visitors_comment_and_are_counted(instagram, post):
    comments = items(instagram.get(f"{post}/comments", fields=FIELDS))
    assert len(comments) > 1
    assert [c["timestamp"] for c in comments] == sorted((c["timestamp"] for c in comments), reverse=True)
    first = comments[0]
    assert first["from"] == {"id": first["from"]["id"], "username": first["username"]}
    assert (first["media"], first["hidden"]) == ({"id": post}, False)
    assert "parent_id" not in first
    assert "user" not in first
    assert instagram.get(first["id"], fields=FIELDS).json() == first
    answers = [a for c in comments for a in items(instagram.get(f"{c['id']}/replies"))]
    counted = instagram.get(post, fields="comments_count").json()["comments_count"]
    assert counted == len(comments) + len(answers)


def test_answers_join_the_thread_of_the_first_comment(instagram, post, http):
    theirs = items(instagram.get(f"{post}/comments"))[0]["id"]
    answer = instagram.created(f"{theirs}/replies", message="Thank you")
    deeper = instagram.created(f"{answer}/replies", message="Again")
    replies = items(instagram.get(f"{theirs}/replies", fields="id,text,parent_id,user"))
    own = [r for r in replies if "user" in r]
    assert [(r["id"], r["parent_id"]) for r in own] == [(answer, theirs), (deeper, theirs)]
    read = instagram.get(theirs, fields="replies").json()["replies"]["data"]
    assert [r["id"] for r in read] == [r["id"] for r in replies]
    ledger = http.get("/_sandbox/ledger/comments").json()["comments"]
    assert [(c["text"], c["post_id"]) for c in ledger] == [("Thank you", post), ("Again", post)]


def test_hiding_is_for_the_words_of_others(instagram, post):
    theirs = items(instagram.get(f"{post}/comments"))[0]["id"]
    assert instagram.post(theirs, hide="true").json() == {"success": True}
    assert instagram.get(theirs, fields="hidden").json()["hidden"] is True
    assert instagram.post(theirs, hide="false").json() == {"success": True}
    assert instagram.get(theirs, fields="hidden").json()["hidden"] is False
    mine = instagram.created(f"{post}/comments", message="First!")
    assert instagram.refused(mine, hide="true") == (100, None)
    assert instagram.refused(theirs) == (100, None)


def test_deleting_takes_the_answers_along(instagram, post):
    mine = instagram.created(f"{post}/comments", message="First!")
    answer = instagram.created(f"{mine}/replies", message="And second")
    assert instagram.delete(mine).json() == {"success": True}
    for gone in (mine, answer):
        assert refusal(instagram.get(gone)) == (100, 33)
    assert mine not in {c["id"] for c in items(instagram.get(f"{post}/comments"))}


def test_comments_can_be_switched_off(instagram, media, advance):
    posts = [publish(instagram, media) for _ in range(3)]
    for post in posts:
        assert instagram.get(post, fields="is_comment_enabled").json()["is_comment_enabled"] is True
        assert instagram.post(post, comment_enabled="false").json() == {"success": True}
        assert instagram.get(post, fields="is_comment_enabled").json()["is_comment_enabled"] is False
    advance(DAYS)
    assert [items(instagram.get(f"{post}/comments")) for post in posts] == [[], [], []]
    assert instagram.refused(f"{posts[0]}/comments", message="x") == (100, None)
    assert instagram.refused(posts[0]) == (100, None)
    instagram.post(posts[0], comment_enabled="true")
    instagram.created(f"{posts[0]}/comments", message="x")


def test_stories_take_no_comments_and_empty_ones_are_refused(instagram, media, advance):
    story = publish(instagram, media, media_type="STORIES")
    advance(3600)
    assert instagram.refused(f"{story}/comments", message="x") == (100, None)
    assert instagram.refused(f"{publish(instagram, media)}/comments") == (100, None)


def test_pages_of_comments(instagram, post):
    whole = items(instagram.get(f"{post}/comments", fields="id"))
    first = instagram.get(f"{post}/comments", fields="id", limit=1).json()
    assert first["data"] == whole[:1]
    assert "next" in first["paging"]
    after = first["paging"]["cursors"]["after"]
    assert items(instagram.get(f"{post}/comments", fields="id", after=after)) == whole[1:]


@pytest.mark.parametrize("network", ["instagram", "facebook"])
def test_both_logins_have_a_scope_for_comments(http, instagram, post, network):
    page = account(str(http.base_url), "facebook")
    caller = instagram if network == "instagram" else Client(http, network, instagram.id, page["token"])
    assert caller.created(f"{post}/comments", message="x")
    prefix = "instagram_business" if network == "instagram" else "instagram"
    caller.allow(f"{prefix}_basic", f"{prefix}_content_publish", "pages_read_engagement")
    theirs = items(instagram.get(f"{post}/comments"))[0]["id"] if network == "facebook" else "1"
    assert refusal(caller.get(f"{post}/comments")) == (10, None)
    assert caller.refused(f"{post}/comments", message="x") == (10, None)
    assert caller.refused(theirs, hide="true") == ((10, None) if network == "facebook" else (100, 33))
    assert caller.refused(post, comment_enabled="false") == (10, None)


def test_comments_of_others_are_out_of_reach(instagram, client, post):
    other = client("instagram", index=1)
    comment = items(instagram.get(f"{post}/comments"))[0]["id"]
    assert refusal(other.get(f"{post}/comments")) == (100, 33)
    assert refusal(other.get(comment)) == (100, 33)
    assert refusal(other.delete(comment)) == (100, 33)
