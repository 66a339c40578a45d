"""Triggers that keep ledgers append-only, whoever writes.

Samples are the one exception: what belongs to a sample post may be deleted, children first. A post cannot become a
sample later, so nothing real ever becomes deletable. Rebuilding a table drops its triggers, therefore migrations take
all guards away first and put these back at the end.
"""

from __future__ import annotations

from sqlalchemy import Connection

_PREFIX = "guard_"
_NOT_SAMPLE = (
    "NOT EXISTS (SELECT 1 FROM delivery JOIN post ON post.id = delivery.post_id"
    " WHERE delivery.id = OLD.delivery_id AND post.is_sample)"
)
_GUARDS: tuple[tuple[str, str, str], ...] = (
    ("timeline_update", "UPDATE ON delivery_timeline", ""),
    ("timeline_delete", "DELETE ON delivery_timeline", _NOT_SAMPLE),
    ("attempt_update", "UPDATE ON delivery_attempt", ""),
    ("attempt_delete", "DELETE ON delivery_attempt", _NOT_SAMPLE),
    ("tombstone_move", "UPDATE OF delivery_id, ordinal, position ON delivery_tombstone", ""),
    (
        "tombstone_change",
        "UPDATE ON delivery_tombstone",
        "OLD.container_id <> NEW.container_id OR (OLD.is_dead AND NOT NEW.is_dead)",
    ),
    # the one tombstone that may go: its only request is proven not to have left, while it was being sent
    ("tombstone_delete", "DELETE ON delivery_tombstone", f"NOT (OLD.is_open AND OLD.sends = 1) AND {_NOT_SAMPLE}"),
    (
        "delivery_delete",
        "DELETE ON delivery",
        "NOT EXISTS (SELECT 1 FROM post WHERE post.id = OLD.post_id AND post.is_sample)",
    ),
    ("delivery_epoch", "UPDATE OF epoch ON delivery", "NEW.epoch < OLD.epoch"),
    ("lease_epoch", "UPDATE OF epoch ON lease", "NEW.epoch < OLD.epoch"),
    ("post_delete", "DELETE ON post", "NOT OLD.is_sample"),
    ("post_sample", "UPDATE OF is_sample ON post", "OLD.is_sample IS NOT NEW.is_sample"),
)


def install(connection: Connection) -> None:
    """Create all guards; there must be none."""
    for name, event, condition in _GUARDS:
        when = f" WHEN {condition}" if condition else ""
        connection.exec_driver_sql(
            f"CREATE TRIGGER {_PREFIX}{name} BEFORE {event}{when} BEGIN SELECT RAISE(ABORT, 'guarded: {name}'); END"
        )


def remove(connection: Connection) -> None:
    """Drop all guards, also those of older versions."""
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    for name in found:
        if name.startswith(_PREFIX):
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
