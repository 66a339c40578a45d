"""Stored deliveries: the only truth about publishing.

The publisher runs a handful of these transactions for every post, so the statements of that path are built once.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import (
    HUMAN_STATES,
    TERMINAL_STATES,
    Attempt,
    Delivery,
    DeliveryId,
    DeliveryState,
    PartProgress,
    TimelineEntry,
)
from desktop.domain.errors import NotFound, StaleVersion
from desktop.domain.posts import PostId
from desktop.services.unit_of_work import DueDelivery, PlannedDelivery
from desktop.storage.repositories.delivery_rows import (
    Parts,
    attempt_from_row,
    attempt_values,
    delivery_from_row,
    delivery_values,
    part_values,
    parts_from_rows,
    timeline_from_row,
    timeline_values,
    tombstone_values,
)
from desktop.storage.repositories.planning import first_due_at, planned
from desktop.storage.repositories.prepared import Prepared
from desktop.storage.repositories.statements import add_new, among, to_json
from desktop.storage.tables.deliveries import (
    DELIVERY,
    DELIVERY_ATTEMPT,
    DELIVERY_PART,
    DELIVERY_TIMELINE,
    DELIVERY_TOMBSTONE,
)

_PARTS = (
    select(
        DELIVERY_PART,
        DELIVERY_TOMBSTONE.c.container_id.label("tombstone_container_id"),
        DELIVERY_TOMBSTONE.c.sends,
        DELIVERY_TOMBSTONE.c.is_open,
        DELIVERY_TOMBSTONE.c.is_dead,
    )
    .outerjoin(
        DELIVERY_TOMBSTONE,
        and_(
            DELIVERY_TOMBSTONE.c.delivery_id == DELIVERY_PART.c.delivery_id,
            DELIVERY_TOMBSTONE.c.ordinal == DELIVERY_PART.c.ordinal,
        ),
    )
    .order_by(DELIVERY_PART.c.delivery_id, DELIVERY_PART.c.ordinal, DELIVERY_TOMBSTONE.c.position)
)
_GET = Prepared(select(DELIVERY).where(DELIVERY.c.id == bindparam("key")))
_GET_PARTS = Prepared(_PARTS.where(DELIVERY_PART.c.delivery_id == bindparam("key")))
# the fence: an older copy, or one whose owner has been replaced, changes nothing
_SAVE = Prepared(
    update(DELIVERY).where(
        DELIVERY.c.id == bindparam("key"),
        DELIVERY.c.version == bindparam("expected_version"),
        DELIVERY.c.epoch <= bindparam("own_epoch"),
    ),
    DELIVERY.c.keys(),
)
_insert_part = insert(DELIVERY_PART)
_PUT_PART = Prepared(
    _insert_part.on_conflict_do_update(
        index_elements=["delivery_id", "ordinal"],
        set_={column.name: column for column in _insert_part.excluded if not column.primary_key},
    ),
    DELIVERY_PART.c.keys(),
)
_insert_tombstone = insert(DELIVERY_TOMBSTONE)
_PUT_TOMBSTONE = Prepared(
    _insert_tombstone.on_conflict_do_update(
        index_elements=["delivery_id", "ordinal", "position"],
        set_={column.name: column for column in _insert_tombstone.excluded if not column.primary_key},
    ),
    DELIVERY_TOMBSTONE.c.keys(),
)
_ADD_ENTRY = Prepared(insert(DELIVERY_TIMELINE), [name for name, _ in DELIVERY_TIMELINE.c.items() if name != "id"])
_ADD_ATTEMPT = Prepared(insert(DELIVERY_ATTEMPT), [name for name, _ in DELIVERY_ATTEMPT.c.items() if name != "id"])
_skipped = func.json_each(bindparam("skip_accounts")).table_valued("value")
_timer = DELIVERY.c.next_action_at
_WITH_TIMER = Prepared(
    select(DELIVERY.c.id, DELIVERY.c.account_id, _timer)
    .where(_timer <= bindparam("latest"), DELIVERY.c.account_id.not_in(select(_skipped.c.value)))
    .order_by(_timer, DELIVERY.c.id)
    .limit(bindparam("most"))
)
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


PartsKey = tuple[DeliveryId, int]
_KEPT_PARTS = 64


class StoredParts:
    """The parts of the last few deliveries by delivery and version, shared between the transactions of one database.

    Whoever stores parts raises the version, so what is known here cannot be out of date; it is learned after a commit
    only, since another writer may use the version of one that was rolled back.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._parts: dict[PartsKey, Parts] = {}

    def get(self, key: PartsKey) -> Parts | None:
        """Return the parts, or None when they have to be read."""
        return self._parts.get(key)

    def learn(self, parts: Mapping[PartsKey, Parts]) -> None:
        """Keep the newest ones."""
        with self._lock:
            self._parts |= parts
            for key in list(self._parts)[:-_KEPT_PARTS]:
                del self._parts[key]


