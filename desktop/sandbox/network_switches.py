"""What Threads and Instagram may do one way or another: undocumented behaviour, quotas and limits as settings.

:class:`~desktop.sandbox.config.SandboxConfig` has all of them. The defaults are what catches most mistakes of a client.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Missing(StrEnum):
    """How a network says that there are no numbers."""

    EMPTY = "empty"
    ERROR = "error"


@dataclass
class FilmSwitches:
    """How films are fetched and judged."""

    refuse_films_without_moov: bool = False
    """Fail films whose boxes tell nothing; off, what cannot be read is not judged."""
    refuse_moov_at_end: bool = True
    """Fail films whose ``moov`` box comes after the frames, as the specifications demand."""
    refuse_edit_lists: bool = False
    """Fail films with edits; the specifications demand it, films of ordinary encoders pass in practice."""
    fetch_needs_ranges: bool = False
    """Fail films whose host does not answer a Range request with 206 (Instagram: 2207077)."""


@dataclass
class InsightSwitches:
    """When numbers appear. They follow the sandbox clock and the seed."""

    insights_delay_seconds: float = 7200.0
    """So long after publishing a post has no numbers: empty lists, not zeros."""
    insights_few_followers: Missing = Missing.ERROR
    """What is told about an account with fewer than 100 followers where 100 are needed."""
    instagram_old_story_insights: Missing = Missing.EMPTY
    """What a story's insights are after its 24 hours."""
    instagram_insights_window_days: int = 30
    """The longest window of one call (not confirmed)."""
    instagram_follower_count_metric: bool = False
    """Know ``follower_count`` and ``online_followers``; sources disagree whether they are gone."""
    instagram_views_breakdowns: tuple[str, ...] = ("follow_type", "follower_type")
    """The documents say ``follower_type``, the SDK ``follow_type``."""


@dataclass
class VisitorSwitches:
    """What visitors do."""

    visitor_replies: int = 6
    """The most comments or replies a post gets from visitors, the first after ten minutes; 0 for none."""
    threads_mentions: bool = True
    """Visitors mention the profiles every few days."""


@dataclass
class ThreadsSwitches:
    """Threads."""

    threads_refuse_bad_polls: bool = False
    """Refuse a poll of the wrong shape; seen in production: it is dropped without a word."""
    threads_auto_publish_answers_container: bool = False
    """Answer ``auto_publish_text`` with the container's id instead of the post's."""
    threads_list_ghosts: bool = True
    """Show ghost posts among ``/threads`` while they are public."""
    threads_sharing_succeeds: bool = True
    """Whether ``crossreshare_to_ig`` works; the Threads post stands either way."""
    threads_advanced_access: bool = False
    """Let keyword search find the posts of others."""
    threads_keyword_quota_total: int = 2200
    threads_profile_quota_total: int = 1000
    threads_location_quota_total: int = 500
    threads_profile_followers: int = 100
    """The followers a profile needs to be looked up; 1000 until November 2025."""


@dataclass
class InstagramSwitches:
    """Instagram."""

    instagram_stories_business_only: bool = True
    """Refuse stories of creator accounts, as the documents say."""
    instagram_carousel_collaborators: bool = True
    """Take collaborators on carousels; a refusal was seen as well."""
    instagram_login_resumable: bool = False
    """Take ``upload_type=resumable`` with Instagram Login; documented for Facebook Login only."""
    instagram_thumb_offset_at_creation: bool = False
    """Refuse a ``thumb_offset`` beyond the film at once instead of failing the container with 2207057."""
    instagram_copyright_matches: bool = False
    """Find protected sound in every film: ``copyright_check_status`` says so and ``media_url`` is missing."""
    instagram_hidden_likes: bool = False
    """Leave ``like_count`` out, as for accounts that hide it."""
    instagram_upload_cut_after_bytes: int = 0
    """Cut the connection of a resumable upload after so many bytes of one request; 0 never."""


@dataclass
class NetworkSwitches(FilmSwitches, InsightSwitches, VisitorSwitches, ThreadsSwitches, InstagramSwitches):
    """All of the above."""
