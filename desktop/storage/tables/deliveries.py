"""Deliveries, their parts and tombstones, and the two append-only ledgers (``reliability.md`` §1.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop.domain.deliveries import AttemptPhase, DeliveryState
from desktop.domain.networks import Network
from desktop.storage.tables.rows import Duration, Instant, TableRow, one_of


class DeliveryRow(TableRow):
    """One variant to one account at one time: the only truth about publishing.

    ``wall_time`` is local ISO text in ``zone``; ``payload`` and ``last_failure`` are JSON documents. ``was_sent``
    follows from the parts and is repeated here for the calendar; nothing that publishes asks it.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("account_id", "post_id", "slot_key"),
        one_of("network", Network),
        one_of("state", DeliveryState),
        CheckConstraint("(payload IS NULL) = (payload_sha256 IS NULL)", name="payload"),
        Index("ix_delivery_timer", "next_action_at", "id", sqlite_where=text("next_action_at IS NOT NULL")),
        Index("ix_delivery_state", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("post.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    network: Mapped[str]
    slot_key: Mapped[str]
    wall_time: Mapped[str]
    zone: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(Instant, index=True)
    late_limit: Mapped[timedelta | None] = mapped_column(Duration)
    state: Mapped[str]
    was_sent: Mapped[bool]
    state_since: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    next_action_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str]
    lease_owner: Mapped[str | None]
    epoch: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[str | None]
    payload_sha256: Mapped[str | None]
    tries: Mapped[int]
    last_failure: Mapped[str | None]
    version: Mapped[int]


class DeliveryPartRow(TableRow):
    """Progress of one part. ``account_id`` is repeated here so that a media id can belong to one part only (S5)."""

    __tablename__ = "delivery_part"
    __table_args__ = (
        CheckConstraint("media_id IS NULL OR evidence IS NOT NULL", name="evidence"),
        Index(
            "uq_delivery_part_media",
            "account_id",
            "media_id",
            unique=True,
            sqlite_where=text("media_id IS NOT NULL"),
        ),
    )

    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    children: Mapped[str]
    children_ready: Mapped[int]
    container_id: Mapped[str | None]
    container_created_at: Mapped[datetime | None] = mapped_column(Instant)
    is_container_ready: Mapped[bool]
    polls: Mapped[int]
    recreations: Mapped[int]
    refusals: Mapped[int]
    send_token: Mapped[str | None]
    sent_intent_at: Mapped[datetime | None] = mapped_column(Instant)
    send_deadline_at: Mapped[datetime | None] = mapped_column(Instant)
    lookups: Mapped[int]
    finished_reads: Mapped[int]
    last_finished_read_at: Mapped[datetime | None] = mapped_column(Instant)
    media_id: Mapped[str | None]
    permalink: Mapped[str | None]
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    evidence: Mapped[str | None]


class DeliveryTombstoneRow(TableRow):
    """A container that was once asked to go live; marked, and forgotten only when its one request never left (S3)."""

    __tablename__ = "delivery_tombstone"
    __table_args__ = (
        ForeignKeyConstraint(["delivery_id", "ordinal"], ["delivery_part.delivery_id", "delivery_part.ordinal"]),
    )

    delivery_id: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    container_id: Mapped[str]
    sends: Mapped[int]
    is_open: Mapped[bool]
    is_dead: Mapped[bool]


class DeliveryTimelineRow(TableRow):
    """One line of history: append-only."""

    __tablename__ = "delivery_timeline"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    before: Mapped[str | None]
    after: Mapped[str]
    why: Mapped[str]


class DeliveryAttemptRow(TableRow):
    """One call to a network: append-only."""

    __tablename__ = "delivery_attempt"
    __table_args__ = (one_of("phase", AttemptPhase),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id"), index=True)
    phase: Mapped[str]
    part: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str]
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    http_status: Mapped[int | None]
    code: Mapped[str | None]
    subcode: Mapped[int | None]
    trace_id: Mapped[str | None]
    detail: Mapped[str]
