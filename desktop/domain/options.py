"""What only one network offers for a post: of the whole post, of one part, and of one picture.

Names follow the networks' references (``meta-api.md`` §2.1, §3.1, §4). Everything has a default that changes nothing,
so a post without options is published exactly as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.domain.posts import Mark


class ReplyControl(StrEnum):
    """Who may reply on Threads."""

    EVERYONE = "everyone"
    ACCOUNTS_YOU_FOLLOW = "accounts_you_follow"
    MENTIONED_ONLY = "mentioned_only"
    PARENT_POST_AUTHOR_ONLY = "parent_post_author_only"
    FOLLOWERS_ONLY = "followers_only"


class Trial(StrEnum):
    """How a trial reel on Instagram, shown to strangers first, is shown to followers."""

    MANUAL = "MANUAL"
    BY_PERFORMANCE = "SS_PERFORMANCE"


@dataclass(frozen=True, slots=True)
class Place:
    """A place by the network's own id; ``name`` is for people."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class TextAttachment:
    """A long text behind a Threads post, with styling in code points."""

    text: str
    marks: tuple[Mark, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class PartOptions:
    """What Threads offers for one part of a chain. ``quote_id`` is a media id, ``gif_id`` one of GIPHY's.

    ``link`` None: the first address of the text is shown as a card.
    """

    topic: str | None = None
    link: str | None = None
    poll: tuple[str, ...] = ()
    quote_id: str | None = None
    gif_id: str | None = None
    attachment: TextAttachment | None = None
    place: Place | None = None
    hides_media: bool = False


NO_PART_OPTIONS = PartOptions()


@dataclass(frozen=True, slots=True)
class UserTag:
    """An Instagram account shown on a picture; ``x`` and ``y`` from 0 to 1 from the upper left, None on videos."""

    username: str
    x: float | None = None
    y: float | None = None


@dataclass(frozen=True, slots=True)
class ThreadsOptions:
    """Of a whole post on Threads. ``countries`` are ISO 3166 alpha-2 codes; empty means everywhere."""

    reply_control: ReplyControl = ReplyControl.EVERYONE
    approves_replies: bool = False
    countries: tuple[str, ...] = ()
    is_ghost: bool = False
    shares_to_instagram: bool = False


@dataclass(frozen=True, slots=True)
class InstagramOptions:
    """Of a post on Instagram. ``collaborators`` are user names; ``shares_to_feed`` and the rest are for reels."""

    collaborators: tuple[str, ...] = ()
    place: Place | None = None
    shares_to_feed: bool = True
    trial: Trial | None = None
    audio_name: str | None = None
    allows_comments: bool = True


@dataclass(frozen=True, slots=True)
class FacebookOptions:
    """Of a post on a Page. ``hands_over``: Facebook's own scheduler publishes it, so this computer may be off."""

    title: str | None = None
    place: Place | None = None
    hands_over: bool = False


NetworkOptions = ThreadsOptions | InstagramOptions | FacebookOptions
