"""The person behind Pages, the Pages' own records, and what a token is (me/accounts, debug_token references)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox.auth import death_of
from desktop.sandbox.errors import JSON, bad_parameter, missing_permission
from desktop.sandbox.fields import Field, parse_fields, project
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Network, Token, TokenKind
from desktop.sandbox.sandbox import Sandbox

_TASKS = ["ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"]
_PAGE_FIELDS = "access_token,category,name,id,tasks"


async def list_pages(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /me/accounts``: the Pages the user manages, each with its page token."""
    if token.kind is not TokenKind.USER:
        raise bad_parameter("Tried accessing nonexisting field (accounts) on node type (Page)")
    if "pages_show_list" not in token.scopes:
        raise missing_permission("pages_show_list")
    accounts = [box.world.accounts[i] for i in token.reaches if i in box.world.accounts]
    pages = [a for a in accounts if a.network is Network.FACEBOOK and not a.is_person]
    fields = parse_fields(call.text("fields", _PAGE_FIELDS))
    return {"data": [_page(box, call, page, fields) for page in pages]}


async def list_permissions(_box: Sandbox, _call: GraphCall, token: Token) -> JSON:
    """``GET /me/permissions``."""
    return {"data": [{"permission": scope, "status": "granted"} for scope in token.scopes]}


def profile(box: Sandbox, call: GraphCall, account: Account) -> JSON:
    """``GET /me`` and ``GET /{page}``."""
    fields = parse_fields(call.text("fields", "id,name"))
    if account.is_person:
        readers: Mapping[str, Callable[[Account], JSON]] = {"id": lambda a: a.id, "name": lambda a: a.name}
        return project(account, readers, fields, "User")
    return _page(box, call, account, fields)


def debug_token(box: Sandbox, call: GraphCall) -> JSON:
    """``GET /debug_token``: what ``input_token`` is; ``expires_at`` 0 means never. A dead token answers too."""
    token = box.world.tokens.get(call.text("input_token"))
    if token is None or token.family is not call.family:
        return {
            "data": {"is_valid": False, "scopes": [], "error": {"code": 190, "message": "Invalid OAuth access token."}}
        }
    subcode = death_of(token, box.clock.now())
    data: dict[str, JSON] = {
        "app_id": "900000000000001",
        "type": token.kind.upper(),
        "application": "Tidings sandbox",
        "issued_at": int(token.issued_at.timestamp()),
        "expires_at": int(token.expires_at.timestamp()) if token.expires_at else 0,
        "data_access_expires_at": int(token.issued_at.timestamp()) + 90 * 86_400,
        "is_valid": subcode is None,
        "scopes": list(token.scopes),
        "user_id": token.account_id,
    }
    if token.kind is TokenKind.PAGE:
        data["profile_id"] = token.account_id
    if subcode is not None:
        data["error"] = {"code": 190, "subcode": subcode, "message": "Error validating access token."}
    return {"data": data}


def _page(box: Sandbox, call: GraphCall, page: Account, fields: tuple[Field, ...]) -> JSON:
    def page_token(account: Account) -> JSON:
        tokens = (t for t in box.world.tokens.values() if t.account_id == account.id and t.purpose == "ready")
        return next((t.value for t in tokens), None)

    def professional(account: Account) -> JSON:
        linked = box.world.accounts.get(account.linked_instagram_id)
        return {"id": linked.id, "username": linked.username, "name": linked.name} if linked else None

    readers: Mapping[str, Callable[[Account], JSON]] = {
        "id": lambda a: a.id,
        "name": lambda a: a.name,
        "username": lambda a: a.username,
        "category": lambda _: "Brand",
        "access_token": page_token,
        "tasks": lambda _: list(_TASKS),
        "link": lambda _: f"{call.base_url}/",
        "followers_count": lambda _: 1234,
        "fan_count": lambda _: 1234,
        "picture": lambda a: {"data": {"url": f"{call.base_url}/view/avatar/{a.id}.svg", "is_silhouette": False}},
        "instagram_business_account": professional,
    }
    return project(page, readers, fields, "Page")
