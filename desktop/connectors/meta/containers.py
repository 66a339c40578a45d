"""What the networks share about containers: the words of their state, and reading dates and lists leniently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from desktop.connectors.meta.answers import Json
from desktop.domain.deliveries import Payload
from desktop.domain.errors import Effect, FailureKind, RemoteFailure
from desktop.services.publishing.ports import ContainerStatus, RemoteMedia

_WORDS = {status.value.upper(): status for status in ContainerStatus}


def container_status(word: str) -> ContainerStatus:
    """Return the state for the network's word; a word we do not know means that it is not settled yet."""
    return _WORDS.get(word.upper(), ContainerStatus.IN_PROGRESS)


def not_built(payload: Payload, what: str) -> RemoteFailure:
    """Return the refusal of content this connector cannot send; nothing was asked of the network."""
    return RemoteFailure(
        network=payload.network.label, kind=FailureKind.BAD_INPUT, effect=Effect.NOT_SENT, message=what
    )


def text_of(row: Mapping[str, Json], name: str) -> str:
    """Return a field that is text, empty when it is missing."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def items_of(row: Mapping[str, Json], name: str) -> list[Mapping[str, Json]]:
    """Return the objects of ``{name: {"data": [...]}}``, empty when the field is missing."""
    value = row.get(name)
    rows = value.get("data") if isinstance(value, dict) else None
    return [item for item in rows if isinstance(item, dict)] if isinstance(rows, list) else []


def instant_of(row: Mapping[str, Json], name: str, default: datetime) -> datetime:
    """Return a time such as ``2026-01-31T08:00:00+0000`` in UTC; ``default`` when it is missing or unreadable."""
    try:
        found = datetime.fromisoformat(text_of(row, name))
    except ValueError:
        return default
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def span(since: datetime, until: datetime) -> tuple[int, int]:
    """Return both ends in whole seconds, widened so that nothing at their edges is cut off."""
    return int(since.timestamp()), int((until + timedelta(seconds=1)).timestamp())


def within(media: Iterable[RemoteMedia], since: datetime, until: datetime) -> tuple[RemoteMedia, ...]:
    """Return each item of the span once; the networks tell times in whole seconds."""
    earliest = since.replace(microsecond=0)
    return tuple({m.id: m for m in media if earliest <= m.published_at <= until}.values())
