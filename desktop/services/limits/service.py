"""How much the networks still allow each account: may it be read now, may it publish, how much is left.

Calls are paced by the networks' own figures, one distance per account. A rate-limiting library would bring counters of
its own against limits nobody knows beforehand (they depend on how often posts are seen), a clock that tests cannot
move, and a thread to forget them: less than the few lines here, which ``governor`` holds.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType

from desktop.domain.accounts import Account, AccountId
from desktop.domain.deliveries import DeliveryState
from desktop.domain.errors import TidingsError
from desktop.kit.clock import Clock
from desktop.services.limits.governor import (
    READS_AT_ONCE,
    ReadKind,
    WaitReason,
    WaitUntil,
    concerning,
    fullest,
    reading_wait,
)
from desktop.services.limits.ports import QuotaKind, QuotaReader, UsageReading
from desktop.services.limits.quotas import DAY, TELLING, QuotaState, quota_at, told_or_assumed
from desktop.services.limits.readings import ReadingBook
from desktop.services.publishing.lease import resting_until
from desktop.services.publishing.ports import RemoteAccount, TokenSource
from desktop.services.unit_of_work import Storage, UnitOfWork

PUBLISHING_SOON = timedelta(hours=1)
QUOTA_HOLDS = timedelta(hours=1)
_BUSY_PAUSE = timedelta(seconds=1)
_TICK = timedelta(microseconds=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_GOING_OUT = (
    DeliveryState.SCHEDULED,
    DeliveryState.PREPARING,
    DeliveryState.READY,
    DeliveryState.RETRY_WAIT,
    DeliveryState.SENDING,
)
_log = logging.getLogger(__name__)


class Go:
    """The right to make one read. Use it as a block: its end lets the next read of the account begin."""

    def __init__(self, give_back: Callable[[], None]) -> None:
        self._give_back = give_back

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_back()


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """How one account stands. ``percent`` is the fullest bucket it draws from, ``read_at`` when anything was last told.

    ``read_wait`` is what holds reading back, ``publish_wait`` what holds posts back; None when nothing does.
    """

    account: Account
    quotas: tuple[QuotaState, ...]
    percent: int
    read_at: datetime | None
    read_wait: WaitUntil | None
    publish_wait: WaitUntil | None


class LimitService:
    """Says when to wait, and how much is left. Safe to share between threads; the state survives a restart."""

    def __init__(
        self, storage: Storage, clock: Clock, book: ReadingBook, reader: QuotaReader, tokens: TokenSource
    ) -> None:
        """``book`` hears of the readings; ``reader`` and ``tokens`` are for reading quotas live."""
        self._storage, self._clock, self._book, self._reader, self._tokens = storage, clock, book, reader, tokens
        self._lock = threading.Lock()
        self._under_way: Counter[AccountId] = Counter()
        self._last_read_at: dict[AccountId, datetime] = {}

    def note(self, readings: Sequence[UsageReading]) -> None:
        """Take note of what an answer said; memory only."""
        self._book.note(readings)

    # ---- reading ---------------------------------------------------------------------------------------------

    def may_read(self, account: Account, kind: ReadKind = ReadKind.BACKGROUND) -> Go | WaitUntil:
        """Return the right to make one read for ``account`` now, or when to ask again.

        For every read that is not part of publishing a post. A right that is returned must be used as a block.
        """
        readings, now = self._book.readings(), self._clock.now()
        with self._storage.read() as uow:
            wait = self._read_wait(uow, account, readings, kind)
        if wait is not None:
            return wait
        with self._lock:
            if self._under_way[account.id] >= READS_AT_ONCE[account.network]:
                return WaitUntil(now + _BUSY_PAUSE, WaitReason.BUSY)
            self._under_way[account.id] += 1
            self._last_read_at[account.id] = now
        return Go(lambda: self._finish(account.id))

    def refresh(self, account: Account, kind: ReadKind = ReadKind.ASKED) -> WaitUntil | None:
        """Ask the network how much the account may still publish; returns when to try again if it has to wait.

        Blocks for a request or two; a network that cannot be asked is not. ``RemoteFailure``,
        ``SecretStoreUnavailable``; nothing has changed then.
        """
        if account.network not in TELLING:
            return None
        right = self.may_read(account, kind)
        if isinstance(right, WaitUntil):
            return right
        with right:
            token = self._tokens.token(account.id)
            who = RemoteAccount(account.network, account.login, account.remote_id, token)
            quotas = self._reader.read_quotas(who)
        if quotas:
            with self._storage.write() as uow:
                uow.limits.put_quotas(account.id, quotas)
                uow.commit()
        return None

    def refresh_stale(self) -> int:
        """Read the quotas of accounts that publish within a day and were not read for an hour; return of how many.

        For a background job: what fails or has to wait is left for the next time.
        """
        refreshed = 0
        for account in self._stale():
            try:
                refreshed += self.refresh(account, ReadKind.BACKGROUND) is None
            except TidingsError as error:
                _log.info("the limits of account %s could not be read: %s", account.id, error)
        return refreshed

    # ---- publishing ------------------------------------------------------------------------------------------

    def publishing_quota(self, account: Account, at: datetime | None = None) -> tuple[QuotaState, ...]:
        """Return what is left of each publishing quota at ``at`` (now), with what is planned until then counted.

        A plan that does not fit shows as ``used`` above ``total``.
        """
        with self._storage.read() as uow:
            return _quota_states(uow, account, self._clock.now(), at, with_planned=True)

    def remaining(self, account: Account, at: datetime) -> dict[QuotaKind, int]:
        """Return how many more may go out at ``at``, by what the network counts."""
        return {state.kind: state.remaining for state in self.publishing_quota(account, at)}

    def publishing_wait(self, account: Account, kind: QuotaKind = QuotaKind.POSTS) -> WaitUntil | None:
        """Return until when the account must not publish, None when it may.

        Only a refusal that named a time, or a quota the network itself told to be used up; never a percentage.
        """
        with self._storage.read() as uow:
            return self._publish_wait(uow, account, kind)

    def overview(self) -> Sequence[AccountLimits]:
        """Return how each account stands, in the order they were connected."""
        readings = self._book.readings()
        with self._storage.read() as uow:
            return [self._account_limits(uow, account, readings) for account in uow.accounts.list()]

    # ---- parts of the answers --------------------------------------------------------------------------------

    def _account_limits(self, uow: UnitOfWork, account: Account, readings: Sequence[UsageReading]) -> AccountLimits:
        now, own = self._clock.now(), concerning(account, readings)
        quotas = _quota_states(uow, account, now, None, with_planned=False)
        told = [*(r.read_at for r in own), *(q.read_at for q in quotas if q.read_at is not None)]
        return AccountLimits(
            account,
            quotas,
            fullest(own, now),
            max(told, default=None),
            self._read_wait(uow, account, readings, ReadKind.BACKGROUND),
            self._publish_wait(uow, account, QuotaKind.POSTS),
        )

    def _read_wait(
        self, uow: UnitOfWork, account: Account, readings: Sequence[UsageReading], kind: ReadKind
    ) -> WaitUntil | None:
        now = self._clock.now()
        rest = resting_until(uow.settings.all(), account.id)
        if rest is not None and rest > now:
            return WaitUntil(rest, WaitReason.RESTING)
        due_at = uow.deliveries.first_due_at(_GOING_OUT)
        return reading_wait(
            concerning(account, readings),
            now,
            kind,
            is_publishing_soon=due_at is not None and due_at <= now + PUBLISHING_SOON,
            last_read_at=self._last_read_at.get(account.id, _LONG_AGO),
        )

    def _publish_wait(self, uow: UnitOfWork, account: Account, kind: QuotaKind) -> WaitUntil | None:
        now = self._clock.now()
        rest = resting_until(uow.settings.all(), account.id)
        if rest is not None and rest > now:
            return WaitUntil(rest, WaitReason.RESTING)
        for state in _quota_states(uow, account, now, None, with_planned=False):
            if state.kind is kind and state.is_certain and state.remaining == 0:
                # what others used may leave the window earlier than we know: ask the network again within the hour
                soon = now + QUOTA_HOLDS
                return WaitUntil(min(state.frees_at or soon, soon), WaitReason.QUOTA)
        return None

    def _stale(self) -> list[Account]:
        now = self._clock.now()
        with self._storage.read() as uow:
            return [
                account
                for account in uow.accounts.list()
                if account.can_publish
                and account.network in TELLING
                and uow.limits.planned(account.id, now + DAY)
                and not any(now < quota.read_at + QUOTA_HOLDS for quota in uow.limits.quotas(account.id))
            ]

    def _finish(self, account_id: AccountId) -> None:
        with self._lock:
            self._under_way[account_id] -= 1


def _quota_states(
    uow: UnitOfWork, account: Account, now: datetime, at: datetime | None, *, with_planned: bool
) -> tuple[QuotaState, ...]:
    at = at or now
    quotas = told_or_assumed(account.network, uow.limits.quotas(account.id), now)
    if not quotas:
        return ()
    since = min(min(at, quota.read_at) - quota.window for quota, _ in quotas)
    ours = list(uow.limits.published(account.id, since))
    if with_planned:
        ours += uow.limits.planned(account.id, at + _TICK)
    return tuple(quota_at(quota, ours, at, is_told=is_told) for quota, is_told in quotas)
