"""What people may see of deliveries and ask of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from desktop.domain.accounts import Account, AccountId
from desktop.domain.deliveries import Attempt, Delivery, DeliveryId, DeliveryState, PublishingTimers, TimelineEntry
from desktop.domain.errors import InvalidInput
from desktop.domain.posts import Post, PostId
from desktop.domain.transitions import (
    CancelRequested,
    Event,
    ResolvedNotPublished,
    ResolvedPublished,
    RetryRequested,
    transition,
)
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.publishing.lease import PUBLISHER_PAUSED
from desktop.services.publishing.notes import timeline_of
from desktop.services.unit_of_work import Storage, UnitOfWork


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """A delivery with the words a list needs."""

    delivery: Delivery
    title: str
    account: Account


@dataclass(frozen=True, slots=True)
class DeliveryDetail:
    """A delivery with everything that is known about it."""

    delivery: Delivery
    title: str
    account: Account
    timeline: Sequence[TimelineEntry]
    attempts: Sequence[Attempt]


class DeliveryService:
    """Lists, shows, cancels, retries and settles deliveries; pauses publishing."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        changes: ChangeFeed,
        timers: PublishingTimers,
        poke: Callable[[], None] = lambda: None,
    ) -> None:
        """``poke`` wakes the publisher of this process after a person changed something."""
        self._storage, self._clock, self._changes, self._timers, self._poke = storage, clock, changes, timers, poke

    def list(
        self,
        *,
        states: Iterable[DeliveryState] = (),
        account_id: AccountId | None = None,
        post_id: PostId | None = None,
        limit: int = 200,
        offset: int = 0,
    ) -> Sequence[DeliverySummary]:
        """Return deliveries, latest due first."""
        with self._storage.read() as uow:
            found = uow.deliveries.list(
                states=states, account_id=account_id, post_id=post_id, newest_first=True, limit=limit, offset=offset
            )
            posts = uow.posts.by_ids({delivery.post_id for delivery in found})
            accounts = {account.id: account for account in uow.accounts.list(include_disconnected=True)}
        return [
            DeliverySummary(delivery, _title(posts.get(delivery.post_id), delivery), accounts[delivery.account_id])
            for delivery in found
        ]

    def counts(self) -> dict[DeliveryState, int]:
        """Return how many deliveries are in each state."""
        with self._storage.read() as uow:
            return uow.deliveries.counts()

    def show(self, delivery_id: DeliveryId) -> DeliveryDetail:
        """Return everything known about one delivery; ``NotFound``."""
        with self._storage.read() as uow:
            delivery = uow.deliveries.get(delivery_id)
            return DeliveryDetail(
                delivery,
                _title(uow.posts.by_ids((delivery.post_id,)).get(delivery.post_id), delivery),
                uow.accounts.get(delivery.account_id),
                uow.deliveries.timeline(delivery_id),
                uow.deliveries.attempts(delivery_id),
            )

    def retry(self, delivery_id: DeliveryId) -> Delivery:
        """Try a failed, missed or waiting delivery again now; ``NotPossibleNow``."""
        return self._ask(delivery_id, RetryRequested())

    def cancel(self, delivery_ids: Sequence[DeliveryId]) -> None:
        """Stop deliveries from going out, all of them or none; ``NotPossibleNow``."""
        with self._storage.write() as uow:
            for delivery_id in delivery_ids:
                self._apply(uow, uow.deliveries.get(delivery_id), CancelRequested())
            uow.commit()
        self._changes.announce(Noun.DELIVERIES, delivery_ids)

    def resolve_published(self, delivery_id: DeliveryId, url: str) -> Delivery:
        """Take a person's word that it is live at ``url`` (http or https)."""
        if not url.startswith(("https://", "http://")) or any(c.isspace() for c in url):
            raise InvalidInput(field=tr("Link"), reason=tr("paste the full address of the post"))
        return self._ask(delivery_id, ResolvedPublished(url))

    def resolve_not_published(self, delivery_id: DeliveryId) -> Delivery:
        """Take a person's word that it is not live, and publish it."""
        return self._ask(delivery_id, ResolvedNotPublished())

    def pause(self) -> None:
        """Stop everything before the next send."""
        self._set_paused(True)

    def resume(self) -> None:
        """Go on publishing; what has become late asks first."""
        self._set_paused(False)
        self._poke()

    def is_paused(self) -> bool:
        """Whether publishing is paused."""
        with self._storage.read() as uow:
            return bool(uow.settings.all().get(PUBLISHER_PAUSED))

    # ---- storing ---------------------------------------------------------------------------------------------

    def _set_paused(self, is_paused: bool) -> None:
        with self._storage.write() as uow:
            uow.settings.put(PUBLISHER_PAUSED, is_paused)
            uow.commit()
        self._changes.announce(Noun.PUBLISHER)

    def _ask(self, delivery_id: DeliveryId, event: Event) -> Delivery:
        with self._storage.write() as uow:
            saved = self._apply(uow, uow.deliveries.get(delivery_id), event)
            uow.commit()
        self._changes.announce(Noun.DELIVERIES, (delivery_id,))
        self._poke()
        return saved

    def _apply(self, uow: UnitOfWork, delivery: Delivery, event: Event) -> Delivery:
        now = self._clock.now()
        after = transition(delivery, event, now, self._timers)
        return uow.deliveries.save(after, entries=timeline_of(delivery, after, event, now))


def _title(post: Post | None, delivery: Delivery) -> str:
    """Return the first line of what this account publishes; the frozen text when the post has gone."""
    if post is not None:
        return post.content_for(delivery.account_id).title
    return next((part.text for part in delivery.payload.parts if part.text), "") if delivery.payload else ""
