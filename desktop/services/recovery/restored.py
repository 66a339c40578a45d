"""The fence after a restore (``reliability.md`` §5.6): a backup does not know what was sent after it was made."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.domain.deliveries import DeliveryId, DeliveryState, PublishingTimers
from desktop.domain.transitions import Held, transition
from desktop.kit.clock import Clock
from desktop.services.publishing.notes import timeline_of
from desktop.services.unit_of_work import Storage

RESTORED = "restored"
_WAITING = (DeliveryState.SCHEDULED, DeliveryState.PREPARING, DeliveryState.READY, DeliveryState.RETRY_WAIT)
MANY = 1_000_000


def begun_deliveries(storage: Storage) -> frozenset[DeliveryId]:
    """Return every delivery of which something was, or may have been, sent."""
    with storage.read() as uow:
        return frozenset(delivery.id for delivery in uow.deliveries.list(limit=MANY) if delivery.was_sent)


def hold_restored(storage: Storage, clock: Clock, timers: PublishingTimers, begun: Iterable[DeliveryId]) -> int:
    """Hold what the restored data would send although it may be out already; return how many.

    That is what is due by now, and what ``begun`` (read from the data that was replaced) says was begun. A person
    looks at each and tries it again or cancels it.
    """
    now, known = clock.now(), frozenset(begun)
    count = 0
    with storage.write() as uow:
        for delivery in uow.deliveries.list(states=_WAITING, limit=MANY):
            if delivery.due_at <= now or delivery.id in known:
                event = Held(RESTORED)
                after = transition(delivery, event, now, timers)
                uow.deliveries.save(after, entries=timeline_of(delivery, after, event, now))
                count += 1
        uow.commit()
    return count
