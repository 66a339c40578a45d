"""Which webhook fields an app gets about a Page (page/subscribed_apps)."""

from __future__ import annotations

from desktop.sandbox.auth import account_of
from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.facebook_rights import require
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Subscription, Token, TokenKind
from desktop.sandbox.sandbox import Sandbox

_FIELDS = frozenset({"feed", "mention", "ratings", "messages", "name", "picture", "videos"})


async def subscribe(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``POST /{page}/subscribed_apps``: the fields given replace those of before."""
    page = _page(box, call, token)
    fields = call.ids("subscribed_fields")
    if not fields or not _FIELDS.issuperset(fields):
        raise bad_parameter("Param subscribed_fields must name webhook fields of Pages", blamed="subscribed_fields")
    box.world.save(Subscription(page.id, fields))
    return {"success": True}


async def unsubscribe(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``DELETE /{page}/subscribed_apps``."""
    box.world.save(Subscription(_page(box, call, token).id, []))
    return {"success": True}


async def list_subscriptions(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{page}/subscribed_apps``."""
    found = box.world.subscriptions.get(_page(box, call, token).id)
    if found is None or not found.fields:
        return {"data": []}
    return {"data": [{"id": box.world.apps[call.family].id, "subscribed_fields": list(found.fields)}]}


def _page(box: Sandbox, call: GraphCall, token: Token) -> Account:
    page = account_of(box.world, call, token)
    if token.kind is not TokenKind.PAGE:
        raise bad_parameter("A Page access token is required")
    require(token, page, "pages_manage_metadata", "MODERATE")
    return page
