"""What stands in the window when the profile cannot be opened: what happened, what to do, nothing destroyed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.gui.bridge.messages import Message, copy_details
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.cards import Card
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import IconLabel, Label
from desktop.gui.widgets.layouts import column, row
from desktop.kit.branding import NAME
from desktop.kit.i18n import tr


class TroublePage(QWidget):
    """Title, advice, and the ways on."""

    def __init__(
        self,
        message: Message,
        *,
        on_retry: Callable[[], object],
        on_quit: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        identify(self, "trouble", message.title)
        self.setAccessibleDescription(message.advice)
        title = Label(message.title, "h1", wrap=True)
        advice = Label(message.advice, "body", "muted", wrap=True, selectable=True)
        identify(advice, "trouble.advice", message.advice)
        safe = Label(tr("{name} has changed nothing.", name=NAME), "caption", "faint", wrap=True)
        buttons = row(
            Button(tr("Try again"), "trouble.retry", kind="primary", on_click=on_retry),
            Button(tr("Quit"), "trouble.quit", on_click=on_quit),
            None,
            Button(
                tr("Copy details"), "trouble.copy", kind="ghost", icon="copy", on_click=lambda: copy_details(message)
            ),
        )
        words = column(title, 4, advice, 2, safe, 14, buttons, spacing=4)
        card = Card(row(column(IconLabel("circle-alert", "danger", 24), None), words, spacing=14, margins=24))
        card.setMaximumWidth(560)
        card.setMinimumWidth(420)
        self.setLayout(column(None, row(None, card, None), None, None, margins=24))
