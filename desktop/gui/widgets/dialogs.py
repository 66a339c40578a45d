"""Dialogs: a title, a body, buttons. Escape cancels, Enter confirms."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QPlainTextEdit, QWidget

from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row
from desktop.kit.i18n import tr


class Dialog(QDialog):
    """The skeleton. Put the content into it with :meth:`set_body`; open it with ``open()``, which does not block.

    Identifiers: ``identifier`` itself, ``identifier.confirm``, ``identifier.cancel``.
    """

    def __init__(
        self,
        identifier: str,
        title: str,
        parent: QWidget | None,
        *,
        confirm: str,
        kind: Literal["primary", "danger"] = "primary",
        cancel: str = "",
        on_confirm: Callable[[], object] | None = None,
        width_px: int = 440,
    ) -> None:
        """``on_confirm`` runs after the dialog has closed; override :meth:`can_accept` to keep it open."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        identify(self, identifier, title)
        self.confirm_button = Button(confirm, f"{identifier}.confirm", kind=kind, on_click=self.accept)
        self.cancel_button = Button(cancel or tr("Cancel"), f"{identifier}.cancel", on_click=self.reject)
        self._body = column(spacing=14)
        footer = row(None, self.cancel_button, self.confirm_button, spacing=8)
        heading = Label(title, "h1", wrap=True)
        self.setLayout(column(heading, self._body, 6, footer, spacing=12, margins=(24, 20, 24, 20)))
        self.setMinimumWidth(width_px)
        if on_confirm is not None:
            self.accepted.connect(lambda: on_confirm())

    def set_body(self, body: QLayout | QWidget) -> None:
        """Add ``body`` between title and buttons."""
        if isinstance(body, QWidget):
            self._body.addWidget(body)
        else:
            self._body.addLayout(body)

    def can_accept(self) -> bool:
        """Return whether what was filled in will do; show the error when it will not."""
        return True

    def accept(self) -> None:
        """Close with yes, if :meth:`can_accept`."""
        if self.can_accept():
            super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter confirms from any field but one of several lines; Escape is Qt's."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.confirm_button.isEnabled() and not isinstance(self.focusWidget(), QPlainTextEdit):
            self.accept()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Order the fields before the buttons for Tab, and begin at :meth:`first_focus`."""
        super().showEvent(event)
        for before, after in pairwise([*self._fields(), self.cancel_button, self.confirm_button]):
            self.setTabOrder(before, after)
        self.first_focus().setFocus(Qt.FocusReason.TabFocusReason)

    def first_focus(self) -> QWidget:
        """Return what has the focus at first: the first field, or the confirm button when there is none."""
        return next(iter(self._fields()), self.confirm_button)

    def _fields(self) -> list[QWidget]:
        buttons = (self.confirm_button, self.cancel_button)
        return [
            child
            for child in self.findChildren(QWidget)
            if child not in buttons and child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisibleTo(self)
        ]


class ConfirmDialog(Dialog):
    """Asks before something that cannot be undone or that others will see. The focus starts on Cancel."""

    def __init__(
        self,
        identifier: str,
        title: str,
        text: str,
        parent: QWidget | None,
        *,
        confirm: str,
        on_confirm: Callable[[], object],
        kind: Literal["primary", "danger"] = "danger",
    ) -> None:
        super().__init__(identifier, title, parent, confirm=confirm, kind=kind, on_confirm=on_confirm)
        self.set_body(Label(text, "body", "muted", wrap=True))
        self.setAccessibleDescription(text)

    def first_focus(self) -> QWidget:
        """Return Cancel."""
        return self.cancel_button
