"""Undoing what was done on the calendar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand


class DoneCommand(QUndoCommand):
    """A step that has been carried out before it is pushed; the stack's first ``redo`` therefore does nothing."""

    def __init__(self, text: str, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        super().__init__(text)
        self._undo = undo
        self._redo = redo
        self._is_done = True

    def undo(self) -> None:
        """Take it back."""
        self._undo()

    def redo(self) -> None:
        """Do it again."""
        if not self._is_done:
            self._redo()
        self._is_done = False
