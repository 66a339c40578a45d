"""Scopes of single abilities of Threads and Instagram, beyond reading, publishing and deleting."""

from __future__ import annotations

from enum import StrEnum

from desktop.sandbox.auth import require_read
from desktop.sandbox.errors import missing_permission
from desktop.sandbox.model import Account, Network, Token


class Ability(StrEnum):
    """What an app may be allowed to do; the value is the scope on Threads, empty where Threads has none."""

    READ_REPLIES = "threads_read_replies"
    MANAGE_REPLIES = "threads_manage_replies"
    INSIGHTS = "threads_manage_insights"
    MENTIONS = "threads_manage_mentions"
    KEYWORD_SEARCH = "threads_keyword_search"
    PROFILES = "threads_profile_discovery"
    LOCATIONS = "threads_location_tagging"
    SHARE = "threads_share_to_instagram"
    COMMENTS = ""


_INSTAGRAM_SCOPES = {Ability.INSIGHTS: "manage_insights", Ability.COMMENTS: "manage_comments"}


def require(token: Token, account: Account, ability: Ability) -> None:
    """Refuse (code 10) a token that may not do ``ability`` for ``account``."""
    require_read(token, account)
    scope = ability.value
    if account.network is Network.INSTAGRAM:
        prefix = "instagram_business" if token.family is Network.INSTAGRAM else "instagram"
        scope = f"{prefix}_{_INSTAGRAM_SCOPES[ability]}"
    if scope not in token.scopes:
        raise missing_permission(scope)
