"""Turns webhook deliveries into typed events, each once and in the order things happened (``meta-api.md`` §7).

Meta promises neither: a delivery is repeated for up to 36 hours until it is answered, and batches overtake each other.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from desktop.connectors.meta.answers import Json, as_int
from desktop.connectors.meta.containers import instant_of
from desktop.connectors.meta.webhooks import (
    EARLIEST,
    LATEST,
    MOST_BYTES,
    WebhookFault,
    WebhookRefused,
    fingerprint,
    identifier,
    instant_of_seconds,
    json_object,
)

MOST_EVENTS = 1000
# deliveries are repeated for 36 hours; what is older cannot come again
SEEN_FOR = timedelta(hours=48)
_OBJECTS = ("page", "instagram", "user", "threads")
_VERB_ORDER = {"add": 0, "edited": 1, "edit": 1, "hide": 2, "unhide": 3, "remove": 4, "delete": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """Something changed about ``target_id``, a Page, account or person, as ``object`` of Meta's says.

    ``key`` is the same for every repetition of the event. ``at`` is when it happened, as far as it was told, and
    ``order`` puts what happened within one second in its natural order.
    """

    object: str
    target_id: str
    field: str
    at: datetime
    key: str
    order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFeedChanged(WebhookEvent):
    """Something on a Page: ``item`` (status, comment, reaction …) was ``verb`` (add, edited, remove, hide …)."""

    item: str
    verb: str
    post_id: str
    comment_id: str
    parent_id: str
    from_id: str
    from_name: str
    message: str
    reaction: str
    is_hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentReceived(WebhookEvent):
    """Somebody commented on Instagram media."""

    comment_id: str
    parent_id: str
    media_id: str
    from_id: str
    from_name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionReceived(WebhookEvent):
    """Somebody mentioned the account on Instagram, in a caption or (``comment_id``) in a comment."""

    media_id: str
    comment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMeasured(WebhookEvent):
    """The last figures of an Instagram story; None where the network keeps a number below five to itself."""

    media_id: str
    metrics: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadsChanged(WebhookEvent):
    """A reply, a mention, a published or a deleted post on Threads, by ``field``."""

    media_id: str
    replied_to_id: str
    root_post_id: str
    username: str
    text: str
    permalink: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherChange(WebhookEvent):
    """A change this version has no name for, as it came."""

    value: Json


class SeenEvents(Protocol):
    """Remembers the keys of events for a while; shared by every process that takes deliveries."""

    def add(self, key: str, now: datetime, lifetime: timedelta) -> bool:
        """Remember ``key`` until ``now + lifetime``; False when it is remembered already, which is left as it is."""
        ...


class MemorySeenEvents:
    """``SeenEvents`` of one process, for at most ``most`` keys: those not met for longest go first."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._until: dict[str, datetime] = {}

    def add(self, key: str, now: datetime, lifetime: timedelta) -> bool:
        """Remember ``key``; see ``SeenEvents``."""
        with self._lock:
            until = self._until.pop(key, now)
            is_new = until <= now
            self._until[key] = now + lifetime if is_new else until
            while len(self._until) > self._most:
                del self._until[next(iter(self._until))]
        return is_new


def read_events(body: bytes, received_at: datetime) -> tuple[WebhookEvent, ...]:
    """Return the events of a delivery whose signature has been checked, in the order they came.

    Takes the form with ``object`` and ``entry`` and both that Threads is said to use. What is not understood becomes
    an ``OtherChange`` or, without any field, is left out. ``WebhookRefused`` for a body that is no delivery at all.
    """
    if len(body) > MOST_BYTES:
        raise WebhookRefused(WebhookFault.TOO_LARGE)
    document = json_object(body)
    found: list[WebhookEvent] = []
    for change in _changes(document):
        if len(found) == MOST_EVENTS:
            raise WebhookRefused(WebhookFault.TOO_LARGE)
        found.append(_event(change, received_at))
    return tuple(found)


def fresh_events(events: Iterable[WebhookEvent], seen: SeenEvents, now: datetime) -> tuple[WebhookEvent, ...]:
    """Return the events that were never seen before, in the order things happened, and remember them.

    What remembers belongs into the transaction that stores what the events led to: a crash between would lose them.
    """
    fresh = [event for event in events if seen.add(event.key, now, SEEN_FOR)]
    return tuple(sorted(fresh, key=lambda event: (event.at, event.order)))


@dataclass(frozen=True, slots=True)
class _Change:
    object: str
    target_id: str
    field: str
    value: Json
    sent_at: Json


