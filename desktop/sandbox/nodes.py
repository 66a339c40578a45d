"""Calls on a node itself: reading, changing and deleting containers, posts, photos and accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox import (
    container_reading,
    facebook_nodes,
    facebook_people,
    instagram,
    instagram_comments,
    instagram_reading,
    threads,
    threads_reading,
    threads_search,
)
from desktop.sandbox.auth import account_of, require_read
from desktop.sandbox.errors import JSON, bad_parameter, unknown_object
from desktop.sandbox.fields import parse_fields
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Comment, Network, Post, Token
from desktop.sandbox.places import PLACES
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.visitors import is_visitor

_RENDERERS: Mapping[Network, Callable[[Sandbox, GraphCall, Post], JSON]] = {
    Network.THREADS: threads_reading.render,
    Network.INSTAGRAM: instagram_reading.render,
}


def answer_node(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """Answer ``{method} /{id}``; 100/33 for an object that is unknown or out of the token's reach."""
    world = box.world
    if call.node == "me" or call.node in world.accounts:
        return _account(box, call, account_of(world, call, token))
    if world.network_of(call.node) is Network.FACEBOOK:
        return facebook_nodes.answer_object(box, call, token)
    comment = world.comments.get(call.node)
    if comment is not None and comment.network is Network.INSTAGRAM:
        return _instagram_comment(box, call, instagram_comments.own_comment(box, call.node, token))
    found = world.posts.get(call.node) or world.containers.get(call.node)
    if call.method == "GET" and call.family is Network.THREADS:
        if isinstance(found, Post) and is_visitor(found):
            require_read(token, world.accounts[token.account_id])
            return threads_reading.render(box, call, found)
        if call.node in PLACES:
            return threads_search.location(box, call, token)
    if found is None or found.account_id not in token.reaches:
        raise unknown_object(call.node)
    if isinstance(found, Post):
        return _post(box, call, token, found)
    if call.method != "GET":
        raise bad_parameter(f"Unsupported {call.method.lower()} request")
    require_read(token, world.accounts[found.account_id])
    return container_reading.read(box, found, parse_fields(call.text("fields", "id")))


def _account(box: Sandbox, call: GraphCall, account: Account) -> JSON:
    if call.method != "GET":
        raise bad_parameter(f"Unsupported {call.method.lower()} request")
    match account.network:
        case Network.THREADS:
            return threads_reading.profile(box, call, account)
        case Network.INSTAGRAM:
            return instagram_reading.profile(box, call, account)
        case Network.FACEBOOK:
            return facebook_people.profile(box, call, account)


def _instagram_comment(box: Sandbox, call: GraphCall, comment: Comment) -> JSON:
    match call.method:
        case "GET":
            return instagram_comments.render(box, call, comment)
        case "DELETE":
            return instagram_comments.delete(box, comment)
        case _:
            return instagram_comments.update(box, call, comment)


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
        case "POST", Network.INSTAGRAM:
            return instagram_comments.switch(box, call, token, post)
        case _:
            raise bad_parameter(f"Unsupported {call.method.lower()} request")
