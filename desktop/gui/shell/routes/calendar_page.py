"""The calendar in the window."""

from __future__ import annotations

from desktop.gui.pages.planner.view import PlannerPage
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.places import Navigator


def build(context: PageContext, navigator: Navigator) -> PlannerPage:
    """Return the page, tied to the others."""
    page = PlannerPage(context)
    page.open_requested.connect(navigator.open_post)
    page.compose_requested.connect(navigator.compose)
    return page
