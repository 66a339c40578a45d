"""A banner with an action."""

from __future__ import annotations

from collections.abc import Callable

from desktop.gui.widgets.banner import Banner, BannerTone


def action_banner(
    identifier: str,
    text: str,
    tone: BannerTone,
    action: str,
    on_action: Callable[[], object],
    *,
    closable: bool = False,
) -> Banner:
    """Return a banner whose button says ``action``.

    The word comes after the layout: a button shown before it has a parent is a window of its own for a moment, which
    takes the focus away from the real one.
    """
    banner = Banner(identifier, text, tone, on_action=on_action, closable=closable)
    banner.set_message(text, action=action)
    banner.action.setAccessibleName(action)
    return banner
