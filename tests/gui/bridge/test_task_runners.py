import gc
import logging
import threading
import weakref
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Cancelled, NotFound
from desktop.gui.bridge.task_runners import ImmediateTaskRunner, ThreadTaskRunner
from desktop.gui.bridge.tasks import TaskContext, TaskRunner

_SOON = 5.0


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[ThreadTaskRunner]:
    made = ThreadTaskRunner()
    yield made
    made.shutdown()


@pytest.fixture(params=["threads", "immediate"])
def any_runner(request: pytest.FixtureRequest, runner: ThreadTaskRunner) -> TaskRunner:
    return runner if request.param == "threads" else ImmediateTaskRunner()


class _Page(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []

    def on_result(self, value: object) -> None:
        self.results.append(value)


# --- what both runners promise ---------------------------------------------------------------------------------------


def test_the_result_comes_back_on_the_gui_thread(any_runner: TaskRunner, qtbot: QtBot) -> None:
    seen: list[tuple[int, str]] = []
    task = any_runner.submit(
        lambda _context: 42, lambda value: seen.append((value, threading.current_thread().name)), serial=True
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(42, "MainThread")]
    assert task.is_done


def test_an_expected_error_comes_back_and_is_not_logged(
    any_runner: TaskRunner, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    errors: list[Exception] = []

    def work(_context: TaskContext) -> None:
        raise NotFound(noun="post", id="1")

    any_runner.submit(work, None, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], NotFound)
    assert not caplog.records


def test_a_bug_is_logged_and_comes_back(any_runner: TaskRunner, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    errors: list[Exception] = []
    any_runner.submit(lambda _context: 1 // 0, None, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], ZeroDivisionError)
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]


def test_progress_comes_in_order_before_the_result(any_runner: TaskRunner, qtbot: QtBot) -> None:
    seen: list[object] = []

    def work(context: TaskContext) -> str:
        for step in (1, 2, 3):
            context.progress(step)
        return "done"

    any_runner.submit(work, seen.append, None, seen.append)
    qtbot.waitUntil(lambda: "done" in seen)
    assert seen == [1, 2, 3, "done"]


def test_cancelled_work_is_quiet(any_runner: TaskRunner, qtbot: QtBot) -> None:
    seen: list[object] = []

    def work(_context: TaskContext) -> None:
        raise Cancelled

    task = any_runner.submit(work, seen.append, seen.append)
    qtbot.waitUntil(lambda: task.is_done)
    assert seen == []


# --- threads ---------------------------------------------------------------------------------------------------------


def test_serial_work_keeps_its_order_and_never_overlaps(runner: ThreadTaskRunner, qtbot: QtBot) -> None:
    running = threading.Semaphore(1)
    order: list[int] = []
    results: list[int] = []

    def work(number: int) -> int:
        assert running.acquire(blocking=False), "two serial tasks at once"
        order.append(number)
        running.release()
        return number

    for number in range(50):
        runner.submit(lambda _context, number=number: work(number), results.append, serial=True)
    qtbot.waitUntil(lambda: len(results) == 50)
    assert order == results == list(range(50))


def test_the_pool_works_side_by_side(runner: ThreadTaskRunner, qtbot: QtBot) -> None:
    meeting = threading.Barrier(3)
    results: list[int] = []
    for _ in range(3):
        # Each waits for the two others: one after the other they would never meet.
        runner.submit(lambda _context: meeting.wait(_SOON), results.append)
    qtbot.waitUntil(lambda: len(results) == 3)


def test_a_long_read_does_not_hold_up_a_write(runner: ThreadTaskRunner, qtbot: QtBot) -> None:
    written = threading.Event()
    results: list[str] = []
    runner.submit(lambda _context: written.wait(_SOON), lambda ok: results.append(f"read {ok}"))
    runner.submit(lambda _context: written.set(), lambda _none: results.append("write"), serial=True)
    qtbot.waitUntil(lambda: len(results) == 2)
    assert set(results) == {"write", "read True"}


def test_after_cancel_nothing_is_delivered(runner: ThreadTaskRunner, qtbot: QtBot) -> None:
    started, go_on = threading.Event(), threading.Event()
    seen: list[object] = []

    def work(context: TaskContext) -> str:
        started.set()
        go_on.wait(_SOON)
        context.progress("half")
        return "result"

    task = runner.submit(work, seen.append, seen.append, seen.append)
    assert started.wait(_SOON)
    task.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: task.is_done)
    assert seen == []


def test_cancelled_work_that_has_not_begun_never_begins(runner: ThreadTaskRunner, qtbot: QtBot) -> None:
    gate, ran = threading.Event(), []
    runner.submit(lambda _context: gate.wait(_SOON), serial=True)
    task = runner.submit(lambda _context: ran.append("ran"), serial=True)
    task.cancel()
    gate.set()
    qtbot.waitUntil(lambda: task.is_done)
    assert ran == []


@pytest.mark.parametrize("named", [True, False])
def test_a_destroyed_page_gets_nothing(runner: ThreadTaskRunner, qtbot: QtBot, named: bool) -> None:
    gate, page = threading.Event(), _Page()
    results = page.results
    if named:
        task = runner.submit(lambda _context: gate.wait(_SOON), lambda value: results.append(value), receiver=page)
    else:
        task = runner.submit(lambda _context: gate.wait(_SOON), page.on_result)
    page.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(page))
    gate.set()
    qtbot.waitUntil(lambda: task.is_done)
    assert results == []


