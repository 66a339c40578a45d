"""What Facebook may do one way or another: undocumented behaviour, quotas and limits as settings.

:class:`~desktop.sandbox.config.SandboxConfig` has all of them. The defaults are what catches most mistakes of a client.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class BatchSwitches:
    """How batches are answered."""

    instagram_batch: bool = False
    """Take batches on Instagram's own host, which no document promises."""
    batch_omits_named: bool = False
    """Answer ``null`` for a named item that worked, unless it says ``omit_response_on_success=false``."""


@dataclass
class PageUploadSwitches:
    """How Pages take pictures and films."""

    facebook_photo_largest_bytes: int = 10 << 20
    """10 MB by the documents; some clients met a limit of 4 MB."""
    facebook_video_largest_bytes: int = 1 << 30
    facebook_video_longest_seconds: float = 14_400.0
    """Ceilings of ordinary videos; no document read says either."""
    facebook_chunk_bytes: int = 4 << 20
    """What one transfer of a chunked upload is asked to carry."""
    facebook_refuses_wrong_offsets: bool = False
    """Refuse a chunk sent for another offset with 6001 instead of answering which offset is wanted."""
    facebook_upload_life_seconds: float = 86_400.0
    """How long an upload may stay unfinished."""
    facebook_late_film_errors: bool = False
    """Let ``finish`` take a film that breaks the rules, and tell it in the processing phase."""
    facebook_finish_tells_post: bool = True
    """Answer ``post_id`` to the finish of a reel or a story."""
    facebook_reel_quota_total: int = 30
    facebook_story_longest_seconds: float = 60.0
    """60 by the stories guide, which says 90 in another place."""
    facebook_needs_publish_video: bool = False
    """Ask for the ``publish_video`` permission, which only the Pages guide names."""


@dataclass
class FacebookSwitches(BatchSwitches, PageUploadSwitches):
    """All of them."""

    facebook_schedule_days: float = 29.0
    """How far ahead a post may be scheduled: 29 is safe, the posts guide says 30, the feed reference 75."""
    facebook_video_schedule_days: float = 180.0
    facebook_reschedules_drafts: bool = True
    """Take ``scheduled_publish_time`` on an unpublished post that was not scheduled before."""
    facebook_deletes_scheduled: bool = True
    """Take DELETE of a post that is still scheduled; Meta describes it for published ones."""
    facebook_schedules_photos: bool = False
    """Take ``scheduled_publish_time`` on ``/photos`` itself instead of asking for a feed post."""
    facebook_views_by_source: bool = False
    """Tell ``page_media_view`` as an object of paid and organic views instead of one number."""
    facebook_visitor_posts: bool = False
    """People write on the Pages themselves, about once a day."""
