"""What a sign-in asks for and what publishing cannot do without, by the networks' own names (``meta-api.md`` §1)."""

from __future__ import annotations

from desktop.domain.accounts import LoginKind
from desktop.domain.networks import Network

REQUESTED: dict[Network, tuple[str, ...]] = {
    Network.THREADS: (
        "threads_basic",
        "threads_content_publish",
        "threads_manage_replies",
        "threads_read_replies",
        "threads_manage_insights",
        "threads_manage_mentions",
        "threads_keyword_search",
        "threads_delete",
        "threads_location_tagging",
    ),
    Network.INSTAGRAM: (
        "instagram_business_basic",
        "instagram_business_content_publish",
        "instagram_business_manage_comments",
        "instagram_business_manage_insights",
    ),
    Network.FACEBOOK: (
        "pages_show_list",
        "pages_read_engagement",
        "pages_manage_posts",
        "pages_manage_engagement",
        "pages_read_user_content",
        "read_insights",
        "business_management",
        "instagram_basic",
        "instagram_content_publish",
        "instagram_manage_comments",
        "instagram_manage_insights",
        "instagram_manage_contents",
    ),
}

_REQUIRED: dict[tuple[Network, LoginKind], tuple[str, ...]] = {
    (Network.THREADS, LoginKind.THREADS): ("threads_basic", "threads_content_publish"),
    (Network.INSTAGRAM, LoginKind.INSTAGRAM): ("instagram_business_basic", "instagram_business_content_publish"),
    (Network.INSTAGRAM, LoginKind.FACEBOOK_PAGE): ("instagram_basic", "instagram_content_publish"),
    (Network.FACEBOOK, LoginKind.FACEBOOK_PAGE): ("pages_read_engagement", "pages_manage_posts"),
}


def missing_for_publishing(network: Network, login: LoginKind, granted: tuple[str, ...]) -> tuple[str, ...]:
    """Return what publishing lacks; nothing when ``granted`` is empty, which means that nobody told."""
    if not granted:
        return ()
    return tuple(name for name in _REQUIRED[network, login] if name not in granted)


def missing_of_requested(network: Network, granted: tuple[str, ...]) -> tuple[str, ...]:
    """Return what was asked for at the sign-in and not granted; nothing when nobody told."""
    return tuple(name for name in REQUESTED[network] if name not in granted) if granted else ()
