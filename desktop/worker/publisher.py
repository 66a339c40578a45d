"""The publisher: wakes by the wall clock at least every 30 s, and gives each account one lane.

The same core runs as a thread of the window and as a process of its own. What it must do is read from the delivery
table on every wake, so a missed poke, a sleeping laptop or a changed clock costs at most one scan interval.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import DeliveryState, PublishingTimers
from desktop.domain.errors import PublisherBusy, TidingsError
from desktop.kit.clock import Clock
from desktop.kit.correlation import correlated
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.publishing.engine import LeaseLost, PublishingEngine
from desktop.services.publishing.lease import Lease, LeaseKeeper
from desktop.services.unit_of_work import DueDelivery, Storage
from desktop.worker.periodic import PeriodicJobs

_log = logging.getLogger(__name__)

_BATCH = 200
_STALLED_AFTER = timedelta(seconds=90)
_CLOCK_JUMP = timedelta(seconds=5)
# what --until-idle waits for: work that goes on by itself within moments or minutes
_GOING_ON = (DeliveryState.PREPARING, DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.LIVE_UNLINKED)
_SOON = timedelta(seconds=10)


class PublisherState(StrEnum):
    """What the publisher of this process is doing."""

    STOPPED = "stopped"
    RUNNING = "running"
    ELSEWHERE = "elsewhere"  # another process publishes for this profile
    STALLED = "stalled"  # its heartbeat has stopped


@dataclass(frozen=True, slots=True)
class PublisherStatus:
    """``heartbeat_at`` is the last time the loop came round; ``trouble`` is an error people should see."""

    state: PublisherState
    heartbeat_at: datetime | None
    trouble: TidingsError | None = None


class Publisher:
    """Runs the engine over everything that is due."""

    def __init__(
        self,
        engine: PublishingEngine,
        leases: LeaseKeeper,
        storage: Storage,
        clock: Clock,
        timers: PublishingTimers,
        changes: ChangeFeed,
        lanes: int = 4,
    ) -> None:
        """``lanes`` is how many accounts are worked on at once."""
        self._engine, self._leases, self._storage = engine, leases, storage
        self._clock, self._timers, self._changes, self._lane_count = clock, timers, changes, lanes
        self._wake = threading.Condition()
        self._poked = False
        self._stopping = threading.Event()
        self._busy: set[AccountId] = set()
        self._resting: dict[AccountId, datetime] = {}
        self._thread: threading.Thread | None = None
        self._lease: Lease | None = None
        self._trouble: TidingsError | None = None
        self._status = PublisherStatus(PublisherState.STOPPED, None)

    # ---- life ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Publish on a thread until ``stop``."""
        if self._thread is not None:
            return
        self._stopping.clear()
        self._thread = threading.Thread(target=self._guarded_life, name="publisher", daemon=True)
        self._thread.start()

    def stop(self, timeout: timedelta = timedelta(seconds=20)) -> bool:
        """Finish the sends that are under way and end; False when they took longer than ``timeout``."""
        self._stopping.set()
        self.poke()
        if self._thread is None:
            return True
        self._thread.join(timeout.total_seconds())
        is_done = not self._thread.is_alive()
        if is_done:
            self._thread = None
        return is_done

    def poke(self) -> None:
        """Look for work now; accounts that were resting are tried again."""
        with self._wake:
            self._poked = True
            self._resting.clear()
            self._wake.notify_all()

    def run_until_idle(self) -> None:
        """Publish on this thread until nothing is due and nothing is going on; ``PublisherBusy``."""
        self._live(self._is_idle)

    def run_for(self, duration: timedelta | None) -> None:
        """Publish on this thread for a while, or until ``stop`` (None); ``PublisherBusy``."""
        end = None if duration is None else self._clock.monotonic() + duration.total_seconds()
        self._live(lambda: end is not None and self._clock.monotonic() >= end)

    def status(self) -> PublisherStatus:
        """Return what the publisher is doing; a heartbeat that stopped reads as STALLED."""
        status = self._status
        beat = status.heartbeat_at
        if status.state is PublisherState.RUNNING and beat and self._clock.now() - beat > _STALLED_AFTER:
            return PublisherStatus(PublisherState.STALLED, beat, status.trouble)
        return status

    # ---- loop ------------------------------------------------------------------------------------------------

    def _guarded_life(self) -> None:
        """Live through bugs and troubles of the disk: say so, wait, go on."""
        while not self._stopping.is_set():
            try:
                self._live(lambda: False)
            except PublisherBusy:
                self._set_status(PublisherState.ELSEWHERE)
                self._pause(self._timers.lease / 4)
            except TidingsError as error:
                self._set_status(PublisherState.RUNNING, error)
                self._pause(self._timers.scan)
            except Exception:  # noqa: BLE001 - the worker's guard: a bug must not end publishing for good
                _log.exception("the publisher failed and starts again")
                self._pause(self._timers.scan)
        self._set_status(PublisherState.STOPPED)

    def _live(self, is_over: Callable[[], bool]) -> None:
        lease = self._leases.acquire()
        if lease is None:
            raise PublisherBusy(owner="another process")
        self._lease = lease
        jobs = PeriodicJobs()
        jobs.every(self._timers.lease / 3, self._renew)
        jobs.every(max(self._timers.scan * 2, timedelta(seconds=1)), self._check_liveness)
        pool = ThreadPoolExecutor(self._lane_count, thread_name_prefix="lane")
        try:
            recovered = self._engine.recover(lease)
            if recovered:
                _log.warning("%d sends were left unfinished and are looked up", recovered)
            jobs.start()
            self._loop(pool, lease, is_over)
        finally:
            pool.shutdown(wait=True)
            jobs.stop()
            self._lease = None
            self._leases.release()

    def _loop(self, pool: ThreadPoolExecutor, lease: Lease, is_over: Callable[[], bool]) -> None:
        drift = self._drift()
        while not self._stopping.is_set() and self._lease is not None:
            self._set_status(PublisherState.RUNNING, self._trouble)
            lanes = self._next_lanes()
            for waiting in lanes:
                self._start_lane(pool, waiting, lease)
            with self._wake:
                is_quiet = not lanes and not self._busy
            if is_quiet and is_over():
                return
            self._wait()
            jump = self._drift() - drift
            if abs(jump) > _CLOCK_JUMP:
                _log.warning("the wall clock jumped by %s (sleep or a change of time)", jump)
                drift += jump

    def _next_lanes(self) -> list[list[DueDelivery]]:
        """Return what is due for each free account, earliest first."""
        now = self._clock.now()
        with self._wake:
            self._poked = False
            taken = self._unavailable(now)
            free = self._lane_count - len(self._busy)
        if free <= 0:
            return []
        with self._storage.read() as uow:
            due = uow.deliveries.due(now, limit=_BATCH, skip_accounts=taken)
        lanes: defaultdict[AccountId, list[DueDelivery]] = defaultdict(list)
        for delivery in due:
            lanes[delivery.account_id].append(delivery)
        return list(lanes.values())[:free]

    def _start_lane(self, pool: ThreadPoolExecutor, waiting: Sequence[DueDelivery], lease: Lease) -> None:
        account = waiting[0].account_id
        with self._wake:
            self._busy.add(account)
        future = pool.submit(self._run_lane, waiting, lease)
        future.add_done_callback(lambda done: self._lane_done(account, done))

    def _run_lane(self, waiting: Sequence[DueDelivery], lease: Lease) -> bool:
        """Run an account's due deliveries one after the other; False when the account has to rest."""
        for due in waiting:
            if self._stopping.is_set() or self._lease is not lease:
                break
            with correlated(due.id):
                try:
                    if not self._engine.run(due.id, lease, self._stopping.is_set):
                        return False
                except TidingsError as error:
                    _log.warning("delivery %s rests: %s", due.id, error)
                    raise
                except LeaseLost:
                    raise
                except Exception:
                    _log.exception("delivery %s met a bug and rests", due.id)
                    raise
        return True

    def _lane_done(self, account: AccountId, done: Future[bool]) -> None:
        error = done.exception()
        has_to_rest = error is not None or not done.result()
        if isinstance(error, LeaseLost):
            _log.warning("another process has taken over publishing")
            self._lease = None
        self._trouble = error if isinstance(error, TidingsError) else None
        with self._wake:
            self._busy.discard(account)
            if has_to_rest:
                self._resting[account] = self._clock.now() + self._timers.scan
            self._poked = True
            self._wake.notify_all()

    def _wait(self) -> None:
        """Sleep until the next timer, a poke or the scan interval, whichever comes first."""
        now = self._clock.now()
        with self._wake:
            taken = self._unavailable(now)
        with self._storage.read() as uow:
            next_at = uow.deliveries.next_action_at(skip_accounts=taken)
        pause = self._timers.scan
        if next_at is not None:
            pause = min(pause, max(next_at - now, timedelta()))
        with self._wake:
            is_full = len(self._busy) >= self._lane_count
            if not self._poked and not self._stopping.is_set():
                self._wake.wait((self._timers.scan if is_full else pause).total_seconds())

    def _pause(self, duration: timedelta) -> None:
        with self._wake:
            self._poked = False
            if not self._stopping.is_set():
                self._wake.wait(duration.total_seconds())

    def _unavailable(self, now: datetime) -> set[AccountId]:
        self._resting = {account: until for account, until in self._resting.items() if until > now}
        return self._busy | set(self._resting)

    # ---- watching --------------------------------------------------------------------------------------------

    def _is_idle(self) -> bool:
        now = self._clock.now()
        with self._wake:
            taken = self._unavailable(now)
        with self._storage.read() as uow:
            if any(uow.deliveries.counts().get(state) for state in _GOING_ON):
                return False
            next_at = uow.deliveries.next_action_at(skip_accounts=taken)
        return next_at is None or next_at > now + _SOON

    def _renew(self) -> None:
        lease = self._lease
        if lease is not None and not self._leases.renew(lease):
            _log.warning("another process has taken over publishing")
            self._lease = None
            self.poke()

    def _check_liveness(self) -> None:
        """Invariant L1 as an alarm: a delivery that nothing will ever happen to is a bug, and people must see it."""
        with self._storage.read() as uow:
            stuck = uow.deliveries.without_timer()
        if stuck:
            _log.error("deliveries without a timer: %s", ", ".join(stuck))

    def _drift(self) -> timedelta:
        return timedelta(seconds=self._clock.now().timestamp() - self._clock.monotonic())

    def _set_status(self, state: PublisherState, trouble: TidingsError | None = None) -> None:
        before = self._status
        self._status = PublisherStatus(state, self._clock.now(), trouble)
        if (before.state, before.trouble) != (state, trouble):
            self._changes.announce(Noun.PUBLISHER)
