"""Replies, conversations, hiding and approving on Threads (reply-management reference)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from desktop.sandbox.errors import JSON, bad_parameter, unknown_object
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Network, Post, Token
from desktop.sandbox.paging import list_posts, one_page
from desktop.sandbox.rights import Ability, require
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.threads_parameters import is_public, root_of
from desktop.sandbox.threads_reading import list_replies, render
from desktop.sandbox.visitors import mention, reply_to

_UNSEEN = {"PENDING", "IGNORED"}
_APPROVAL_STATES = {"pending", "ignored"}


async def replies(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{media}/replies``: the direct ones, newest first unless ``reverse=false``; of a user: those it wrote."""
    if call.node == "me" or call.node in box.world.accounts:
        return await list_replies(box, call, token)
    post = _conversation_of(box, call, token, Ability.READ_REPLIES)
    return _listed(box, call, _shown(box, lambda reply: reply.reply_to_id == post.id))


async def conversation(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{media}/conversation``: those of every level, for root posts only."""
    post = _conversation_of(box, call, token, Ability.READ_REPLIES)
    if post.reply_to_id:
        raise bad_parameter("The conversation is available for root posts only")
    return _listed(box, call, _shown(box, lambda reply: reply is not post and root_of(box, reply) is post))


async def pending_replies(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{media}/pending_replies``: replies waiting for approval, or ignored ones."""
    post = _conversation_of(box, call, token, Ability.MANAGE_REPLIES)
    state = call.text("approval_status", "pending")
    if state not in _APPROVAL_STATES:
        raise bad_parameter("Param approval_status must be pending or ignored", blamed="approval_status")
    waiting = (p for p in box.world.posts.values() if p.extras.get("reply_approval_status") == state.upper())
    return _listed(box, call, (p for p in waiting if root_of(box, p) is post))


async def manage_reply(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{reply}/manage_reply``: hide or show a reply of the first level and all below it."""
    reply = _reply_of(box, call, token)
    if "hide" not in call.params:
        raise bad_parameter("The parameter hide is required", blamed="hide")
    if reply.reply_to_id != root_of(box, reply).id:
        raise bad_parameter("Only top-level replies can be hidden")
    reply.extras["hide_status"] = "HIDDEN" if call.flag("hide") else "UNHUSHED"
    box.world.save(reply)
    return {"success": True}


async def manage_pending_reply(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{reply}/manage_pending_reply``: approve or ignore."""
    reply = _reply_of(box, call, token)
    if reply.extras.get("reply_approval_status") not in _UNSEEN:
        raise bad_parameter("The reply is not pending")
    if "approve" not in call.params:
        raise bad_parameter("The parameter approve is required", blamed="approve")
    reply.extras["reply_approval_status"] = "APPROVED" if call.flag("approve") else "IGNORED"
    box.world.save(reply)
    return {"success": True}


async def mentions(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{user}/mentions``: posts of others naming the profile."""
    account = box.world.accounts[token.account_id]
    if call.node not in {"me", account.id}:
        raise unknown_object(call.node)
    require(token, account, Ability.MENTIONS)
    found = {post.id: post for post in mention(box, account)}
    found |= {post.id: post for post in box.world.posts.values() if _names(post, account.username, account.id)}
    posts = (post for post in found.values() if is_public(box, post))
    return list_posts(box, call, posts, lambda post: render(box, call, post))


def _conversation_of(box: Sandbox, call: GraphCall, token: Token, ability: Ability) -> Post:
    """Return the post asked about; the profile must own the root of its conversation."""
    post = _own_conversation(box, call, token)
    require(token, box.world.accounts[token.account_id], ability)
    return post


def _reply_of(box: Sandbox, call: GraphCall, token: Token) -> Post:
    reply = _own_conversation(box, call, token)
    require(token, box.world.accounts[token.account_id], Ability.MANAGE_REPLIES)
    if not reply.reply_to_id:
        raise bad_parameter("The media is not a reply")
    return reply


def _own_conversation(box: Sandbox, call: GraphCall, token: Token) -> Post:
    post = box.world.posts.get(call.node)
    if post is None or not is_public(box, post) or root_of(box, post).account_id != token.account_id:
        raise unknown_object(call.node)
    reply_to(box, root_of(box, post))
    return post


def _shown(box: Sandbox, is_wanted: Callable[[Post], bool]) -> Iterable[Post]:
    return (
        post
        for post in box.world.posts.values()
        if is_public(box, post) and post.extras.get("reply_approval_status") not in _UNSEEN and is_wanted(post)
    )


def _listed(box: Sandbox, call: GraphCall, posts: Iterable[Post]) -> JSON:
    now = box.clock.now()
    found = [post for post in posts if (post.published_at or post.created_at) <= now]
    found.sort(key=lambda p: (p.published_at or p.created_at, p.id), reverse=call.flag("reverse", default=True))
    return one_page(call, found, lambda post: render(box, call, post))


def _names(post: Post, username: str, account_id: str) -> bool:
    is_other = post.network is Network.THREADS and post.account_id != account_id
    return is_other and f"@{username}" in post.text
