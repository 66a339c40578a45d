"""A model of everything that can happen to one delivery, for Hypothesis: the network, the crash, the clock, people.

The world holds the truth (what is live); the delivery holds what we believe. Requests may take effect any time until
``IN_FLIGHT`` after they were sent, and publishing the same container twice makes two posts: the worst network allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import (
    UNSETTLED_STATES,
    Delivery,
    DeliveryId,
    DeliveryState,
    FailureNote,
    Payload,
    PayloadPart,
    PublishingTimers,
)
from desktop.domain.errors import FailureKind, NotPossibleNow
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import PostId
from desktop.domain.schedules import Schedule
from desktop.domain.transitions import (
    CancelRequested,
    Claimed,
    ContainerCreated,
    ContainerDropped,
    ContainerReady,
    ContentChanged,
    Event,
    FinishedRead,
    Held,
    Interrupted,
    NotSent,
    OutcomeUnknown,
    PartPublished,
    Postponed,
    Refused,
    Rescheduled,
    ResolvedNotPublished,
    ResolvedPublished,
    Resumed,
    RetryRequested,
    SeenLive,
    SendIntended,
    StillProcessing,
    StillUnknown,
    WentMissed,
    is_late,
    quiet_until,
    transition,
)

S = DeliveryState
START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
# the longest a request of ours can still be on its way: client time-out plus the server's own slack
IN_FLIGHT = timedelta(seconds=120)


@dataclass
class Flight:
    """A request whose answer we never saw and whose effect may still come."""

    container: str
    part: int
    until: datetime


def note(kind: FailureKind = FailureKind.TRANSIENT_RETRY) -> FailureNote:
    return FailureNote(kind, "made up")


def fresh_delivery(parts: int, timers: PublishingTimers) -> tuple[Delivery, Payload]:
    schedule = Schedule(START.replace(tzinfo=None), "UTC")
    delivery = Delivery(
        id=DeliveryId("d"),
        post_id=PostId("p"),
        account_id=AccountId("a"),
        network=Network.THREADS,
        slot_key="once",
        schedule=schedule,
        due_at=schedule.at,
        late_limit=timers.late_limit,
        state=S.SCHEDULED,
        state_since=START,
        created_at=START,
        next_action_at=START,
    )
    return delivery, Payload(Network.THREADS, PostFormat.FEED, tuple(PayloadPart(f"part {i}") for i in range(parts)))


class PublishingWorld(RuleBasedStateMachine):
    """Rules are what the engine, the network, the clock and people do; invariants are what we promise."""

    timers = PublishingTimers()

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.containers = 0
        self.live: dict[int, list[str]] = {}  # part -> effects that really happened
        self.flights: list[Flight] = []
        self.dead: set[str] = set()

    @initialize(parts=st.integers(1, 2), asks_when_late=st.booleans())
    def begin(self, parts: int, asks_when_late: bool) -> None:
        self.delivery, self.payload = fresh_delivery(parts, self.timers)
        if not asks_when_late:
            self.delivery = replace(self.delivery, late_limit=None)

    # ---- tools ---------------------------------------------------------------------------------------------------

    def happen(self, event: Event) -> None:
        before = self.delivery
        self.delivery = transition(before, event, self.now, self.timers)
        assert self.delivery.epoch >= before.epoch

    def take_effect(self, part: int, container: str) -> None:
        self.live.setdefault(part, []).append(container)

    @property
    def part(self) -> int:
        return self.delivery.current

    @property
    def container(self) -> str:
        found = self.delivery.part.container_id
        assert found is not None
        return found

    @property
    def is_truly_live(self) -> bool:
        return bool(self.live.get(self.part))

    def in_state(self, *states: DeliveryState) -> bool:
        return self.delivery.state in states

    # ---- the clock -----------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from((1, 10, 61, 125, 3600, 90_000)))
    def time_passes(self, seconds: int) -> None:
        self.wait_until(self.now + timedelta(seconds=seconds))

    def wait_until(self, instant: datetime) -> None:
        self.now = max(self.now, instant)
        self.flights = [flight for flight in self.flights if flight.until >= self.now]

    @precondition(lambda self: self.flights)
    @rule(data=st.data())
    def a_late_request_takes_effect(self, data: st.DataObject) -> None:
        flight = self.flights.pop(data.draw(st.integers(0, len(self.flights) - 1)))
        if flight.container not in self.dead:
            self.take_effect(flight.part, flight.container)

    # ---- preparing -----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.in_state(S.SCHEDULED, S.PREPARING))
    @rule(patience=st.integers(0, 3))
    def prepare(self, patience: int) -> None:
        if self.in_state(S.SCHEDULED):
            if is_late(self.delivery, self.now):
                return self.happen(WentMissed())
            self.happen(Claimed(self.payload, "hash"))
        if self.delivery.part.container_id is None:
            self.containers += 1
            self.happen(ContainerCreated(f"c{self.containers}"))
        for _ in range(3 - patience):
            self.happen(StillProcessing())
        return self.happen(ContainerReady()) if patience else None

    @precondition(lambda self: self.in_state(S.PREPARING) and not self.delivery.part.tombstones)
    @rule()
    def the_network_loses_it_before_any_send(self) -> None:
        self.happen(ContainerDropped("lost"))

    @precondition(lambda self: self.in_state(S.SCHEDULED, S.PREPARING, S.READY))
    @rule(hold=st.booleans())
    def trouble(self, hold: bool) -> None:
        self.happen(Held("rate_wait", self.now + timedelta(hours=1)) if hold else Postponed(note()))

    @precondition(lambda self: self.in_state(S.RETRY_WAIT, S.HELD))
    @rule()
    def go_on(self) -> None:
        self.happen(WentMissed() if is_late(self.delivery, self.now) else Resumed())

    # ---- the send ------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.in_state(S.READY))
    @rule(
        outcome=st.sampled_from(
            ("ok", "not_sent", "refused", "lost_before", "lost_after", "late", "late", "crash_before", "crash_late")
        )
    )
    def send(self, outcome: str) -> None:
        if is_late(self.delivery, self.now):
            return self.happen(WentMissed())
        self.happen(SendIntended("token"))
        container, part = self.container, self.part
        if outcome in ("late", "crash_late"):
            self.flights.append(Flight(container, part, self.now + IN_FLIGHT))
        if outcome in ("ok", "lost_after"):
            self.take_effect(part, container)
        answers: dict[str, Event] = {
            "ok": PartPublished(f"m-{container}", "answer"),
            "not_sent": NotSent(note()),
            "refused": Refused(note(FailureKind.NOT_READY)),
            "lost_before": OutcomeUnknown(note()),
            "lost_after": OutcomeUnknown(note()),
            "late": OutcomeUnknown(note()),
        }
        if outcome in answers:
            self.happen(answers[outcome])
        return None

    @precondition(lambda self: self.in_state(S.SENDING))
    @rule()
    def the_next_process_finds_it(self) -> None:
        self.delivery = replace(self.delivery, epoch=self.delivery.epoch + 1)
        self.happen(Interrupted())

    # ---- finding out ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self.in_state(S.UNCERTAIN))
    @rule(listed=st.booleans(), readable=st.sampled_from((True, True, False)))
    def look_up(self, listed: bool, readable: bool) -> None:
        assert self.delivery.next_action_at is not None
        self.wait_until(self.delivery.next_action_at)
        if self.is_truly_live and listed:
            self.happen(PartPublished(f"m-{self.container}", "listing"))
        elif not readable:
            self.happen(StillUnknown())
        elif self.is_truly_live:
            self.happen(SeenLive("status"))
        else:
            self.happen(FinishedRead())

    @precondition(lambda self: self.in_state(S.UNCERTAIN) and not self.is_truly_live)
    @rule()
    def the_container_dies(self) -> None:
        if self.now < quiet_until(self.delivery.part, self.timers):
            return self.happen(StillUnknown())
        self.dead.add(self.container)
        return self.happen(ContainerDropped("expired", proven_dead=True))

    @precondition(lambda self: self.in_state(S.LIVE_UNLINKED))
    @rule(listed=st.booleans())
    def look_for_the_link(self, listed: bool) -> None:
        self.happen(PartPublished(f"m-{self.container}", "listing") if listed else StillUnknown())

    # ---- people --------------------------------------------------------------------------------------------------

    @rule(
        event=st.sampled_from(
            (
                CancelRequested(),
                ContentChanged(),
                RetryRequested(),
                Rescheduled(Schedule(START.replace(tzinfo=None) + timedelta(days=1), "UTC")),
            )
        )
    )
    def a_person_asks(self, event: Event) -> None:
        try:
            self.happen(event)
        except NotPossibleNow:
            assert not isinstance(event, ContentChanged)

    @precondition(lambda self: self.in_state(S.NEEDS_REVIEW))
    @rule()
    def a_person_looks(self) -> None:
        self.flights.clear()  # a day later
        self.happen(ResolvedPublished("https://example.org/p") if self.is_truly_live else ResolvedNotPublished())

    # ---- promises ------------------------------------------------------------------------------------------------

    @invariant()
    def never_twice(self) -> None:
        for part, effects in self.live.items():
            assert len(effects) <= 1, f"part {part} went out {len(effects)} times"

    @invariant()
    def what_we_call_published_is_live(self) -> None:
        for index, part in enumerate(self.delivery.parts):
            if part.is_live:
                assert self.live.get(index), f"part {index} is called live and is not"

    @invariant()
    def what_is_live_is_never_called_unsent(self) -> None:
        if self.delivery.state in UNSETTLED_STATES or self.delivery.state is S.NEEDS_REVIEW:
            return
        for index in self.live:
            if index < len(self.delivery.parts):
                assert self.delivery.parts[index].is_live, f"part {index} is live and forgotten"
