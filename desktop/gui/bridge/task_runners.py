"""The two task runners: with threads for the program, without for tests.

Callbacks and work belong to the GUI thread from beginning to end, because the last reference to a Qt object must
never be dropped on another thread: workers borrow the work by number and hand back nothing but its outcome.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.domain.errors import Cancelled, TidingsError
from desktop.gui.bridge.lanes import Lane
from desktop.gui.bridge.tasks import Task, TaskContext

T = TypeVar("T")
_log = logging.getLogger(__name__)

_POOL_THREADS = 3


@dataclass(frozen=True, slots=True)
class _Order:
    """The GUI thread's side of a task."""

    work: Callable[[TaskContext], Any]
    context: TaskContext
    task: Task
    on_result: Callable[[Any], object] | None
    on_error: Callable[[Exception], object] | None
    on_progress: Callable[[Any], object] | None
    receiver: QObject | None
    is_serial: bool

    @property
    def is_wanted(self) -> bool:
        """Whether somebody is still there to be told."""
        return not self.task.is_cancelled and (self.receiver is None or shiboken6.isValid(self.receiver))


@dataclass(frozen=True, slots=True)
class _News:
    """What a worker has to tell: a step, a result or an error."""

    number: int
    value: Any = None
    error: Exception | None = None
    is_progress: bool = False


class ThreadTaskRunner(QObject):
    """One thread for serial work and up to three for the rest, each started when first needed.

    Create it on the GUI thread and call :meth:`shutdown` before the application ends. ``failed`` carries the errors
    for which nobody gave an ``on_error``.
    """

    failed = Signal(object)
    _news_arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = count()
        self._orders: dict[int, _Order] = {}
        self._news: deque[_News] = deque()
        self._is_shut = False
        self._serial_lane = Lane("tasks-serial", 1, self._run)
        self._pool_lane = Lane("tasks-pool", _POOL_THREADS, self._run)
        self._news_arrived.connect(self._on_news_arrived, Qt.ConnectionType.QueuedConnection)

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
        """See :meth:`~desktop.gui.bridge.tasks.TaskRunner.submit`.

        After :meth:`shutdown`, serial work (a write that would be lost) is a ``RuntimeError``; other work, such as the
        last refresh of a page that is going away, counts as cancelled.
        """
        if self._is_shut and serial:
            raise RuntimeError("the task runner has been shut down")
        number = next(self._numbers)
        context = TaskContext(lambda value: self._tell(_News(number, value, is_progress=True)))
        task = Task(context)
        if self._is_shut:
            task.cancel()
            return task
        owner = receiver or owner_of(on_result)
        self._orders[number] = _Order(work, context, task, on_result, on_error, on_progress, owner, serial)
        (self._serial_lane if serial else self._pool_lane).put(number)
        return task

    def shutdown(self) -> None:
        """Finish all serial work, cancel the rest, wait for the threads. Callbacks still due are not run."""
        self._is_shut = True
        for order in self._orders.values():
            if not order.is_serial:
                order.context.cancel()
        self._pool_lane.close()
        self._serial_lane.close()
        for news in self._news:
            if news.error is not None and not isinstance(news.error, Cancelled):
                _log.error("a task failed while shutting down", exc_info=news.error)
        self._news.clear()
        self._orders.clear()

    def _run(self, number: int) -> None:
        """Worker thread: nothing of the outcome stays in a local variable once the GUI thread may have it."""
        self._tell(self._outcome(number))

    def _outcome(self, number: int) -> _News:
        order = self._orders[number]
        try:
            order.context.check()
            return _News(number, order.work(order.context))
        except Exception as error:  # noqa: BLE001 - one of the four guards: nothing escapes a worker thread
            return _News(number, error=error)

    def _tell(self, news: _News) -> None:
        self._news.append(news)
        del news
        self._news_arrived.emit()

    @Slot()
    def _on_news_arrived(self) -> None:
        while self._news:
            news = self._news.popleft()
            order = self._orders[news.number]
            if not news.is_progress:
                del self._orders[news.number]
                order.task.is_done = True
            self._deliver(order, news)

    def _deliver(self, order: _Order, news: _News) -> None:
        if news.error is not None:
            log_if_bug(news.error)
        if not order.is_wanted or isinstance(news.error, Cancelled):
            return
        if news.error is not None:
            (order.on_error or self.failed.emit)(news.error)
            return
        callback = order.on_progress if news.is_progress else order.on_result
        if callback is not None:
            callback(news.value)


class ImmediateTaskRunner:
    """Runs the work at once on the calling thread; callbacks have run when :meth:`submit` returns. For tests."""

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
        """See :meth:`~desktop.gui.bridge.tasks.TaskRunner.submit`; an error without ``on_error`` is raised."""
        context = TaskContext(on_progress or (lambda _value: None))
        task = Task(context)
        try:
            result = work(context)
        except Cancelled:
            task.is_done = True
            return task
        except Exception as error:
            task.is_done = True
            if on_error is None:
                raise
            log_if_bug(error)
            on_error(error)
            return task
        task.is_done = True
        if on_result is not None and not task.is_cancelled:
            on_result(result)
        return task


def owner_of(callback: Callable[..., object] | None) -> QObject | None:
    """Return the Qt object whose method ``callback`` is."""
    owner = getattr(callback, "__self__", None)
    return owner if isinstance(owner, QObject) else None


def log_if_bug(error: Exception) -> None:
    """Log what is neither an expected error nor cancelling, with its traceback."""
    if not isinstance(error, TidingsError | Cancelled):
        _log.error("a task ended in a bug", exc_info=error)
