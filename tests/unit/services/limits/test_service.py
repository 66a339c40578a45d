"""The service on storage in memory: who may go, who has to wait, how much is left, and what a restart knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from desktop.domain.accounts import Account
from desktop.domain.deliveries import DeliveryState, PartProgress
from desktop.domain.errors import Effect, FailureKind, RemoteFailure
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import Variant
from desktop.kit.clock import ManualClock
from desktop.services.limits.governor import ReadKind, WaitReason, WaitUntil
from desktop.services.limits.ports import Quota, QuotaKind, UsageReading
from desktop.services.limits.quotas import DAY
from desktop.services.limits.readings import ReadingBook
from desktop.services.limits.service import Go, LimitService
from desktop.services.publishing.lease import rest_setting
from desktop.services.publishing.ports import RemoteAccount
from tests.support.drafts import an_account
from tests.support.memory_storage import MemoryStorage
from tests.support.stored_things import a_delivery, a_post, put

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
THREADS, INSTAGRAM, FACEBOOK = (an_account(network) for network in Network)


class Meta:
    """Tells quotas, or refuses; ``asked`` is what came."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.asked: list[RemoteAccount] = []
        self.posts = (2, 100)
        self.failure: RemoteFailure | None = None

    def read_quotas(self, who: RemoteAccount) -> Sequence[Quota]:
        self.asked.append(who)
        if self.failure is not None:
            raise self.failure
        used, total = self.posts
        return [Quota(QuotaKind.POSTS, used, total, DAY, self._clock.now())]

    def token(self, account_id: str) -> str:
        return f"token of {account_id}"


class House:
    """A ``LimitService`` with everything around it; ``restarted`` is another one on the same storage."""

    def __init__(self, storage: MemoryStorage | None = None) -> None:
        self.clock = ManualClock(NOW)
        self.storage = storage or MemoryStorage()
        if storage is None:
            put(self.storage, THREADS, INSTAGRAM, FACEBOOK)
        self.meta = Meta(self.clock)
        self.book = ReadingBook(self.storage, self.clock)
        self.limits = LimitService(self.storage, self.clock, self.book, self.meta, self.meta)

    def note(self, percent: int, family: str = "threads", regain: timedelta | None = None) -> None:
        now = self.clock.now()
        self.book.note([UsageReading(f"{family}/app", "", percent, now + regain if regain else None, now)])

    def plan(self, account: Account, at: datetime, post_format: PostFormat = PostFormat.FEED) -> None:
        post = a_post("x", variants=(Variant(account.id, format=post_format),))
        put(self.storage, post, a_delivery(post, account, due_at=at, next_action_at=at))

    def publish(
        self, account: Account, at: datetime, parts: int = 1, post_format: PostFormat = PostFormat.FEED
    ) -> None:
        post = a_post("x", variants=(Variant(account.id, format=post_format),))
        done = tuple(PartProgress(media_id=f"{post.id}{i}", published_at=at, evidence="answer") for i in range(parts))
        put(
            self.storage,
            post,
            a_delivery(post, account, state=DeliveryState.PUBLISHED, next_action_at=None, parts=done),
        )

    def rest(self, account: Account, until: datetime) -> None:
        with self.storage.write() as uow:
            uow.settings.put(rest_setting(account.id), until.isoformat())
            uow.commit()

    def restarted(self) -> House:
        return House(self.storage)


def went(answer: Go | WaitUntil) -> Go:
    assert isinstance(answer, Go)
    return answer


def reason(answer: Go | WaitUntil | None) -> WaitReason:
    assert isinstance(answer, WaitUntil)
    return answer.reason


def test_each_network_takes_only_so_many_reads_at_a_time() -> None:
    house = House()
    first, second = went(house.limits.may_read(THREADS)), went(house.limits.may_read(THREADS))
    assert reason(house.limits.may_read(THREADS)) is WaitReason.BUSY
    with went(house.limits.may_read(INSTAGRAM)):
        assert reason(house.limits.may_read(INSTAGRAM)) is WaitReason.BUSY
    with second:
        pass
    with first, went(house.limits.may_read(THREADS)):
        assert reason(house.limits.may_read(THREADS)) is WaitReason.BUSY


