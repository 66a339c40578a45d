"""The Pages of a person: their own and those of their businesses (me/accounts, owned_pages, client_pages)."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from desktop.sandbox.apps import Business
from desktop.sandbox.errors import JSON, bad_parameter, missing_permission, unknown_object
from desktop.sandbox.facebook_people import render_page
from desktop.sandbox.fields import parse_fields, project
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Token, TokenKind
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.world import World

_Listed = TypeVar("_Listed", Account, Business)
_PAGE_FIELDS = "access_token,category,category_list,name,id,tasks"
_LARGEST_LISTING = 100


def own_pages(world: World, person_id: str) -> list[Account]:
    """Return the Pages the person has a role on without a business in between."""
    through_business = {page for b in world.businesses.values() for page in (*b.owned_page_ids, *b.client_page_ids)}
    return [a for a in _pages_with_role(world, person_id) if a.id not in through_business]


def business_pages(world: World, person_id: str) -> dict[str, Business]:
    """Return the businesses of the Pages the person reaches through one, by the Page's id."""
    with_role = {page.id for page in _pages_with_role(world, person_id)}
    return {
        page_id: business
        for business in world.businesses.values()
        if person_id in business.person_ids
        for page_id in (*business.owned_page_ids, *business.client_page_ids)
        if page_id in with_role
    }


async def list_pages(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /me/accounts``: the Pages the person ticked and has a role on, each with its page token."""
    _require_person(call, token, "accounts")
    if "pages_show_list" not in token.scopes:
        raise missing_permission("pages_show_list")
    return _pages(box, call, token, [page.id for page in own_pages(box.world, token.account_id)])


async def list_businesses(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /me/businesses``: the businesses of the person."""
    _require_person(call, token, "businesses")
    _require_business_scope(token)
    found = [b for b in box.world.businesses.values() if token.account_id in b.person_ids]
    fields = parse_fields(call.text("fields", "id,name"))
    shown, paging = _listing(call, found)
    readers = {"id": lambda b: b.id, "name": lambda b: b.name, "verification_status": lambda _: "not_verified"}
    return {"data": [project(business, readers, fields, "Business") for business in shown], **paging}


async def list_owned_pages(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{business}/owned_pages``: the ticked Pages the business owns."""
    return _pages(box, call, token, _business(box, call, token).owned_page_ids)


async def list_client_pages(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """``GET /{business}/client_pages``: the ticked Pages the business looks after for others."""
    return _pages(box, call, token, _business(box, call, token).client_page_ids)


def _pages_with_role(world: World, person_id: str) -> Iterator[Account]:
    return (a for a in world.accounts.values() if a.is_page and person_id in a.roles)


def _pages(box: Sandbox, call: GraphCall, token: Token, page_ids: Sequence[str]) -> JSON:
    pages = [box.world.accounts[i] for i in page_ids if i in token.reaches]
    shown, paging = _listing(call, [page for page in pages if token.account_id in page.roles])
    fields = parse_fields(call.text("fields", _PAGE_FIELDS))
    return {"data": [render_page(box, call, page, fields) for page in shown], **paging}


def _require_person(call: GraphCall, token: Token, edge: str) -> None:
    if token.kind is not TokenKind.USER:
        raise bad_parameter(f"Tried accessing nonexisting field ({edge}) on node type (Page)")
    if call.node not in {"me", token.account_id}:
        raise unknown_object(call.node)


def _require_business_scope(token: Token) -> None:
    if "business_management" not in token.scopes:
        raise missing_permission("business_management")


def _business(box: Sandbox, call: GraphCall, token: Token) -> Business:
    business = box.world.businesses.get(call.node)
    if business is None or token.account_id not in business.person_ids:
        raise unknown_object(call.node)
    _require_business_scope(token)
    return business


def _listing(call: GraphCall, found: Sequence[_Listed]) -> tuple[Sequence[_Listed], dict[str, JSON]]:
    """Return one part of ``found`` and the ``paging`` that leads to the next."""
    limit = call.number("limit", 25)
    if not 0 < limit <= _LARGEST_LISTING:
        raise bad_parameter("Param limit must be between 1 and 100", blamed="limit")
    names = [_cursor(each.id) for each in found]
    start = names.index(call.text("after")) + 1 if call.text("after") in names else 0
    shown = found[start : start + limit]
    if not shown:
        return shown, {}
    paging: dict[str, JSON] = {"cursors": {"before": _cursor(shown[0].id), "after": _cursor(shown[-1].id)}}
    if start + limit < len(found):
        query = urlencode({**call.params, "after": _cursor(shown[-1].id), "access_token": call.token})
        paging["next"] = f"{call.base_url}{call.path}?{query}"
    return shown, {"paging": paging}


def _cursor(object_id: str) -> str:
    return base64.urlsafe_b64encode(object_id.encode()).decode()
