"""What screen readers and programs that drive the window get to know of the painted month and cards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.pages.planner.navigation import Cursor
from desktop.gui.pages.planner.view import PlannerPage
from tests.gui.pages.planner.planner_world import World


@pytest.fixture
def world(qapp: QApplication, tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def page(qtbot: QtBot, world: World) -> Callable[[], PlannerPage]:
    def build() -> PlannerPage:
        page = PlannerPage(world)
        qtbot.addWidget(page)
        page.resize(1440, 900)
        page.show()
        return page

    return build


def children(widget: QWidget) -> dict[str, QAccessibleInterface]:
    interface = QAccessible.queryAccessibleInterface(widget)
    found = [interface.child(i) for i in range(interface.childCount())]
    assert all(child is not None for child in found)
    return {child.text(QAccessible.Text.Identifier): child for child in found}


def test_days_and_chips_have_names_identifiers_and_places(page: Callable[[], PlannerPage], world: World) -> None:
    post = world.plan("Maker of the month", "2026-11-19 09:45", 1, media=1)
    month = page().month
    found = children(month)
    chip = found[f"planner.entry.{post}"]
    day = found["planner.day.2026-11-19"]
    assert chip.text(QAccessible.Text.Name) == "Maker of the month, Instagram, Thu 19 November 09:45, scheduled"
    assert day.text(QAccessible.Text.Name) == "Thursday 19 November, 1 post"
    assert day.rect().contains(chip.rect())
    assert month.rect().contains(month.mapFromGlobal(day.rect().center()))
    interface = QAccessible.queryAccessibleInterface(month)
    middle = chip.rect().center()
    assert interface.childAt(middle.x(), middle.y()).text(QAccessible.Text.Identifier) == f"planner.entry.{post}"
    assert interface.indexOfChild(chip) == list(found).index(f"planner.entry.{post}")
    assert chip.parent().text(QAccessible.Text.Identifier) == "planner.month"


def test_the_current_chip_is_the_focused_child(page: Callable[[], PlannerPage], world: World) -> None:
    post = world.plan("Maker of the month", "2026-11-19 09:45")
    month = page().month
    month.set_cursor(Cursor(date(2026, 11, 19), month.scene.keys_on(date(2026, 11, 19))[0]))
    focused = QAccessible.queryAccessibleInterface(month).focusChild()
    assert focused.text(QAccessible.Text.Identifier) == f"planner.entry.{post}"


def test_cards_of_the_backlog_are_there_too(page: Callable[[], PlannerPage], world: World) -> None:
    post = world.write("Why handmade costs more", 0, parts=6)
    card = children(page().drawer.cards)[f"planner.backlog.{post}"]
    assert card.text(QAccessible.Text.Name) == "Why handmade costs more, Threads, Thread · 6 parts, unscheduled"


def test_children_come_and_go_with_the_months(page: Callable[[], PlannerPage], world: World) -> None:
    for day in range(13, 28):
        world.plan(f"Post {day}", f"2026-11-{day} 10:00")
        world.plan(f"Other {day}", f"2026-12-{day} 10:00")
    shown = page()
    for _ in range(30):
        assert sum("entry" in name for name in children(shown.month)) == 15
        shown.viewmodel.turn(1)
        assert "planner.day.2026-12-24" in children(shown.month)
        shown.viewmodel.turn(-1)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_page_that_goes_takes_its_interfaces_along(qtbot: QtBot, world: World) -> None:
    for _ in range(5):
        page = PlannerPage(world)
        page.show()
        assert len(children(page.month)) == 42
        page.close()
        page.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
