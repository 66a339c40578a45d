"""Posts and how they read on each account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from desktop.domain.networks import PostFormat
from desktop.storage.tables.rows import Instant, TableRow, one_of


class PostRow(TableRow):
    """One post. ``content`` is a JSON document; ``search_text`` holds every text of the post, case-folded."""

    __tablename__ = "post"

    id: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str]
    search_text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant, index=True)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    is_sample: Mapped[bool]
    version: Mapped[int]


class PostVariantRow(TableRow):
    """An account the post goes to; ``override`` is a JSON document, or None while it follows the shared content."""

    __tablename__ = "post_variant"
    __table_args__ = (one_of("format", PostFormat),)

    post_id: Mapped[str] = mapped_column(ForeignKey("post.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    position: Mapped[int]
    override: Mapped[str | None]
    format: Mapped[str]
