"""Stories of Pages (stories publishing guide); video stories are made like reels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from desktop.sandbox.auth import account_of, require_publish, require_read
from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.facebook import new_post, unused_photo
from desktop.sandbox.fields import parse_fields, project
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Post, Token
from desktop.sandbox.paging import list_posts
from desktop.sandbox.permalinks import permalink
from desktop.sandbox.sandbox import Sandbox

_LIFE = timedelta(days=1)
_STATUSES = {"PUBLISHED", "ARCHIVED"}


async def create_photo_story(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{page}/photo_stories``: an unpublished photo becomes a story; one that is in a post is refused."""
    page = account_of(box.world, call, token)
    require_publish(token, page)
    photo = unused_photo(box, page, call.text("photo_id"), "photo_id")
    holder = box.world.posts.get(photo.post_id)
    if holder is not None and holder.deleted_at is None:
        raise bad_parameter("The photo is part of a post already", subcode=1366051)
    post = new_post(box, page, "STORY")
    post.media, post.children, post.container_id = [photo.media], [photo.id], photo.id
    post.extras["product"] = "STORIES"
    box.world.go_live(post, post.created_at)
    photo.post_id = post.id
    box.world.save(photo)
    return {"success": True, "post_id": post.id}


async def list_stories(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{page}/stories``: those of the last 24 hours are PUBLISHED, older ones ARCHIVED."""
    page = account_of(box.world, call, token)
    require_read(token, page)
    wanted = set(call.ids("status")) or _STATUSES
    if not wanted <= _STATUSES:
        raise bad_parameter("Param status must be PUBLISHED or ARCHIVED", blamed="status")
    fields = parse_fields(call.text("fields") or "post_id,status,creation_time,media_type,media_id,url")

    def state(post: Post) -> str:
        is_live = post.published_at is not None and box.clock.now() < post.published_at + _LIFE
        return "PUBLISHED" if is_live else "ARCHIVED"

    readers: Mapping[str, Callable[[Post], JSON]] = {
        "id": lambda p: p.id,
        "post_id": lambda p: p.id,
        "status": state,
        "creation_time": lambda p: str(int((p.published_at or p.created_at).timestamp())),
        "media_type": lambda p: "video" if p.media[0].kind == "mp4" else "photo",
        "media_id": lambda p: p.children[0],
        "url": lambda p: permalink(call.base_url, p, page.username),
    }
    stories = (p for p in box.world.posts_of(page.id) if p.kind == "STORY" and p.published_at and state(p) in wanted)
    return list_posts(box, call, stories, lambda post: project(post, readers, fields, "Story"))
