"""The pages of the window: their names, and the modules that build them.

Pages are imported when they are first needed: the window paints before it knows them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop.gui.shell.context import PageContext


class Navigator(Protocol):
    """The ways from one page to another."""

    def show_place(self, key: str) -> None:
        """Open a page."""
        ...

    def open_post(self, post_id: str) -> None:
        """Open the composer with a post."""
        ...

    def compose(self, day: date | None = None) -> None:
        """Open the composer with a new post, meant for ``day``."""
        ...

    def show_delivery(self, delivery_id: str) -> None:
        """Open Activity at a delivery."""
        ...

    def connect_account(self) -> None:
        """Open Accounts and ask for a token."""
        ...

    def ask_remove_samples(self) -> None:
        """Ask whether the samples shall go."""
        ...

    def write_place(self) -> None:
        """Remember which page and post are open."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A page. ``icon`` is empty for a page that has no entry of its own in the sidebar."""

    key: str
    title: str
    icon: str

    @property
    def module(self) -> str:
        """The module whose ``build(context, navigator)`` makes the page."""
        return f"desktop.gui.shell.routes.{self.key}_page"

    def load(self) -> None:
        """Import what the page needs; on any thread."""
        import_module(self.module)

    def build(self, context: PageContext, navigator: Navigator) -> QWidget:
        """Make the page; on the GUI thread."""
        build = cast("Callable[[PageContext, Navigator], QWidget]", import_module(self.module).build)
        return build(context, navigator)


CALENDAR = Place("calendar", "Calendar", "calendar-days")
COMPOSER = Place("composer", "Write", "")
ACTIVITY = Place("activity", "Activity", "history")
ACCOUNTS = Place("accounts", "Accounts", "users")
LIMITS = Place("limits", "Limits", "gauge")
SETTINGS = Place("settings", "Settings", "settings")

PLACES = {place.key: place for place in (CALENDAR, COMPOSER, ACTIVITY, ACCOUNTS, LIMITS, SETTINGS)}
