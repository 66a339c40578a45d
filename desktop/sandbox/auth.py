"""Who is calling, whether the token still lives, and what it may do."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from desktop.sandbox.errors import (
    JSON,
    GraphError,
    bad_parameter,
    dead_token,
    missing_permission,
    unknown_object,
    unreadable_token,
)
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Network, Token
from desktop.sandbox.seeding import LONG_LIFE
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
_REFRESH_AGE = timedelta(hours=24)


def authenticate(world: World, call: GraphCall) -> Token:
    """Return the living token of ``call``; 190 with the reason when there is none."""
    status = 400 if call.family is Network.FACEBOOK else 401
    token = world.tokens.get(call.token)
    if token is None or token.family is not call.family:
        raise unreadable_token(status=status)
    if (subcode := death_of(token, world.clock.now())) is not None:
        raise dead_token(subcode, status=status)
    return token


def death_of(token: Token, now: datetime) -> int | None:
    """Return the subcode of a dead token, None for a living one."""
    if token.dead_subcode is not None:
        return token.dead_subcode
    return 463 if token.expires_at is not None and token.expires_at <= now else None


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


def refresh(world: World, call: GraphCall) -> JSON:
    """Prolong an Instagram or Threads token by 60 days; it must be a day old and alive."""
    token = authenticate(world, call)
    expected = "th_refresh_token" if call.family is Network.THREADS else "ig_refresh_token"
    if call.text("grant_type") != expected:
        raise bad_parameter(f"Param grant_type must be {expected}", blamed="grant_type")
    now = world.clock.now()
    if now - token.issued_at < _REFRESH_AGE:
        raise bad_parameter("The access token must be at least 24 hours old to be refreshed")
    suffix = hashlib.sha256(f"{token.value} {now.isoformat()}".encode()).hexdigest()[:12]
    fresh = replace(token, value=token.value[:50] + suffix, issued_at=now, expires_at=now + LONG_LIFE)
    world.save(fresh)
    return {
        "access_token": fresh.value,
        "token_type": "bearer",
        "expires_in": int(LONG_LIFE.total_seconds()),
        "permissions": ",".join(fresh.scopes),
    }


def _require(token: Token, account: Account, table: dict[tuple[Network, Network], str]) -> None:
    if account.account_type == "PERSONAL":
        raise GraphError("(#10) The Instagram account is not a professional account", 10, status=403)
    scope = table[token.family, account.network]
    if scope not in token.scopes:
        page_call = account.network is Network.FACEBOOK and table is not _READ
        raise missing_permission(scope, 200 if page_call else 10)
