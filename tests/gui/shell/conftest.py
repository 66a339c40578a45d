"""The whole window on an opened profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.bootstrap.container import Container
from desktop.gui.shell.studio import Studio
from tests.support.workspaces import workspace


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    with workspace(tmp_path / "profile") as opened:
        yield opened


@pytest.fixture
def open_studio(qapp: QApplication, container: Container) -> Iterator[Callable[[], Studio]]:
    """Return a function that shows the window on the profile."""
    opened: list[Studio] = []

    def make() -> Studio:
        opened.append(Studio(qapp, container))
        opened[-1].settle()
        return opened[-1]

    yield make
    for studio in opened:
        studio.close()
