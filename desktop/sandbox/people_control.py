"""The sandbox's own routes under ``/_sandbox`` about apps and people: what dashboards and account settings do."""

from __future__ import annotations

from dataclasses import asdict, replace
from enum import StrEnum
from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict

from desktop.sandbox.apps import AppMode
from desktop.sandbox.dialog_request import BOUNCE_PATH
from desktop.sandbox.model import Account, Network
from desktop.sandbox.people_pages import business_pages, own_pages
from desktop.sandbox.people_permissions import kill_tokens, remove_app
from desktop.sandbox.sandbox import Sandbox

_PASSWORD_CHANGED, _ROLE_LOST = 460, 492


class Trouble(StrEnum):
    """What may keep a person from using any app until it is settled."""

    CHECKPOINT = "checkpoint"
    UNCONFIRMED = "unconfirmed"
    SETTLED = "settled"


_SUBCODES = {Trouble.CHECKPOINT: 459, Trouble.UNCONFIRMED: 464, Trouble.SETTLED: None}


class AppChange(BaseModel):
    """What to change about an app; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    redirect_uris: list[str] | None = None
    role_ids: list[str] | None = None
    mode: AppMode | None = None
    requires_proof: bool | None = None


class Role(BaseModel):
    """The tasks of a person on a Page; none takes the role away."""

    model_config = ConfigDict(extra="forbid")

    tasks: list[str] = []


def people_router(box: Sandbox) -> APIRouter:
    """Return the routes working on ``box``."""
    router = APIRouter(prefix="/_sandbox")

    @router.post("/apps/{network}")
    async def change_app(network: Network, change: AppChange) -> dict[str, Any]:
        if bad := [uri for uri in change.redirect_uris or [] if not uri.startswith("https://")]:
            raise HTTPException(422, f"redirect addresses must be https: {', '.join(bad)}")
        app = replace(box.world.apps[network], **change.model_dump(exclude_none=True))
        box.world.save(app)
        return asdict(app)

    @router.post("/people/{person_id}/password")
    async def change_password(person_id: str) -> dict[str, int]:
        return {"tokens": kill_tokens(box.world, _person(box, person_id).id, _PASSWORD_CHANGED)}

    @router.post("/people/{person_id}/remove-app")
    async def remove(person_id: str) -> dict[str, int]:
        return {"tokens": remove_app(box.world, _person(box, person_id).network, person_id)}

    @router.post("/people/{person_id}/roles/{page_id}")
    async def change_role(person_id: str, page_id: str, role: Role) -> dict[str, int]:
        page = box.world.accounts.get(page_id)
        if page is None or not page.is_page:
            raise HTTPException(404, "no such Page")
        others = {person: tasks for person, tasks in page.roles.items() if person != _person(box, person_id).id}
        box.world.save(replace(page, roles=others | ({person_id: role.tasks} if role.tasks else {})))
        return {"tokens": 0 if role.tasks else kill_tokens(box.world, person_id, _ROLE_LOST, page_id)}

    @router.post("/people/{person_id}/{trouble}")
    async def trouble(person_id: str, trouble: Trouble) -> dict[str, bool]:
        box.world.save(replace(_person(box, person_id), trouble=_SUBCODES[trouble]))
        return {"success": True}

    return router


def describe_apps(box: Sandbox, base_url: str) -> list[dict[str, Any]]:
    """Return the three apps with their secrets; the bounce page of the sandbox is registered with each."""
    return [
        asdict(app) | {"redirect_uris": [base_url + BOUNCE_PATH, *app.redirect_uris]} for app in box.world.apps.values()
    ]


def describe_people(box: Sandbox) -> list[dict[str, Any]]:
    """Return everyone who can sign in, people on Facebook with their Pages."""
    return [_described(box, account) for account in box.world.accounts.values() if not account.is_page]


def _described(box: Sandbox, person: Account) -> dict[str, Any]:
    through = business_pages(box.world, person.id)
    pages = [*own_pages(box.world, person.id), *(box.world.accounts[page_id] for page_id in through)]
    return {
        "network": person.network,
        "id": person.id,
        "username": person.username,
        "name": person.name,
        "account_type": person.account_type or None,
        "is_private": person.is_private,
        "has_role": person.id in box.world.apps[person.network].role_ids,
        "trouble": person.trouble,
        "pages": [
            {
                "id": page.id,
                "name": page.name,
                "tasks": page.roles[person.id],
                "business": through[page.id].name if page.id in through else None,
            }
            for page in pages
        ],
    }


def _person(box: Sandbox, person_id: str) -> Account:
    person = box.world.accounts.get(person_id)
    if person is None or person.is_page:
        raise HTTPException(404, "no such person")
    return person
