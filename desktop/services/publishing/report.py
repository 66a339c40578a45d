"""Deliveries as JSON: the shape people script against (``interfaces.md``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desktop.domain.deliveries import Attempt, Delivery, PartProgress
from desktop.services.publishing.service import DeliveryDetail


def instant(moment: datetime | None) -> str | None:
    """Return an instant as ``2026-12-01T08:00:00Z``, with microseconds only when there are some."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def delivery_to_json(delivery: Delivery) -> dict[str, Any]:
    """Return what lists show of a delivery."""
    wall_time = delivery.schedule.wall_time
    failure = delivery.last_failure
    return {
        "id": delivery.id,
        "post_id": delivery.post_id,
        "account_id": delivery.account_id,
        "network": delivery.network.value,
        "state": delivery.state.value,
        "reason": delivery.reason,
        "due_at": instant(delivery.due_at),
        "wall_time": wall_time.isoformat(timespec="seconds" if wall_time.second else "minutes"),
        "zone": delivery.schedule.zone,
        "next_action_at": instant(delivery.next_action_at),
        "remote_id": delivery.remote_id,
        "permalink": delivery.permalink,
        "published_at": instant(delivery.published_at),
        "failure": None
        if failure is None
        else {"kind": failure.kind.value, "message": failure.message, "code": failure.code, "subcode": failure.subcode},
    }


def detail_to_json(detail: DeliveryDetail) -> dict[str, Any]:
    """Return a delivery with its parts, attempts and timeline."""
    return {
        **delivery_to_json(detail.delivery),
        "title": detail.title,
        "payload_sha256": detail.delivery.payload_sha256,
        "parts": [_part(part) for part in detail.delivery.parts],
        "attempts": [_attempt(attempt) for attempt in detail.attempts],
        "timeline": [
            {
                "at": instant(entry.at),
                "from": None if entry.before is None else entry.before.value,
                "to": entry.after.value,
                "why": entry.why,
            }
            for entry in detail.timeline
        ],
    }


def _part(part: PartProgress) -> dict[str, Any]:
    return {
        "container_id": part.container_id,
        "remote_id": part.media_id,
        "permalink": part.permalink,
        "published_at": instant(part.published_at),
        "evidence": part.evidence,
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "phase": attempt.phase.value,
        "part": attempt.part,
        "started_at": instant(attempt.started_at),
        "sent_at": instant(attempt.sent_at),
        "finished_at": instant(attempt.finished_at),
        "outcome": attempt.outcome,
        "http_status": attempt.http_status,
        "code": attempt.code,
        "subcode": attempt.subcode,
        "trace_id": attempt.trace_id,
        "detail": attempt.detail,
    }
