"""Accounts in the window."""

from __future__ import annotations

from desktop.gui.pages.accounts.view import AccountsPage
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.places import Navigator


def build(context: PageContext, _navigator: Navigator) -> AccountsPage:
    """Return the page."""
    return AccountsPage(context)
