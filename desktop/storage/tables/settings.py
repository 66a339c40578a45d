"""Settings of the workspace."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from desktop.storage.tables.rows import TableRow


class SettingRow(TableRow):
    """One value as JSON, by its dotted name."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
