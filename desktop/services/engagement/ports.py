"""Reading and managing what is on a network, the same for all three; what one of them lacks says so.

Every method blocks and raises ``RemoteFailure``; an ability the network does not offer raises ``NotOffered`` without
asking it. Listings are pages: ``cursor`` None is the first, and a page without ``next_cursor`` the last. A short page
in the middle is legal (``meta-api.md`` §8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from desktop.domain.errors import TidingsError
from desktop.domain.options import Place
from desktop.services.publishing.ports import RemoteAccount

T = TypeVar("T")


class NotOffered(TidingsError):
    """The network has no such thing for programs (details: network, what)."""

    code = "not_offered"
    title_text = "{network} does not offer this to programs: {what}."
    advice_text = "Do it in the network's own app."


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a listing. Cursors go stale within hours; they are not stored."""

    items: tuple[T, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """An account as its network shows it; counts are None where the network does not tell."""

    id: str
    username: str
    name: str = ""
    biography: str = ""
    website: str = ""
    picture_url: str | None = None
    followers: int | None = None
    following: int | None = None
    post_count: int | None = None
    is_verified: bool = False
    may_choose_countries: bool = False


@dataclass(frozen=True, slots=True)
class RemotePost:
    """A post as its network shows it. ``kind`` and ``product`` are the network's own words (``IMAGE``, ``REELS`` …)."""

    id: str
    kind: str
    text: str
    published_at: datetime | None
    permalink: str | None = None
    product: str = ""
    author: str = ""
    media_url: str | None = None
    thumbnail_url: str | None = None
    alt_text: str = ""
    children: tuple[RemotePost, ...] = ()
    likes: int | None = None
    comments: int | None = None
    reply_to: str | None = None
    is_hidden: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)
    """What only this network tells (poll results, topic, …), by the network's own names."""


@dataclass(frozen=True, slots=True)
class RemoteComment:
    """A comment or reply below a post."""

    id: str
    text: str
    author: str
    written_at: datetime | None
    parent_id: str | None = None
    likes: int | None = None
    is_hidden: bool = False
    is_own: bool = False
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of one metric.

    ``day_ends_at`` is None for totals. ``breakdown`` holds the dimension's values, as in ``{"country": "NO"}``. A
    metric the network has no value for is absent, never zero (``meta-api.md`` trap 23).
    """

    metric: str
    value: float
    period: str
    day_ends_at: datetime | None = None
    breakdown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was answered, and the metrics that were refused or unknown at this version and left out."""

    values: tuple[Figure, ...]
    refused: tuple[str, ...] = ()


class PostReader(Protocol):
    """Reads what is on the network."""

    def profile(self, who: RemoteAccount) -> Profile:
        """Return the account's own profile."""
        ...

    def posts(self, who: RemoteAccount, cursor: str | None = None) -> Page[RemotePost]:
        """Return the account's own posts, newest first."""
        ...

    def post(self, who: RemoteAccount, media_id: str) -> RemotePost:
        """Return one post."""
        ...

    def mentions(self, who: RemoteAccount, cursor: str | None = None) -> Page[RemotePost]:
        """Return posts of others that mention the account."""
        ...

    def search(self, who: RemoteAccount, words: str, cursor: str | None = None) -> Page[RemotePost]:
        """Return public posts with these words."""
        ...

    def places(self, who: RemoteAccount, words: str) -> Sequence[Place]:
        """Return places of that name."""
        ...


class PostEditor(Protocol):
    """Changes what is on the network."""

    def delete(self, who: RemoteAccount, media_id: str) -> None:
        """Take a post down."""
        ...

    def edit(self, who: RemoteAccount, media_id: str, text: str) -> None:
        """Replace the text of a post."""
        ...

    def repost(self, who: RemoteAccount, media_id: str) -> str:
        """Share a post once more and return the id of the repost."""
        ...

    def allow_comments(self, who: RemoteAccount, media_id: str, *, allowed: bool) -> None:
        """Open or close a post for comments."""
        ...


class Conversation(Protocol):
    """What people say below a post."""

    def comments(
        self, who: RemoteAccount, media_id: str, cursor: str | None = None, *, all_levels: bool = False
    ) -> Page[RemoteComment]:
        """Return the comments of a post, newest first where the network lets one choose."""
        ...

    def pending(self, who: RemoteAccount, media_id: str, cursor: str | None = None) -> Page[RemoteComment]:
        """Return comments that wait for approval."""
        ...

    def approve(self, who: RemoteAccount, comment_id: str, *, approved: bool) -> None:
        """Let a waiting comment be seen, or ignore it."""
        ...

    def answer(self, who: RemoteAccount, parent_id: str, text: str, *, deadline: datetime) -> str:
        """Answer a post or a comment and return the new comment's id; not one byte is sent after ``deadline``."""
        ...

    def hide(self, who: RemoteAccount, comment_id: str, *, hidden: bool) -> None:
        """Hide a comment, or show it again."""
        ...

    def delete_comment(self, who: RemoteAccount, comment_id: str) -> None:
        """Delete a comment."""
        ...


class InsightReader(Protocol):
    """Reads figures. One refused metric fails a whole call, so it is asked again one by one and remembered."""

    def post_figures(self, who: RemoteAccount, post: RemotePost) -> Figures:
        """Return the lifetime figures of a post, by the metrics its product has."""
        ...

    def account_figures(self, who: RemoteAccount, since: datetime, until: datetime) -> Figures:
        """Return the daily figures of an account; longer spans are asked in pieces the network takes."""
        ...

    def audience(self, who: RemoteAccount) -> Figures:
        """Return who follows, by country, city, age and gender; empty below 100 followers."""
        ...


class EngagementConnector(PostReader, PostEditor, Conversation, InsightReader, Protocol):
    """All of it on one network."""
