"""GUI tests: offscreen, dressed in our theme; Qt warnings and forgotten windows fail a test."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

# Before the first import of Qt.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.theme.theme import theme

_HERE = Path(__file__).parent
# What the offscreen platform says about abilities it lacks.
_HARMLESS = (r"This plugin does not support (raise|grabbing)",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.qt_log_ignore(*_HARMLESS, extend=True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Collect garbage between tests and on this thread only.

    Other tests of the same process leave a sandbox running on a thread of its own; were that one to collect widgets,
    Qt would crash. The program itself does the same (``desktop.gui.app``).
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()  # what is left is here to stay: looking at it again after every test would take minutes
        gc.enable()


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The one application, dressed; pytest-qt's ``qtbot`` uses it too."""
    application = QApplication.instance() or QApplication(["tidings-tests"])
    assert isinstance(application, QApplication)
    theme().apply(application, "light")
    return application


@pytest.fixture(autouse=True)
def _nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    windows = set(QApplication.topLevelWidgets())
    yield
    if (theme().mode, theme().text_scale) != ("light", 1.0):
        theme().apply(qapp, "light")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [_described(window) for window in QApplication.topLevelWidgets() if window not in windows]
    assert not left, f"top-level widgets left behind (use qtbot.addWidget or close them): {left}"


def _described(window: QWidget) -> str:
    return f"{type(window).__name__}({window.objectName()!r})"
