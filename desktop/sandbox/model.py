"""What the imitation knows: accounts, tokens, containers, photos and posts. Instants are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Network(StrEnum):
    """The three networks; a token's host family uses the same names."""

    THREADS = "threads"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"


class TokenKind(StrEnum):
    """Whose token it is."""

    USER = "user"
    PAGE = "page"


class ContainerStatus(StrEnum):
    """The five container states of the Threads and Instagram references."""

    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    ERROR = "ERROR"
    EXPIRED = "EXPIRED"
    PUBLISHED = "PUBLISHED"


@dataclass(slots=True)
class Account:
    """A profile, a professional account, a Page, or (``is_person``) the Facebook user behind Pages."""

    network: Network
    id: str
    username: str
    name: str
    account_type: str = ""
    is_person: bool = False
    app_scoped_id: str = ""
    """Instagram Login answers this as ``id``; paths take ``id`` of this record, which it calls ``user_id``."""
    linked_instagram_id: str = ""


@dataclass(slots=True)
class Token:
    """One access token; it works on one host family only and reaches the listed accounts."""

    value: str
    family: Network
    kind: TokenKind
    account_id: str
    reaches: list[str]
    scopes: list[str]
    purpose: str
    issued_at: datetime
    expires_at: datetime | None = None
    dead_subcode: int | None = None


@dataclass(slots=True)
class Media:
    """One picture or film as it was fetched or uploaded; ``width`` and ``height`` are pixels, 0 when unknown."""

    kind: str
    sha256: str
    size_bytes: int
    url: str = ""
    width: int = 0
    height: int = 0
    alt_text: str = ""


@dataclass(slots=True)
class Container:
    """A Threads or Instagram container; its status is computed from the clock, see ``containers.status``."""

    id: str
    network: Network
    account_id: str
    kind: str
    created_at: datetime
    ready_at: datetime | None
    """None keeps it in progress for good."""
    text: str = ""
    media: list[Media] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    is_carousel_item: bool = False
    reply_to_id: str = ""
    extras: dict[str, str] = field(default_factory=dict)
    error: str = ""
    media_ids: list[str] = field(default_factory=list)
    """Ids of the posts it became; more than one only when republishing duplicates."""
    refusals_left: int = 0
    """Publish calls still to be answered "not found" by a fault; -1 means all of them."""


@dataclass(slots=True)
class Photo:
    """A Facebook photo uploaded to a Page, perhaps not part of a post yet."""

    id: str
    account_id: str
    media: Media
    caption: str
    created_at: datetime
    post_id: str = ""


@dataclass(slots=True)
class Post:
    """Something that is, was or will be public. ``order`` counts the moments posts went live, from 1."""

    id: str
    network: Network
    account_id: str
    kind: str
    created_at: datetime
    shortcode: str
    text: str = ""
    media: list[Media] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    container_id: str = ""
    reply_to_id: str = ""
    link: str = ""
    extras: dict[str, str] = field(default_factory=dict)
    scheduled_for: datetime | None = None
    published_at: datetime | None = None
    deleted_at: datetime | None = None
    order: int = 0
