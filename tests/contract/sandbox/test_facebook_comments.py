"""Comments under Page posts: people write over time, the Page answers, hides and deletes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.contract.sandbox.conftest import refusal
from tests.support.sandbox import jpeg

DAY = 86_400
STREAM = {"filter": "stream", "limit": 100}


@pytest.fixture
def post(page):
    return page.created("me/feed", message="What do you think?")


@pytest.fixture
def busy_post(page, advance):
    """A post under which people wrote, at least one answering another."""
    ids = [page.created("me/feed", message=str(n)) for n in range(12)]
    advance(3 * DAY)
    for post_id in ids:
        found = page.get(f"{post_id}/comments", fields="id,parent", **STREAM).json()["data"]
        if len(found) >= 3 and any("parent" in comment for comment in found):
            return post_id
    raise AssertionError("nobody answered anybody")


def comments(page, node, **params):
    return page.get(f"{node}/comments", **params).json()["data"]


def test_people_write_as_time_goes_by(page, advance):
    posts = [page.created("me/feed", message=str(n)) for n in range(8)]
    counts = []
    for _ in range(4):
        counts.append(sum(len(comments(page, post, **STREAM)) for post in posts))
        advance(DAY // 2)
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert counts[-1] > counts[1] > 0


def test_nobody_writes_when_told_so(page, configure, post, advance):
    configure(visitor_replies=0)
    advance(3 * DAY)
    assert comments(page, post) == []


def test_orders_filters_and_summary(page, busy_post):
    oldest = comments(page, busy_post, fields="created_time,parent", **STREAM)
    assert (
        comments(page, busy_post, fields="created_time,parent", order="reverse_chronological", **STREAM) == oldest[::-1]
    )
    assert [c["id"] for c in comments(page, busy_post)] == [c["id"] for c in oldest if "parent" not in c]
    answer = page.get(f"{busy_post}/comments", summary="true", **STREAM).json()
    assert answer["summary"]["total_count"] == len(oldest)
    since = datetime.fromisoformat(oldest[1]["created_time"])
    assert comments(page, busy_post, since=int(since.timestamp()), **STREAM)[0]["id"] == oldest[1]["id"]
    assert refusal(page.get(f"{busy_post}/comments", order="best")) == (100, None)
    assert refusal(page.get(f"{busy_post}/comments", filter="mine")) == (100, None)


def test_answers_stand_under_their_comment(page, busy_post):
    found = comments(page, busy_post, fields="parent", **STREAM)
    parents = {c["parent"]["id"] for c in found if "parent" in c}
    for parent in parents:
        answers = [c["id"] for c in found if c.get("parent", {}).get("id") == parent]
        assert [c["id"] for c in comments(page, parent)] == answers
        assert page.get(parent, fields="comment_count").json()["comment_count"] == len(answers)


def test_the_page_comments_and_answers(page, post, media, advance):
    first = page.created(f"{post}/comments", message="First!")
    answer = page.created(f"{first}/comments", message="And another thing")
    deeper = page.created(f"{answer}/comments", message="Deeper")
    picture = page.created(f"{post}/comments", attachment_url=media.put("a.jpg", jpeg()))
    found = page.get(first, fields="message,from,comment_count,can_hide,permalink_url").json()
    assert (found["message"], found["from"]["id"], found["comment_count"]) == ("First!", page.id, 2)
    assert page.get(deeper, fields="parent").json()["parent"]["id"] == first
    assert page.get(picture, fields="attachment").json()["attachment"]["type"] == "photo"
    assert page.post(first, message="Changed").json() == {"success": True}
    assert page.get(first, fields="message").json()["message"] == "Changed"
    assert page.refused(first, is_hidden="true") == (100, None)


def test_comments_that_are_refused(page, post, media):
    draft = page.created("me/feed", message="x", published="false")
    assert page.refused(f"{post}/comments") == (100, None)
    assert page.refused(f"{post}/comments", message="a" * 8001) == (100, None)
    assert page.refused(f"{draft}/comments", message="x") == (100, 33)
    assert page.refused("1_1/comments", message="x") == (100, 33)
    assert page.refused(f"{post}/comments", attachment_url=f"{media.url}/gone") == (100, 2061006)
    assert page.refused(f"{post}/comments", attachment_url=media.put("a.txt", b"x")) == (100, 1366046)


def test_hiding_and_deleting_what_others_wrote(page, busy_post):
    parent = next(c["parent"]["id"] for c in comments(page, busy_post, fields="parent", **STREAM) if "parent" in c)
    before = len(comments(page, busy_post, **STREAM))
    assert page.post(parent, is_hidden="true").json() == {"success": True}
    assert page.get(parent, fields="is_hidden").json()["is_hidden"] is True
    assert page.refused(parent, message="my words") == (200, None)
    answers = len(comments(page, parent))
    assert page.delete(parent).json() == {"success": True}
    assert refusal(page.get(parent)) == (100, 33)
    assert len(comments(page, busy_post, **STREAM)) == before - 1 - answers


def test_rights_for_comments(page, post, server, client):
    token = server.box.world.tokens[page.token]
    comment = page.created(f"{post}/comments", message="x")
    token.scopes.remove("pages_manage_engagement")
    assert page.refused(f"{post}/comments", message="x") == (200, None)
    assert page.refused(comment, message="y") == (200, None)
    assert refusal(page.delete(comment)) == (200, None)
    assert comments(page, post) != []
    token.scopes.remove("pages_read_user_content")
    assert refusal(page.get(f"{post}/comments")) == (10, None)
    assert refusal(client("facebook", "ready", 1).get(f"{post}/comments")) == (100, 33)


def test_only_moderators_comment(page, post, server):
    page_record = server.box.world.accounts[page.id]
    person = server.box.world.tokens[page.token].person_id
    page_record.roles[person] = ["ANALYZE", "CREATE_CONTENT"]
    assert page.refused(f"{post}/comments", message="x") == (200, None)
    page_record.roles[person] = ["MODERATE"]
    page.created(f"{post}/comments", message="x")


def test_a_dropped_comment_was_written(page, post, play):
    play({"kind": "http_5xx_after", "match": {"endpoint": "comment"}, "times": 1})
    assert page.post(f"{post}/comments", message="once").status_code == 500
    assert [c["message"] for c in comments(page, post)] == ["once"]


def test_comments_know_when(page, post, advance):
    advance(timedelta(hours=3).total_seconds())
    comment = page.created(f"{post}/comments", message="late")
    made = datetime.fromisoformat(page.get(comment, fields="created_time").json()["created_time"])
    posted = datetime.fromisoformat(page.get(post, fields="created_time").json()["created_time"])
    assert made - posted >= timedelta(hours=3)
