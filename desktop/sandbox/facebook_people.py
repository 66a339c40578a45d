"""The person behind Pages, and the Pages' own records (user and page references)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox.errors import JSON
from desktop.sandbox.fields import Field, parse_fields, project
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, TokenKind
from desktop.sandbox.oauth_tokens import page_token
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.seeding import PAGE_TASKS


def profile(box: Sandbox, call: GraphCall, account: Account) -> JSON:
    """``GET /me`` and ``GET /{page}``."""
    fields = parse_fields(call.text("fields", "id,name"))
    if account.is_person:
        readers: Mapping[str, Callable[[Account], JSON]] = {"id": lambda a: a.id, "name": lambda a: a.name}
        return project(account, readers, fields, "User")
    return render_page(box, call, account, fields)


def render_page(box: Sandbox, call: GraphCall, page: Account, fields: tuple[Field, ...]) -> JSON:
    """Return a Page as the token of ``call`` sees it."""
    token = box.world.tokens[call.token]

    def own_token(account: Account) -> JSON:
        if token.kind is TokenKind.PAGE:
            return token.value
        return page_token(box.world, token, account).value if token.person_id in account.roles else None

    def professional(account: Account) -> JSON:
        linked = box.world.accounts.get(account.linked_instagram_id)
        return {"id": linked.id, "username": linked.username, "name": linked.name} if linked else None

    readers: Mapping[str, Callable[[Account], JSON]] = {
        "id": lambda a: a.id,
        "name": lambda a: a.name,
        "username": lambda a: a.username,
        "category": lambda _: "Brand",
        "category_list": lambda _: [{"id": "2602", "name": "Brand"}],
        "access_token": own_token,
        "tasks": lambda a: list(a.roles.get(token.person_id, PAGE_TASKS)),
        "link": lambda _: f"{call.base_url}/",
        "followers_count": lambda _: 1234,
        "fan_count": lambda _: 1234,
        "picture": lambda a: {"data": {"url": f"{call.base_url}/view/avatar/{a.id}.svg", "is_silhouette": False}},
        "instagram_business_account": professional,
    }
    return project(page, readers, fields, "Page")
