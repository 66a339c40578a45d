"""Reading the comments under Page posts (object/comments and comment references)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox.auth import require_read
from desktop.sandbox.errors import JSON, bad_parameter, unknown_object
from desktop.sandbox.facebook_rights import page_of, require
from desktop.sandbox.facebook_visitors import write_comments
from desktop.sandbox.fields import Field, parse_fields, project, timestamp
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Comment, Post, Token
from desktop.sandbox.paging import one_page
from desktop.sandbox.permalinks import permalink
from desktop.sandbox.sandbox import Sandbox

_DEFAULT_FIELDS = "created_time,from,message,id"
_PAGE_SIZE = 25
_ORDERS = ("chronological", "reverse_chronological", "ranked")


async def list_comments(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{post or comment}/comments`` with filter, order, since and summary."""
    post, parent_id = subject(box, call, token)
    require_reading(token, box.world.accounts[post.account_id])
    found = _chosen(box, call, post, parent_id)
    fields = parse_fields(call.text("fields") or _DEFAULT_FIELDS)
    answer = one_page(call, found, lambda comment: _project(box, call, comment, fields))
    if isinstance(answer, dict) and call.flag("summary"):
        answer["summary"] = _summary(len(found), _order(call))
    return answer


def render(box: Sandbox, call: GraphCall, token: Token, comment: Comment) -> JSON:
    """``GET /{comment}``."""
    require_reading(token, page_of(box, token, comment.account_id, comment.id))
    return _project(box, call, comment, parse_fields(call.text("fields") or _DEFAULT_FIELDS))


def expand(box: Sandbox, call: GraphCall, token: Token, post: Post, field: Field) -> JSON:
    """``comments.limit(0).summary(true)`` among the fields of a post."""
    require_reading(token, box.world.accounts[post.account_id])
    modifiers = field.modifiers
    order = modifiers.get("order", _ORDERS[0])
    found = living(box, post)
    shown = [c for c in found if not c.parent_id or modifiers.get("filter") == "stream"]
    if order == _ORDERS[1]:
        shown.reverse()
    limit = modifiers.get("limit", str(_PAGE_SIZE))
    inner = field.inner or parse_fields(_DEFAULT_FIELDS)
    page = shown[: int(limit) if limit.isdigit() else _PAGE_SIZE]
    answer: dict[str, JSON] = {"data": [_project(box, call, comment, inner) for comment in page]}
    if modifiers.get("summary") == "true":
        answer["summary"] = _summary(len(found), order)
    return answer


def living(box: Sandbox, post: Post) -> list[Comment]:
    """Return the comments under ``post``, oldest first."""
    write_comments(box, post)
    found = [c for c in box.world.comments.values() if c.object_id == post.id and c.deleted_at is None]
    return sorted(found, key=lambda c: (c.created_at, c.id))


def require_reading(token: Token, page: Account) -> None:
    """Refuse (code 10) a token that may not see what people wrote or how they reacted."""
    require_read(token, page)
    require(token, page, "pages_read_user_content", "MODERATE", 10)


def subject(box: Sandbox, call: GraphCall, token: Token) -> tuple[Post, str]:
    """Return the post the call is about, and the id of the comment when it names one."""
    comment = box.world.comments.get(call.node)
    video = box.world.videos.get(call.node)
    post_id = comment.object_id if comment else video.post_id if video else call.node
    post = box.world.posts.get(post_id)
    if post is None or post.deleted_at is not None or (comment and comment.deleted_at is not None):
        raise unknown_object(call.node)
    page_of(box, token, post.account_id, call.node)
    write_comments(box, post)
    return post, comment.id if comment else ""


def _chosen(box: Sandbox, call: GraphCall, post: Post, parent_id: str) -> list[Comment]:
    kind = call.text("filter", "toplevel")
    if kind not in {"toplevel", "stream"}:
        raise bad_parameter("Param filter must be one of toplevel, stream", blamed="filter")
    since = call.instant("since")
    found = [
        comment
        for comment in living(box, post)
        if (comment.parent_id == parent_id or (kind == "stream" and not parent_id))
        and (since is None or comment.created_at >= since)
    ]
    return found[::-1] if _order(call) == _ORDERS[1] else found


def _order(call: GraphCall) -> str:
    order = call.text("order", _ORDERS[0])
    if order not in _ORDERS:
        raise bad_parameter(f"Param order must be one of {', '.join(_ORDERS)}", blamed="order")
    return order


def _project(box: Sandbox, call: GraphCall, comment: Comment, fields: tuple[Field, ...]) -> JSON:
    page = box.world.accounts[comment.account_id]
    post = box.world.posts[comment.object_id]
    answers = sum(1 for c in box.world.comments.values() if c.parent_id == comment.id and c.deleted_at is None)
    is_own = comment.author_id == page.id
    attachment: JSON = {"type": "photo", "url": comment.attachment_url} if comment.attachment_url else None
    readers: Mapping[str, Callable[[Comment], JSON]] = {
        "id": lambda c: c.id,
        "message": lambda c: c.text,
        "created_time": lambda c: timestamp(c.created_at),
        "from": lambda c: {"id": c.author_id, "name": c.author_name},
        "is_hidden": lambda c: c.is_hidden,
        "can_hide": lambda _: not is_own,
        "can_remove": lambda _: True,
        "can_comment": lambda _: True,
        "comment_count": lambda _: answers,
        "like_count": lambda _: 0,
        "parent": lambda c: {"id": c.parent_id} if c.parent_id else None,
        "attachment": lambda _: attachment,
        "permalink_url": lambda c: f"{permalink(call.base_url, post, page.username)}?comment_id={c.id}",
    }
    return project(comment, readers, fields, "Comment")


def _summary(count: int, order: str) -> JSON:
    return {"order": order, "total_count": count, "can_comment": True}
