"""The token endpoints: which calls they are, and who may make them. They take no token, or take it as an input."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.sandbox import oauth_debug, oauth_facebook, oauth_profiles
from desktop.sandbox.errors import JSON
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Network
from desktop.sandbox.sandbox import Sandbox

_TokenCall = Callable[[Sandbox, GraphCall], JSON]
_PROFILE_CALLS: Mapping[tuple[str, str], _TokenCall] = {
    ("GET", "access_token"): oauth_profiles.lengthen,
    ("GET", "refresh_access_token"): oauth_profiles.refresh,
}
_CALLS: Mapping[Network, Mapping[tuple[str, str], _TokenCall]] = {
    Network.FACEBOOK: {
        ("GET", "oauth/access_token"): oauth_facebook.access_token,
        ("POST", "oauth/access_token"): oauth_facebook.access_token,
        ("GET", "debug_token"): oauth_debug.debug_token,
    },
    Network.INSTAGRAM: {
        **_PROFILE_CALLS,
        ("GET", "oauth/access_token"): oauth_profiles.instagram_code,
        ("POST", "oauth/access_token"): oauth_profiles.instagram_code,
    },
    Network.THREADS: {
        **_PROFILE_CALLS,
        ("GET", "debug_token"): oauth_debug.debug_token,
        ("GET", "oauth/access_token"): oauth_profiles.threads_get_token,
        ("POST", "oauth/access_token"): oauth_profiles.threads_code,
    },
}


def find_token_call(call: GraphCall) -> _TokenCall | None:
    """Return what answers a call that is part of signing in, None for every other call."""
    path = f"{call.node}/{call.edge}" if call.edge else call.node
    return _CALLS[call.family].get((call.method, path))
