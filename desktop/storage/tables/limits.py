"""How much of the networks' limits is used up, as they last said."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer, String, Table

from desktop.storage.tables.rows import Duration, Instant, key, metadata, optional, required

RATE_READING = Table(
    "rate_reading",
    metadata,
    key("bucket", String),
    required("owner", String),
    required("percent", Integer),
    optional("regain_at", Instant),
    required("read_at", Instant),
)
"""The newest reading of one usage header's bucket."""

PUBLISHING_QUOTA = Table(
    "publishing_quota",
    metadata,
    key("account_id", String, ForeignKey("account.id")),
    key("kind", String),
    required("used", Integer),
    required("total", Integer),
    required("window", Duration),
    required("read_at", Instant),
)
"""What an account may still publish within a rolling window."""
