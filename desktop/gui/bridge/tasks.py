"""The only door from the GUI thread to other threads: what may be asked of it. See ``task_runners`` for how.

task = runner.submit(lambda context: drafting.save(command), self._on_saved, self._on_save_failed, serial=True)
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject

from desktop.domain.errors import Cancelled

T = TypeVar("T")


class TaskContext:
    """What the work gets: a way to hear of cancelling and a way to tell how far it is. Safe on any thread."""

    def __init__(self, report: Callable[[Any], object]) -> None:
        self._cancelled = threading.Event()
        self._report = report

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise :class:`~desktop.domain.errors.Cancelled` if somebody asked to stop. Call it in every long loop."""
        if self._cancelled.is_set():
            raise Cancelled

    def progress(self, value: object) -> None:
        """Hand an immutable ``value`` to the ``on_progress`` callback."""
        if not self._cancelled.is_set():
            self._report(value)

    def cancel(self) -> None:
        """Ask to stop."""
        self._cancelled.set()


class Task:
    """A handle on work in progress. Use it on the GUI thread."""

    def __init__(self, context: TaskContext) -> None:
        self._context = context
        self.is_done = False

    @property
    def is_cancelled(self) -> bool:
        """Whether :meth:`cancel` was called."""
        return self._context.is_cancelled

    def cancel(self) -> None:
        """Ask the work to stop. None of its callbacks will run any more, even if it ends well."""
        self._context.cancel()


class TaskRunner(Protocol):
    """Runs work away from the GUI thread."""

    def submit(
        self,
        work: Callable[[TaskContext], T],
        on_result: Callable[[T], object] | None = None,
        on_error: Callable[[Exception], object] | None = None,
        on_progress: Callable[[Any], object] | None = None,
        *,
        serial: bool = False,
        receiver: QObject | None = None,
    ) -> Task:
        """Run ``work`` and bring its result, or the exception it raised, back to the GUI thread.

        ``serial`` work runs in the order it was submitted, one piece at a time: use it for everything that writes.
        ``receiver`` is the object the callbacks belong to; nothing is delivered once Qt has destroyed it. Left out,
        it is the object whose method ``on_result`` is. :class:`~desktop.domain.errors.Cancelled` is quiet. Any
        exception that is not a :class:`~desktop.domain.errors.TidingsError` is a bug: logged, then delivered too.
        """
        ...
