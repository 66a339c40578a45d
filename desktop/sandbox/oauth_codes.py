"""Codes: made by the dialog, redeemed once within an hour for exactly the address they were made for."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from enum import Enum

from desktop.sandbox.apps import AuthorizationCode, Grant
from desktop.sandbox.model import Network
from desktop.sandbox.world import World

_LIFE = timedelta(hours=1)


class CodeFlaw(Enum):
    """Why a code is not taken; the values are Facebook's words for it."""

    UNKNOWN = "Invalid verification code format."
    USED = "This authorization code has been used."
    EXPIRED = "This authorization code has expired."
    REDIRECT = (
        "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in "
        "the OAuth dialog request"
    )
    VERIFIER = "Error validating verification code. The code_verifier does not match the code_challenge"


class UnusableCode(Exception):
    """A code that is not taken; ``flaw`` says why."""

    def __init__(self, flaw: CodeFlaw) -> None:
        """Carry ``flaw``."""
        super().__init__(flaw.value)
        self.flaw = flaw


def issue(world: World, grant: Grant, redirect_uri: str, challenge: str, challenge_method: str) -> str:
    """Return a fresh code for what ``grant`` allows."""
    value = "AQ" + secrets.token_hex(40)
    now = world.clock.now()
    world.save(AuthorizationCode(value, grant.network, grant.person_id, redirect_uri, now, challenge, challenge_method))
    return value


def redeem(world: World, network: Network, value: str, redirect_uri: str, verifier: str) -> Grant:
    """Use up a code and return what it stands for; ``UnusableCode``."""
    code = world.codes.get(value)
    grant = world.grants.get((network, code.person_id)) if code else None
    if code is None or grant is None or not grant.scopes or code.network is not network:
        raise UnusableCode(CodeFlaw.UNKNOWN)
    if code.is_used:
        raise UnusableCode(CodeFlaw.USED)
    if world.clock.now() - code.issued_at >= _LIFE:
        raise UnusableCode(CodeFlaw.EXPIRED)
    if redirect_uri != code.redirect_uri:
        raise UnusableCode(CodeFlaw.REDIRECT)
    if code.challenge and not _fits(code, verifier):
        raise UnusableCode(CodeFlaw.VERIFIER)
    world.save(replace(code, is_used=True))
    return grant


def has_challenge(world: World, value: str) -> bool:
    """Tell whether the code was asked for with PKCE."""
    return value in world.codes and bool(world.codes[value].challenge)


def _fits(code: AuthorizationCode, verifier: str) -> bool:
    """RFC 7636 §4.6."""
    if code.challenge_method != "S256":
        return verifier == code.challenge
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == code.challenge
