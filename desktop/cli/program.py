"""What the command line needs from the program around it; ``bootstrap`` provides it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from desktop.services.accounts.apps import AppService
from desktop.services.accounts.doctor import ConnectionDoctor
from desktop.services.accounts.ports import Browser
from desktop.services.accounts.service import AccountService
from desktop.services.accounts.sign_in import SignInService
from desktop.services.accounts.token_care import TokenCare
from desktop.services.drafting.service import DraftingService
from desktop.services.hosting.service import HostingService
from desktop.services.media.service import MediaService
from desktop.services.publishing.service import DeliveryService
from desktop.services.scheduling.service import SchedulingService
from desktop.services.settings.service import SettingsService
from desktop.services.unit_of_work import Storage


class Workspace(Protocol):
    """The services of one open profile."""

    @property
    def storage(self) -> Storage: ...
    @property
    def accounts(self) -> AccountService: ...
    @property
    def apps(self) -> AppService: ...
    @property
    def sign_in(self) -> SignInService: ...
    @property
    def token_care(self) -> TokenCare: ...
    @property
    def doctor(self) -> ConnectionDoctor: ...
    @property
    def drafting(self) -> DraftingService: ...
    @property
    def scheduling(self) -> SchedulingService: ...
    @property
    def deliveries(self) -> DeliveryService: ...
    @property
    def media(self) -> MediaService: ...
    @property
    def hosting(self) -> HostingService: ...
    @property
    def settings(self) -> SettingsService: ...


class Listener(Protocol):
    """Waits on this computer for the browser to come back from a sign-in."""

    @property
    def port(self) -> int: ...

    def wait(self, state: str, timeout: timedelta) -> str | None:
        """Return the address the browser was sent to, None when nobody came in time."""
        ...


class Checkup(Protocol):
    """One line of ``doctor``: ``code`` is stable, ``words`` say what was found, ``advice`` what to do."""

    @property
    def code(self) -> str: ...
    @property
    def is_ok(self) -> bool: ...
    @property
    def words(self) -> str: ...
    @property
    def advice(self) -> str: ...


class Program(Protocol):
    """The run modes and the profile, as the command line may use them."""

    def open_workspace(self) -> Workspace:
        """Open the profile once; later calls return the same. ``TidingsError`` when it cannot be opened."""
        ...

    def browser(self) -> Browser:
        """Return the person's browser."""
        ...

    def listen(self) -> AbstractContextManager[Listener]:
        """Wait for the browser while the block lasts; ``ListenerUnavailable``."""
        ...

    def publish(self, *, until_idle: bool, duration: timedelta | None) -> None:
        """Publish on this thread until nothing is due, for a while, or until a signal comes; ``PublisherBusy``."""
        ...

    def open_window(self) -> int:
        """Run the window; return its exit status."""
        ...

    def demo(self) -> int:
        """Run the window on a throw-away sandbox workspace."""
        ...

    def tour(self, pictures: Path | None) -> int:
        """Write, plan and publish on a throw-away workspace; save pictures of the pages (None: in the profile)."""
        ...

    def sandbox(self, *, port: int, seed: int, faults: Path | None, state: Path | None, with_parent: bool) -> int:
        """Run the imitation of the networks in the foreground."""
        ...

    def backup(self, target: Path) -> None:
        """Write a verified copy of the profile's database to ``target``."""
        ...

    def restore(self, source: Path) -> Path | None:
        """Put a copy in the place of the database; return where the old one is kept, None when there was none."""
        ...

    def examine(self) -> Sequence[Checkup]:
        """Look whether the profile and the computer are fit for publishing."""
        ...

    def log_lines(self, count: int) -> Sequence[str]:
        """Return the last lines of all logs, oldest first."""
        ...
