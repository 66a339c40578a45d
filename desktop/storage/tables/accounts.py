"""Connected accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.domain.accounts import AccountState, Hue, LoginKind
from desktop.domain.networks import Network
from desktop.storage.tables.rows import Instant, TableRow, one_of


class AccountRow(TableRow):
    """One account; tokens are in the secret store, never here."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("network", "remote_id"),
        one_of("network", Network),
        one_of("login", LoginKind),
        one_of("state", AccountState),
        one_of("hue", Hue),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    network: Mapped[str]
    login: Mapped[str]
    remote_id: Mapped[str]
    username: Mapped[str]
    display_name: Mapped[str]
    state: Mapped[str]
    state_reason: Mapped[str]
    hue: Mapped[str]
    is_sample: Mapped[bool]
    connected_at: Mapped[datetime] = mapped_column(Instant)
    token_expires_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int]
