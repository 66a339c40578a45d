"""Facebook's one token endpoint: a code, a short-lived token or the app itself for a token (manual login flow)."""

from __future__ import annotations

from datetime import timedelta

from desktop.sandbox.auth import death_of
from desktop.sandbox.errors import JSON, GraphError, bad_parameter, dead_token, unreadable_token
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Network, Token, TokenKind
from desktop.sandbox.oauth_codes import CodeFlaw, UnusableCode, has_challenge, redeem
from desktop.sandbox.oauth_tokens import long_token, short_token
from desktop.sandbox.sandbox import Sandbox

_SUBCODES = {CodeFlaw.USED: 36009}
_OTHER_SUBCODE = 36007


def access_token(box: Sandbox, call: GraphCall) -> JSON:
    """``GET|POST /oauth/access_token``."""
    match call.text("grant_type", "authorization_code"):
        case "authorization_code":
            return _from_code(box, call)
        case "fb_exchange_token":
            require_client(box, call)
            return answer(box, _lengthened(box, call.text("fb_exchange_token")))
        case "client_credentials":
            require_client(box, call)
            app = box.world.apps[Network.FACEBOOK]
            return {"access_token": f"{app.id}|{app.secret}", "token_type": "bearer"}
        case other:
            raise bad_parameter(f"Unsupported grant_type {other}", blamed="grant_type")


def require_client(box: Sandbox, call: GraphCall) -> None:
    """Refuse a caller that does not name the app of the host and its secret."""
    app = box.world.apps[call.family]
    if call.text("client_id") != app.id:
        raise GraphError("Error validating application. Cannot get application info due to a system error.", 101)
    require_secret(box, call)


def require_secret(box: Sandbox, call: GraphCall) -> None:
    """Refuse a caller that does not know the app's secret."""
    if call.text("client_secret") != box.world.apps[call.family].secret:
        raise GraphError("Error validating client secret.", box.config.wrong_secret_code)


def answer(box: Sandbox, token: Token) -> dict[str, JSON]:
    """Return the answer that hands over ``token``."""
    handed: dict[str, JSON] = {"access_token": token.value, "token_type": "bearer"}
    if token.expires_at is not None and not box.config.leave_out_expires_in:
        handed["expires_in"] = round((token.expires_at - box.clock.now()).total_seconds())
    return handed


def _from_code(box: Sandbox, call: GraphCall) -> JSON:
    is_proved = box.config.pkce_without_secret and has_challenge(box.world, call.text("code"))
    if not is_proved or call.text("client_secret"):
        require_client(box, call)
    try:
        grant = redeem(
            box.world,
            Network.FACEBOOK,
            call.text("code"),
            call.text("redirect_uri"),
            call.text("code_verifier"),
        )
    except UnusableCode as refused:
        subcode = _SUBCODES.get(refused.flaw, _OTHER_SUBCODE) if box.config.code_subcodes else None
        raise GraphError(refused.flaw.value, 100, subcode) from None
    return answer(box, short_token(box.world, grant, timedelta(seconds=box.config.facebook_short_life_seconds)))


def _lengthened(box: Sandbox, value: str) -> Token:
    token = box.world.tokens.get(value)
    if token is None or token.family is not Network.FACEBOOK or token.kind is not TokenKind.USER:
        raise unreadable_token()
    if (subcode := death_of(box.world, token)) is not None:
        raise dead_token(subcode)
    # only signing in again gives more time: a long-lived token is handed back as it is
    return long_token(box.world, token) if token.is_short else token
