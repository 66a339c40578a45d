"""Sends webhooks as Meta does: an address is verified first, then gets signed deliveries (Graph webhooks guide).

``/_sandbox/webhooks`` is for tests: it takes the address, and the changes to deliver, repeated and reordered at will.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from desktop.sandbox.model import Network
from desktop.sandbox.outgoing import NoAnswerError, Outgoing, send
from desktop.sandbox.sandbox import Sandbox

_MOST_UPDATES = 1000


class Address(BaseModel):
    """Where deliveries go (loopback) and how that is verified; they are signed with the secret of the Facebook app."""

    model_config = ConfigDict(extra="forbid")

    url: str
    verify_token: str


class Order(BaseModel):
    """What to deliver: ``entry`` as it is, and those of ``changes`` whose fields ``account_id`` subscribed to."""

    model_config = ConfigDict(extra="forbid")

    object: str = "page"
    account_id: str = ""
    changes: list[dict[str, Any]] = Field(default_factory=list)
    entry: list[dict[str, Any]] = Field(default_factory=list)
    each: bool = False
    """One delivery for each change instead of one for all of them."""
    copies: int = Field(1, ge=1, le=10)
    """How often each delivery is sent."""
    backwards: bool = False
    """Send the last one first."""
    bad_signature: bool = False


def webhook_router(box: Sandbox) -> APIRouter:
    """Return the routes delivering for ``box``."""
    router = APIRouter(prefix="/_sandbox/webhooks")
    address: list[Address] = []

    @router.post("")
    async def subscribe(wanted: Address) -> dict[str, bool]:
        await _verify(box, wanted)
        address[:] = [wanted]
        return {"success": True}

    @router.post("/deliveries")
    async def deliver(order: Order) -> dict[str, Any]:
        if not address:
            raise HTTPException(409, "no address was subscribed")
        bodies = [_body(order, entries) for entries in _deliveries(box, order)]
        sent = [body for body in (reversed(bodies) if order.backwards else bodies) for _ in range(order.copies)]
        return {"statuses": [await _deliver(box, address[0], order, body) for body in sent]}

    return router


def signature(app_secret: str, body: bytes) -> str:
    """Return the header ``X-Hub-Signature-256`` of ``body``."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


async def _verify(box: Sandbox, wanted: Address) -> None:
    challenge = str(secrets.randbelow(10**10))
    question = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": wanted.verify_token}
    joint = "&" if "?" in wanted.url else "?"
    try:
        request = Outgoing("GET", f"{wanted.url}{joint}{urlencode(question)}")
        status, answer = await send(request, box.config.fetch_timeout_seconds)
    except NoAnswerError as error:
        raise HTTPException(422, f"the address did not answer: {error}") from None
    if status != 200 or answer.decode("utf-8", "replace") != challenge:
        raise HTTPException(422, "the address did not answer with the challenge")


def _deliveries(box: Sandbox, order: Order) -> list[list[dict[str, Any]]]:
    found = box.world.subscriptions.get(order.account_id)
    fields = found.fields if found else []
    changes = [change for change in order.changes if change.get("field") in fields]
    now = int(box.clock.now().timestamp())
    groups = [[change] for change in changes] if order.each else [changes] if changes else []
    entries = [[{"id": order.account_id, "time": now, "changes": group[:_MOST_UPDATES]}] for group in groups]
    return entries + ([order.entry[:_MOST_UPDATES]] if order.entry else [])


def _body(order: Order, entries: list[dict[str, Any]]) -> bytes:
    # Meta escapes everything outside ASCII, and slashes: whoever signs a text of their own making gets it wrong.
    return json.dumps({"object": order.object, "entry": entries}, ensure_ascii=True).replace("/", "\\/").encode()


async def _deliver(box: Sandbox, address: Address, order: Order, body: bytes) -> int | None:
    secret = box.world.apps[Network.FACEBOOK].secret + ("x" if order.bad_signature else "")
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(secret, body)}
    try:
        status, _ = await send(Outgoing("POST", address.url, body, headers), box.config.fetch_timeout_seconds)
    except NoAnswerError:
        return None
    return status
