from collections.abc import Callable
from typing import TypeAlias

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.widgets.buttons import Button, IconButton, LinkButton, SplitButton
from desktop.gui.widgets.menus import Menu

Shown: TypeAlias = Callable[..., QWidget]


@pytest.fixture
def clicks() -> list[str]:
    return []


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_press_a_button_once(shown: Shown, qtbot: QtBot, clicks: list[str], key: Qt.Key) -> None:
    button = Button("Schedule", "composer.schedule", on_click=lambda: clicks.append("click"))
    shown(button)
    qtbot.keyClick(button, key)
    assert clicks == ["click"]


def test_a_disabled_button_does_nothing(shown: Shown, qtbot: QtBot, clicks: list[str]) -> None:
    button = Button("Schedule", "b", on_click=lambda: clicks.append("click"))
    button.setEnabled(False)
    shown(button)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    button.click()
    assert clicks == []


def test_the_ring_shows_for_the_keyboard_only(shown: Shown, qtbot: QtBot) -> None:
    first, second = Button("One", "one"), Button("Two", "two")
    window = shown(first, second)
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert first.hasFocus()
    assert not first.is_ring_shown
    clicked = first.grab().toImage()
    qtbot.keyClick(window, Qt.Key.Key_Tab)
    assert second.is_ring_shown
    first.setFocus(Qt.FocusReason.BacktabFocusReason)
    assert first.is_ring_shown
    assert first.grab().toImage() != clicked


def test_people_and_programs_find_a_button(qtbot: QtBot) -> None:
    button = IconButton("x", "composer.close", "Close the editor")
    qtbot.addWidget(button)
    assert (button.objectName(), button.accessibleIdentifier()) == ("composer.close", "composer.close")
    assert (button.accessibleName(), button.toolTip()) == ("Close the editor", "Close the editor")
    interface = QAccessible.queryAccessibleInterface(button)
    assert interface.role() == QAccessible.Role.Button


def test_every_size_is_large_enough_to_hit(qtbot: QtBot) -> None:
    made = [IconButton("x", f"i.{size}", "Close", size=size) for size in ("sm", "md", "lg")]
    for button in (*made, Button("A", "a", size="sm"), LinkButton("A", "l")):
        qtbot.addWidget(button)
        assert min(button.sizeHint().width(), button.sizeHint().height()) >= 24


def test_words_are_never_cut(qtbot: QtBot) -> None:
    button = Button("Add to queue", "q", icon="list-ordered")
    qtbot.addWidget(button)
    before = button.sizeHint().width()
    button.setText("Zur Warteschlange hinzufügen")
    assert button.minimumSizeHint().width() == button.sizeHint().width() > before


def test_the_arrow_of_a_split_button_opens_its_menu(shown: Shown, qtbot: QtBot, clicks: list[str]) -> None:
    menu = Menu()
    pick = menu.add("Pick a time", "composer.pick_time", lambda: clicks.append("pick"), icon="clock")
    split = SplitButton("Schedule", "composer.schedule", menu, "More ways", on_click=lambda: clicks.append("main"))
    shown(split)
    qtbot.mouseClick(split.main, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(split.arrow, Qt.MouseButton.LeftButton)
    assert menu.isVisible()
    pick.trigger()
    menu.close()
    assert clicks == ["main", "pick"]
    assert split.arrow.accessibleIdentifier() == "composer.schedule.menu"