def test_a_read_that_fails_gives_its_place_back() -> None:
    house = House()
    for _ in range(5):
        try:
            with went(house.limits.may_read(INSTAGRAM)):
                raise ValueError
        except ValueError:
            pass


def test_reads_slow_down_and_stop_by_what_answers_said() -> None:
    house = House()
    house.note(80)
    with went(house.limits.may_read(THREADS)):
        pass
    waits = house.limits.may_read(THREADS)
    assert reason(waits) is WaitReason.SLOWED
    assert isinstance(waits, WaitUntil)
    house.clock.set(waits.at)
    with went(house.limits.may_read(THREADS)):
        pass
    house.note(91)
    assert reason(house.limits.may_read(THREADS, ReadKind.ASKED)) is WaitReason.FULL
    with went(house.limits.may_read(INSTAGRAM)):
        pass


def test_what_is_left_is_kept_for_a_post_due_within_the_hour() -> None:
    house = House()
    house.note(82)
    house.plan(FACEBOOK, NOW + timedelta(minutes=59))
    assert reason(house.limits.may_read(THREADS)) is WaitReason.RESERVED
    with went(house.limits.may_read(THREADS, ReadKind.ASKED)):
        pass


def test_trap_24_a_block_survives_a_restart() -> None:
    house = House()
    house.note(100, regain=19 * timedelta(minutes=1))
    house.book.flush()
    again = house.restarted()
    assert again.limits.may_read(THREADS) == WaitUntil(NOW + timedelta(minutes=19), WaitReason.REGAIN)
    again.clock.advance(timedelta(minutes=19))
    assert reason(again.limits.may_read(THREADS)) is WaitReason.FULL, "still full: looked at again after an hour"
    again.clock.advance(timedelta(minutes=41))
    with went(again.limits.may_read(THREADS)):
        pass


def test_trap_24_an_account_that_was_refused_is_left_alone() -> None:
    house = House()
    house.rest(THREADS, NOW + HOUR)
    assert house.limits.may_read(THREADS, ReadKind.ASKED) == WaitUntil(NOW + HOUR, WaitReason.RESTING)
    assert house.limits.publishing_wait(THREADS) == WaitUntil(NOW + HOUR, WaitReason.RESTING)
    house.clock.advance(HOUR)
    assert house.limits.publishing_wait(THREADS) is None


def test_publishing_never_waits_for_a_percentage() -> None:
    house = House()
    house.note(1000, regain=HOUR)
    assert house.limits.publishing_wait(THREADS) is None


def test_trap_15_the_live_total_counts_and_our_posts_are_added() -> None:
    house = House()
    assert house.limits.remaining(INSTAGRAM, NOW) == {QuotaKind.POSTS: 50}
    house.meta.posts = (2, 100)
    assert house.limits.refresh(INSTAGRAM) is None
    assert house.meta.asked == [
        RemoteAccount(INSTAGRAM.network, INSTAGRAM.login, INSTAGRAM.remote_id, f"token of {INSTAGRAM.id}")
    ]
    house.publish(INSTAGRAM, NOW + HOUR, post_format=PostFormat.CAROUSEL)
    house.clock.advance(2 * HOUR)
    assert house.limits.remaining(INSTAGRAM, house.clock.now()) == {QuotaKind.POSTS: 97}
    assert house.restarted().limits.remaining(INSTAGRAM, NOW + DAY) == {QuotaKind.POSTS: 99}


def test_a_thread_counts_one_post_and_its_replies() -> None:
    house = House()
    house.publish(THREADS, NOW - HOUR, parts=4)
    assert house.limits.remaining(THREADS, NOW) == {QuotaKind.POSTS: 249, QuotaKind.REPLIES: 997}


