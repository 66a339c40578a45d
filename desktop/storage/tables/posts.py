"""Posts and how they read on each account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from desktop.domain.networks import PostFormat
from desktop.storage.tables.rows import Instant, TableRow, one_of


class PostRow(TableRow):
    """One post. ``content`` is a JSON document; ``search_text`` holds every text of the post, case-folded.

    ``title``, ``thumbnail`` (its first asset) and the counts are taken from the content when it is stored, so that
    lists need not read it. They come before the long texts, behind which SQLite would have to look for them.
    """

    __tablename__ = "post"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    thumbnail: Mapped[str | None]
    part_count: Mapped[int]
    media_count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant, index=True)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    is_sample: Mapped[bool]
    version: Mapped[int]
    content: Mapped[str]
    search_text: Mapped[str]


class PostVariantRow(TableRow):
    """An account the post goes to; ``override`` is a JSON document, or None while it follows the shared content.

    ``title`` and ``thumbnail`` are those of what the account publishes, override or not.
    """

    __tablename__ = "post_variant"
    __table_args__ = (one_of("format", PostFormat),)

    post_id: Mapped[str] = mapped_column(ForeignKey("post.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    position: Mapped[int]
    format: Mapped[str]
    title: Mapped[str]
    thumbnail: Mapped[str | None]
    override: Mapped[str | None]
