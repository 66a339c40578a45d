"""Sealed secrets."""

from __future__ import annotations

from sqlalchemy import LargeBinary, String, Table

from desktop.storage.tables.rows import Instant, key, metadata, required

SECRET = Table(
    "secret",
    metadata,
    key("name", String),
    required("key_id", String),
    required("sealed", LargeBinary),
    required("updated_at", Instant),
)
"""One secret, encrypted with the data key ``key_id``, which is not in the database."""
