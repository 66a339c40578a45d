"""Asks, a moment after the last change, whether the post would be taken by its networks."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.domain.posts import Post
from desktop.gui.pages.composer.ports import ComposerContext
from desktop.services.drafting.findings import PreflightReport


class Checks(QObject):
    """The latest report; an answer about an older text is thrown away."""

    changed = Signal()

    def __init__(self, context: ComposerContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._number = 0
        self.report = PreflightReport()

    def check(self, post: Post) -> None:
        """Check ``post`` as it is now, saved or not."""
        self._number += 1
        number, drafting = self._number, self._context.services.drafting
        self._context.tasks.submit(
            lambda _task: drafting.preflight(post),
            lambda report: self._on_checked(number, report),
            lambda _error: None,  # the same trouble stops autosave, which says so
            receiver=self,
        )

    def clear(self) -> None:
        """Forget the report: there is nothing to check yet."""
        self._number += 1
        self._on_checked(self._number, PreflightReport())

    def _on_checked(self, number: int, report: PreflightReport) -> None:
        if number == self._number and report != self.report:
            self.report = report
            self.changed.emit()
