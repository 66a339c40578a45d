"""Makes tokens: short ones from codes, long ones from short ones, page tokens from user tokens."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

from desktop.sandbox.apps import Grant
from desktop.sandbox.auth import death_of
from desktop.sandbox.model import Account, Network, Token, TokenKind
from desktop.sandbox.seeding import LONG_LIFE, TOKEN_PREFIX
from desktop.sandbox.world import World

SIGNED_IN = "signed_in"
"""The purpose of every token made here."""


def short_token(world: World, grant: Grant, life: timedelta) -> Token:
    """Make the token of a redeemed code."""
    now = world.clock.now()
    return _keep(
        world,
        Token(
            _value(grant.network),
            grant.network,
            TokenKind.USER,
            grant.person_id,
            [grant.person_id, *_within_pages(world, grant)],
            list(grant.scopes),
            SIGNED_IN,
            now,
            now + life,
            is_short=True,
        ),
    )


def long_token(world: World, old: Token) -> Token:
    """Make a token of 60 days from now that may do what ``old`` may; ``old`` lives on until its own end."""
    now = world.clock.now()
    value = _value(old.family)
    return _keep(world, replace(old, value=value, issued_at=now, expires_at=now + LONG_LIFE, is_short=False))


def page_token(world: World, user: Token, page: Account) -> Token:
    """Return the page token of ``user``: without end from a long-lived user token, else ending with it."""
    for token in world.tokens.values():
        if token.parent == user.value and token.account_id == page.id and death_of(world, token) is None:
            return token
    return _keep(
        world,
        Token(
            _value(Network.FACEBOOK),
            Network.FACEBOOK,
            TokenKind.PAGE,
            page.id,
            [i for i in (page.id, page.linked_instagram_id) if i],
            list(user.scopes),
            SIGNED_IN,
            world.clock.now(),
            user.expires_at if user.is_short else None,
            user_id=user.account_id,
            parent=user.value,
            is_short=user.is_short,
        ),
    )


def _within_pages(world: World, grant: Grant) -> list[str]:
    linked = [world.accounts[page].linked_instagram_id for page in grant.page_ids]
    return [*grant.page_ids, *filter(None, linked)]


def _value(network: Network) -> str:
    return TOKEN_PREFIX[network] + secrets.token_hex(24)


def _keep(world: World, token: Token) -> Token:
    world.save(token)
    return token
