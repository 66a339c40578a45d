"""Assets; the files are in the asset store, found by their hash."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, String, Table

from desktop.domain.media import MediaKind
from desktop.storage.tables.rows import Duration, Instant, key, metadata, one_of, optional, required

ASSET = Table(
    "asset",
    metadata,
    key("id", String),
    required("kind", String),
    required("mime_type", String),
    required("sha256", String, unique=True),
    required("size_bytes", BigInteger),
    required("width", Integer),
    required("height", Integer),
    optional("duration", Duration),
    required("original_name", String),
    required("created_at", Instant),
    one_of("kind", MediaKind),
)
"""One stored file; never changed."""
