"""A revision that exists in tests only: it loses rows without saying so."""

from __future__ import annotations

from alembic import op


def upgrade() -> None:
    op.execute("DELETE FROM delivery_timeline")
