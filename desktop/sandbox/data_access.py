"""The 90-day rule of Facebook Login: without a sign-in ``instagram_*`` lapses, Pages go on (data access page)."""

from __future__ import annotations

from datetime import datetime, timedelta

from desktop.sandbox.errors import GraphError
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Network, Token
from desktop.sandbox.sandbox import Sandbox


def data_access_end(box: Sandbox, token: Token) -> datetime:
    """Return when the data access of the person behind ``token`` lapses."""
    grant = box.world.grants.get((token.family, token.person_id))
    active_at = grant.active_at if grant else token.issued_at
    return active_at + timedelta(days=box.config.data_access_days)


def has_lapsed(box: Sandbox, token: Token) -> bool:
    """Tell whether ``instagram_*`` is over for a token of Facebook Login."""
    return token.family is Network.FACEBOOK and data_access_end(box, token) <= box.clock.now()


def require_data_access(box: Sandbox, call: GraphCall, token: Token) -> None:
    """Refuse a call on an Instagram account or its posts when the person did not sign in for 90 days."""
    if box.world.network_of(call.node) is Network.INSTAGRAM and has_lapsed(box, token):
        message = "The access to the person's data has lapsed: they must sign in again"
        raise GraphError(message, box.config.data_access_lapse_code)
