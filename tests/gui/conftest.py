"""GUI tests: offscreen, dressed in our theme; Qt warnings and forgotten windows fail a test."""

from __future__ import annotations

import os
from collections.abc import Iterator
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
