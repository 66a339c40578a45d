"""Deliveries, their parts and tombstones, and the two append-only ledgers (``reliability.md`` §1.3)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from desktop.domain.deliveries import AttemptPhase, DeliveryState, HandOver
from desktop.domain.networks import Network
from desktop.storage.tables.rows import Duration, Instant, key, metadata, one_of, optional, required

DELIVERY = Table(
    "delivery",
    metadata,
    key("id", String),
    required("post_id", String, ForeignKey("post.id"), index=True),
    required("account_id", String, ForeignKey("account.id")),
    required("network", String),
    required("slot_key", String),
    required("wall_time", String),
    required("zone", String),
    required("due_at", Instant, index=True),
    optional("late_limit", Duration),
    required("state", String),
    required("was_sent", Boolean),
    required("state_since", Instant),
    required("created_at", Instant),
    optional("next_action_at", Instant),
    required("reason", String),
    optional("lease_owner", String),
    required("epoch", BigInteger),
    optional("payload", String),
    optional("payload_sha256", String),
    required("tries", Integer),
    optional("last_failure", String),
    required("version", Integer),
    UniqueConstraint("account_id", "post_id", "slot_key"),
    one_of("network", Network),
    one_of("state", DeliveryState),
    CheckConstraint("(payload IS NULL) = (payload_sha256 IS NULL)", name="payload"),
    Index("ix_delivery_timer", "next_action_at", "id", sqlite_where=text("next_action_at IS NOT NULL")),
    Index("ix_delivery_state", "state", "due_at"),
)
"""One variant to one account at one time: the only truth about publishing.

``wall_time`` is local ISO text in ``zone``; ``payload`` and ``last_failure`` are JSON documents. ``was_sent``
follows from the parts and is repeated here for the calendar; nothing that publishes asks it.
"""

DELIVERY_PART = Table(
    "delivery_part",
    metadata,
    key("delivery_id", String, ForeignKey("delivery.id")),
    key("ordinal", Integer),
    required("account_id", String, ForeignKey("account.id")),
    required("children", String),
    required("children_ready", Integer),
    optional("container_id", String),
    optional("container_created_at", Instant),
    required("is_container_ready", Boolean),
    required("polls", Integer),
    required("recreations", Integer),
    required("refusals", Integer),
    optional("send_token", String),
    optional("sent_intent_at", Instant),
    optional("send_deadline_at", Instant),
    required("lookups", Integer),
    required("finished_reads", Integer),
    optional("last_finished_read_at", Instant),
    optional("media_id", String),
    optional("permalink", String),
    optional("published_at", Instant),
    optional("evidence", String),
    optional("upload", String),
    optional("hand_over", String),
    CheckConstraint("media_id IS NULL OR evidence IS NOT NULL", name="evidence"),
    one_of("hand_over", HandOver),
    Index(
        "uq_delivery_part_media",
        "account_id",
        "media_id",
        unique=True,
        sqlite_where=text("media_id IS NOT NULL"),
    ),
)
"""Progress of one part. ``account_id`` is repeated here so that a media id can belong to one part only (S5).

``upload`` is the JSON document of a file that is being sent to the network in pieces,
``hand_over`` says what the network's own scheduler has of it.
"""

DELIVERY_TOMBSTONE = Table(
    "delivery_tombstone",
    metadata,
    key("delivery_id", String),
    key("ordinal", Integer),
    key("position", Integer),
    required("container_id", String),
    required("sends", Integer),
    required("is_open", Boolean),
    required("is_dead", Boolean),
    ForeignKeyConstraint(["delivery_id", "ordinal"], ["delivery_part.delivery_id", "delivery_part.ordinal"]),
)
"""A container that was once asked to go live; marked, and forgotten only when its one request never left (S3)."""

DELIVERY_TIMELINE = Table(
    "delivery_timeline",
    metadata,
    key("id", Integer),
    required("delivery_id", String, ForeignKey("delivery.id"), index=True),
    required("at", Instant),
    optional("before", String),
    required("after", String),
    required("why", String),
)
"""One line of history: append-only."""

DELIVERY_ATTEMPT = Table(
    "delivery_attempt",
    metadata,
    key("id", Integer),
    required("delivery_id", String, ForeignKey("delivery.id"), index=True),
    required("phase", String),
    required("part", Integer),
    required("started_at", Instant),
    required("finished_at", Instant),
    required("outcome", String),
    optional("sent_at", Instant),
    optional("http_status", Integer),
    optional("code", String),
    optional("subcode", Integer),
    optional("trace_id", String),
    required("detail", String),
    one_of("phase", AttemptPhase),
)
"""One call to a network: append-only."""
