"""The first schema. Frozen: what a released version has made is never edited."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)


def upgrade() -> None:
    """Create every table."""
    _create_account()
    _create_asset()
    _create_lease()
    _create_post()
    _create_setting()
    _create_delivery()
    _create_post_variant()
    _create_delivery_attempt()
    _create_delivery_part()
    _create_delivery_timeline()
    _create_delivery_tombstone()


def _create_account() -> None:
    op.create_table(
        "account",
        Column("id", String(), nullable=False),
        Column("network", String(), nullable=False),
        Column("login", String(), nullable=False),
        Column("remote_id", String(), nullable=False),
        Column("username", String(), nullable=False),
        Column("display_name", String(), nullable=False),
        Column("state", String(), nullable=False),
        Column("state_reason", String(), nullable=False),
        Column("hue", String(), nullable=False),
        Column("is_sample", Boolean(), nullable=False),
        Column("connected_at", BigInteger(), nullable=False),
        Column("token_expires_at", BigInteger(), nullable=True),
        Column("version", Integer(), nullable=False),
        CheckConstraint("hue IN ('ink', 'pink', 'blue', 'teal', 'amber')", name="ck_account_hue"),
        CheckConstraint("login IN ('threads', 'instagram', 'facebook_page')", name="ck_account_login"),
        CheckConstraint("network IN ('threads', 'instagram', 'facebook')", name="ck_account_network"),
        CheckConstraint(
            "state IN ('connected', 'reconnect', 'action_needed', 'disconnected')", name="ck_account_state"
        ),
        PrimaryKeyConstraint("id", name="pk_account"),
        UniqueConstraint("network", "remote_id", name="uq_account_network_remote_id"),
    )


def _create_asset() -> None:
    op.create_table(
        "asset",
        Column("id", String(), nullable=False),
        Column("kind", String(), nullable=False),
        Column("mime_type", String(), nullable=False),
        Column("sha256", String(), nullable=False),
        Column("size_bytes", BigInteger(), nullable=False),
        Column("width", Integer(), nullable=False),
        Column("height", Integer(), nullable=False),
        Column("duration", BigInteger(), nullable=True),
        Column("original_name", String(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        CheckConstraint("kind IN ('image', 'video')", name="ck_asset_kind"),
        PrimaryKeyConstraint("id", name="pk_asset"),
        UniqueConstraint("sha256", name="uq_asset_sha256"),
    )


def _create_lease() -> None:
    op.create_table(
        "lease",
        Column("name", String(), nullable=False),
        Column("owner", String(), nullable=False),
        Column("until", BigInteger(), nullable=False),
        Column("epoch", Integer(), nullable=False),
        PrimaryKeyConstraint("name", name="pk_lease"),
    )


def _create_post() -> None:
    op.create_table(
        "post",
        Column("id", String(), nullable=False),
        Column("title", String(), nullable=False),
        Column("thumbnail", String(), nullable=True),
        Column("part_count", Integer(), nullable=False),
        Column("media_count", Integer(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("updated_at", BigInteger(), nullable=False),
        Column("deleted_at", BigInteger(), nullable=True),
        Column("is_sample", Boolean(), nullable=False),
        Column("version", Integer(), nullable=False),
        Column("content", String(), nullable=False),
        Column("search_text", String(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_post"),
    )
    op.create_index("ix_post_updated_at", "post", ["updated_at"], unique=False)


def _create_setting() -> None:
    op.create_table(
        "setting",
        Column("name", String(), nullable=False),
        Column("value", String(), nullable=False),
        PrimaryKeyConstraint("name", name="pk_setting"),
    )


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        Column("id", String(), nullable=False),
        Column("post_id", String(), nullable=False),
        Column("account_id", String(), nullable=False),
        Column("network", String(), nullable=False),
        Column("slot_key", String(), nullable=False),
        Column("wall_time", String(), nullable=False),
        Column("zone", String(), nullable=False),
        Column("due_at", BigInteger(), nullable=False),
        Column("late_limit", BigInteger(), nullable=True),
        Column("state", String(), nullable=False),
        Column("was_sent", Boolean(), nullable=False),
        Column("state_since", BigInteger(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("next_action_at", BigInteger(), nullable=True),
        Column("reason", String(), nullable=False),
        Column("lease_owner", String(), nullable=True),
        Column("epoch", BigInteger(), nullable=False),
        Column("payload", String(), nullable=True),
        Column("payload_sha256", String(), nullable=True),
        Column("tries", Integer(), nullable=False),
        Column("last_failure", String(), nullable=True),
        Column("version", Integer(), nullable=False),
        CheckConstraint("network IN ('threads', 'instagram', 'facebook')", name="ck_delivery_network"),
        CheckConstraint(
            "state IN ('draft', 'awaiting_approval', 'scheduled', 'preparing', 'ready', 'sending', "
            "'uncertain', 'live_unlinked', 'published', 'held', 'retry_wait', 'missed', 'cancelled', "
            "'failed', 'needs_review')",
            name="ck_delivery_state",
        ),
        CheckConstraint("(payload IS NULL) = (payload_sha256 IS NULL)", name="ck_delivery_payload"),
        ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_delivery_account_id"),
        ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_delivery_post_id"),
        PrimaryKeyConstraint("id", name="pk_delivery"),
        UniqueConstraint("account_id", "post_id", "slot_key", name="uq_delivery_account_id_post_id_slot_key"),
    )
    op.create_index("ix_delivery_due_at", "delivery", ["due_at"], unique=False)
    op.create_index("ix_delivery_post_id", "delivery", ["post_id"], unique=False)
    op.create_index("ix_delivery_state", "delivery", ["state", "due_at"], unique=False)
    op.create_index(
        "ix_delivery_timer",
        "delivery",
        ["next_action_at", "id"],
        unique=False,
        sqlite_where=text("next_action_at IS NOT NULL"),
    )


def _create_post_variant() -> None:
    op.create_table(
        "post_variant",
        Column("post_id", String(), nullable=False),
        Column("account_id", String(), nullable=False),
        Column("position", Integer(), nullable=False),
        Column("format", String(), nullable=False),
        Column("title", String(), nullable=False),
        Column("thumbnail", String(), nullable=True),
        Column("override", String(), nullable=True),
        CheckConstraint("format IN ('feed', 'carousel', 'reel', 'story')", name="ck_post_variant_format"),
        ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_post_variant_account_id"),
        ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_post_variant_post_id"),
        PrimaryKeyConstraint("post_id", "account_id", name="pk_post_variant"),
    )
    op.create_index("ix_post_variant_account_id", "post_variant", ["account_id"], unique=False)


def _create_delivery_attempt() -> None:
    op.create_table(
        "delivery_attempt",
        Column("id", Integer(), nullable=False),
        Column("delivery_id", String(), nullable=False),
        Column("phase", String(), nullable=False),
        Column("part", Integer(), nullable=False),
        Column("started_at", BigInteger(), nullable=False),
        Column("finished_at", BigInteger(), nullable=False),
        Column("outcome", String(), nullable=False),
        Column("sent_at", BigInteger(), nullable=True),
        Column("http_status", Integer(), nullable=True),
        Column("code", String(), nullable=True),
        Column("subcode", Integer(), nullable=True),
        Column("trace_id", String(), nullable=True),
        Column("detail", String(), nullable=False),
        CheckConstraint(
            "phase IN ('prepare', 'status', 'publish', 'look_up', 'permalink')", name="ck_delivery_attempt_phase"
        ),
        ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_delivery_attempt_delivery_id"),
        PrimaryKeyConstraint("id", name="pk_delivery_attempt"),
    )
    op.create_index("ix_delivery_attempt_delivery_id", "delivery_attempt", ["delivery_id"], unique=False)


def _create_delivery_part() -> None:
    op.create_table(
        "delivery_part",
        Column("delivery_id", String(), nullable=False),
        Column("ordinal", Integer(), nullable=False),
        Column("account_id", String(), nullable=False),
        Column("children", String(), nullable=False),
        Column("children_ready", Integer(), nullable=False),
        Column("container_id", String(), nullable=True),
        Column("container_created_at", BigInteger(), nullable=True),
        Column("is_container_ready", Boolean(), nullable=False),
        Column("polls", Integer(), nullable=False),
        Column("recreations", Integer(), nullable=False),
        Column("refusals", Integer(), nullable=False),
        Column("send_token", String(), nullable=True),
        Column("sent_intent_at", BigInteger(), nullable=True),
        Column("send_deadline_at", BigInteger(), nullable=True),
        Column("lookups", Integer(), nullable=False),
        Column("finished_reads", Integer(), nullable=False),
        Column("last_finished_read_at", BigInteger(), nullable=True),
        Column("media_id", String(), nullable=True),
        Column("permalink", String(), nullable=True),
        Column("published_at", BigInteger(), nullable=True),
        Column("evidence", String(), nullable=True),
        CheckConstraint("media_id IS NULL OR evidence IS NOT NULL", name="ck_delivery_part_evidence"),
        ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_delivery_part_account_id"),
        ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_delivery_part_delivery_id"),
        PrimaryKeyConstraint("delivery_id", "ordinal", name="pk_delivery_part"),
    )
    op.create_index(
        "uq_delivery_part_media",
        "delivery_part",
        ["account_id", "media_id"],
        unique=True,
        sqlite_where=text("media_id IS NOT NULL"),
    )


def _create_delivery_timeline() -> None:
    op.create_table(
        "delivery_timeline",
        Column("id", Integer(), nullable=False),
        Column("delivery_id", String(), nullable=False),
        Column("at", BigInteger(), nullable=False),
        Column("before", String(), nullable=True),
        Column("after", String(), nullable=False),
        Column("why", String(), nullable=False),
        ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_delivery_timeline_delivery_id"),
        PrimaryKeyConstraint("id", name="pk_delivery_timeline"),
    )
    op.create_index("ix_delivery_timeline_delivery_id", "delivery_timeline", ["delivery_id"], unique=False)


def _create_delivery_tombstone() -> None:
    op.create_table(
        "delivery_tombstone",
        Column("delivery_id", String(), nullable=False),
        Column("ordinal", Integer(), nullable=False),
        Column("position", Integer(), nullable=False),
        Column("container_id", String(), nullable=False),
        Column("sends", Integer(), nullable=False),
        Column("is_open", Boolean(), nullable=False),
        Column("is_dead", Boolean(), nullable=False),
        ForeignKeyConstraint(
            ["delivery_id", "ordinal"],
            ["delivery_part.delivery_id", "delivery_part.ordinal"],
            name="fk_delivery_tombstone_delivery_id",
        ),
        PrimaryKeyConstraint("delivery_id", "ordinal", "position", name="pk_delivery_tombstone"),
    )
