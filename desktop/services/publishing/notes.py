"""What is written down about a step: the line in the timeline and the note of a failure."""

from __future__ import annotations

from datetime import datetime

from desktop.domain.deliveries import Delivery, FailureNote, TimelineEntry
from desktop.domain.errors import FailureKind, RemoteFailure, TidingsError
from desktop.domain.transitions import ContainerDropped, Event, PartPublished


def timeline_of(before: Delivery, after: Delivery, event: Event, now: datetime) -> tuple[TimelineEntry, ...]:
    """Return the line of history an event deserves: a change of state, a part going live, a fresh start."""
    is_news = before.state is not after.state or isinstance(event, PartPublished | ContainerDropped)
    return (TimelineEntry(now, before.state, after.state, event.why),) if is_news else ()


def failure_note(failure: TidingsError) -> FailureNote:
    """Return what is kept of a failure; one that did not come from a network is about the post itself."""
    if not isinstance(failure, RemoteFailure):
        return FailureNote(FailureKind.BAD_INPUT, failure.title)
    return FailureNote(
        failure.kind,
        failure.remote_message,
        failure.http_status,
        failure.remote_code,
        failure.subcode,
        failure.trace_id,
    )
