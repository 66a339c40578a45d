"""What publishing needs from outside: the networks, a place to host media, and the right to publish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from desktop.domain.accounts import LoginKind
from desktop.domain.deliveries import DeliveryId, Payload, PayloadMedia, Upload
from desktop.domain.errors import FailureKind
from desktop.domain.networks import Network


@dataclass(frozen=True, slots=True)
class RemoteAccount:
    """An account as a connector needs it; the token never shows in a repr."""

    network: Network
    login: LoginKind
    remote_id: str
    token: str = field(repr=False)


class ContainerStatus(StrEnum):
    """State of a prepared post at the network (``meta-api.md`` §2.2, §3.2)."""

    IN_PROGRESS = "in_progress"
    FINISHED = "finished"
    PUBLISHED = "published"
    ERROR = "error"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ContainerReading:
    """What the network says of a container. ``media_id`` only where the network tells it (Facebook Pages).

    ``failure`` and ``detail`` say why when the status is ERROR; ``scheduled_for`` is when the network's own scheduler
    publishes it.
    """

    status: ContainerStatus
    media_id: str | None = None
    failure: FailureKind | None = None
    detail: str = ""
    scheduled_for: datetime | None = None


@dataclass(frozen=True, slots=True)
class RemoteMedia:
    """A live post in the account's own listing. ``text`` as the network returns it."""

    id: str
    text: str
    published_at: datetime
    permalink: str | None
    child_count: int
    reply_to: str | None


class MediaSource(Protocol):
    """The files of one delivery: an address for networks that fetch, a path for those that take bytes."""

    def address(self, media: PayloadMedia) -> str:
        """Return an address the network can fetch the file from; ``TidingsError`` when there is none."""
        ...

    def path(self, media: PayloadMedia) -> Path:
        """Return where the file lies; ``FileUnreadable`` when it has gone."""
        ...


class NetworkConnector(Protocol):
    """Publishing on one network.

    Every method blocks, makes at most one network request unless it says otherwise, and raises ``RemoteFailure`` whose
    ``effect`` tells what may have happened.
    """

    def child_count(self, payload: Payload, ordinal: int) -> int:
        """Return how many children part ``ordinal`` needs before its container (0: the container takes the media)."""
        ...

    def create_child(
        self, who: RemoteAccount, payload: Payload, ordinal: int, media: PayloadMedia, files: MediaSource
    ) -> str:
        """Create one child of part ``ordinal`` and return its id. Nothing becomes public."""
        ...

    def create_container(
        self,
        who: RemoteAccount,
        payload: Payload,
        ordinal: int,
        *,
        children: tuple[str, ...],
        files: MediaSource,
        reply_to: str | None,
    ) -> str:
        """Create the container of one part and return its id. Nothing becomes public.

        ``reply_to`` is the live media id of the part before.
        """
        ...

    def takes_bytes(self, who: RemoteAccount, payload: Payload, ordinal: int) -> bool:
        """Whether the part's container wants its file from us, after it was created."""
        ...

    def upload(
        self,
        who: RemoteAccount,
        payload: Payload,
        ordinal: int,
        *,
        container_id: str,
        upload: Upload | None,
        files: MediaSource,
        on_sent: Callable[[int, int], object],
    ) -> Upload:
        """Send more of the container's file, from where the network says it stopped, and return how far it got.

        ``upload`` is what the last call returned, None for the first. May make several requests, none of which makes
        anything public. ``on_sent`` is told bytes sent and bytes in all, and may raise to stop.
        """
        ...

    def read_child(self, who: RemoteAccount, child_id: str) -> ContainerReading:
        """Read whether a child is processed."""
        ...

    def read_container(self, who: RemoteAccount, container_id: str) -> ContainerReading:
        """Read the state of a container."""
        ...

    def publish(self, who: RemoteAccount, container_id: str, *, deadline: datetime) -> str:
        """Make the container public and return the media id.

        The one irrevocable call. When ``deadline`` has passed before the first byte is written, nothing is sent and a
        ``RemoteFailure`` with effect NOT_SENT is raised (invariant S1). Never repeats itself, follows no redirect.
        """
        ...

    def list_recent(self, who: RemoteAccount, since: datetime, until: datetime) -> tuple[RemoteMedia, ...]:
        """List the account's own live posts of a time span, all pages, replies included."""
        ...

    def read_permalink(self, who: RemoteAccount, media_id: str) -> str | None:
        """Return the public address of a live post, or None when the network has none yet."""
        ...

    def check_token(self, who: RemoteAccount) -> None:
        """Return when the token still works; raises ``RemoteFailure`` otherwise."""
        ...


@runtime_checkable
class NativeScheduler(Protocol):
    """A network with a scheduler of its own, which publishes while this computer is off (Facebook Pages).

    Both calls name the prepared post itself, so repeating them does no harm.
    """

    def hand_over(self, who: RemoteAccount, container_id: str, at: datetime, *, deadline: datetime) -> None:
        """Let the network publish the post at ``at``; nothing is sent after ``deadline``."""
        ...

    def take_back(self, who: RemoteAccount, container_id: str) -> bool:
        """Make sure that the network does not publish it; False when it is public already."""
        ...


class ConnectorRegistry(Protocol):
    """Finds the connector of a network."""

    def connector(self, network: Network) -> NetworkConnector:
        """Return the connector."""
        ...


class MediaHost(Protocol):
    """Gives a stored file an address the network can fetch."""

    def expose(self, media: PayloadMedia, delivery_id: DeliveryId | None = None) -> str:
        """Return an address that serves the file long enough to be fetched; ``TidingsError`` when it cannot."""
        ...

    def release(self, delivery_id: DeliveryId) -> None:
        """Say that the network has fetched what it needs for a delivery, or never will; quick, never raises."""
        ...


class TokenSource(Protocol):
    """Hands out access tokens."""

    def token(self, account_id: str) -> str:
        """Return the token of an account; ``RemoteFailure`` of kind REAUTH when there is none."""
        ...


class PublisherLock(Protocol):
    """An operating-system lock beside the database: held means that no other process on this computer publishes.

    It is released by the system when its process dies, however it dies.
    """

    def acquire(self) -> bool:
        """Take the lock if it is free; True when this process holds it now."""
        ...

    def release(self) -> None:
        """Give it back."""
        ...
