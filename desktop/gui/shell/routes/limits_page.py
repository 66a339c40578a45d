"""Limits in the window."""

from __future__ import annotations

from desktop.gui.pages.limits.view import LimitsPage
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.places import Navigator


def build(context: PageContext, navigator: Navigator) -> LimitsPage:
    """Return the page, tied to the others."""
    page = LimitsPage(context)
    page.accounts_requested.connect(navigator.connect_account)
    return page
