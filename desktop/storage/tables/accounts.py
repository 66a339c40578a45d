"""Connected accounts."""

from __future__ import annotations

from sqlalchemy import Boolean, Integer, String, Table, UniqueConstraint, text

from desktop.domain.accounts import AccountState, Hue, LoginKind
from desktop.domain.networks import Network
from desktop.storage.tables.rows import Instant, key, metadata, one_of, optional, required

ACCOUNT = Table(
    "account",
    metadata,
    key("id", String),
    required("network", String),
    required("login", String),
    required("remote_id", String),
    required("username", String),
    required("display_name", String),
    required("state", String),
    required("state_reason", String),
    required("hue", String),
    required("is_sample", Boolean),
    required("connected_at", Instant),
    optional("token_expires_at", Instant),
    required("version", Integer),
    optional("token_issued_at", Instant),
    optional("token_refreshed_at", Instant),
    optional("data_access_expires_at", Instant),
    required("scopes", String, server_default=text("'[]'")),
    optional("grantor_id", String),
    UniqueConstraint("network", "remote_id"),
    one_of("network", Network),
    one_of("login", LoginKind),
    one_of("state", AccountState),
    one_of("hue", Hue),
)
"""One account. ``scopes`` is a JSON list; ``grantor_id`` the person whose sign-in gave a Page's token.

Tokens are never here.
"""
