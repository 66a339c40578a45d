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
    is_private: bool = False
    roles: dict[str, list[str]] = field(default_factory=dict)
    """Of a Page: the tasks each person has on it, by the person's id."""
    trouble: int | None = None
    """Of one who signs in: the subcode all their tokens answer until it is settled (459 checkpoint, 464 unconfirmed).
    """
    followers: int = 1234
    """Followers before the posts of the sandbox brought more; below 100 demographics are not told."""
    features: list[str] = field(default_factory=list)
    """What the network opened for this account alone: ``geo_gating``, ``trial_reels``, ``shop``, ``verified``."""

    @property
    def is_page(self) -> bool:
        """Whether it is a Page; everyone else signs in."""
        return self.network is Network.FACEBOOK and not self.is_person


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
    user_id: str = ""
    """Of a page token: the person behind it."""
    parent: str = ""
    """Of a page token: the value of the user token it was read with."""
    is_short: bool = False

    @property
    def person_id(self) -> str:
        """Return who signed in for this token."""
        return self.user_id or self.account_id


@dataclass(slots=True)
class Film:
    """What the boxes of an MP4 or MOV tell; whatever they do not tell stays 0 or empty."""

    seconds: float = 0.0
    frames_per_second: float = 0.0
    video_codec: str = ""
    audio_codec: str = ""
    audio_channels: int = 0
    audio_hertz: int = 0
    is_moov_first: bool = True
    has_edit_list: bool = False


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
    film: Film | None = None
    """None for pictures, and for films whose ``moov`` box is missing."""


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
    is_resumable: bool = False
    uploaded_bytes: int = 0
    """What the byte receiver has of a resumable upload."""
    upload_bytes: int = 0
    """The announced size; 0 before the upload began."""


@dataclass(slots=True)
class Photo:
    """A Facebook photo uploaded to a Page, perhaps not part of a post yet."""

    id: str
    account_id: str
    media: Media
    caption: str
    created_at: datetime
    post_id: str = ""
    is_temporary: bool = False
    """Kept for a day unless a post takes it."""
    is_deleted: bool = False


@dataclass(slots=True)
class Video:
    """A film of a Page: an ordinary one, a reel or a story; its bytes lie in ``uploads`` until it is finished."""

    id: str
    account_id: str
    kind: str
    """VIDEO, REEL or STORY."""
    created_at: datetime
    size_bytes: int = 0
    """As announced; 0 when the upload did not say."""
    session_id: str = ""
    media: Media | None = None
    """None until the upload is complete."""
    title: str = ""
    description: str = ""
    post_id: str = ""
    finished_at: datetime | None = None
    ready_at: datetime | None = None
    """None keeps it in processing for good."""
    error: str = ""
    error_code: int = 0


@dataclass(slots=True)
class Comment:
    """What a person or the account itself wrote under ``object_id`` (a post); ``parent_id`` is the comment answered."""

    id: str
    network: Network
    account_id: str
    """The account whose post it stands under."""
    object_id: str
    parent_id: str
    author_id: str
    author_name: str
    text: str
    created_at: datetime
    attachment_url: str = ""
    is_hidden: bool = False
    deleted_at: datetime | None = None


@dataclass(slots=True)
class Subscription:
    """The webhook fields an app asked for on a Page (``/{page}/subscribed_apps``)."""

    account_id: str
    fields: list[str]


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
    """0 for what visitors wrote: it is public, but nothing the program did."""


@dataclass(slots=True)
class Use:
    """One use of a quota that no other record shows, like a search."""

    id: str
    account_id: str
    bucket: str
    used_at: datetime
    detail: str = ""
