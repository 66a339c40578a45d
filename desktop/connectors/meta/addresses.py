"""Where Meta's services live, and which version of the API is spoken: the only place that says so."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from urllib.parse import urlsplit

from desktop.connectors.transport.addresses import is_loopback, require_secure
from desktop.domain.accounts import LoginKind

# meta-api.md §0: a dead version is forwarded silently, so the newest one with long life is pinned here
GRAPH_VERSION = "v25.0"
THREADS_VERSION = "v1.0"


class HostFamily(StrEnum):
    """A token belongs to exactly one family of hosts (``meta-api.md`` §1.0)."""

    THREADS = "threads"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"

    @classmethod
    def of_login(cls, login: LoginKind) -> HostFamily:
        """Return the family that made the token; an Instagram account may be reached through a Page's login."""
        return {
            LoginKind.THREADS: cls.THREADS,
            LoginKind.INSTAGRAM: cls.INSTAGRAM,
            LoginKind.FACEBOOK_PAGE: cls.FACEBOOK,
        }[login]


@dataclass(frozen=True, slots=True)
class MetaAddresses:
    """The eight addresses, without a slash at the end; defaults are the real ones.

    Each must be https, or http to this computer (``InsecureAddress`` naming its environment variable otherwise).
    """

    facebook_graph_url: str = "https://graph.facebook.com"
    facebook_dialog_url: str = "https://www.facebook.com"
    facebook_upload_url: str = "https://rupload.facebook.com"
    instagram_graph_url: str = "https://graph.instagram.com"
    instagram_oauth_url: str = "https://api.instagram.com"
    instagram_dialog_url: str = "https://www.instagram.com"
    threads_graph_url: str = "https://graph.threads.net"
    threads_dialog_url: str = "https://threads.net"

    def __post_init__(self) -> None:
        for each in fields(self):
            url = require_secure(getattr(self, each.name), f"TIDINGS_{each.name.upper()}")
            object.__setattr__(self, each.name, url.rstrip("/"))

    @property
    def is_loopback(self) -> bool:
        """Whether every Graph address is this computer, which means an imitation answers."""
        graphs = (self.facebook_graph_url, self.instagram_graph_url, self.threads_graph_url)
        return all(is_loopback(urlsplit(url).hostname or "") for url in graphs)

    def graph_root(self, family: HostFamily) -> str:
        """Return the address of the family's Graph API with its pinned version."""
        match family:
            case HostFamily.THREADS:
                return f"{self.threads_graph_url}/{THREADS_VERSION}"
            case HostFamily.INSTAGRAM:
                return f"{self.instagram_graph_url}/{GRAPH_VERSION}"
            case HostFamily.FACEBOOK:
                return f"{self.facebook_graph_url}/{GRAPH_VERSION}"
