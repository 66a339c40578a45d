"""A revision that exists in tests only: a new column, and a table that has to be built anew with rows that refer to it.

It looks at the guards too: a ledger has to be changed while they are away.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import CheckConstraint, Column, String, UniqueConstraint


def upgrade() -> None:
    op.add_column("delivery_timeline", Column("actor", String(), nullable=True))
    op.execute("UPDATE delivery_timeline SET actor = 'tidings'")
    with op.batch_alter_table("post") as post:
        post.add_column(Column("campaign", String(), nullable=False, server_default="none"))
        post.create_check_constraint("ck_post_campaign", "campaign <> ''")
    op.create_table(
        "label",
        Column("name", String(), nullable=False),
        CheckConstraint("name <> ''", name="ck_label_name"),
        UniqueConstraint("name", name="uq_label_name"),
    )
