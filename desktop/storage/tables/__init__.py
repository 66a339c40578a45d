"""The tables, one module per noun. Importing this package makes ``metadata`` complete."""

from __future__ import annotations

from desktop.storage.tables import accounts, deliveries, leases, media, posts, settings
from desktop.storage.tables.rows import TableRow

metadata = TableRow.metadata

__all__ = ["accounts", "deliveries", "leases", "media", "metadata", "posts", "settings"]
