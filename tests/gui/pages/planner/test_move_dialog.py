from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.pages.planner.move_dialog import MoveDialog
from desktop.gui.widgets.labels import Label


class Asked:
    """A dialog that is open, and what was chosen in it."""

    def __init__(self, qtbot: QtBot, now: str = "2026-03-01 12:00") -> None:
        self.chosen: list[datetime] = []
        self.parent = QWidget()
        qtbot.addWidget(self.parent)
        start, at = datetime.fromisoformat("2026-03-28 02:30"), datetime.fromisoformat(now)
        self.dialog = MoveDialog("Move", "Move", start, "Europe/Oslo", lambda: at, self.chosen.append, self.parent)
        self.dialog.open()

    def set(self, day: tuple[int, int, int], hour: int, minute: int) -> None:
        self.dialog.day.setDate(QDate(*day))
        self.dialog.time.setTime(QTime(hour, minute))

    @property
    def words(self) -> str:
        return "\n".join(label.text() for label in self.dialog.findChildren(Label) if label.isVisible())


def test_the_time_is_named_with_its_zone_and_handed_over(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    asked.set((2026, 4, 3), 9, 5)
    assert "Friday 3 April, 09:05 in Europe/Oslo" in asked.words
    asked.dialog.confirm_button.click()
    assert [f"{wall:%Y-%m-%d %H:%M}" for wall in asked.chosen] == ["2026-04-03 09:05"]


@pytest.mark.parametrize(
    ("day", "hour", "minute", "words"),
    [
        ((2026, 3, 29), 2, 30, "does not exist in Europe/Oslo"),
        ((2026, 2, 27), 12, 0, "This day has passed."),
        ((2026, 3, 1), 11, 59, "This time has passed."),
    ],
)
def test_what_cannot_be_is_said_at_once(
    qtbot: QtBot, day: tuple[int, int, int], hour: int, minute: int, words: str
) -> None:
    asked = Asked(qtbot)
    asked.set(day, hour, minute)
    assert words in asked.words
    assert not asked.dialog.confirm_button.isEnabled()
    asked.dialog.accept()
    assert asked.chosen == []
    assert asked.dialog.isVisible()
    asked.dialog.reject()


def test_an_hour_that_comes_twice_is_explained(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    asked.set((2026, 10, 25), 2, 30)
    assert "this time comes twice" in asked.words
    assert asked.dialog.confirm_button.isEnabled()
    asked.dialog.reject()
