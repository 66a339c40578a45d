"""Writing under Page posts: commenting and answering as the Page, hiding, deleting (object/comments reference)."""

from __future__ import annotations

from desktop.sandbox.errors import JSON, GraphError, bad_parameter, unknown_object
from desktop.sandbox.facebook_comment_reading import subject
from desktop.sandbox.facebook_rights import page_of, require
from desktop.sandbox.fetching import UnreachableError, fetch
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Comment, Network, Token
from desktop.sandbox.sandbox import Sandbox

_LONGEST = 8000


async def create_comment(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{post or comment}/comments`` as the Page; an answer to an answer joins the first comment's thread."""
    post, parent_id = subject(box, call, token)
    page = box.world.accounts[post.account_id]
    _require_moderation(token, page)
    message, picture = call.text("message"), call.text("attachment_url")
    if not message and not picture:
        raise bad_parameter("A comment needs a message or an attachment", blamed="message")
    if len(message) > _LONGEST:
        raise bad_parameter(f"Param message must be at most {_LONGEST} characters", blamed="message")
    if post.published_at is None:
        raise unknown_object(post.id)
    if picture:
        await _check_picture(box, picture)
    comment_id = f"{post.id.rpartition('_')[2]}_{box.world.new_id()}"
    above = box.world.comments.get(parent_id)
    thread = above.parent_id or above.id if above else ""
    author = (page.id, page.name)
    comment = Comment(comment_id, Network.FACEBOOK, page.id, post.id, thread, *author, message, box.clock.now())
    comment.attachment_url = picture
    box.world.save(comment)
    return {"id": comment.id}


def update(box: Sandbox, call: GraphCall, token: Token, comment: Comment) -> JSON:
    """``POST /{comment}``: is_hidden for what others wrote, message for the Page's own."""
    page = page_of(box, token, comment.account_id, comment.id)
    _require_moderation(token, page)
    is_own = comment.author_id == page.id
    if "is_hidden" in call.params:
        if is_own:
            raise bad_parameter("A Page cannot hide its own comment", blamed="is_hidden")
        comment.is_hidden = call.flag("is_hidden")
    if call.text("message"):
        if not is_own:
            raise GraphError("(#200) Only the author can edit a comment", 200, status=403)
        comment.text = call.text("message")
    box.world.save(comment)
    return {"success": True}


def delete(box: Sandbox, token: Token, comment: Comment) -> JSON:
    """``DELETE /{comment}``: anyone's, with the answers to it."""
    _require_moderation(token, page_of(box, token, comment.account_id, comment.id))
    now = box.clock.now()
    for other in list(box.world.comments.values()):
        if comment.id in {other.id, other.parent_id}:
            other.deleted_at = other.deleted_at or now
            box.world.save(other)
    return {"success": True}


def _require_moderation(token: Token, page: Account) -> None:
    require(token, page, "pages_manage_engagement", "MODERATE")


async def _check_picture(box: Sandbox, url: str) -> None:
    try:
        media = await fetch(url, box.config, box.pictures)
    except UnreachableError:
        raise bad_parameter("The attachment could not be fetched", subcode=2061006, blamed="attachment_url") from None
    if not media.width:
        raise bad_parameter("The attachment is not a picture", subcode=1366046, blamed="attachment_url")
