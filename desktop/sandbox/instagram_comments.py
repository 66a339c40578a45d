"""Comments on Instagram: reading, answering, hiding, deleting, switching off (ig-comment reference)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox import growth
from desktop.sandbox.errors import JSON, bad_parameter, unknown_object
from desktop.sandbox.fields import parse_fields, project, timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Comment, Network, Post, Token
from desktop.sandbox.paging import one_page
from desktop.sandbox.rights import Ability, require
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.visitors import reply_to


async def list_comments(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{media}/comments``: the first level, newest first."""
    post = _post(box, call.node, token)
    return _listing(box, call, [c for c in _living(box, post) if not c.parent_id][::-1])


async def list_replies(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{comment}/replies``: oldest first."""
    comment = own_comment(box, call.node, token)
    return _listing(box, call, _replies(box, comment))


async def create(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{media}/comments``."""
    return _write(box, call, _post(box, call.node, token), "")


async def create_reply(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{comment}/replies``; an answer to an answer joins the first comment's thread."""
    comment = own_comment(box, call.node, token)
    return _write(box, call, box.world.posts[comment.object_id], comment.parent_id or comment.id)


def own_comment(box: Sandbox, comment_id: str, token: Token) -> Comment:
    """Return a living comment under a post the token may manage; 100/33 without one."""
    comment = box.world.comments.get(comment_id)
    if comment is None or comment.deleted_at is not None or comment.network is not Network.INSTAGRAM:
        raise unknown_object(comment_id)
    _post(box, comment.object_id, token)
    return comment


def render(box: Sandbox, call: GraphCall, comment: Comment) -> JSON:
    """``GET /{comment}``."""
    return project(comment, _readers(box), parse_fields(call.text("fields", "id,text,timestamp")), "IGComment")


def update(box: Sandbox, call: GraphCall, comment: Comment) -> JSON:
    """``POST /{comment} hide=true``; the account's own cannot be hidden."""
    if "hide" not in call.params:
        raise bad_parameter("The parameter hide is required", blamed="hide")
    if comment.author_id == comment.account_id:
        raise bad_parameter("The comments of the account itself cannot be hidden", blamed="hide")
    comment.is_hidden = call.flag("hide")
    box.world.save(comment)
    return {"success": True}


def delete(box: Sandbox, comment: Comment) -> JSON:
    """``DELETE /{comment}``, with the answers to it."""
    for gone in (comment, *_replies(box, comment)):
        gone.deleted_at = box.clock.now()
        box.world.save(gone)
    return {"success": True}


def switch(box: Sandbox, call: GraphCall, token: Token, post: Post) -> JSON:
    """``POST /{media} comment_enabled=``."""
    _post(box, post.id, token)
    if "comment_enabled" not in call.params:
        raise bad_parameter("The parameter comment_enabled is required", blamed="comment_enabled")
    post.extras["comment_enabled"] = "true" if call.flag("comment_enabled") else "false"
    box.world.save(post)
    return {"success": True}


def _post(box: Sandbox, post_id: str, token: Token) -> Post:
    post = box.world.posts.get(post_id)
    if post is None or post.account_id not in token.reaches or post.deleted_at is not None:
        raise unknown_object(post_id)
    require(token, box.world.accounts[post.account_id], Ability.COMMENTS)
    reply_to(box, post)
    return post


def _write(box: Sandbox, call: GraphCall, post: Post, parent_id: str) -> JSON:
    account = box.world.accounts[post.account_id]
    if not call.text("message"):
        raise bad_parameter("The parameter message is required", blamed="message")
    if post.extras.get("comment_enabled") == "false" or post.extras.get("product") == "STORIES":
        raise bad_parameter("The media does not take comments")
    author = (account.id, account.username)
    words = (call.text("message"), box.clock.now())
    comment = Comment(box.world.new_id(), Network.INSTAGRAM, account.id, post.id, parent_id, *author, *words)
    box.world.save(comment)
    return {"id": comment.id}


def _living(box: Sandbox, post: Post) -> list[Comment]:
    now = box.clock.now()
    found = [c for c in box.world.comments.values() if c.object_id == post.id and c.created_at <= now]
    return sorted((c for c in found if c.deleted_at is None), key=lambda c: (c.created_at, c.id))


def _replies(box: Sandbox, comment: Comment) -> list[Comment]:
    return [c for c in _living(box, box.world.posts[comment.object_id]) if c.parent_id == comment.id]


def _listing(box: Sandbox, call: GraphCall, comments: list[Comment]) -> JSON:
    return one_page(call, comments, lambda comment: render(box, call, comment))


def _readers(box: Sandbox) -> Mapping[str, Callable[[Comment], JSON]]:
    def likes(comment: Comment) -> JSON:
        return int(5 * growth.draw(box.world.seed, comment.id, "likes") ** 2)

    def replies(comment: Comment) -> JSON:
        found: list[JSON] = [
            {"id": c.id, "text": c.text, "timestamp": timestamp(c.created_at)} for c in _replies(box, comment)
        ]
        return {"data": found} if found else None

    return {
        "id": lambda c: c.id,
        "text": lambda c: c.text,
        "timestamp": lambda c: timestamp(c.created_at),
        "username": lambda c: c.author_name,
        "from": lambda c: {"id": c.author_id, "username": c.author_name},
        "hidden": lambda c: c.is_hidden,
        "like_count": likes,
        "media": lambda c: {"id": c.object_id},
        "parent_id": lambda c: c.parent_id or None,
        "replies": replies,
        # The docs give the user to the account's own comments alone.
        "user": lambda c: {"id": c.author_id} if c.author_id == c.account_id else None,
    }
