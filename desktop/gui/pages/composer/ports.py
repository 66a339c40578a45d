"""What the composer needs from the shell, in structural types: the page imports no other page and no shell.

The services' own classes are named for the type checker only: the window paints before they are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from PySide6.QtGui import QUndoStack

from desktop.domain.networks import Network, NetworkRules
from desktop.gui.bridge.events import EventBridge
from desktop.gui.bridge.tasks import TaskRunner
from desktop.gui.theme.painting import Status
from desktop.kit.clock import Clock

if TYPE_CHECKING:
    from desktop.services.accounts.service import AccountService
    from desktop.services.drafting.service import DraftingService
    from desktop.services.media.service import MediaService
    from desktop.services.publishing.service import DeliveryService
    from desktop.services.scheduling.service import SchedulingService


class Services(Protocol):
    """The services the composer talks to."""

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
    def accounts(self) -> AccountService:
        """Where posts can go."""
        ...

    @property
    def media(self) -> MediaService:
        """Pictures and videos."""
        ...

    @property
    def rules(self) -> Mapping[Network, NetworkRules]:
        """What the networks take."""
        ...


class Notify(Protocol):
    """Shows a toast."""

    def __call__(
        self, text: str, action: str = "", on_action: Callable[[], object] | None = None, *, tone: Status = "ok"
    ) -> None:
        """Say ``text``; ``action`` is the word on the toast's button."""
        ...


class ComposerContext(Protocol):
    """What the shell hands to the page.

    ``services`` and ``zone`` are not touched before the page is told that they are there (``set_ready``).
    """

    @property
    def services(self) -> Services:
        """What the product can do."""
        ...

    @property
    def tasks(self) -> TaskRunner:
        """The door to other threads."""
        ...

    @property
    def events(self) -> EventBridge:
        """Announces changes on the GUI thread."""
        ...

    @property
    def undo(self) -> QUndoStack:
        """What Ctrl+Z takes back on every page: planning and deleting go there too."""
        ...

    @property
    def notify(self) -> Notify:
        """Shows a toast."""
        ...

    @property
    def clock(self) -> Clock:
        """What time it is."""
        ...

    @property
    def zone(self) -> Callable[[], str]:
        """Returns the IANA zone in which new posts are planned."""
        ...
