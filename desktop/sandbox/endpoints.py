"""Which handler answers a path, and which names the fault script knows a call by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from desktop.sandbox import (
    facebook_edges,
    instagram,
    instagram_comments,
    instagram_insights,
    instagram_reading,
    instagram_uploads,
    people_pages,
    people_permissions,
    threads,
    threads_insights,
    threads_reading,
    threads_replies,
    threads_search,
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
    ("POST", "repost"): threads.repost,
    ("GET", "threads"): threads_reading.list_threads,
    ("GET", "ghost_posts"): threads_reading.list_ghosts,
    ("GET", "threads_publishing_limit"): threads_reading.publishing_limit,
    ("GET", "replies"): threads_replies.replies,
    ("GET", "conversation"): threads_replies.conversation,
    ("GET", "pending_replies"): threads_replies.pending_replies,
    ("GET", "mentions"): threads_replies.mentions,
    ("POST", "manage_reply"): threads_replies.manage_reply,
    ("POST", "manage_pending_reply"): threads_replies.manage_pending_reply,
    ("GET", "insights"): threads_insights.of_media,
    ("GET", "threads_insights"): threads_insights.of_profile,
}
_THREADS_ROOTS: _Edges = {
    ("GET", "keyword_search"): threads_search.keyword_search,
    ("GET", "profile_lookup"): threads_search.profile_lookup,
    ("GET", "profile_posts"): threads_search.profile_posts,
    ("GET", "location_search"): threads_search.location_search,
}
_INSTAGRAM: _Edges = {
    ("POST", "media"): instagram.create,
    ("POST", "media_publish"): instagram.publish,
    ("GET", "media"): instagram_reading.list_media,
    ("GET", "stories"): instagram_reading.list_stories,
    ("GET", "content_publishing_limit"): instagram_reading.publishing_limit,
    ("GET", "insights"): instagram_insights.insights,
    ("GET", "comments"): instagram_comments.list_comments,
    ("POST", "comments"): instagram_comments.create,
    ("GET", "replies"): instagram_comments.list_replies,
    ("POST", "replies"): instagram_comments.create_reply,
    ("POST", "ig-api-upload"): instagram_uploads.receive,
}
_FACEBOOK: _Edges = {
    **facebook_edges.PAGE_EDGES,
    ("GET", "accounts"): people_pages.list_pages,
    ("GET", "businesses"): people_pages.list_businesses,
    ("GET", "owned_pages"): people_pages.list_owned_pages,
    ("GET", "client_pages"): people_pages.list_client_pages,
    ("GET", "permissions"): people_permissions.list_permissions,
    ("DELETE", "permissions"): people_permissions.revoke_permissions,
}
EDGES: Mapping[Network, _Edges] = {
    Network.THREADS: _THREADS,
    Network.INSTAGRAM: _INSTAGRAM,
    # Instagram through Facebook Login answers on Facebook's host.
    Network.FACEBOOK: {**_INSTAGRAM, **_FACEBOOK},
}


def find_handler(box: Sandbox, call: GraphCall) -> Handler | None:
    """Return what answers the edge; Pages and Instagram share Facebook's host and some names of edges."""
    is_instagram = call.family is Network.FACEBOOK and box.world.network_of(call.node) is Network.INSTAGRAM
    if call.family is Network.THREADS and not call.edge:
        return _THREADS_ROOTS.get((call.method, call.node))
    edge = "permissions" if call.edge.startswith("permissions/") else call.edge
    return EDGES[Network.INSTAGRAM if is_instagram else call.family].get((call.method, edge))


_LISTS = facebook_edges.LISTS | {
    "threads", "replies", "media", "stories", "accounts", "mentions", "ghost_posts", "conversation",
    "pending_replies", "comments",
}  # fmt: skip
_SEARCHES = {"keyword_search", "profile_lookup", "profile_posts", "location_search"}
_TOKEN_NODES = {"oauth", "access_token", "refresh_access_token"}
_LIMITS = {"threads_publishing_limit", "content_publishing_limit"}
_CREATES = {"threads", "media", "feed", "photos"}


def endpoint_names(box: Sandbox, call: GraphCall) -> frozenset[str]:
    """Return the names of a call.

    They are create, publish, edit, delete, comment, upload, token for what changes something; status, list,
    permalink, quota, identity, insights, search for what reads. A call that makes something public at once is
    ``publish``, whatever its path; one that carries a picture or a film is ``media`` as well; ``token`` hands one over
    or prolongs it.
    """
    if call.node in _TOKEN_NODES:
        return frozenset({"token"})
    if call.method == "DELETE":
        return frozenset({"delete"})
    if call.method == "GET":
        return frozenset({_read_name(box, call)})
    if call.stream is not None:
        return frozenset({"upload", "media"})
    if found := facebook_edges.write_names(call):
        return found
    names = {_write_name(call)}
    if call.edge in _CREATES and (call.files or any(call.text(n) for n in ("image_url", "video_url", "url"))):
        names.add("media")
    return frozenset(names)


def _write_name(call: GraphCall) -> str:
    if call.edge in {"threads_publish", "media_publish", "repost"} or call.flag("auto_publish_text"):
        return "publish"
    if call.edge in {"feed", "photos"}:
        return "publish" if call.flag("published", default=True) else "create"
    if call.edge in _CREATES:
        return "create"
    if call.edge in {"comments", "replies"}:
        return "comment"
    return "publish" if call.flag("is_published") else "edit"


def _read_name(box: Sandbox, call: GraphCall) -> str:
    if call.edge in {"insights", "threads_insights"}:
        return "insights"
    if call.node in _SEARCHES:
        return "search"
    if call.edge:
        return "list" if call.edge in _LISTS else "quota" if call.edge in _LIMITS else "other"
    if call.node in box.world.posts:
        return "permalink" if "permalink" in call.text("fields") else "status"
    return "status" if call.node in box.world.containers or call.node in box.world.videos else "identity"
