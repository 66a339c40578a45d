"""The sandbox's own routes under ``/_sandbox``: accounts, ledger, faults, clock, configuration, tokens, reset."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError

from desktop.sandbox.config import SandboxConfig
from desktop.sandbox.faults import FaultRule
from desktop.sandbox.ledger import ledger_comment, ledger_post
from desktop.sandbox.model import Token
from desktop.sandbox.oauth_tokens import SIGNED_IN
from desktop.sandbox.people_control import describe_apps, describe_people
from desktop.sandbox.sandbox import Sandbox

_WORKING = {"ready", "login", SIGNED_IN}
_CONFIG = TypeAdapter(SandboxConfig)


class ClockMove(BaseModel):
    """What to do with the clock; ``advance`` is in seconds and may be negative."""

    model_config = ConfigDict(extra="forbid")

    set: AwareDatetime | None = None
    advance: float | None = None
    freeze: bool | None = None


class TokenChoice(BaseModel):
    """Which tokens to touch: one by value, or an account's working ones. ``subcode`` is that of the 190 to come."""

    model_config = ConfigDict(extra="forbid")

    token: str | None = None
    account_id: str | None = None
    subcode: int = 460


class ResetOrder(BaseModel):
    """What to start over with; without a seed the present one is used again."""

    model_config = ConfigDict(extra="forbid")

    seed: int | None = None


def control_router(box: Sandbox) -> APIRouter:
    """Return the routes working on ``box``."""
    router = APIRouter(prefix="/_sandbox")
    _add_state_routes(router, box)
    _add_fault_routes(router, box)
    _add_clock_routes(router, box)
    _add_token_routes(router, box)
    return router


def _add_state_routes(router: APIRouter, box: Sandbox) -> None:
    @router.get("/accounts")
    async def accounts(request: Request) -> dict[str, Any]:
        base = str(request.base_url).rstrip("/")
        hosts = {name: f"{base}/{name}" for name in ("threads", "instagram", "facebook")}
        return {
            "accounts": [_describe(box, token) for token in box.world.tokens.values()],
            "people": describe_people(box),
            "apps": describe_apps(box, base),
            "urls": hosts,
        }

    @router.get("/ledger")
    async def ledger(request: Request, posts_only: bool = False) -> dict[str, Any]:
        box.world.settle(box.clock.now())
        base, accounts = str(request.base_url).rstrip("/"), box.world.accounts
        posts = [ledger_post(p, base, accounts[p.account_id].username) for p in box.world.live_posts()]
        return {"posts": posts} if posts_only else {"posts": posts, "calls": box.calls.as_json()}

    @router.get("/ledger/comments")
    async def comments() -> dict[str, Any]:
        own = (c for c in box.world.comments.values() if c.author_id == c.account_id)
        return {"comments": [ledger_comment(comment) for comment in own]}

    @router.get("/config")
    async def show_config() -> dict[str, Any]:
        return asdict(box.config)

    @router.post("/config")
    async def change_config(changes: dict[str, Any]) -> dict[str, Any]:
        if unknown := changes.keys() - asdict(box.config).keys():
            raise HTTPException(422, f"unknown settings: {', '.join(sorted(unknown))}")
        try:
            box.config = _CONFIG.validate_python(asdict(box.config) | changes)
        except ValidationError as error:
            raise HTTPException(422, str(error)) from None
        return asdict(box.config)

    @router.post("/reset")
    async def reset(order: ResetOrder | None = None) -> dict[str, bool]:
        seed = order.seed if order else None
        box.reset(box.world.seed if seed is None else seed)
        return {"success": True}


def _add_fault_routes(router: APIRouter, box: Sandbox) -> None:
    @router.get("/faults")
    async def show_faults() -> dict[str, Any]:
        return {"rules": box.faults.as_json()}

    @router.post("/faults")
    async def replace_faults(rules: list[FaultRule]) -> dict[str, Any]:
        box.faults.replace(rules)
        return {"rules": box.faults.as_json()}

    @router.delete("/faults")
    async def clear_faults() -> dict[str, Any]:
        box.faults.replace([])
        return {"rules": []}


def _add_clock_routes(router: APIRouter, box: Sandbox) -> None:
    def shown() -> dict[str, Any]:
        offset = box.clock.offset.total_seconds()
        return {"now": box.clock.now().isoformat(), "offset_seconds": offset, "is_frozen": box.clock.is_frozen}

    @router.get("/clock")
    async def show_clock() -> dict[str, Any]:
        return shown()

    @router.post("/clock")
    async def move_clock(move: ClockMove) -> dict[str, Any]:
        if move.freeze:  # first, so that a clock set and frozen in one call shows exactly that instant
            box.clock.freeze()
        if move.set is not None:
            box.clock.set(move.set)
        if move.advance is not None:
            box.clock.advance(timedelta(seconds=move.advance))
        if move.freeze is False:
            box.clock.resume()
        box.world.save_clock()
        return shown()


def _add_token_routes(router: APIRouter, box: Sandbox) -> None:
    def mark(choice: TokenChoice, **changes: Any) -> dict[str, int]:
        chosen = [
            token
            for token in box.world.tokens.values()
            if token.value == choice.token or (token.account_id == choice.account_id and token.purpose in _WORKING)
        ]
        if not chosen:
            raise HTTPException(404, "no such token")
        for token in chosen:
            box.world.save(replace(token, **changes))
        return {"tokens": len(chosen)}

    @router.post("/tokens/revoke")
    async def revoke(choice: TokenChoice) -> dict[str, int]:
        return mark(choice, dead_subcode=choice.subcode)

    @router.post("/tokens/restore")
    async def restore(choice: TokenChoice) -> dict[str, int]:
        return mark(choice, dead_subcode=None)

    @router.post("/tokens/expire")
    async def expire(choice: TokenChoice) -> dict[str, int]:
        return mark(choice, expires_at=box.clock.now())


def _describe(box: Sandbox, token: Token) -> dict[str, Any]:
    account = box.world.accounts[token.account_id]
    return {
        "network": account.network,
        "id": account.id,
        "username": account.username,
        "name": account.name,
        "account_type": account.account_type or None,
        "purpose": token.purpose,
        "token": token.value,
        "token_kind": token.kind,
        "scopes": token.scopes,
        "issued_at": _instant(token.issued_at),
        "expires_at": _instant(token.expires_at),
        "linked_instagram_id": account.linked_instagram_id or None,
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
