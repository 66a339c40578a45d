"""The publishing engine: takes a delivery one durable step further, and never sends without a durable intent.

Every step is at most one network call between two transactions, so a crash anywhere leaves a row that says what may
have happened (``reliability.md`` §1.5). The engine keeps no state between steps; time, storage and networks are ports.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from desktop.domain.accounts import Account
from desktop.domain.deliveries import (
    Attempt,
    Delivery,
    DeliveryId,
    DeliveryState,
    FailureNote,
    PublishingTimers,
    TimelineEntry,
)
from desktop.domain.errors import Effect, FailureKind, NotFound, RemoteFailure, StaleVersion, TidingsError
from desktop.domain.networks import Network, NetworkRules
from desktop.domain.transitions import (
    Claimed,
    ContainerReady,
    Event,
    Held,
    Interrupted,
    NotSent,
    OutcomeUnknown,
    PartPublished,
    PermalinkRead,
    Postponed,
    Refused,
    Resumed,
    SendIntended,
    StillUnknown,
    WentMissed,
    is_late,
    transition,
)
from desktop.kit.clock import Clock
from desktop.kit.ids import new_id
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.publishing.calls import AccountCalls, Caller, Edge, Stopped, no_edge
from desktop.services.publishing.handing_over import HandingOver
from desktop.services.publishing.lease import PUBLISHER_PAUSED, Lease, rest_setting, resting_until
from desktop.services.publishing.notes import failure_note, timeline_of
from desktop.services.publishing.ports import ConnectorRegistry, MediaHost, TokenSource
from desktop.services.publishing.preparation import Locate, Preparation
from desktop.services.publishing.reconciliation import Reconciliation
from desktop.services.unit_of_work import Storage, UnitOfWork

_log = logging.getLogger(__name__)
S = DeliveryState
ShouldStop = Callable[[], bool]
_BEFORE_SEND = frozenset({S.SCHEDULED, S.PREPARING, S.READY, S.RETRY_WAIT, S.HELD})


class Paused(Exception):
    """A person has paused publishing: nothing is prepared or sent; what is unsettled is still looked up."""


class LeaseLost(Exception):
    """Another process publishes now; this one must stop at once."""


class PublishingEngine:
    """Runs deliveries. Methods may be called from several threads, for different accounts at a time."""

    def __init__(
        self,
        storage: Storage,
        connectors: ConnectorRegistry,
        tokens: TokenSource,
        host: MediaHost,
        locate: Locate,
        rules: Mapping[Network, NetworkRules],
        clock: Clock,
        timers: PublishingTimers,
        changes: ChangeFeed,
        edge: Edge = no_edge,
    ) -> None:
        self._storage, self._clock, self._timers, self._changes = storage, clock, timers, changes
        self._edge = edge
        self._caller = Caller(connectors, tokens, clock)
        self._preparation = Preparation(storage, host, locate, rules, clock, timers)
        self._host = host
        self._reconciliation = Reconciliation(storage, clock, timers)
        self._handing_over = HandingOver(clock, timers)

    def recover(self, lease: Lease) -> int:
        """Mark every send that a former owner left unfinished as uncertain; return how many."""
        with self._storage.read() as uow:
            left = [d for d in uow.deliveries.list(states=(S.SENDING,), limit=100_000) if d.epoch < lease.epoch]
        for delivery in left:
            self._record(delivery, Interrupted(), lease)
        return len(left)

    def run(self, delivery_id: DeliveryId, lease: Lease, should_stop: ShouldStop = lambda: False) -> bool:
        """Take a delivery as far as it goes now; False when it has to rest although its time has come (paused).

        Raises ``LeaseLost``; storage errors end the run and are raised.
        """
        delivery: Delivery | None = None
        while not should_stop():
            try:
                if delivery is None:
                    # read once for a run, which is short; the intent to send checks them again
                    with self._storage.read() as uow:
                        delivery = uow.deliveries.get(delivery_id)
                        account = uow.accounts.get(delivery.account_id)
                        settings = uow.settings.all()
                if delivery.next_action_at is None or delivery.next_action_at > self._clock.now():
                    return True
                delivery = self._step(delivery, account, settings, lease, should_stop)
            except Paused:
                return False
            except Stopped:
                return True
            except StaleVersion:
                delivery = None  # a person or another owner changed it: look at what is true now
            except NotFound:
                return True
        return True

    # ---- one step --------------------------------------------------------------------------------------------

    def _step(
        self,
        delivery: Delivery,
        account: Account,
        settings: Mapping[str, object],
        lease: Lease,
        should_stop: ShouldStop,
    ) -> Delivery:
        if delivery.state is S.SENDING:
            return self._record(delivery, Interrupted(), lease)
        if delivery.state in _BEFORE_SEND:
            now = self._clock.now()
            if settings.get(PUBLISHER_PAUSED):
                raise Paused
            if is_late(delivery, now):
                return self._record(delivery, WentMissed(), lease)
            if delivery.state in (S.RETRY_WAIT, S.HELD):
                return self._record(delivery, Resumed(), lease)
            if not account.can_publish:
                return self._record(delivery, Held(account.state.value), lease)
            rest = resting_until(settings, account.id)
            if rest is not None and rest > now:
                return self._record(delivery, Held("resting", rest), lease)
        if delivery.state is S.SCHEDULED:
            event = self._preparation.freeze(delivery, account)
            if isinstance(event, Claimed):
                return self._call(delivery, account, lease, should_stop, event)
            return self._record(delivery, event, lease)
        return self._call(delivery, account, lease, should_stop)

    def _call(
        self,
        stored: Delivery,
        account: Account,
        lease: Lease,
        should_stop: ShouldStop,
        claimed: Claimed | None = None,
    ) -> Delivery:
        """Make the one network call that comes next.

        ``claimed`` is stored together with what the first call brings: until then nothing exists to be remembered.
        """
        lead = () if claimed is None else (claimed,)
        delivery = stored if claimed is None else transition(stored, claimed, self._clock.now(), self._timers)
        try:
            calls = self._caller.calls(account, should_stop)
        except TidingsError as error:
            failure = error if isinstance(error, RemoteFailure) else None
            self._note_account(account, failure)
            return self._record(stored, self._without_token(delivery, error), lease, lead=lead)
        if delivery.state is S.READY:
            event, failure = self._before_sending(delivery, calls)
            if event is None:
                return self._send(delivery, calls, lease)
        elif delivery.state is S.PREPARING:
            event, failure = self._preparation.advance(delivery, calls)
            is_due = delivery.was_sent or delivery.due_at <= self._clock.now()
            if isinstance(event, ContainerReady) and is_due:
                return self._send(delivery, calls, lease, after=(event,))
        elif delivery.state is S.UNCERTAIN:
            event, failure = self._reconciliation.settle(delivery, calls)
        elif delivery.state is S.LIVE_UNLINKED:
            event, failure = self._reconciliation.link(delivery, calls)
        else:
            event, failure = self._reconciliation.permalink(delivery, calls)
        self._note_account(account, failure)
        return self._record(stored, event, lease, calls.take_attempts(), lead)

    def _before_sending(self, delivery: Delivery, calls: AccountCalls) -> tuple[Event | None, RemoteFailure | None]:
        """Return what must happen instead of sending a READY delivery; None when it may go."""
        try:
            event = self._handing_over.advance(delivery, calls)
        except RemoteFailure as failure:
            usual = self._preparation.trouble(delivery, failure)
            return self._handing_over.trouble(delivery, failure, usual), failure
        if event is not None or delivery.part.hand_over is not None:
            return event, None
        return self._preparation.recheck(delivery, calls)

    def _without_token(self, delivery: Delivery, error: TidingsError) -> Event:
        """Return what a missing token or a locked keychain means for a delivery."""
        if delivery.state in _BEFORE_SEND:
            if isinstance(error, RemoteFailure):
                return self._preparation.trouble(delivery, error)
            return Postponed(FailureNote(FailureKind.TRANSIENT_RETRY, error.title), counts=False)
        if delivery.state is S.PUBLISHED:
            return PermalinkRead(next(i for i, part in enumerate(delivery.parts) if not part.permalink), None)
        return StillUnknown()

    def _send(self, delivery: Delivery, calls: AccountCalls, lease: Lease, after: tuple[Event, ...] = ()) -> Delivery:
        """Publish one part: intent, one call, outcome (invariant S1). ``after`` is recorded with the intent."""
        sending = self._commit_intent(delivery, lease, after, calls.take_attempts())
        if sending.state is not S.SENDING:
            return sending
        part = sending.part
        deadline = part.send_deadline_at
        container = part.container_id
        assert container is not None  # noqa: S101 - SendIntended guarantees both
        assert deadline is not None  # noqa: S101
        event: Event
        failure: RemoteFailure | None = None
        try:
            media_id = calls.publish(container, sending.current, deadline)
            event = PartPublished(media_id, "answer")
        except RemoteFailure as error:
            failure = error
            event = self._outcome(error)
        saved = self._record(sending, event, lease, calls.take_attempts())
        self._note_account(calls.account, failure)
        return saved

    def _commit_intent(
        self, delivery: Delivery, lease: Lease, after: tuple[Event, ...], attempts: Sequence[Attempt]
    ) -> Delivery:
        """Make the intent durable in the transaction that proves we may: owner, not paused, account usable."""
        with self._storage.write() as uow:
            if not lease.is_current(uow):
                raise LeaseLost
            event: Event = SendIntended(new_id())
            if uow.settings.all().get(PUBLISHER_PAUSED):
                raise Paused
            if not uow.accounts.get(delivery.account_id).can_publish:
                event = Held("reconnect")
            saved = self._save(uow, delivery, (*after, event), lease, attempts)
        return self._committed(delivery, saved, event)

    def _outcome(self, failure: RemoteFailure) -> Event:
        note = failure_note(failure)
        if failure.effect is Effect.NOT_SENT:
            return NotSent(note)
        if failure.effect is Effect.REFUSED:
            pause = failure.retry_after
            return Refused(note, until=None if pause is None else self._clock.now() + pause)
        return OutcomeUnknown(note)

    # ---- storing ---------------------------------------------------------------------------------------------

    def _record(
        self,
        delivery: Delivery,
        event: Event,
        lease: Lease,
        attempts: Sequence[Attempt] = (),
        lead: tuple[Event, ...] = (),
    ) -> Delivery:
        with self._storage.write() as uow:
            saved = self._save(uow, delivery, (*lead, event), lease, attempts)
        return self._committed(delivery, saved, event)

    def _save(
        self,
        uow: UnitOfWork,
        delivery: Delivery,
        events: Sequence[Event],
        lease: Lease,
        attempts: Sequence[Attempt],
    ) -> Delivery:
        now = self._clock.now()
        entries: list[TimelineEntry] = []
        after = delivery
        for event in events:
            before, after = after, transition(after, event, now, self._timers)
            entries += timeline_of(before, after, event, now)
        after = replace(after, epoch=max(delivery.epoch, lease.epoch), lease_owner=lease.owner)
        saved = uow.deliveries.save(after, entries=entries, attempts=attempts)
        self._edge(f"before_{type(events[-1]).__name__}_commit")
        uow.commit()
        return saved

    def _committed(self, before: Delivery, saved: Delivery, event: Event) -> Delivery:
        self._edge(f"after_{type(event).__name__}_commit")
        if before.payload is not None and (saved.is_terminal or saved.current != before.current):
            self._host.release(saved.id)
        if before.state is not saved.state or before.current != saved.current:
            self._changes.announce(Noun.DELIVERIES, (saved.id,))
        return saved

    def _note_account(self, account: Account, failure: RemoteFailure | None) -> None:
        """Remember what a failure says about the whole account, so that its other deliveries wait instead of failing.

        It may need its person, or a rest: after "action blocked" and while throttled further calls make it worse
        (``meta-api.md`` §5, §6).
        """
        if failure is None:
            return
        state = self._caller.account_state(failure)
        is_throttled = failure.kind is FailureKind.RATE_WAIT
        if is_throttled or (failure.retry_after is not None and failure.effect is Effect.UNKNOWN):
            pause = failure.retry_after or self._timers.rate_pause
            rest = self._clock.now() + min(pause, self._timers.longest_rest)
            with self._storage.write() as uow:
                uow.settings.put(rest_setting(account.id), rest.isoformat())
                uow.commit()
        if state is None:
            return
        with self._storage.write() as uow:
            current = uow.accounts.get(account.id)
            if not current.can_publish:
                return
            uow.accounts.save(current.in_state(state, failure.remote_message))
            uow.commit()
        self._changes.announce(Noun.ACCOUNTS, (account.id,))
