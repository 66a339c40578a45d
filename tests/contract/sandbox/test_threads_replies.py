"""Replies of visitors: reading, hiding, approving, mentions."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.conftest import refusal

DAYS = 4 * 86_400
FIELDS = "id,text,username,timestamp,replied_to,root_post,is_reply,is_reply_owned_by_me,hide_status,has_replies"


@pytest.fixture
def root(threads):
    """A post whose conversation has replies of two levels."""
    return post(threads)


def post(threads, **data):
    container = threads.created("me/threads", **{"media_type": "TEXT", "text": "Hello", **data})
    return threads.created("me/threads_publish", creation_id=container)


def items(answer):
    return answer.json()["data"]


def busy_root(threads, advance):
    """Return a post that got at least two replies of the first level."""
    roots = [post(threads, text=f"post {n}") for n in range(6)]
    advance(DAYS)
    return max(roots, key=lambda r: len(items(threads.get(f"{r}/replies"))))


def test_visitors_answer_after_a_while_and_say_the_same_again(threads, root, advance, http):
    assert items(threads.get(f"{root}/replies")) == []
    assert threads.get(root, fields="has_replies").json()["has_replies"] is False
    advance(DAYS)
    first = items(threads.get(f"{root}/conversation", fields=FIELDS))
    assert threads.get(root, fields="has_replies").json()["has_replies"] is True
    for reply in first:
        assert reply["root_post"] == {"id": root}
        assert (reply["is_reply"], reply["hide_status"]) == (True, "NOT_HUSHED")
        assert threads.get(reply["id"], fields=FIELDS).json() == reply
    assert items(threads.get(f"{root}/conversation", fields=FIELDS)) == first
    assert len({reply["id"] for reply in first}) == len(first) > 0


def test_the_ledger_knows_only_what_the_program_did(threads, root, advance, ledger):
    advance(DAYS)
    assert items(threads.get(f"{root}/replies"))
    assert [p["id"] for p in ledger()] == [root]
    assert [p["id"] for p in items(threads.get("me/threads"))] == [root]
    assert items(threads.get("me/replies")) == []


def test_newest_first_unless_reversed(threads, advance):
    root = busy_root(threads, advance)
    newest = items(threads.get(f"{root}/replies", fields="id,timestamp"))
    assert len(newest) > 1
    oldest = items(threads.get(f"{root}/replies", fields="id,timestamp", reverse="false"))
    assert newest == oldest[::-1]
    assert [r["timestamp"] for r in oldest] == sorted(r["timestamp"] for r in oldest)
    page = threads.get(f"{root}/replies", limit=1).json()
    after = page["paging"]["cursors"]["after"]
    second = threads.get(f"{root}/replies", limit=1, after=after).json()
    assert [page["data"][0]["id"], second["data"][0]["id"]] == [r["id"] for r in newest[:2]]
    before = second["paging"]["cursors"]["before"]
    assert threads.get(f"{root}/replies", limit=1, before=before).json()["data"] == page["data"]
    assert refusal(threads.get(f"{root}/replies", before=before, after=after)) == (100, None)


def test_own_answers_join_the_conversation(threads, advance):
    root = busy_root(threads, advance)
    theirs = items(threads.get(f"{root}/replies"))[0]["id"]
    threads.allow("threads_basic", "threads_content_publish", "threads_read_replies")
    mine = post(threads, text="Thank you", reply_to_id=theirs)
    levels = items(threads.get(f"{root}/conversation"))
    assert mine in {r["id"] for r in levels}
    assert mine not in {r["id"] for r in items(threads.get(f"{root}/replies"))}
    assert items(threads.get(f"{theirs}/replies"))[0]["id"] == mine
    assert refusal(threads.get(f"{mine}/conversation")) == (100, None)


def test_hiding_is_for_the_first_level(threads, advance):
    root = busy_root(threads, advance)
    reply = items(threads.get(f"{root}/replies"))[0]["id"]
    assert threads.post(f"{reply}/manage_reply", hide="true").json() == {"success": True}
    assert threads.get(reply, fields="hide_status").json()["hide_status"] == "HIDDEN"
    assert threads.post(f"{reply}/manage_reply", hide="false").json() == {"success": True}
    assert threads.get(reply, fields="hide_status").json()["hide_status"] == "UNHUSHED"
    deeper = post(threads, reply_to_id=reply)
    assert threads.refused(f"{deeper}/manage_reply", hide="true") == (100, None)
    assert threads.refused(f"{root}/manage_reply", hide="true") == (100, None)
    assert threads.refused(f"{reply}/manage_reply") == (100, None)
    threads.allow("threads_basic", "threads_read_replies")
    assert threads.refused(f"{reply}/manage_reply", hide="true") == (10, None)


def test_replies_wait_for_approval(threads, advance):
    root = post(threads, enable_reply_approvals="true")
    advance(DAYS)
    waiting = items(threads.get(f"{root}/pending_replies", fields="id,reply_approval_status"))
    assert {r["reply_approval_status"] for r in waiting} == {"PENDING"}
    assert items(threads.get(f"{root}/conversation")) == []
    first = waiting[-1]["id"]
    assert threads.post(f"{first}/manage_pending_reply", approve="true").json() == {"success": True}
    assert first in {r["id"] for r in items(threads.get(f"{root}/conversation"))}
    assert first not in {r["id"] for r in items(threads.get(f"{root}/pending_replies"))}
    assert threads.refused(f"{first}/manage_pending_reply", approve="false") == (100, None)
    for reply in waiting[:-1]:
        threads.post(f"{reply['id']}/manage_pending_reply", approve="false")
    ignored = items(threads.get(f"{root}/pending_replies", approval_status="ignored"))
    assert {r["id"] for r in ignored} == {r["id"] for r in waiting[:-1]}
    assert refusal(threads.get(f"{root}/pending_replies", approval_status="all")) == (100, None)


def test_conversations_of_others_are_out_of_reach(threads, client, root):
    other = client("threads", index=1)
    assert refusal(other.get(f"{root}/replies")) == (100, 33)
    threads.allow("threads_basic")
    assert refusal(threads.get(f"{root}/replies")) == (10, None)
    assert refusal(threads.get(f"{root}/pending_replies")) == (10, None)


def test_mentions_come_from_visitors_and_other_profiles(threads, client, configure):
    found = items(threads.get("me/mentions", fields="id,text,username"))
    assert found
    assert all("@tidings.daily" in m["text"] and m["username"] != "tidings.daily" for m in found)
    theirs = post(client("threads", index=1), text="Look, @tidings.daily!")
    assert items(threads.get("me/mentions"))[0]["id"] == theirs
    assert post(threads, text="Hello back", reply_to_id=found[0]["id"])
    configure(threads_mentions=False)
    threads.allow("threads_basic", "threads_content_publish")
    assert refusal(threads.get("me/mentions")) == (10, None)
    assert threads.refused("me/threads", media_type="TEXT", text="x", reply_to_id=theirs) == (10, None)


def test_nobody_comes_when_visitors_are_switched_off(threads, root, configure, advance):
    configure(visitor_replies=0)
    advance(DAYS)
    assert items(threads.get(f"{root}/conversation")) == []
