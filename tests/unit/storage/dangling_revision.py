"""A revision that exists in tests only: it says that posts go, and forgets what refers to them."""

from __future__ import annotations

from alembic import op

CHANGES_ROWS = ("post",)


def upgrade() -> None:
    op.execute("DELETE FROM post")
