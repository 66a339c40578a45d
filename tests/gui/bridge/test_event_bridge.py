import gc
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, qInstallMessageHandler, qWarning
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

import desktop
from desktop.domain.errors import InvalidInput
from desktop.gui.bridge.events import EventBridge
from desktop.gui.bridge.excepthooks import install_excepthooks
from desktop.gui.bridge.garbage import GarbageCollection
from desktop.gui.bridge.messages import copy_details, message_for


def test_events_of_many_threads_arrive_once_in_batches_on_the_gui_thread(qtbot: QtBot) -> None:
    bridge = EventBridge()
    batches: list[tuple[object, ...]] = []
    threads_seen: set[str] = set()
    bridge.delivered.connect(batches.append)
    bridge.delivered.connect(lambda _events: threads_seen.add(threading.current_thread().name))

    def post(source: int) -> None:
        for number in range(500):
            bridge.post((source, number))

    sources = [threading.Thread(target=post, args=(source,)) for source in range(3)]
    for thread in sources:
        thread.start()
    for thread in sources:
        thread.join()
    qtbot.waitUntil(lambda: sum(len(batch) for batch in batches) == 1500)
    arrived = [event for batch in batches for event in batch]
    for source in range(3):
        assert [event for event in arrived if event[0] == source] == [(source, number) for number in range(500)]
    assert threads_seen == {"MainThread"}
    assert len(batches) <= 3, "1500 events within a moment come in very few batches"


def test_two_deliveries_are_a_tenth_of_a_second_apart(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("desktop.gui.bridge.events.monotonic", lambda: clock[0])
    # only its own name: other threads of this process keep the true clock
    bridge = EventBridge()
    batches: list[tuple[object, ...]] = []
    bridge.delivered.connect(batches.append)
    bridge.post("first")
    qtbot.waitUntil(lambda: batches == [("first",)])
    bridge.post("second")
    QCoreApplication.processEvents()
    bridge.post("third")
    QCoreApplication.processEvents()
    assert len(batches) == 1
    qtbot.waitUntil(lambda: batches[1:] == [("second", "third")])


def test_an_expected_error_speaks_for_itself() -> None:
    message = message_for(InvalidInput(field="Time", reason="not a time"))
    assert (message.code, message.title, message.tone) == ("invalid_input", "Time: not a time", "warning")
    assert message.text == "Time: not a time Correct it and try again. Nothing was changed."
    assert "reason: not a time" in message.details


def test_a_bug_apologises_and_its_details_name_places_but_no_words_of_the_person(qtbot: QtBot) -> None:
    try:
        int("my secret draft")
    except ValueError as error:
        message = message_for(error)
    assert (message.code, message.tone) == ("internal_error", "danger")
    assert "ValueError" in message.details
    assert "test_event_bridge.py" in message.details
    assert desktop.__version__ in message.details
    assert "secret" not in message.text + message.details
    copy_details(message)
    assert QGuiApplication.clipboard().text() == message.details


@pytest.fixture
def _hooks_restored() -> Iterator[None]:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    handler = qInstallMessageHandler(None)
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = before
    qInstallMessageHandler(handler)


@pytest.mark.usefixtures("_hooks_restored")
def test_whatever_nobody_caught_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    bugs: list[BaseException] = []
    install_excepthooks(bugs.append)
    error = ValueError("bug")
    sys.excepthook(ValueError, error, None)
    thread = threading.Thread(target=lambda: 1 // 0, name="worker")
    thread.start()
    thread.join()

    class Restless:
        def __del__(self) -> None:
            raise KeyError("gone")

    Restless()
    with caplog.at_level(logging.DEBUG, "qt"):
        qWarning("something is odd")
    assert [type(bug) for bug in bugs] == [ValueError, ZeroDivisionError, KeyError]
    assert "uncaught exception in worker" in caplog.text
    assert ("qt", logging.WARNING) in [(record.name, record.levelno) for record in caplog.records]


@pytest.mark.usefixtures("_hooks_restored")
def test_ctrl_c_is_not_a_bug(capsys: pytest.CaptureFixture[str]) -> None:
    bugs: list[BaseException] = []
    install_excepthooks(bugs.append)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert bugs == []
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_garbage_is_collected_by_the_timer_and_not_in_between(qtbot: QtBot) -> None:
    class Knot:
        def __init__(self) -> None:
            self.itself = self

    collection = GarbageCollection()
    try:
        assert not gc.isenabled()
        gc.collect()
        knots = [Knot() for _ in range(6_000)]
        assert gc.get_count()[0] > 5_000
        del knots
        found: list[int] = []
        gc.callbacks.append(lambda phase, info: found.append(info["collected"]) if phase == "stop" else None)
        try:
            collection.collect_if_due()
            collection.collect_if_due()
        finally:
            gc.callbacks.pop()
        assert len(found) == 1
        assert found[0] >= 6_000
    finally:
        collection.stop()
    assert gc.isenabled()