def _changes(document: Mapping[str, Json]) -> Iterator[_Change]:
    entries = document.get("entry")
    if document.get("object") in _OBJECTS and isinstance(entries, list):
        for entry in _objects(entries):
            target, time = identifier(entry.get("id")), entry.get("time")
            changes = entry.get("changes")
            # Instagram's own login sometimes leaves the list out and puts field and value into the entry
            for change in _objects(changes) if isinstance(changes, list) else [entry]:
                yield from _change(_text(document, "object"), target, change, time)
    elif "values" in document and "target_id" in document:
        values = document["values"]
        for change in _objects(values if isinstance(values, list) else [values]):
            yield from _change("threads", identifier(document["target_id"]), change, document.get("time"))
    else:
        raise WebhookRefused(WebhookFault.SHAPE)


def _change(kind: str, target_id: str, change: Mapping[str, Json], sent_at: Json) -> Iterator[_Change]:
    field = identifier(change.get("field"))
    if field:
        yield _Change(kind, target_id, field, change.get("value"), sent_at)


def _event(change: _Change, received_at: datetime) -> WebhookEvent:
    value = change.value if isinstance(change.value, dict) else {}
    shared: dict[str, Any] = {
        "object": change.object,
        "target_id": change.target_id,
        "field": change.field,
        "at": _happened_at(value, instant_of_seconds(change.sent_at) or received_at),
        # the time a delivery was sent is not part of it: a repetition has another one
        "key": fingerprint(change.object, change.target_id, change.field, change.value),
        "order": _VERB_ORDER.get(_text(value, "verb") or change.field, 0),
    }
    match change.object, change.field:
        case "page", "feed":
            return _page_feed(shared, value)
        case "instagram", "comments" | "live_comments":
            return _comment(shared, value)
        case "instagram", "mentions":
            comment_id = identifier(value.get("comment_id"))
            return MentionReceived(**shared, media_id=identifier(value.get("media_id")), comment_id=comment_id)
        case "instagram", "story_insights":
            return StoryMeasured(**shared, media_id=identifier(value.get("media_id")), metrics=_metrics(value))
        case "threads", "replies" | "mentions" | "publish" | "delete":
            return _threads(shared, value)
    return OtherChange(**shared, value=change.value)


def _happened_at(value: Mapping[str, Json], default: datetime) -> datetime:
    try:
        told = instant_of_seconds(value.get("created_time")) or instant_of(value, "timestamp", default)
    except OverflowError:  # the first or last day there is, moved to UTC
        return default
    return told if EARLIEST <= told < LATEST else default


def _page_feed(shared: Mapping[str, Any], value: Mapping[str, Json]) -> PageFeedChanged:
    return PageFeedChanged(
        **shared,
        item=_text(value, "item"),
        verb=_text(value, "verb"),
        post_id=identifier(value.get("post_id")),
        comment_id=identifier(value.get("comment_id")),
        parent_id=identifier(value.get("parent_id")),
        from_id=_inner(value, "from", "id"),
        from_name=_inner(value, "from", "name"),
        message=_text(value, "message"),
        reaction=_text(value, "reaction_type"),
        is_hidden=value.get("is_hidden") is True,
    )


def _comment(shared: Mapping[str, Any], value: Mapping[str, Json]) -> CommentReceived:
    return CommentReceived(
        **shared,
        comment_id=identifier(value.get("id")) or identifier(value.get("comment_id")),
        parent_id=identifier(value.get("parent_id")),
        media_id=_inner(value, "media", "id"),
        from_id=_inner(value, "from", "id"),
        from_name=_inner(value, "from", "username"),
        text=_text(value, "text"),
    )


def _threads(shared: Mapping[str, Any], value: Mapping[str, Json]) -> ThreadsChanged:
    return ThreadsChanged(
        **shared,
        media_id=identifier(value.get("id")),
        replied_to_id=_inner(value, "replied_to", "id"),
        root_post_id=_inner(value, "root_post", "id"),
        username=_text(value, "username"),
        text=_text(value, "text"),
        permalink=_text(value, "permalink"),
    )


def _metrics(value: Mapping[str, Json]) -> dict[str, int | None]:
    """Return the numbers of a story; -1 stands for "fewer than five"."""
    numbers = {name: as_int(figure) for name, figure in value.items() if name != "media_id"}
    return {name: None if number < 0 else number for name, number in numbers.items() if number is not None}


def _objects(rows: list[Json]) -> Iterator[Mapping[str, Json]]:
    return (row for row in rows if isinstance(row, dict))


def _inner(value: Mapping[str, Json], name: str, field: str) -> str:
    inner = value.get(name)
    if not isinstance(inner, dict):
        return ""
    return identifier(inner.get(field)) if field == "id" else _text(inner, field)


def _text(value: Mapping[str, Json], name: str) -> str:
    """Return a text that can be written anywhere; half a surrogate pair, which JSON may hold, cannot."""
    text = value.get(name)
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else ""
