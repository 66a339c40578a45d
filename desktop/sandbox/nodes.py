"""Calls on a node itself: reading, changing and deleting containers, posts, photos and accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox import (
    containers,
    facebook,
    facebook_people,
    facebook_photos,
    facebook_reading,
    instagram,
    instagram_reading,
    threads,
    threads_reading,
)
from desktop.sandbox.auth import account_of, require_read
from desktop.sandbox.errors import JSON, bad_parameter, unknown_object
from desktop.sandbox.fields import parse_fields
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Network, Post, Token
from desktop.sandbox.sandbox import Sandbox

_RENDERERS: Mapping[Network, Callable[[Sandbox, GraphCall, Post], JSON]] = {
    Network.THREADS: threads_reading.render,
    Network.INSTAGRAM: instagram_reading.render,
    Network.FACEBOOK: facebook_reading.render,
}


def answer_node(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """Answer ``{method} /{id}``; 100/33 for an object that is unknown or out of the token's reach."""
    world = box.world
    if call.node == "me" or call.node in world.accounts:
        return _account(box, call, account_of(world, call, token))
    found = world.posts.get(call.node) or world.containers.get(call.node) or world.photos.get(call.node)
    if found is None or found.account_id not in token.reaches:
        raise unknown_object(call.node)
    if isinstance(found, Post):
        return _post(box, call, token, found)
    if call.method != "GET":
        raise bad_parameter(f"Unsupported {call.method.lower()} request")
    require_read(token, world.accounts[found.account_id])
    if call.node in world.containers:
        return containers.read(box, world.containers[call.node], parse_fields(call.text("fields", "id")))
    return facebook_photos.render_photo(box, call, token, world.photos[call.node])


def _account(box: Sandbox, call: GraphCall, account: Account) -> JSON:
    if call.method != "GET":
        raise bad_parameter(f"Unsupported {call.method.lower()} request")
    match account.network:
        case Network.THREADS:
            return threads_reading.profile(call, account)
        case Network.INSTAGRAM:
            return instagram_reading.profile(box, call, account)
        case Network.FACEBOOK:
            return facebook_people.profile(box, call, account)


def _post(box: Sandbox, call: GraphCall, token: Token, post: Post) -> JSON:
    if post.deleted_at is not None:
        raise unknown_object(post.id)
    match call.method, post.network:
        case "GET", network:
            require_read(token, box.world.accounts[post.account_id])
            return _RENDERERS[network](box, call, post)
        case "DELETE", Network.THREADS:
            return threads.delete(box, token, post)
        case "DELETE", Network.INSTAGRAM:
            return instagram.delete(box, token, post)
        case "DELETE", Network.FACEBOOK:
            return facebook.delete(box, token, post)
        case "POST", Network.FACEBOOK:
            return facebook.update(box, call, token, post)
        case _:
            raise bad_parameter(f"Unsupported {call.method.lower()} request")