def test_reels_on_facebook_are_counted_here() -> None:
    house = House()
    for hour in range(30):
        house.publish(FACEBOOK, NOW - hour * timedelta(minutes=30), post_format=PostFormat.REEL)
    house.publish(FACEBOOK, NOW)
    assert house.limits.remaining(FACEBOOK, NOW) == {QuotaKind.REELS: 0}
    waits = house.limits.publishing_wait(FACEBOOK, QuotaKind.REELS)
    assert reason(waits) is WaitReason.QUOTA
    assert house.limits.publishing_wait(FACEBOOK) is None


def test_a_plan_that_does_not_fit_shows() -> None:
    house = House()
    house.meta.posts = (48, 50)
    house.limits.refresh(INSTAGRAM)
    for minute in range(3):
        house.plan(INSTAGRAM, NOW + HOUR + timedelta(minutes=minute))
    [now_state] = house.limits.publishing_quota(INSTAGRAM)
    assert now_state.remaining == 2
    [then] = house.limits.publishing_quota(INSTAGRAM, NOW + HOUR + timedelta(minutes=2))
    assert (then.used, then.total, then.remaining) == (51, 50, 0)
    [next_day] = house.limits.publishing_quota(INSTAGRAM, NOW + DAY)
    assert next_day.used == 3


def test_a_told_quota_that_is_used_up_holds_posts_back_and_is_looked_at_within_the_hour() -> None:
    house = House()
    house.meta.posts = (100, 100)
    house.limits.refresh(INSTAGRAM)
    assert house.limits.publishing_wait(INSTAGRAM) == WaitUntil(NOW + HOUR, WaitReason.QUOTA)
    house.clock.advance(DAY)
    assert house.limits.publishing_wait(INSTAGRAM) is None


def test_a_guess_holds_nothing_back() -> None:
    house = House()
    for _ in range(60):
        house.publish(INSTAGRAM, NOW)
    assert house.limits.remaining(INSTAGRAM, NOW) == {QuotaKind.POSTS: 0}
    assert house.limits.publishing_wait(INSTAGRAM) is None


def test_trap_24_a_throttled_account_is_not_even_asked_about_its_quota() -> None:
    house = House()
    house.note(100, regain=HOUR)
    assert reason(house.limits.refresh(THREADS)) is WaitReason.REGAIN
    assert house.meta.asked == []


def test_stale_quotas_are_read_again_for_accounts_that_publish_today() -> None:
    house = House()
    house.plan(INSTAGRAM, NOW + HOUR)
    house.plan(FACEBOOK, NOW + HOUR)
    house.plan(THREADS, NOW + 2 * DAY)
    assert house.limits.refresh_stale() == 1
    assert [who.network for who in house.meta.asked] == [Network.INSTAGRAM]
    assert house.limits.refresh_stale() == 0
    house.clock.advance(timedelta(minutes=61))
    house.plan(INSTAGRAM, NOW + 3 * HOUR)
    house.meta.failure = RemoteFailure(
        network="Instagram", kind=FailureKind.TRANSIENT_RETRY, effect=Effect.UNKNOWN, message="down"
    )
    assert house.limits.refresh_stale() == 0
    house.meta.failure = None
    assert house.limits.refresh_stale() == 1


def test_the_overview_tells_how_each_account_stands() -> None:
    house = House()
    house.note(35)
    house.note(104, "facebook", regain=HOUR)
    house.limits.refresh(INSTAGRAM)
    facebook, instagram, threads = house.limits.overview()
    assert (threads.account, threads.percent, threads.read_at, threads.read_wait) == (THREADS, 35, NOW, None)
    assert [quota.remaining for quota in instagram.quotas] == [98]
    assert (facebook.percent, facebook.read_wait) == (104, WaitUntil(NOW + HOUR, WaitReason.REGAIN))
    assert facebook.publish_wait is None
