"""How fast the window is there, and how much memory it takes, as ratios to a bare window measured in the same run.

    python tests/performance/bench_startup.py [ROUNDS]

A bare PySide6 window that holds a text edit is the floor. The program is started on a profile it has seen before, with
the composer as the page of last time. Byte code is compiled first, as an installation does.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5

COMMON = """
import json, os, sys, time
BEGUN = float(os.environ["BENCH_BEGUN"])
def since(): return (time.time() - BEGUN) * 1000
def resident():
    with open("/proc/self/statm") as file: return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
"""

BARE = (
    COMMON
    + """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit
figures = {}
class Edit(QPlainTextEdit):
    def paintEvent(self, event):
        super().paintEvent(event)
        if "paint" not in figures:
            figures["paint"] = since()
            QTimer.singleShot(3000, app.quit)
app = QApplication([])
window = QMainWindow(); edit = Edit(); window.setCentralWidget(edit); window.resize(1280, 820); window.show()
app.exec()
figures["memory"] = resident()
print(json.dumps(figures))
"""
)

PROGRAM = (
    COMMON
    + """
from pathlib import Path
from desktop.bootstrap import run_gui
from desktop.gui import app as gui
figures = {"stall": 0.0}
begin, init = gui.Program._begin, gui.Program.__init__

def watch(program):
    from PySide6.QtCore import QTimer
    last = [time.perf_counter()]
    def tick():
        now = time.perf_counter()
        figures["stall"] = max(figures["stall"], (now - last[0]) * 1000 - 5)
        last[0] = now
        try_typing(program)
    timer = QTimer(program.window, interval=5); timer.timeout.connect(tick); timer.start()

def try_typing(program):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QPlainTextEdit
    window = program.window
    if "typing" not in figures and window.place == "composer":
        edits = [e for e in window.findChildren(QPlainTextEdit) if e.isVisible()]
        if edits:
            edits[0].insertPlainText("x")
            figures["typing"] = since()
    if "saving" not in figures and (program.session is not None and program.session.context.is_open):
        page = window.page("composer")
        if page.viewmodel.autosave.saved_at is not None:
            figures["saving"] = since()
            QTimer.singleShot(2500, program.session.quit)

def started(program, *arguments):
    init(program, *arguments)
    program.window.painted.connect(lambda: (figures.setdefault("paint", since()), watch(program)))

def begun(program):
    before = time.perf_counter()
    begin(program)
    figures["begin"] = (time.perf_counter() - before) * 1000

gui.Program.__init__, gui.Program._begin = started, begun
run_gui.run(sys.argv[1])
figures["memory"] = resident()
print(json.dumps(figures))
"""
)


def measure(program: str, *arguments: str) -> dict[str, Any]:
    """Run one program and return its figures."""
    environment = dict(os.environ, BENCH_BEGUN=str(time.time()), PYTHONPATH=str(ROOT))
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Measure in turns and print medians and ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = f"{folder}/bytecode"
        os.environ.update(TIDINGS_SECRET_STORE="file", TIDINGS_PASSPHRASE="of no worth")
        for network in ("threads_graph", "instagram_graph", "facebook_graph"):
            os.environ[f"TIDINGS_{network.upper()}_URL"] = "http://127.0.0.1:9"
        profile = Path(folder) / "profile"
        profile.mkdir()
        (profile / "window.ini").write_text("[General]\npage=composer\npost=\n", encoding="utf-8")
        measure(PROGRAM, str(profile))  # makes the data and the byte code
        bare, ours = [], []
        for _ in range(rounds):
            bare.append(measure(BARE))
            (profile / "window.ini").write_text("[General]\npage=composer\npost=\n", encoding="utf-8")
            ours.append(measure(PROGRAM, str(profile)))
    report(bare, ours)


def report(bare: list[dict[str, Any]], ours: list[dict[str, Any]]) -> None:
    """Print what was measured beside its target."""

    def middle(runs: list[dict[str, Any]], name: str) -> float:
        return statistics.median(run[name] for run in runs)

    floor, memory = middle(bare, "paint"), middle(bare, "memory")
    print(f"bare window: first paint {floor:.0f} ms, {memory:.0f} MB; load {os.getloadavg()[0]:.1f}; n={len(ours)}")
    for name, words, target in (
        ("paint", "first paint", 1.5),
        ("typing", "composer takes keys", 2.5),
        ("saving", "what was typed is on disk", 0.0),
    ):
        figure = middle(ours, name)
        goal = f"target <= {target}" if target else "no target"
        print(f"{words:<28} {figure:6.0f} ms   x {figure / floor:4.2f}   {goal}")
    resident = middle(ours, "memory")
    print(f"{'resident memory':<28} {resident:6.0f} MB   x {resident / memory:4.2f}   target <= 2.0")
    stall = middle(ours, "stall")
    print(f"{'longest stall of the window':<28} {stall:6.0f} ms            target <= 50 ms")


if __name__ == "__main__":
    main()
