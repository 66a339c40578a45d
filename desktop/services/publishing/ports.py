"""What publishing needs from outside: the networks, a place to host media, and the right to publish."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from desktop.domain.accounts import LoginKind
from desktop.domain.deliveries import Payload, PayloadMedia
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

    ``failure`` and ``detail`` say why when the status is ERROR.
    """

    status: ContainerStatus
    media_id: str | None = None
    failure: FailureKind | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RemoteMedia:
    """A live post in the account's own listing. ``text`` as the network returns it."""

    id: str
    text: str
    published_at: datetime
    permalink: str | None
    child_count: int
    reply_to: str | None


class NetworkConnector(Protocol):
    """Publishing on one network.

    Every method blocks, makes at most one network request unless it says otherwise, and raises ``RemoteFailure`` whose
    ``effect`` tells what may have happened.
    """

    def child_count(self, payload: Payload, ordinal: int) -> int:
        """Return how many children part ``ordinal`` needs before its container (0: the container takes the media)."""
        ...

    def create_child(self, who: RemoteAccount, payload: Payload, media: PayloadMedia, url: str) -> str:
        """Create one child and return its id. Nothing becomes public."""
        ...

    def create_container(
        self,
        who: RemoteAccount,
        payload: Payload,
        ordinal: int,
        *,
        children: tuple[str, ...],
        media_url: str | None,
        reply_to: str | None,
    ) -> str:
        """Create the container of one part and return its id. Nothing becomes public.

        ``media_url`` is given when the part has media and needs no children; ``reply_to`` is the live media id of the
        part before.
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


class ConnectorRegistry(Protocol):
    """Finds the connector of a network."""

    def connector(self, network: Network) -> NetworkConnector:
        """Return the connector."""
        ...


class MediaHost(Protocol):
    """Gives a stored file an address the network can fetch."""

    def expose(self, media: PayloadMedia) -> str:
        """Return an address that serves the file until the host is closed; ``TidingsError`` when it cannot."""
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
