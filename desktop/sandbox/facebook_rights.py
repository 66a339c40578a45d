"""What calls on Pages need beyond reading and publishing (Pages permissions reference)."""

from __future__ import annotations

from desktop.sandbox.errors import GraphError, missing_permission, unknown_object
from desktop.sandbox.model import Account, Token
from desktop.sandbox.sandbox import Sandbox


def require(token: Token, page: Account, scope: str, task: str, code: int = 200) -> None:
    """Refuse a token without ``scope``, or of a person who has neither ``task`` nor MANAGE on the Page."""
    if scope not in token.scopes:
        raise missing_permission(scope, code)
    tasks = page.roles.get(token.person_id)
    if tasks is not None and not {task, "MANAGE"}.intersection(tasks):
        raise GraphError(f"(#{code}) The person has no {task} task on the Page", code, status=403)


def page_of(box: Sandbox, token: Token, account_id: str, object_id: str) -> Account:
    """Return the Page an object belongs to; 100/33 when the token does not reach it."""
    if account_id not in token.reaches:
        raise unknown_object(object_id)
    return box.world.accounts[account_id]
