"""Refusals of a sign-in that are the app's fault and not the person's; known by their words for want of codes."""

from __future__ import annotations

from desktop.domain.errors import AppInDevelopment, AppRefused, TidingsError
from desktop.domain.networks import Network

_WRONG_APP_ID = "4476002"  # the id of another of the three apps (meta-api.md §1.0)
_APP_WORDS = (
    "client_secret",
    "client secret",
    "app secret",
    "app id",
    "client_id",
    "platform app",
    "invalid app",
    "validating application",
)
_DEVELOPMENT_WORDS = ("developer role", "development mode", "app not active", "app is not active", "app is not live")


def refusal_by_app(network: Network, message: str, *codes: str | int | None) -> TidingsError | None:
    """Return the error for a refusal that blames the app, None for any other; ``message`` holds no secret."""
    words = message.lower()
    if is_development_mode(message):
        return AppInDevelopment(network=network.label)
    if _WRONG_APP_ID in map(str, codes) or any(word in words for word in _APP_WORDS):
        return AppRefused(network=network.label, message=message)
    return None


def is_development_mode(message: str) -> bool:
    """Whether a network's words say that the app is open to people with a role in it only."""
    return any(word in message.lower() for word in _DEVELOPMENT_WORDS)
