"""Settings in the window."""

from __future__ import annotations

from desktop.gui.pages.settings.view import SettingsPage
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.places import Navigator


def build(context: PageContext, navigator: Navigator) -> SettingsPage:
    """Return the page, tied to the window."""
    page = SettingsPage(context)
    page.remove_samples_requested.connect(navigator.ask_remove_samples)
    return page
