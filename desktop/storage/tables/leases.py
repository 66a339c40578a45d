"""Named leases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from desktop.storage.tables.rows import Instant, TableRow


class LeaseRow(TableRow):
    """Who may do a thing, until when; ``epoch`` never falls."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime] = mapped_column(Instant)
    epoch: Mapped[int]
