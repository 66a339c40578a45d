"""Settings of the workspace."""

from __future__ import annotations

from sqlalchemy import String, Table

from desktop.storage.tables.rows import key, metadata, required

SETTING = Table("setting", metadata, key("name", String), required("value", String))
"""One value as JSON, by its dotted name."""
