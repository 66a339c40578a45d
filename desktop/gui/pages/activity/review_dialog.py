"""Settling by hand what the network never confirmed (``reliability.md`` §1.6)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.gui.widgets.dialogs import Dialog
from desktop.gui.widgets.inputs import FormRow, LineEdit
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column
from desktop.kit.i18n import tr


class LiveLinkDialog(Dialog):
    """Asks where the post is, since the person says it is live."""

    def __init__(self, parent: QWidget, on_link: Callable[[str], object]) -> None:
        super().__init__("review", tr("It is live"), parent, confirm=tr("It is live"), width_px=480)
        self._link = LineEdit("review.link", tr("Link of the post"), placeholder="https://")
        self._row = FormRow(tr("Link of the post"), self._link, tr("Open it on the network and copy its address."))
        words = Label(tr("Tidings then counts it as published and never sends it again."), "body", "muted", wrap=True)
        self.set_body(column(words, self._row, spacing=14))
        self.accepted.connect(lambda: on_link(self._link.text().strip()))

    def can_accept(self) -> bool:
        """Whether it looks like an address."""
        link = self._link.text().strip()
        is_good = link.startswith(("https://", "http://")) and not any(letter.isspace() for letter in link)
        self._row.set_error("" if is_good else tr("Paste the full address of the post."))
        return is_good
