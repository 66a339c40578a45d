from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.gui.pages.composer.view import ComposerView
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from tests.gui.pages.composer.world import World


@pytest.fixture
def world(qapp: object, tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def composer(world: World) -> Iterator[ComposerViewModel]:
    made = world.viewmodel()
    yield made
    made.deleteLater()


@pytest.fixture
def page(world: World, qtbot: QtBot) -> ComposerView:
    view = world.view()
    qtbot.addWidget(view)
    view.resize(1200, 900)
    with qtbot.waitExposed(view):
        view.show()
    view.start()
    return view
