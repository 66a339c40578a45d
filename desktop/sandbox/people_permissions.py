"""What a person allowed the Facebook app, and taking it back (user/permissions reference)."""

from __future__ import annotations

from dataclasses import replace

from desktop.sandbox.data_access import has_lapsed
from desktop.sandbox.errors import JSON, bad_parameter, unknown_object
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Network, Token
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.world import World

APP_REMOVED = 458


async def list_permissions(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /me/permissions``: granted, declined, and what the 90-day rule let lapse."""
    _require_own(call, token)
    grant = box.world.grants.get((token.family, token.person_id))
    lapsed = has_lapsed(box, token)
    permissions: list[JSON] = [
        {"permission": scope, "status": "expired" if lapsed and scope.startswith("instagram_") else "granted"}
        for scope in token.scopes
    ]
    permissions += [{"permission": scope, "status": "declined"} for scope in (grant.declined if grant else [])]
    return {"data": permissions}


async def revoke_permissions(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``DELETE /{user}/permissions[/{permission}]``: one permission, or the app as a whole."""
    _require_own(call, token)
    scope = call.edge.partition("/")[2] or call.text("permission")
    if not scope:
        remove_app(box.world, token.family, token.person_id)
    elif scope in token.scopes:
        _revoke(box.world, token, scope)
    else:
        raise bad_parameter(f"The permission {scope} was not granted", blamed="permission")
    return {"success": True}


def remove_app(world: World, network: Network, person_id: str) -> int:
    """Forget that the person allowed the app, kill the tokens (458) and return how many."""
    if grant := world.grants.get((network, person_id)):
        world.save(replace(grant, scopes=[], declined=[], page_ids=[]))
    return kill_tokens(world, person_id, APP_REMOVED)


def kill_tokens(world: World, person_id: str, subcode: int, page_id: str = "") -> int:
    """Let the living tokens of a person die of ``subcode``, or only those of one Page; return how many."""
    chosen = [
        token
        for token in world.tokens.values()
        if token.person_id == person_id and token.dead_subcode is None and page_id in {"", token.account_id}
    ]
    for token in chosen:
        world.save(replace(token, dead_subcode=subcode))
    return len(chosen)


def _revoke(world: World, used: Token, scope: str) -> None:
    if grant := world.grants.get((used.family, used.person_id)):
        left = [s for s in grant.scopes if s != scope]
        world.save(replace(grant, scopes=left, declined=[*grant.declined, scope]))
    for token in list(world.tokens.values()):
        if token.person_id == used.person_id and scope in token.scopes:
            world.save(replace(token, scopes=[s for s in token.scopes if s != scope]))


def _require_own(call: GraphCall, token: Token) -> None:
    if call.node not in {"me", token.account_id}:
        raise unknown_object(call.node)
