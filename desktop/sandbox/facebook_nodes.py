"""Calls on an object of a Page itself: posts, photos, films and comments."""

from __future__ import annotations

from desktop.sandbox import (
    facebook_comment_reading,
    facebook_comments,
    facebook_editing,
    facebook_photos,
    facebook_reading,
    facebook_videos,
)
from desktop.sandbox.auth import require_read
from desktop.sandbox.errors import JSON, bad_parameter, unknown_object
from desktop.sandbox.facebook_rights import page_of
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Comment, Photo, Post, Token, Video
from desktop.sandbox.sandbox import Sandbox


def answer_object(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """Answer ``{method} /{id}``; 100/33 for an object that is unknown, deleted or out of the token's reach."""
    world = box.world
    posts, others = world.posts.get(call.node), world.comments.get(call.node)
    found = posts or others or world.photos.get(call.node) or world.videos.get(call.node)
    if found is None:
        raise unknown_object(call.node)
    page = page_of(box, token, found.account_id, call.node)
    if isinstance(found, Post | Comment) and found.deleted_at is not None:
        raise unknown_object(call.node)
    match call.method, found:
        case "GET", Post():
            require_read(token, page)
            return facebook_reading.render(box, call, found, token)
        case "POST", Post():
            return facebook_editing.update(box, call, token, found)
        case "DELETE", Post():
            return facebook_editing.delete(box, token, found)
        case "GET", Photo():
            return facebook_photos.render_photo(box, call, token, found)
        case "DELETE", Photo():
            return facebook_photos.delete_photo(box, token, found)
        case "GET", Video():
            return facebook_videos.render(box, call, token, found)
        case "POST", Video():
            return facebook_videos.update(box, call, token, found)
        case "DELETE", Video():
            return facebook_videos.delete(box, token, found)
        case "GET", Comment():
            return facebook_comment_reading.render(box, call, token, found)
        case "POST", Comment():
            return facebook_comments.update(box, call, token, found)
        case "DELETE", Comment():
            return facebook_comments.delete(box, token, found)
        case _:
            raise bad_parameter(f"Unsupported {call.method.lower()} request")
