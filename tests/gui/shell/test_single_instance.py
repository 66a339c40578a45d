"""A second start raises the first window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.gui.shell.single_instance import RaiseServer

SECOND_START = """
import sys
from pathlib import Path
from desktop.gui.shell.single_instance import raise_other_window
print(raise_other_window(Path(sys.argv[1])))
"""


def ask(folder: Path, qtbot: QtBot) -> bool:
    """Do what a second start does, in a process of its own."""
    process = subprocess.Popen([sys.executable, "-c", SECOND_START, str(folder)], stdout=subprocess.PIPE, text=True)
    with process:
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
        assert process.stdout is not None
        return process.stdout.read() == "True\n"


def test_the_first_window_comes_forward(tmp_path: Path, qtbot: QtBot) -> None:
    raised: list[int] = []
    server = RaiseServer(tmp_path, lambda: raised.append(1))
    assert server.is_listening
    assert ask(tmp_path, qtbot)
    assert ask(tmp_path, qtbot)
    assert raised == [1, 1]
    server.close()


def test_profiles_do_not_hear_each_other_and_nobody_answers_for_a_dead_one(tmp_path: Path, qtbot: QtBot) -> None:
    server = RaiseServer(tmp_path / "a", lambda: None)
    assert not ask(tmp_path / "b", qtbot)
    server.close()
    assert not ask(tmp_path / "a", qtbot)


def test_takes_over_from_a_killed_window(tmp_path: Path, qtbot: QtBot) -> None:
    first = RaiseServer(tmp_path, lambda: None)
    raised: list[int] = []
    second = RaiseServer(tmp_path, lambda: raised.append(1))
    assert ask(tmp_path, qtbot)
    assert raised == [1]
    second.close()
    first.close()
