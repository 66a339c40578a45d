"""Activity in the window."""

from __future__ import annotations

from desktop.gui.pages.activity.view import ActivityPage
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.places import ACCOUNTS, Navigator


def build(context: PageContext, navigator: Navigator) -> ActivityPage:
    """Return the page, tied to the others."""
    page = ActivityPage(context)
    page.post_requested.connect(navigator.open_post)
    page.compose_requested.connect(lambda: navigator.compose())
    page.accounts_requested.connect(lambda: navigator.show_place(ACCOUNTS.key))
    return page
