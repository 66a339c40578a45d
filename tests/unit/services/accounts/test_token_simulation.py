"""Two hundred days of tokens: laptops that sleep for weeks, lines that fail, refusals nobody means.

No account may be lost that could have been kept, and every loss must have been told before it came.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from desktop.domain.accounts import Account, AccountState, LoginKind
from desktop.kit.clock import ManualClock
from desktop.services.accounts.ports import Candidate
from desktop.services.accounts.service import AccountService
from desktop.services.accounts.token_care import TokenCare
from desktop.services.accounts.token_policy import AccountNotice, NoticeKind, renews_until
from desktop.services.changes import ChangeFeed
from tests.support.memory_storage import MemoryStorage
from tests.support.secret_stores import MemorySecretStore
from tests.support.token_network import TokenNetwork

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 200
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RUNS = 16
RENEW_BEFORE_END = timedelta(days=30)
ENOUGH_HOURS = 4  # online in the window, in a row: a try, a blip, and a second try an hour later fit into it


@dataclass
class Weather:
    """Hours at which the laptop runs and the line works, drawn once."""

    is_on: list[bool]
    is_up: list[bool]

    @classmethod
    def drawn(cls, chance: random.Random, longest_absence: int, longest_outage: int) -> Weather:
        hours = DAYS * 24
        is_on = [8 <= hour % 24 < 18 and chance.random() < 0.95 for hour in range(hours)]
        is_up = [chance.random() < 0.9 for _ in range(hours)]
        for _ in range(chance.randint(2, 5)):
            _cut(is_on, chance, longest_absence)
        for _ in range(chance.randint(2, 6)):
            _cut(is_up, chance, longest_outage)
        return cls(is_on, is_up)


def _cut(hours: list[bool], chance: random.Random, longest: int) -> None:
    start, length = chance.randrange(len(hours)), chance.randint(24, longest * 24)
    hours[start : start + length] = [False] * len(hours[start : start + length])


@dataclass
class Life:
    """What one account went through."""

    account: Account
    token: str
    window_hours: list[int] = field(default_factory=list)
    promised: datetime | None = None


class Simulation:
    def __init__(self, seed: int, longest_absence: int, longest_outage: int) -> None:
        self.chance = random.Random(seed)
        self.clock = ManualClock(START)
        self.meta = TokenNetwork(self.clock)
        self.accounts = AccountService(
            MemoryStorage(), self.clock, ChangeFeed(), MemorySecretStore(), self.meta, self.meta, gateway=self.meta
        )
        self.weather = Weather.drawn(self.chance, longest_absence, longest_outage)
        self.told: list[tuple[datetime, AccountNotice]] = []
        self.care = self.start()
        self.lives = [self.connect(login) for login in (LoginKind.THREADS, LoginKind.INSTAGRAM)]
        self.page = self.connect(LoginKind.FACEBOOK_PAGE)
        self.lost: list[Life] = []

    def start(self) -> TokenCare:
        """A program just started: it remembers nothing but what is stored."""
        care = TokenCare(self.accounts, self.meta, self.clock, random.Random(self.chance.random()))
        care.subscribe(lambda notice: self.told.append((self.clock.now(), notice)))
        return care

    def connect(self, login: LoginKind) -> Life:
        grant = self.meta.grant()
        token = self.meta.issue(None) if login is LoginKind.FACEBOOK_PAGE else grant.token
        candidate = Candidate(login.network, login, login.value, login.value, login.value, token)
        return Life(self.accounts.connect_candidate(candidate, grant), token)

    def run(self) -> None:
        was_on = False
        for hour in range(DAYS * 24):
            if self.weather.is_on[hour]:
                if not was_on:
                    self.care = self.start()
                self._hour(hour)
            else:
                self.clock.advance(HOUR)
            was_on = self.weather.is_on[hour]

    def _hour(self, hour: int) -> None:
        self.meta.is_down = not self.weather.is_up[hour]
        self.meta.blips = 1 if self.chance.random() < 0.01 else 0
        self._note_window(hour)
        for _ in range(4):
            self.clock.advance(HOUR / 4)
            self.care.tick()
        for life in [life for life in self.lives if not self.accounts.get(life.account.id).can_publish]:
            self._judge(life)

    def _note_window(self, hour: int) -> None:
        now = self.clock.now()
        for life in self.lives:
            token = self.accounts.token(life.account.id)
            if token != life.token:
                life.token, life.window_hours = token, []
            ends = self.meta.tokens[token].expires_at
            assert ends is not None
            life.promised = renews_until(self.accounts.get(life.account.id))
            if ends - RENEW_BEFORE_END <= now and now + HOUR < ends and not self.meta.is_down:
                life.window_hours.append(hour)

    def _judge(self, life: Life) -> None:
        """An account was given up: it must really be over, unavoidable, and told before."""
        account = self.accounts.get(life.account.id)
        ends = self.meta.tokens[life.token].expires_at
        assert account.state is AccountState.RECONNECT
        assert ends is not None
        assert ends <= self.clock.now(), "a living token was given up"
        assert not _row(life.window_hours), "it could have been renewed"
        before = [n for at, n in self.told if n.account_id == account.id and at < ends and n.ends_at == ends]
        was_on = any(self.weather.is_on[hour] for hour in self._hours_of_window(ends))
        if was_on:
            assert before, "lost without a word"
        # off for the whole window: all that could be told is until when the program has to run once
        assert life.promised == ends
        self.lost.append(life)
        self.lives.remove(life)
        self.lives.append(self.connect(account.login))

    def _hours_of_window(self, ends: datetime) -> range:
        last = int((ends - START) / HOUR)
        return range(max(last - 30 * 24, 0), last)


def _row(hours: list[int]) -> bool:
    """Whether some hours in a row were good enough for certain."""
    known = set(hours)
    return any(all(hour + i in known for i in range(ENOUGH_HOURS)) for hour in hours)


@pytest.mark.parametrize("seed", range(RUNS))
def test_weeks_off_and_outages_lose_nobody(seed: int) -> None:
    simulation = Simulation(seed, longest_absence=21, longest_outage=3)
    simulation.run()
    assert simulation.lost == []
    assert simulation.accounts.get(simulation.page.account.id).can_publish
    assert all(simulation.meta.is_alive(life.token) for life in simulation.lives)


def test_worse_weather_loses_only_what_could_not_be_kept_and_says_so_before() -> None:
    lost: list[Life] = []
    told: list[AccountNotice] = []
    for seed in range(RUNS):
        simulation = Simulation(seed, longest_absence=70, longest_outage=40)
        simulation.run()
        lost += simulation.lost
        told += [notice for _, notice in simulation.told]
    assert len(lost) > 10  # otherwise this test shows nothing
    assert {NoticeKind.TOKEN, NoticeKind.RENEWAL} <= {notice.kind for notice in told}
