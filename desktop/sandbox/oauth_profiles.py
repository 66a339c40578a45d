"""The token endpoints of Instagram Login and Threads: code, long-lived token, refresh, app token."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from desktop.sandbox.apps import Grant
from desktop.sandbox.auth import death_of, living_token
from desktop.sandbox.errors import JSON, GraphError, bad_parameter
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Network, Token
from desktop.sandbox.oauth_codes import CodeFlaw, UnusableCode, redeem
from desktop.sandbox.oauth_facebook import answer, require_client, require_secret
from desktop.sandbox.oauth_tokens import long_token, short_token
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.signin_switches import InstagramExchange

_SHORT_LIFE = timedelta(hours=1)
_REFRESH_AGE = timedelta(hours=24)
_GRANTS = {Network.THREADS: "th", Network.INSTAGRAM: "ig"}
BASIC_SCOPES = {Network.THREADS: "threads_basic", Network.INSTAGRAM: "instagram_business_basic"}


class TokenRefusal(GraphError):
    """A refused code: these two hosts do not use the Graph envelope for it."""

    def body(self, trace_id: str) -> JSON:
        """Return ``{"error_type", "code", "error_message"}``."""
        return {"error_type": self.kind, "code": self.code, "error_message": self.message}


def instagram_code(box: Sandbox, call: GraphCall) -> JSON:
    """``POST /oauth/access_token`` of Instagram, form or multipart: the short-lived token in one of three shapes."""
    if call.method != "POST" or call.is_json_body:
        raise TokenRefusal("Missing required field client_id", 400)
    token = _from_code(box, call)
    account = box.world.accounts[token.account_id]
    user_id = account.app_scoped_id if box.config.instagram_exchange_scoped_id else account.id
    handed: dict[str, JSON] = {"access_token": token.value}
    match box.config.instagram_exchange:
        case InstagramExchange.WRAPPED:
            return {"data": [handed | {"user_id": user_id, "permissions": ",".join(token.scopes)}]}
        case InstagramExchange.FLAT_LIST:
            return handed | {"user_id": int(user_id), "permissions": list(token.scopes)}
        case InstagramExchange.FLAT_TEXT:
            return handed | {"user_id": int(user_id), "permissions": ",".join(token.scopes)}


def threads_code(box: Sandbox, call: GraphCall) -> JSON:
    """``POST /oauth/access_token`` of Threads: the short-lived token; ``user_id`` is a number."""
    token = _from_code(box, call)
    return {"access_token": token.value, "user_id": int(token.account_id)}


def threads_get_token(box: Sandbox, call: GraphCall) -> JSON:
    """``GET /oauth/access_token`` of Threads: the app's own token.

    ``python-facebook-api`` also lengthens here, where Meta documents ``/access_token``; so both do.
    """
    if call.text("grant_type") == "th_exchange_token":
        return lengthen(box, call)
    _require_grant(call, "client_credentials")
    require_client(box, call)
    app = box.world.apps[Network.THREADS]
    return {"access_token": f"TH|{app.id}|{app.secret}", "token_type": "bearer"}


def lengthen(box: Sandbox, call: GraphCall) -> JSON:
    """``GET /access_token``: a token of 60 days for a living short one."""
    _require_grant(call, f"{_GRANTS[call.family]}_exchange_token")
    token = living_token(box.world, call)
    require_secret(box, call)
    if not token.is_short:
        raise bad_parameter("The access token is long-lived already")
    return answer(box, long_token(box.world, token))


def refresh(box: Sandbox, call: GraphCall) -> JSON:
    """``GET /refresh_access_token``: 60 days from now, for a living token that is a day old and reads the basics."""
    token = box.world.tokens.get(call.token)
    if token is not None and box.config.expired_refresh_is_bad_input and death_of(box.world, token) == 463:
        raise bad_parameter("The access token has expired and cannot be refreshed")
    token = living_token(box.world, call)
    _require_grant(call, f"{_GRANTS[call.family]}_refresh_token")
    now = box.clock.now()
    if token.is_short or now - token.issued_at < _REFRESH_AGE:
        raise bad_parameter("The access token must be at least 24 hours old to be refreshed")
    if (scope := BASIC_SCOPES[call.family]) not in token.scopes:
        raise bad_parameter(f"The access token must have the {scope} permission to be refreshed")
    if box.world.accounts[token.account_id].is_private and not box.config.private_threads_refresh:
        raise bad_parameter("The access token of a private profile cannot be refreshed")
    if grant := box.world.grants.get((token.family, token.account_id)):
        box.world.save(replace(grant, active_at=now))
    return answer(box, long_token(box.world, token)) | {"permissions": ",".join(token.scopes)}


def _from_code(box: Sandbox, call: GraphCall) -> Token:
    app = box.world.apps[call.family]
    if call.text("client_id") != app.id:
        raise TokenRefusal("Invalid platform app", 400)
    if call.text("client_secret") != app.secret:
        raise TokenRefusal("Error validating client secret.", 400)
    if call.text("grant_type") != "authorization_code":
        raise TokenRefusal("Missing or invalid grant_type", 400)
    return short_token(box.world, _redeem(box, call), _SHORT_LIFE)


def _redeem(box: Sandbox, call: GraphCall) -> Grant:
    try:
        return redeem(box.world, call.family, call.text("code"), call.text("redirect_uri"), call.text("code_verifier"))
    except UnusableCode as refused:
        message = "Matching code was not found or was already used"
        if refused.flaw is CodeFlaw.REDIRECT:
            message = refused.flaw.value
        raise TokenRefusal(message, 400) from None


def _require_grant(call: GraphCall, expected: str) -> None:
    if call.text("grant_type") != expected:
        raise bad_parameter(f"Param grant_type must be {expected}", blamed="grant_type")
