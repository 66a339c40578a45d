"""From the first picture to an open profile, and what is said when it cannot be opened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.bootstrap.container import Container
from desktop.domain.errors import DatabaseDamaged, DatabaseNewer, DatabaseReadOnly, DiskFull, ProfileInUse, TidingsError
from desktop.gui.app import Program
from desktop.gui.shell.window_memory import WindowMemory
from tests.support.window_rig import has_part, part
from tests.support.workspaces import workspace

Opener = Callable[[], Container]


class Start:
    """A program on a profile that is opened when ``may_open`` is set, after raising ``errors`` one by one."""

    def __init__(self, folder: Path, stack: ExitStack, errors: list[TidingsError]) -> None:
        self.folder, self.stack, self.errors = folder, stack, errors
        self.may_open = threading.Event()
        self.container: Container | None = None
        self.first_runs = 0
        self.memory = WindowMemory(folder)
        self.program: Program | None = None

    def show(self) -> Program:
        self.program = Program(self.memory, self._open, self._first_run, self.folder)
        self.program.window.show()
        return self.program

    def _open(self) -> Container:
        assert self.may_open.wait(10)
        if self.errors:
            raise self.errors.pop(0)
        self.container = self.stack.enter_context(workspace(self.folder))
        return self.container

    def _first_run(self, _workspace: object) -> None:
        self.first_runs += 1


@pytest.fixture
def start(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., Start]]:
    made: list[Start] = []
    with ExitStack() as stack:

        def make(*errors: TidingsError) -> Start:
            made.append(Start(tmp_path / "profile", stack, list(errors)))
            return made[-1]

        yield make
        for each in made:
            if each.program is not None:
                each.may_open.set()
                each.program.close()


def test_the_frame_is_there_before_the_profile(start: Callable[..., Start], qtbot: QtBot) -> None:
    begun = start()
    program = begun.show()
    qtbot.waitUntil(lambda: program.session is not None)
    assert program.session is not None
    assert has_part(program.window, "sidebar.new")
    assert part(program.window, "sidebar.publisher").accessibleName() == "Opening your posts …"
    assert not program.session.context.is_open
    begun.may_open.set()
    qtbot.waitUntil(lambda: program.window.place == "calendar")
    qtbot.waitUntil(lambda: begun.first_runs == 1)
    qtbot.waitUntil(lambda: part(program.window, "sidebar.publisher").accessibleName() == "Publisher running")


def test_what_is_typed_before_the_profile_is_open_is_saved(start: Callable[..., Start], qtbot: QtBot) -> None:
    begun = start()
    begun.memory.set_place("composer", "")
    program = begun.show()
    qtbot.waitUntil(lambda: program.window.place == "composer")
    qtbot.keyClicks(part(program.window, "composer.text.0"), "early bird")
    begun.may_open.set()

    def stored() -> list[str]:
        return [post.shared.title for post in begun.container.drafting.list()] if begun.container else []

    qtbot.waitUntil(lambda: stored() == ["early bird"])
    qtbot.waitUntil(lambda: bool(begun.memory.post))
    assert begun.container is not None
    assert begun.memory.post == begun.container.drafting.list()[0].id


@pytest.mark.parametrize(
    "error",
    [
        DatabaseNewer(found=9, known=1),
        DatabaseReadOnly(path="/somewhere"),
        DatabaseDamaged(path="/somewhere"),
        DiskFull(path="/somewhere"),
        ProfileInUse(pid=7),
    ],
    ids=lambda error: error.code,
)
def test_says_in_plain_words_what_stands_in_the_way(
    start: Callable[..., Start], qtbot: QtBot, error: TidingsError
) -> None:
    begun = start(error)
    begun.may_open.set()
    program = begun.show()
    qtbot.waitUntil(lambda: has_part(program.window, "trouble"))
    assert program.session is not None
    page = part(program.window, "trouble")
    assert (page.accessibleName(), page.accessibleDescription()) == (error.title, error.advice)
    assert not program.session.context.is_open
    part(program.window, "trouble.retry").click()
    qtbot.waitUntil(lambda: program.window.place == "calendar")
    assert not has_part(program.window, "trouble")
