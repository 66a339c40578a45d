"""Speed of a key in the composer at 5,000 characters, autosave on. Prints figures; asserts nothing about time.

Run: ``python -m tests.performance.bench_composer`` (offscreen unless QT_QPA_PLATFORM says otherwise).
Targets: p95 from key to paint under 8 ms and at most twice that of a bare QPlainTextEdit of the same size. The two are
measured in turn, key by key, so that other work on the machine hits both. Between keys the events of 20 ms run (the
preview, the check and autosave come in there), as they do between the keys of a fast typist.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from desktop.gui.bridge.garbage import GarbageCollection
from desktop.gui.bridge.task_runners import ThreadTaskRunner
from desktop.gui.theme.fonts import font_for
from desktop.gui.theme.theme import theme
from desktop.storage.database import open_storage
from tests.gui.pages.composer.world import NORTH, PAGE, World

CHARACTERS = 5_000
KEYS = 400
PAUSE_MS = 20
PARAGRAPH = (
    "Clay and glaze cost 2.10 € a mug 🏺, says @kilnclub; the kiln takes its share ⚡. See https://pine.example #mug\n"
)


def text_of(characters: int) -> str:
    """Return paragraphs with emoji, links and names."""
    return (PARAGRAPH * (characters // len(PARAGRAPH) + 1))[:characters]


def pause(milliseconds: int) -> None:
    """Let everything else run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def key_to_paint(field: QPlainTextEdit, letter: str) -> float:
    """Press a key and paint; return milliseconds."""
    start = perf_counter()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(field, QKeyEvent(kind, ord(letter.upper()), Qt.KeyboardModifier.NoModifier, letter))
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    return (perf_counter() - start) * 1000


def put_cursor(field: QPlainTextEdit, place: str) -> None:
    """Put the cursor at the end or into the middle of a paragraph in the middle."""
    cursor = field.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    if place == "middle":
        cursor.setPosition(cursor.position() // 2)
    field.setTextCursor(cursor)


def p95(samples: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(samples)[round(len(samples) * 0.95) - 1]


def run(name: str, place: str, bare: QPlainTextEdit, editor: QPlainTextEdit) -> None:
    """Type into both and print a line."""
    times: dict[str, list[float]] = {"bare": [], "composer": []}
    for field in (bare, editor):
        put_cursor(field, place)
    for number in range(KEYS):
        for which, field in (("bare", bare), ("composer", editor)):
            field.setFocus()
            pause(PAUSE_MS)
            times[which].append(key_to_paint(field, "abcdefgh "[number % 9]))
    own, floor = p95(times["composer"]), p95(times["bare"])
    sys.stdout.write(
        f"{name:34} p95 {own:5.2f} ms (median {statistics.median(times['composer']):5.2f})   "
        f"bare p95 {floor:5.2f} ms (median {statistics.median(times['bare']):5.2f})   "
        f"ratio {own / floor:4.2f}   targets 8 ms, 2\n"
    )


def main() -> None:
    """Measure on Threads (everything past 500 is red) and on Facebook (all of it fits)."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme().apply(application, "light")
    garbage = GarbageCollection()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tasks = ThreadTaskRunner()
        storage = open_storage(folder / "tidings.db", backups=folder / "backups")
        world = World(folder, storage=storage, tasks=tasks)
        page = world.view()
        page.resize(1200, 900)
        page.show()
        window = QWidget()
        window.resize(1200, 900)
        bare = QPlainTextEdit(window)
        bare.setFont(font_for("editor"))
        bare.setGeometry(0, 0, 590, 900)
        window.show()
        pause(300)
        for account, words in ((PAGE, "5,000 characters, Facebook"), (NORTH, "5,000 characters, Threads, red")):
            viewmodel = page.viewmodel
            viewmodel.start_new()
            viewmodel.choose_accounts([account.id])
            editor = page.parts.cards[0].editor
            editor.insertPlainText(text_of(CHARACTERS))
            bare.setPlainText(text_of(CHARACTERS))
            pause(300)
            for place in ("end", "middle"):
                run(f"{words}, {place}", place, bare, editor)
        viewmodel.close()
        page.close()
        window.close()
        tasks.shutdown()
        storage.close()
    garbage.stop()


if __name__ == "__main__":
    main()
