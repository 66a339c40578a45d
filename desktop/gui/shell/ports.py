"""What the window needs from an opened profile, in structural types: it never imports who builds it.

The services' classes are named for the type checker only, since the window paints before they are loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop.domain.errors import TidingsError
from desktop.domain.networks import Network, NetworkRules
from desktop.kit.clock import Clock

if TYPE_CHECKING:
    from desktop.services.accounts.service import AccountService
    from desktop.services.changes import ChangeFeed
    from desktop.services.drafting.service import DraftingService
    from desktop.services.limits.service import LimitService
    from desktop.services.media.service import MediaService
    from desktop.services.onboarding.samples import SampleWorkspace
    from desktop.services.publishing.service import DeliveryService
    from desktop.services.scheduling.service import SchedulingService
    from desktop.services.settings.service import SettingsService


class PublisherStatus(Protocol):
    """``state`` is "running", "elsewhere", "stalled" or "stopped"; ``trouble`` is an error people should see."""

    @property
    def state(self) -> str:
        """What the publisher is doing."""
        ...

    @property
    def heartbeat_at(self) -> datetime | None:
        """When it last came round."""
        ...

    @property
    def trouble(self) -> TidingsError | None:
        """What keeps it from working."""
        ...


class Publisher(Protocol):
    """The part of the publisher used here."""

    def status(self) -> PublisherStatus:
        """Return what it is doing; does not block."""
        ...

    def stop(self, timeout: timedelta = ...) -> bool:
        """Finish the sends under way and end; False when they took longer."""
        ...


class ProfileFolder(Protocol):
    """Where the profile lies."""

    @property
    def dir(self) -> Path:
        """Its folder."""
        ...


class Workspace(Protocol):
    """An opened profile: its services and its publisher."""

    @property
    def profile(self) -> ProfileFolder:
        """Where it lies."""
        ...

    @property
    def clock(self) -> Clock:
        """What time it is."""
        ...

    @property
    def changes(self) -> ChangeFeed:
        """Tells what changed."""
        ...

    @property
    def rules(self) -> Mapping[Network, NetworkRules]:
        """What the networks take."""
        ...

    @property
    def settings(self) -> SettingsService:
        """What a person set."""
        ...

    @property
    def accounts(self) -> AccountService:
        """Where posts can go."""
        ...

    @property
    def media(self) -> MediaService:
        """Pictures and videos."""
        ...

    @property
    def drafting(self) -> DraftingService:
        """Posts."""
        ...

    @property
    def scheduling(self) -> SchedulingService:
        """Planning in time."""
        ...

    @property
    def deliveries(self) -> DeliveryService:
        """What became of them."""
        ...

    @property
    def limits(self) -> LimitService:
        """How much the networks still allow."""
        ...

    @property
    def samples(self) -> SampleWorkspace:
        """The sample posts and accounts."""
        ...

    @property
    def publisher(self) -> Publisher:
        """The publisher of this process."""
        ...

    @property
    def is_sandbox(self) -> bool:
        """Whether an imitation on this computer answers instead of the networks."""
        ...

    def start_publishing(self) -> None:
        """Publish on a thread, and notice what other processes change."""
        ...

    def back_up(self, target: Path) -> None:
        """Write a verified copy of the data to ``target``."""
        ...
