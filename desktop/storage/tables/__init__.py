"""The tables, one module per noun. Importing this package makes ``metadata`` complete."""

from __future__ import annotations

from desktop.storage.tables import accounts, deliveries, hosting, leases, limits, media, posts, sealed_secrets, settings
from desktop.storage.tables.rows import metadata

__all__ = [
    "accounts",
    "deliveries",
    "hosting",
    "leases",
    "limits",
    "media",
    "metadata",
    "posts",
    "sealed_secrets",
    "settings",
]
