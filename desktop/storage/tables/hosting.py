"""What lies on the hosting relay for a network to fetch."""

from __future__ import annotations

from sqlalchemy import String, Table

from desktop.storage.tables.rows import Instant, key, metadata, optional, required

HOSTED_OBJECT = Table(
    "hosted_object",
    metadata,
    key("key", String),
    required("relay", String),
    required("sha256", String),
    optional("delivery_id", String),
    required("created_at", Instant),
    required("delete_after", Instant, index=True),
)
"""One object we put up and must take down; the row comes before the object and goes after it."""
