"""Posts and how they read on each account."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, Integer, String, Table, text

from desktop.domain.networks import PostFormat
from desktop.storage.tables.rows import Instant, key, metadata, one_of, optional, required

POST = Table(
    "post",
    metadata,
    key("id", String),
    required("title", String),
    optional("thumbnail", String),
    required("part_count", Integer),
    required("media_count", Integer),
    required("created_at", Instant),
    required("updated_at", Instant, index=True),
    optional("deleted_at", Instant),
    required("is_sample", Boolean),
    required("version", Integer),
    required("content", String),
    required("search_text", String),
)
"""One post. ``content`` is a JSON document; ``search_text`` holds every text of the post, case-folded.

``title``, ``thumbnail`` (its first asset) and the counts are taken from the content when it is stored, so that
lists need not read it. They come before the long texts, behind which SQLite would have to look for them.
"""

POST_VARIANT = Table(
    "post_variant",
    metadata,
    key("post_id", String, ForeignKey("post.id")),
    key("account_id", String, ForeignKey("account.id"), index=True),
    required("position", Integer),
    required("format", String),
    required("title", String),
    optional("thumbnail", String),
    optional("override", String),
    required("options", String, server_default=text("'{}'")),
    one_of("format", PostFormat),
)
"""An account the post goes to; ``override`` is a JSON document, or None while it follows the shared content.

``title`` and ``thumbnail`` are those of what the account publishes, override or not; ``options`` is a JSON document of
what only its network offers.
"""
