"""Calls to a network on behalf of one account, each noted as an attempt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from desktop.domain.accounts import STATE_AFTER_FAILURE, Account, AccountId, AccountState
from desktop.domain.deliveries import Attempt, AttemptPhase, Delivery, PayloadMedia, Upload
from desktop.domain.errors import InvariantViolation, RemoteFailure
from desktop.kit.clock import Clock
from desktop.services.publishing.ports import (
    ConnectorRegistry,
    ContainerReading,
    MediaSource,
    NativeScheduler,
    NetworkConnector,
    RemoteAccount,
    RemoteMedia,
    TokenSource,
)

T = TypeVar("T")

Edge = Callable[[str], None]
"""Called before and after every commit with its name, so that tests can stop the world exactly there.

Each network call lies between two commits, so these are all the places where a crash can make a difference.
"""


def no_edge(name: str) -> None:
    """Do nothing: the edge of normal operation."""


class Stopped(Exception):
    """The publisher has to stop in the middle of a long upload, which goes on later from where it is."""


class AccountCalls:
    """The connector of one account, for one step; what is called is collected as attempts."""

    def __init__(
        self,
        account: Account,
        connector: NetworkConnector,
        who: RemoteAccount,
        clock: Clock,
        should_stop: Callable[[], bool],
    ) -> None:
        self.account = account
        self._should_stop = should_stop
        self._attempts: list[Attempt] = []
        self._connector, self._who, self._clock = connector, who, clock

    def take_attempts(self) -> tuple[Attempt, ...]:
        """Return the attempts since the last time, to be stored with what they led to."""
        taken = tuple(self._attempts)
        self._attempts.clear()
        return taken

    def child_count(self, delivery: Delivery) -> int:
        """Return how many children the current part needs."""
        assert delivery.payload is not None  # noqa: S101 - frozen before any call
        return self._connector.child_count(delivery.payload, delivery.current)

    def create_child(self, delivery: Delivery, media: PayloadMedia, files: MediaSource) -> str:
        """Create the next child of the current part."""
        payload, ordinal = delivery.payload, delivery.current
        assert payload is not None  # noqa: S101 - frozen before any call
        return self._noted(
            AttemptPhase.PREPARE,
            ordinal,
            lambda: self._connector.create_child(self._who, payload, ordinal, media, files),
        )

    def takes_bytes(self, delivery: Delivery) -> bool:
        """Whether the current part's container wants its file from us."""
        assert delivery.payload is not None  # noqa: S101 - frozen before any call
        return self._connector.takes_bytes(self._who, delivery.payload, delivery.current)

    def upload(self, delivery: Delivery, files: MediaSource) -> Upload:
        """Send more of the container's file; ``Stopped`` when the publisher has to stop meanwhile."""
        payload, ordinal, part = delivery.payload, delivery.current, delivery.part
        assert payload is not None  # noqa: S101 - frozen before any call
        container = part.container_id
        assert container is not None  # noqa: S101 - asked only once there is one

        def watch(*_: int) -> None:
            if self._should_stop():
                raise Stopped

        return self._noted(
            AttemptPhase.PREPARE,
            ordinal,
            lambda: self._connector.upload(
                self._who,
                payload,
                ordinal,
                container_id=container,
                upload=part.upload,
                files=files,
                on_sent=watch,
            ),
        )

    def create_container(self, delivery: Delivery, files: MediaSource) -> str:
        """Create the container of the current part, replying to the part before."""
        payload, ordinal = delivery.payload, delivery.current
        assert payload is not None  # noqa: S101 - frozen before any call
        reply_to = delivery.parts[ordinal - 1].media_id if ordinal else None
        return self._noted(
            AttemptPhase.PREPARE,
            ordinal,
            lambda: self._connector.create_container(
                self._who, payload, ordinal, children=delivery.part.children, files=files, reply_to=reply_to
            ),
        )

    def read_child(self, child_id: str, ordinal: int) -> ContainerReading:
        """Read whether a child is processed."""
        return self._noted(AttemptPhase.STATUS, ordinal, lambda: self._connector.read_child(self._who, child_id))

    def read_container(self, container_id: str, ordinal: int, phase: AttemptPhase) -> ContainerReading:
        """Read the state of a container."""
        return self._noted(phase, ordinal, lambda: self._connector.read_container(self._who, container_id))

    def publish(self, container_id: str, ordinal: int, deadline: datetime) -> str:
        """Make a container public."""
        return self._noted(
            AttemptPhase.PUBLISH,
            ordinal,
            lambda: self._connector.publish(self._who, container_id, deadline=deadline),
        )

    @property
    def can_hand_over(self) -> bool:
        """Whether the network has a scheduler of its own."""
        return isinstance(self._connector, NativeScheduler)

    def hand_over(self, delivery: Delivery, deadline: datetime) -> None:
        """Let the network publish the current part at the delivery's time."""
        scheduler, container = self._scheduler(), str(delivery.part.container_id)
        self._noted(
            AttemptPhase.PREPARE,
            delivery.current,
            lambda: scheduler.hand_over(self._who, container, delivery.due_at, deadline=deadline),
        )

    def take_back(self, delivery: Delivery) -> bool:
        """Make sure that the network does not publish the current part; False when it is public already."""
        scheduler, container = self._scheduler(), str(delivery.part.container_id)
        return self._noted(AttemptPhase.PREPARE, delivery.current, lambda: scheduler.take_back(self._who, container))

    def _scheduler(self) -> NativeScheduler:
        if not isinstance(self._connector, NativeScheduler):
            raise InvariantViolation("handed over to a network without a scheduler")
        return self._connector

    def list_recent(self, since: datetime, until: datetime, ordinal: int) -> tuple[RemoteMedia, ...]:
        """List the account's own posts of a time span."""
        return self._noted(AttemptPhase.LOOK_UP, ordinal, lambda: self._connector.list_recent(self._who, since, until))

    def read_permalink(self, media_id: str, ordinal: int) -> str | None:
        """Return the address of a live post."""
        return self._noted(AttemptPhase.PERMALINK, ordinal, lambda: self._connector.read_permalink(self._who, media_id))

    def check_token(self, ordinal: int) -> None:
        """Raise unless the token works."""
        self._noted(AttemptPhase.STATUS, ordinal, lambda: self._connector.check_token(self._who))

    def _noted(self, phase: AttemptPhase, ordinal: int, call: Callable[[], T]) -> T:
        started = self._clock.now()
        try:
            result = call()
        except RemoteFailure as failure:
            self._attempts.append(
                Attempt(
                    phase=phase,
                    part=ordinal,
                    started_at=started,
                    finished_at=self._clock.now(),
                    outcome=failure.effect.value if phase is AttemptPhase.PUBLISH else failure.kind.value,
                    http_status=failure.http_status,
                    code=failure.remote_code,
                    subcode=failure.subcode,
                    trace_id=failure.trace_id,
                    detail=failure.remote_message,
                )
            )
            raise
        # connectors take an answer for a success only when its status is 200
        self._attempts.append(
            Attempt(phase, ordinal, started, self._clock.now(), "ok", sent_at=started, http_status=200)
        )
        return result


