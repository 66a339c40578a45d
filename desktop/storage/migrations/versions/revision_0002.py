"""Part 2: sealed secrets, the life of tokens, limits, hosted objects, options of each network, uploads in pieces.

Frozen: what a released version has made is never edited.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    text,
)


def upgrade() -> None:
    """Rebuild the changed tables, so that they read like new ones, and create the others."""
    with op.batch_alter_table("account", recreate="always") as account:
        for name in ("token_issued_at", "token_refreshed_at", "data_access_expires_at"):
            account.add_column(Column(name, BigInteger(), nullable=True))
        account.add_column(Column("scopes", String(), server_default=text("'[]'"), nullable=False))
        account.add_column(Column("grantor_id", String(), nullable=True))
    with op.batch_alter_table("post_variant", recreate="always") as variant:
        variant.add_column(Column("options", String(), server_default=text("'{}'"), nullable=False))
    with op.batch_alter_table("delivery_part", recreate="always") as part:
        part.add_column(Column("upload", String(), nullable=True))
        part.add_column(Column("hand_over", String(), nullable=True))
        part.create_check_constraint(
            "ck_delivery_part_hand_over",
            "hand_over IN ('intended', 'confirmed', 'refused', 'recalling', 'cancelling')",
        )
    _create_secret()
    _create_limits()
    _create_hosted_object()


def _create_secret() -> None:
    op.create_table(
        "secret",
        Column("name", String(), nullable=False),
        Column("key_id", String(), nullable=False),
        Column("sealed", LargeBinary(), nullable=False),
        Column("updated_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("name", name="pk_secret"),
    )


def _create_limits() -> None:
    op.create_table(
        "rate_reading",
        Column("bucket", String(), nullable=False),
        Column("owner", String(), nullable=False),
        Column("percent", Integer(), nullable=False),
        Column("regain_at", BigInteger(), nullable=True),
        Column("read_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("bucket", name="pk_rate_reading"),
    )
    op.create_table(
        "publishing_quota",
        Column("account_id", String(), nullable=False),
        Column("kind", String(), nullable=False),
        Column("used", Integer(), nullable=False),
        Column("total", Integer(), nullable=False),
        Column("window", BigInteger(), nullable=False),
        Column("read_at", BigInteger(), nullable=False),
        ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_publishing_quota_account_id"),
        PrimaryKeyConstraint("account_id", "kind", name="pk_publishing_quota"),
    )


def _create_hosted_object() -> None:
    op.create_table(
        "hosted_object",
        Column("key", String(), nullable=False),
        Column("relay", String(), nullable=False),
        Column("sha256", String(), nullable=False),
        Column("delivery_id", String(), nullable=True),
        Column("created_at", BigInteger(), nullable=False),
        Column("delete_after", BigInteger(), nullable=False),
        PrimaryKeyConstraint("key", name="pk_hosted_object"),
    )
    op.create_index("ix_hosted_object_delete_after", "hosted_object", ["delete_after"], unique=False)
