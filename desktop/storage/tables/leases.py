"""Named leases."""

from __future__ import annotations

from sqlalchemy import Integer, String, Table

from desktop.storage.tables.rows import Instant, key, metadata, required

LEASE = Table(
    "lease",
    metadata,
    key("name", String),
    required("owner", String),
    required("until", Instant),
    required("epoch", Integer),
)
"""Who may do a thing, until when; ``epoch`` never falls."""
