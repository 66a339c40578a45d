"""Deliveries and the rows they are stored in: the mapping, without any SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import (
    Attempt,
    AttemptPhase,
    Delivery,
    DeliveryId,
    DeliveryState,
    FailureNote,
    HandOver,
    PartProgress,
    Payload,
    TimelineEntry,
    Tombstone,
    Upload,
)
from desktop.domain.documents import payload_from_document, payload_to_document
from desktop.domain.errors import FailureKind
from desktop.domain.networks import Network
from desktop.domain.posts import PostId
from desktop.domain.schedules import Schedule
from desktop.storage.repositories.statements import to_json

Parts = tuple[PartProgress, ...]


# a payload is frozen before sending, then stored and read again with every step of its delivery
@lru_cache(maxsize=256)
def _payload_text(payload: Payload) -> str:
    return to_json(payload_to_document(payload))


@lru_cache(maxsize=256)
def _payload(text: str) -> Payload:
    return payload_from_document(json.loads(text))


def delivery_values(delivery: Delivery) -> dict[str, object]:
    """Return the columns of the delivery itself."""
    return {
        "id": delivery.id,
        "post_id": delivery.post_id,
        "account_id": delivery.account_id,
        "network": delivery.network,
        "slot_key": delivery.slot_key,
        "wall_time": delivery.schedule.wall_time.isoformat(),
        "zone": delivery.schedule.zone,
        "due_at": delivery.due_at,
        "late_limit": delivery.late_limit,
        "state": delivery.state,
        "was_sent": delivery.was_sent,
        "state_since": delivery.state_since,
        "created_at": delivery.created_at,
        "next_action_at": delivery.next_action_at,
        "reason": delivery.reason,
        "lease_owner": delivery.lease_owner,
        "epoch": delivery.epoch,
        "payload": None if delivery.payload is None else _payload_text(delivery.payload),
        "payload_sha256": delivery.payload_sha256,
        "tries": delivery.tries,
        "last_failure": None if delivery.last_failure is None else _failure_text(delivery.last_failure),
        "version": delivery.version,
    }


def delivery_from_row(row: Row[Any], parts: Parts) -> Delivery:
    """Return the delivery of a row and its parts."""
    return Delivery(
        id=DeliveryId(row.id),
        post_id=PostId(row.post_id),
        account_id=AccountId(row.account_id),
        network=Network(row.network),
        slot_key=row.slot_key,
        schedule=Schedule(datetime.fromisoformat(row.wall_time), row.zone),
        due_at=row.due_at,
        late_limit=row.late_limit,
        state=DeliveryState(row.state),
        state_since=row.state_since,
        created_at=row.created_at,
        next_action_at=row.next_action_at,
        reason=row.reason,
        lease_owner=row.lease_owner,
        epoch=row.epoch,
        payload=None if row.payload is None else _payload(row.payload),
        payload_sha256=row.payload_sha256,
        parts=parts,
        tries=row.tries,
        last_failure=None if row.last_failure is None else _failure(row.last_failure),
        version=row.version,
    )


def _failure_text(note: FailureNote) -> str:
    return to_json([note.kind, note.message, note.http_status, note.code, note.subcode, note.trace_id])


def _failure(text: str) -> FailureNote:
    kind, message, http_status, code, subcode, trace_id = json.loads(text)
    return FailureNote(FailureKind(kind), message, http_status, code, subcode, trace_id)


def part_values(delivery: Delivery, ordinal: int) -> dict[str, object]:
    """Return the columns of one part."""
    part = delivery.parts[ordinal]
    return {
        "delivery_id": delivery.id,
        "ordinal": ordinal,
        "account_id": delivery.account_id,
        "children": to_json(part.children),
        "children_ready": part.children_ready,
        "container_id": part.container_id,
        "container_created_at": part.container_created_at,
        "is_container_ready": part.is_container_ready,
        "polls": part.polls,
        "recreations": part.recreations,
        "refusals": part.refusals,
        "send_token": part.send_token,
        "sent_intent_at": part.sent_intent_at,
        "send_deadline_at": part.send_deadline_at,
        "lookups": part.lookups,
        "finished_reads": part.finished_reads,
        "last_finished_read_at": part.last_finished_read_at,
        "media_id": part.media_id,
        "permalink": part.permalink,
        "published_at": part.published_at,
        "evidence": part.evidence,
        "upload": None if part.upload is None else to_json([part.upload.session, part.upload.sent, part.upload.size]),
        "hand_over": part.hand_over,
    }


def parts_from_rows(rows: Iterable[Row[Any]]) -> dict[str, Parts]:
    """Return the parts by delivery id.

    ``rows`` are parts outer-joined with their tombstones, in the order delivery, ordinal, position.
    """
    found: dict[str, list[PartProgress]] = {}
    for (delivery_id, _), group in groupby(rows, key=lambda row: (row.delivery_id, row.ordinal)):
        lines = list(group)
        tombstones = tuple(
            Tombstone(row.tombstone_container_id, row.sends, row.is_open, row.is_dead)
            for row in lines
            if row.tombstone_container_id is not None
        )
        found.setdefault(delivery_id, []).append(_part_from_row(lines[0], tombstones))
    return {delivery_id: tuple(parts) for delivery_id, parts in found.items()}


def _part_from_row(row: Row[Any], tombstones: tuple[Tombstone, ...]) -> PartProgress:
    return PartProgress(
        children=tuple(json.loads(row.children)),
        children_ready=row.children_ready,
        container_id=row.container_id,
        container_created_at=row.container_created_at,
        is_container_ready=row.is_container_ready,
        polls=row.polls,
        recreations=row.recreations,
        refusals=row.refusals,
        send_token=row.send_token,
        sent_intent_at=row.sent_intent_at,
        send_deadline_at=row.send_deadline_at,
        lookups=row.lookups,
        finished_reads=row.finished_reads,
        last_finished_read_at=row.last_finished_read_at,
        media_id=row.media_id,
        permalink=row.permalink,
        published_at=row.published_at,
        evidence=row.evidence,
        tombstones=tombstones,
        upload=None if row.upload is None else Upload(*json.loads(row.upload)),
        hand_over=None if row.hand_over is None else HandOver(row.hand_over),
    )


def tombstone_values(delivery: Delivery, ordinal: int) -> list[dict[str, object]]:
    """Return the tombstones of one part."""
    return [
        {
            "delivery_id": delivery.id,
            "ordinal": ordinal,
            "position": position,
            "container_id": tombstone.container_id,
            "sends": tombstone.sends,
            "is_open": tombstone.is_open,
            "is_dead": tombstone.is_dead,
        }
        for position, tombstone in enumerate(delivery.parts[ordinal].tombstones)
    ]


def timeline_values(delivery_id: DeliveryId, entry: TimelineEntry) -> dict[str, object]:
    """Return the columns of one line of history."""
    return {
        "delivery_id": delivery_id,
        "at": entry.at,
        "before": entry.before,
        "after": entry.after,
        "why": entry.why,
    }


def timeline_from_row(row: Row[Any]) -> TimelineEntry:
    """Return one line of history."""
    before = None if row.before is None else DeliveryState(row.before)
    return TimelineEntry(row.at, before, DeliveryState(row.after), row.why)


def attempt_values(delivery_id: DeliveryId, attempt: Attempt) -> dict[str, object]:
    """Return the columns of one call."""
    return {
        "delivery_id": delivery_id,
        "phase": attempt.phase,
        "part": attempt.part,
        "started_at": attempt.started_at,
        "finished_at": attempt.finished_at,
        "outcome": attempt.outcome,
        "sent_at": attempt.sent_at,
        "http_status": attempt.http_status,
        "code": attempt.code,
        "subcode": attempt.subcode,
        "trace_id": attempt.trace_id,
        "detail": attempt.detail,
    }


def attempt_from_row(row: Row[Any]) -> Attempt:
    """Return one call."""
    return Attempt(
        phase=AttemptPhase(row.phase),
        part=row.part,
        started_at=row.started_at,
        finished_at=row.finished_at,
        outcome=row.outcome,
        sent_at=row.sent_at,
        http_status=row.http_status,
        code=row.code,
        subcode=row.subcode,
        trace_id=row.trace_id,
        detail=row.detail,
    )
