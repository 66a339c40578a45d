"""Who is calling, whether the token still lives, and what it may do."""

from __future__ import annotations

import hashlib
import hmac

from desktop.sandbox.errors import (
    GraphError,
    dead_token,
    missing_permission,
    unknown_object,
    unreadable_token,
)
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Network, Token
from desktop.sandbox.world import World

_READ = {
    (Network.THREADS, Network.THREADS): "threads_basic",
    (Network.INSTAGRAM, Network.INSTAGRAM): "instagram_business_basic",
    (Network.FACEBOOK, Network.INSTAGRAM): "instagram_basic",
    (Network.FACEBOOK, Network.FACEBOOK): "pages_read_engagement",
}
_PUBLISH = {
    (Network.THREADS, Network.THREADS): "threads_content_publish",
    (Network.INSTAGRAM, Network.INSTAGRAM): "instagram_business_content_publish",
    (Network.FACEBOOK, Network.INSTAGRAM): "instagram_content_publish",
    (Network.FACEBOOK, Network.FACEBOOK): "pages_manage_posts",
}
_DELETE = _PUBLISH | {
    (Network.THREADS, Network.THREADS): "threads_delete",
    (Network.FACEBOOK, Network.INSTAGRAM): "instagram_manage_contents",
}
_POSTING_TASKS = {"CREATE_CONTENT", "MANAGE"}


def authenticate(world: World, call: GraphCall) -> Token:
    """Return the living token of ``call``; 190 with the reason when there is none, 100 when the proof is not right."""
    token = living_token(world, call)
    _check_proof(world, call)
    return token


def living_token(world: World, call: GraphCall) -> Token:
    """Return the living token of ``call``, whatever the app wants as proof; 190 with the reason when there is none."""
    status = 400 if call.family is Network.FACEBOOK else 401
    token = world.tokens.get(call.token)
    if token is None or token.family is not call.family:
        raise unreadable_token(status=status)
    if (subcode := death_of(world, token)) is not None:
        raise dead_token(subcode, status=status)
    return token


def death_of(world: World, token: Token) -> int | None:
    """Return the subcode of a dead token, None for a living one."""
    person = world.accounts.get(token.person_id)
    settled = token.dead_subcode or (person.trouble if person else None)
    if settled is not None:
        return settled
    return 463 if token.expires_at is not None and token.expires_at <= world.clock.now() else None


def account_of(world: World, call: GraphCall, token: Token) -> Account:
    """Return the account named by the path (``me`` is the token's own); 100/33 when out of the token's reach."""
    account_id = token.account_id if call.node == "me" else call.node
    if account_id not in token.reaches:
        raise unknown_object(call.node)
    return world.accounts[account_id]


def require_read(token: Token, account: Account) -> None:
    """Refuse a token that may not read ``account``."""
    _require(token, account, _READ)


def require_publish(token: Token, account: Account) -> None:
    """Refuse a token that may not publish for ``account``."""
    _require(token, account, _PUBLISH)


def require_delete(token: Token, account: Account) -> None:
    """Refuse a token that may not delete posts of ``account``."""
    _require(token, account, _DELETE)


def _check_proof(world: World, call: GraphCall) -> None:
    app, proof = world.apps[call.family], call.text("appsecret_proof")
    if not proof and app.requires_proof:
        raise _refused_proof("API calls from the server require an appsecret_proof argument")
    if proof and proof != hmac.new(app.secret.encode(), call.token.encode(), hashlib.sha256).hexdigest():
        raise _refused_proof("Invalid appsecret_proof provided in the API argument")


def _refused_proof(message: str) -> GraphError:
    return GraphError(message, 100, kind="GraphMethodException")


def _require(token: Token, account: Account, table: dict[tuple[Network, Network], str]) -> None:
    if account.account_type == "PERSONAL":
        raise GraphError("(#10) The Instagram account is not a professional account", 10, status=403)
    scope = table[token.family, account.network]
    if scope not in token.scopes:
        page_call = account.network is Network.FACEBOOK and table is not _READ
        raise missing_permission(scope, 200 if page_call else 10)
    if table is not _READ:
        _require_task(token, account)


def _require_task(token: Token, account: Account) -> None:
    tasks = account.roles.get(token.person_id)
    if tasks is not None and not _POSTING_TASKS.intersection(tasks):
        raise GraphError("(#200) The person has no CREATE_CONTENT task on the Page", 200, status=403)
