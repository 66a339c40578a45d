"""What a token is (debug_token references of Facebook Login and Threads)."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.sandbox.auth import death_of, living_token
from desktop.sandbox.data_access import data_access_end
from desktop.sandbox.errors import JSON, unreadable_token
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Network, Token, TokenKind
from desktop.sandbox.sandbox import Sandbox

_APPLICATION = "Tidings sandbox"


def debug_token(box: Sandbox, call: GraphCall) -> JSON:
    """``GET /debug_token``: what ``input_token`` is; ``expires_at`` 0 means never. A dead token answers too."""
    _require_asker(box, call)
    token = box.world.tokens.get(call.text("input_token"))
    if token is not None and token.family is call.family:
        return {"data": _described(box, token)}
    app = box.world.apps[call.family]
    if call.text("input_token") in {f"{app.id}|{app.secret}", f"TH|{app.id}|{app.secret}"}:
        described: JSON = {
            "app_id": app.id,
            "type": "APP",
            "application": _APPLICATION,
            "is_valid": True,
            "scopes": [],
        }
        return {"data": described}
    return {"data": {"is_valid": False, "scopes": [], "error": {"code": 190, "message": "Invalid OAuth access token."}}}


def _require_asker(box: Sandbox, call: GraphCall) -> None:
    if "|" not in call.token:
        living_token(box.world, call)
        return
    app_id, _, secret = call.token.removeprefix("TH|").partition("|")
    for app in box.world.apps.values():  # the token of an app the sandbox does not know says nothing, so it is taken
        if app.id == app_id and (app.secret != secret or app.network is not call.family):
            raise unreadable_token()


def _described(box: Sandbox, token: Token) -> JSON:
    subcode = death_of(box.world, token)
    data: dict[str, JSON] = {
        "app_id": box.world.apps[token.family].id,
        "type": token.kind.upper(),
        "application": _APPLICATION,
        "issued_at": int(token.issued_at.timestamp()),
        "data_access_expires_at": int(data_access_end(box, token).timestamp()),
        "is_valid": subcode is None,
        "scopes": list(token.scopes),
        "user_id": token.person_id,
    }
    if not box.config.leave_out_expires_at:
        data["expires_at"] = int(token.expires_at.timestamp()) if token.expires_at else 0
    if token.kind is TokenKind.PAGE:
        data["profile_id"] = token.account_id
    if token.family is Network.FACEBOOK:
        data["granular_scopes"] = list(_granular(box, token))
    if subcode is not None:
        data["error"] = {"code": 190, "subcode": subcode, "message": "Error validating access token."}
    return data


def _granular(box: Sandbox, token: Token) -> Iterator[JSON]:
    accounts = [box.world.accounts[i] for i in token.reaches]
    pages: list[JSON] = [a.id for a in accounts if a.is_page]
    professionals: list[JSON] = [a.id for a in accounts if a.network is Network.INSTAGRAM]
    for scope in token.scopes:
        if scope.startswith("pages_") or scope == "read_insights":
            yield {"scope": scope, "target_ids": pages}
        elif scope.startswith("instagram_"):
            yield {"scope": scope, "target_ids": professionals}
