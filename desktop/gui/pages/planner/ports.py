"""What the calendar needs from the shell, in structural types: the page imports no other page and no shell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QUndoStack

from desktop.domain.accounts import Account
from desktop.domain.deliveries import Delivery, DeliveryId
from desktop.domain.media import AssetId
from desktop.domain.posts import Post, PostId
from desktop.domain.schedules import Schedule
from desktop.gui.bridge.events import EventBridge
from desktop.gui.bridge.tasks import TaskRunner
from desktop.gui.theme.painting import Status
from desktop.kit.clock import Clock
from desktop.services.scheduling.entries import BacklogItem, CalendarEntry
from desktop.services.scheduling.service import Moved


class Scheduling(Protocol):
    """The part of ``SchedulingService`` used here. Every method blocks: call it in a task."""

    def calendar(self, first: date, last: date, zone: str) -> tuple[CalendarEntry, ...]:
        """Return the entries of the days ``first`` to ``last`` inclusive as seen in ``zone``."""
        ...

    def backlog(self) -> tuple[BacklogItem, ...]:
        """Return the posts without a time."""
        ...

    def schedule(self, post_id: PostId, schedule: Schedule) -> tuple[Delivery, ...]:
        """Plan a post for all its accounts."""
        ...

    def move(
        self, delivery_ids: Sequence[DeliveryId], *, to_date: date | None = None, to: Schedule | None = None
    ) -> Moved:
        """Move deliveries to another day, keeping the time of day, or to another time."""
        ...

    def unschedule(self, post_id: PostId) -> Moved:
        """Put a post back into the backlog."""
        ...

    def undo(self, moved: Moved) -> None:
        """Put back what a move or an unscheduling changed."""
        ...


class Drafting(Protocol):
    """The part of ``DraftingService`` used here."""

    def get(self, post_id: PostId) -> Post:
        """Return a post."""
        ...

    def duplicate(self, post_id: PostId) -> Post:
        """Copy a post into the backlog."""
        ...

    def delete(self, post_ids: Sequence[PostId]) -> None:
        """Put posts into the bin."""
        ...

    def restore(self, post_ids: Sequence[PostId]) -> None:
        """Take posts out of the bin, with their planned times."""
        ...


class Accounts(Protocol):
    """The part of ``AccountService`` used here."""

    def list(self) -> Sequence[Account]:
        """Return the connected accounts."""
        ...


class Media(Protocol):
    """The part of ``MediaService`` used here."""

    def thumbnail(self, asset_id: AssetId, pixels: int) -> Path:
        """Return the file of a small picture whose longer side is ``pixels``."""
        ...


class Services(Protocol):
    """The services the calendar talks to."""

    @property
    def scheduling(self) -> Scheduling:
        """Planning in time."""
        ...

    @property
    def drafting(self) -> Drafting:
        """The posts themselves."""
        ...

    @property
    def accounts(self) -> Accounts:
        """Their names and hues."""
        ...

    @property
    def media(self) -> Media:
        """Small pictures."""
        ...


class Notify(Protocol):
    """Shows a toast."""

    def __call__(
        self, text: str, action: str = "", on_action: Callable[[], object] | None = None, *, tone: Status = "ok"
    ) -> None:
        """Say ``text``; ``action`` is the word on the toast's button."""
        ...


class PlannerContext(Protocol):
    """What the shell hands to the page. The undo stack is shared by all pages."""

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
        """What Ctrl+Z takes back."""
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
        """Returns the IANA zone in which times are shown now."""
        ...