def test_what_the_work_holds_is_let_go_on_the_gui_thread(runner: ThreadTaskRunner, qtbot: QtBot) -> None:
    let_go_on: list[str] = []

    class Held:
        def __call__(self, _context: TaskContext) -> None:
            return None

    for _ in range(30):
        held = Held()
        weakref.finalize(held, lambda: let_go_on.append(threading.current_thread().name))
        runner.submit(held)
        del held
    qtbot.waitUntil(lambda: len(let_go_on) == 30)
    assert set(let_go_on) == {"MainThread"}


def test_an_error_nobody_waits_for_is_announced(runner: ThreadTaskRunner, qtbot: QtBot) -> None:
    def work(_context: TaskContext) -> None:
        raise NotFound(noun="post", id="1")

    with qtbot.waitSignal(runner.failed) as told:
        runner.submit(work)
    assert isinstance(told.args[0], NotFound)


def test_a_callback_that_fails_does_not_hold_up_the_next(runner: ThreadTaskRunner, qtbot: QtBot) -> None:
    seen: list[int] = []
    with qtbot.capture_exceptions() as caught:
        runner.submit(lambda _context: 0, lambda _value: 1 // 0, serial=True)
        runner.submit(lambda _context: 1, seen.append, serial=True)
        qtbot.waitUntil(lambda: seen == [1])
    assert [kind for kind, _, _ in caught] == [ZeroDivisionError]


def test_shutting_down_finishes_writes_and_stops_reads(qtbot: QtBot) -> None:
    runner = ThreadTaskRunner()
    written: list[int] = []
    delivered: list[object] = []

    def endless(context: TaskContext) -> None:
        while True:
            context.check()

    runner.submit(endless, delivered.append, delivered.append)
    for number in range(20):
        runner.submit(lambda _context, number=number: written.append(number), delivered.append, serial=True)
    runner.shutdown()
    assert written == list(range(20))
    assert delivered == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("tasks-")]
    assert runner.submit(lambda _context: None, delivered.append).is_cancelled
    with pytest.raises(RuntimeError):
        runner.submit(lambda _context: None, serial=True)
    assert delivered == []


def test_a_write_that_fails_while_shutting_down_is_logged(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    runner = ThreadTaskRunner()

    def work(_context: TaskContext) -> None:
        raise NotFound(noun="post", id="1")

    runner.submit(work, serial=True)
    with caplog.at_level(logging.ERROR):
        runner.shutdown()
    assert len(caplog.records) == 1


def test_many_tasks_with_widgets_in_them_survive_the_garbage_collector(runner: ThreadTaskRunner, qtbot: QtBot) -> None:
    done: list[int] = []
    for number in range(200):
        widget = QWidget()
        runner.submit(
            lambda context, widget=widget: context.is_cancelled or widget is None,
            lambda _value, number=number: done.append(number),
            receiver=widget,
        )
        if number % 50 == 0:
            gc.collect()
    qtbot.waitUntil(lambda: len(done) == 200)


# --- immediate -------------------------------------------------------------------------------------------------------


def test_an_error_nobody_waits_for_is_raised_at_once() -> None:
    with pytest.raises(ZeroDivisionError):
        ImmediateTaskRunner().submit(lambda _context: 1 // 0)
