"""Assets; the files are in the asset store, found by their hash."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from desktop.domain.media import MediaKind
from desktop.storage.tables.rows import Duration, Instant, TableRow, one_of


class AssetRow(TableRow):
    """One stored file; never changed."""

    __tablename__ = "asset"
    __table_args__ = (one_of("kind", MediaKind),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    mime_type: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int]
    height: Mapped[int]
    duration: Mapped[timedelta | None] = mapped_column(Duration)
    original_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)