class SqlDeliveryRepository:
    """``DeliveryRepository`` on one transaction."""

    def __init__(self, connection: Connection, stored_parts: StoredParts | None = None) -> None:
        """Work inside the connection's transaction; ``stored_parts`` are known from earlier ones."""
        self._connection = connection
        self._stored_parts = StoredParts() if stored_parts is None else stored_parts
        self._own_parts: dict[PartsKey, Parts] = {}

    def committed(self) -> None:
        """Let later transactions know the parts that are stored now."""
        self._stored_parts.learn(self._own_parts)

    def get(self, delivery_id: DeliveryId) -> Delivery:
        """Return a delivery; ``NotFound``."""
        rows = _GET.rows(self._connection, {"key": delivery_id})
        if not rows:
            raise NotFound(noun="delivery", id=delivery_id)
        version = rows[0].version
        parts = self._known_parts(delivery_id, version)
        self._own_parts[delivery_id, version] = parts
        return delivery_from_row(rows[0], parts)

    def add(self, delivery: Delivery, entry: TimelineEntry) -> None:
        """Store a new delivery; a second one for the same post, account and slot is a ``StaleVersion``."""
        add_new(self._connection, DELIVERY, delivery_values(delivery), "delivery")
        self._put_parts(delivery, ())
        self._append(delivery.id, [entry], [])

    def save(
        self, delivery: Delivery, *, entries: Sequence[TimelineEntry] = (), attempts: Sequence[Attempt] = ()
    ) -> Delivery:
        """Store a changed delivery and return it with its new version; ``StaleVersion`` when fenced out."""
        saved = replace(delivery, version=delivery.version + 1)
        fence = {"key": delivery.id, "expected_version": delivery.version, "own_epoch": delivery.epoch}
        if _SAVE.run(self._connection, {**delivery_values(saved), **fence}) == 0:
            raise StaleVersion(noun="delivery")
        self._put_parts(saved, self._known_parts(delivery.id, delivery.version))
        self._append(delivery.id, entries, attempts)
        return saved

    def due(self, now: datetime, *, limit: int, skip_accounts: Iterable[AccountId] = ()) -> Sequence[DueDelivery]:
        """Return deliveries with ``next_action_at <= now``, earliest first."""
        rows = self._with_timer(now, limit, skip_accounts)
        return [DueDelivery(DeliveryId(row.id), AccountId(row.account_id), row.next_action_at) for row in rows]

    def next_action_at(self, *, skip_accounts: Iterable[AccountId] = ()) -> datetime | None:
        """Return the earliest timer, or None."""
        rows = self._with_timer(_END_OF_TIME, 1, skip_accounts)
        return rows[0].next_action_at if rows else None

    def list(
        self,
        *,
        states: Iterable[DeliveryState] = (),
        account_id: AccountId | None = None,
        post_id: PostId | None = None,
        due_from: datetime | None = None,
        due_to: datetime | None = None,
        newest_first: bool = False,
        limit: int = 200,
        offset: int = 0,
    ) -> Sequence[Delivery]:
        """Return deliveries by due time; empty ``states`` means all of them; ``due_to`` is exclusive."""
        wanted: list[ColumnElement[bool]] = []
        if chosen := tuple(states):
            wanted.append(DELIVERY.c.state.in_(chosen))
        if account_id is not None:
            wanted.append(DELIVERY.c.account_id == account_id)
        if post_id is not None:
            wanted.append(DELIVERY.c.post_id == post_id)
        if due_from is not None:
            wanted.append(DELIVERY.c.due_at >= due_from)
        if due_to is not None:
            wanted.append(DELIVERY.c.due_at < due_to)
        order = (DELIVERY.c.due_at, DELIVERY.c.id)
        statement = select(DELIVERY).where(*wanted).order_by(*(key.desc() if newest_first else key for key in order))
        return self._deliveries(self._connection.execute(statement.limit(limit).offset(offset)).all())

    def planned(self, *, due_from: datetime, due_to: datetime) -> Sequence[PlannedDelivery]:
        """Return what a calendar shows by due time, ``due_to`` exclusive: nothing cancelled, nothing in the bin."""
        return planned(self._connection, due_from, due_to)

    def first_due_at(self, states: Iterable[DeliveryState]) -> datetime | None:
        """Return the due time of the earliest delivery in one of these states."""
        return first_due_at(self._connection, states)

    def for_posts(self, post_ids: Iterable[PostId]) -> dict[PostId, Sequence[Delivery]]:
        """Return the deliveries of several posts by due time; a post without any has no entry."""
        statement = select(DELIVERY).where(among(DELIVERY.c.post_id, post_ids))
        rows = self._connection.execute(statement.order_by(DELIVERY.c.due_at, DELIVERY.c.id)).all()
        found: defaultdict[PostId, list[Delivery]] = defaultdict(list)
        for delivery in self._deliveries(rows):
            found[delivery.post_id].append(delivery)
        return dict(found)

    def timeline(self, delivery_id: DeliveryId) -> Sequence[TimelineEntry]:
        """Return its history, oldest first."""
        statement = (
            select(DELIVERY_TIMELINE)
            .where(DELIVERY_TIMELINE.c.delivery_id == delivery_id)
            .order_by(DELIVERY_TIMELINE.c.id)
        )
        return [timeline_from_row(row) for row in self._connection.execute(statement)]

    def attempts(self, delivery_id: DeliveryId) -> Sequence[Attempt]:
        """Return its calls, oldest first."""
        statement = (
            select(DELIVERY_ATTEMPT)
            .where(DELIVERY_ATTEMPT.c.delivery_id == delivery_id)
            .order_by(DELIVERY_ATTEMPT.c.id)
        )
        return [attempt_from_row(row) for row in self._connection.execute(statement)]

    def bound_media_ids(self, account_id: AccountId, media_ids: Iterable[str]) -> frozenset[str]:
        """Return which of these network ids already belong to a delivery of the account (invariant S5)."""
        mine = (DELIVERY_PART.c.account_id == account_id, among(DELIVERY_PART.c.media_id, media_ids))
        return frozenset(self._connection.execute(select(DELIVERY_PART.c.media_id).where(*mine)).scalars())

    def without_timer(self) -> Sequence[DeliveryId]:
        """Return deliveries that break invariant L1: not terminal, no timer, not waiting for a person."""
        dead = (DELIVERY.c.next_action_at.is_(None), DELIVERY.c.state.not_in(TERMINAL_STATES | HUMAN_STATES))
        return [DeliveryId(key) for key in self._connection.execute(select(DELIVERY.c.id).where(*dead)).scalars()]

    def counts(self) -> dict[DeliveryState, int]:
        """Return how many deliveries are in each state that occurs."""
        statement = select(DELIVERY.c.state, func.count()).group_by(DELIVERY.c.state)
        return {DeliveryState(state): count for state, count in self._connection.execute(statement)}

    def _with_timer(self, latest: datetime, most: int, skip_accounts: Iterable[AccountId]) -> Sequence[Any]:
        values = {"latest": latest, "most": most, "skip_accounts": to_json(list(skip_accounts))}
        return _WITH_TIMER.rows(self._connection, values)

    def _known_parts(self, delivery_id: DeliveryId, version: int) -> Parts:
        known = self._own_parts.get((delivery_id, version)) or self._stored_parts.get((delivery_id, version))
        return known or parts_from_rows(_GET_PARTS.rows(self._connection, {"key": delivery_id}))[delivery_id]

    def _deliveries(self, rows: Sequence[Row[Any]]) -> Sequence[Delivery]:
        found = self._connection.execute(_PARTS.where(among(DELIVERY_PART.c.delivery_id, (row.id for row in rows))))
        parts = parts_from_rows(found)
        return [delivery_from_row(row, parts[row.id]) for row in rows]

    def _put_parts(self, delivery: Delivery, stored: Parts) -> None:
        """Write the parts that differ from ``stored``. The guards refuse to forget what may have been sent."""
        for ordinal, part in enumerate(delivery.parts):
            old = stored[ordinal] if ordinal < len(stored) else PartProgress()
            if part != old or ordinal >= len(stored):
                _PUT_PART.run(self._connection, part_values(delivery, ordinal))
                self._put_tombstones(delivery, ordinal, len(old.tombstones))
        if len(stored) > len(delivery.parts):
            gone = (DELIVERY_PART.c.delivery_id == delivery.id, DELIVERY_PART.c.ordinal >= len(delivery.parts))
            self._connection.execute(delete(DELIVERY_PART).where(*gone))
        self._own_parts[delivery.id, delivery.version] = delivery.parts

    def _put_tombstones(self, delivery: Delivery, ordinal: int, stored: int) -> None:
        tombstones = tombstone_values(delivery, ordinal)
        for values in tombstones:
            _PUT_TOMBSTONE.run(self._connection, values)
        if stored > len(tombstones):
            part = (DELIVERY_TOMBSTONE.c.delivery_id == delivery.id, DELIVERY_TOMBSTONE.c.ordinal == ordinal)
            self._connection.execute(
                delete(DELIVERY_TOMBSTONE).where(*part, DELIVERY_TOMBSTONE.c.position >= len(tombstones))
            )

    def _append(self, key: DeliveryId, entries: Sequence[TimelineEntry], attempts: Sequence[Attempt]) -> None:
        for entry in entries:
            _ADD_ENTRY.run(self._connection, timeline_values(key, entry))
        for attempt in attempts:
            _ADD_ATTEMPT.run(self._connection, attempt_values(key, attempt))
