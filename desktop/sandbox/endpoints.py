"""Which handler answers a path, and which names the fault script knows a call by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from desktop.sandbox import (
    facebook,
    facebook_people,
    facebook_photos,
    facebook_reading,
    instagram,
    instagram_reading,
    threads,
    threads_reading,
)
from desktop.sandbox.errors import JSON
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Network, Token
from desktop.sandbox.sandbox import Sandbox

Handler = Callable[[Sandbox, GraphCall, Token], Awaitable[JSON]]
_Edges = Mapping[tuple[str, str], Handler]

_THREADS: _Edges = {
    ("POST", "threads"): threads.create,
    ("POST", "threads_publish"): threads.publish,
    ("GET", "threads"): threads_reading.list_threads,
    ("GET", "replies"): threads_reading.list_replies,
    ("GET", "threads_publishing_limit"): threads_reading.publishing_limit,
}
_INSTAGRAM: _Edges = {
    ("POST", "media"): instagram.create,
    ("POST", "media_publish"): instagram.publish,
    ("GET", "media"): instagram_reading.list_media,
    ("GET", "stories"): instagram_reading.list_stories,
    ("GET", "content_publishing_limit"): instagram_reading.publishing_limit,
}
_FACEBOOK: _Edges = {
    ("POST", "feed"): facebook.create_post,
    ("POST", "photos"): facebook_photos.create_photo,
    ("GET", "feed"): facebook_reading.list_published,
    ("GET", "posts"): facebook_reading.list_published,
    ("GET", "published_posts"): facebook_reading.list_published,
    ("GET", "scheduled_posts"): facebook_reading.list_scheduled,
    ("GET", "accounts"): facebook_people.list_pages,
    ("GET", "permissions"): facebook_people.list_permissions,
}
EDGES: Mapping[Network, _Edges] = {
    Network.THREADS: _THREADS,
    Network.INSTAGRAM: _INSTAGRAM,
    # Instagram through Facebook Login answers on Facebook's host.
    Network.FACEBOOK: {**_FACEBOOK, **_INSTAGRAM},
}

_LISTS = {"threads", "replies", "media", "stories", "feed", "posts", "published_posts", "scheduled_posts", "accounts"}
_LIMITS = {"threads_publishing_limit", "content_publishing_limit"}
_CREATES = {"threads", "media", "feed", "photos"}


def endpoint_names(box: Sandbox, call: GraphCall) -> frozenset[str]:
    """Return the names of a call: create, publish, status, list, permalink, media, quota, identity, edit, delete.

    A call that makes something public at once is ``publish``, whatever its path; one that carries a picture or a
    film is ``media`` as well.
    """
    if call.method == "DELETE":
        return frozenset({"delete"})
    if call.method == "GET":
        return frozenset({_read_name(box, call)})
    names = {_write_name(call)}
    if call.edge in _CREATES and (call.files or any(call.text(n) for n in ("image_url", "video_url", "url"))):
        names.add("media")
    return frozenset(names)


def _write_name(call: GraphCall) -> str:
    if call.edge in {"threads_publish", "media_publish"} or call.flag("auto_publish_text"):
        return "publish"
    if call.edge in {"feed", "photos"}:
        return "publish" if call.flag("published", default=True) else "create"
    if call.edge in _CREATES:
        return "create"
    return "publish" if call.flag("is_published") else "edit"


def _read_name(box: Sandbox, call: GraphCall) -> str:
    if call.edge:
        return "list" if call.edge in _LISTS else "quota" if call.edge in _LIMITS else "other"
    if call.node in box.world.posts:
        return "permalink" if "permalink" in call.text("fields") else "status"
    return "status" if call.node in box.world.containers else "identity"
