"""The sandbox's routes that change what an account is and what a token may do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from desktop.sandbox.sandbox import Sandbox


class AccountChange(BaseModel):
    """What to change about an account; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    followers: int | None = Field(None, ge=0)
    account_type: Literal["BUSINESS", "MEDIA_CREATOR", "PERSONAL"] | None = None
    features: list[Literal["geo_gating", "trial_reels", "shop", "verified"]] | None = None


class Scopes(BaseModel):
    """The scopes a token has from now on."""

    model_config = ConfigDict(extra="forbid")

    token: str
    scopes: list[str]


def account_router(box: Sandbox) -> APIRouter:
    """Return the routes working on ``box``."""
    router = APIRouter(prefix="/_sandbox")

    @router.post("/accounts/{account_id}")
    async def change_account(account_id: str, change: AccountChange) -> dict[str, Any]:
        account = box.world.accounts.get(account_id)
        if account is None:
            raise HTTPException(404, "no such account")
        changes = change.model_dump(exclude_none=True)
        box.world.save(replace(account, **changes))
        return {"id": account_id, **changes}

    @router.post("/tokens/scopes")
    async def change_scopes(choice: Scopes) -> dict[str, Any]:
        token = box.world.tokens.get(choice.token)
        if token is None:
            raise HTTPException(404, "no such token")
        box.world.save(replace(token, scopes=choice.scopes))
        return {"scopes": choice.scopes}

    return router