class Caller:
    """Makes ``AccountCalls``. A token is asked for once for each stored version of its account.

    Keychains answer in tens of milliseconds; connecting anew changes the version, so a fresh token counts at once.
    """

    def __init__(self, connectors: ConnectorRegistry, tokens: TokenSource, clock: Clock) -> None:
        self._connectors, self._tokens, self._clock = connectors, tokens, clock
        self._known: dict[AccountId, tuple[int, RemoteAccount]] = {}

    def calls(self, account: Account, should_stop: Callable[[], bool]) -> AccountCalls:
        """Return the calls of one account; ``RemoteFailure`` (REAUTH) when it has no token."""
        version, who = self._known.get(account.id, (-1, None))
        if who is None or version != account.version:
            token = self._tokens.token(account.id)
            who = RemoteAccount(account.network, account.login, account.remote_id, token)
            self._known[account.id] = account.version, who
        return AccountCalls(account, self._connectors.connector(account.network), who, self._clock, should_stop)

    @staticmethod
    def account_state(failure: RemoteFailure | None) -> AccountState | None:
        """Return the state a failure puts its account in, or None when it is not about the account.

        Subcode 33 is "object missing, no access, or a flake": it says nothing about the account.
        """
        if failure is None or failure.subcode == 33:
            return None
        return STATE_AFTER_FAILURE.get(failure.kind)
