from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from PySide6.QtCore import QKeyCombination, Qt

from desktop.domain.posts import PostId
from desktop.gui.pages.planner.keys import Ask, Command, command_for
from desktop.gui.pages.planner.navigation import Cursor, EntryKey

DAYS = tuple(date(2026, 11, 1) + timedelta(days=i) for i in range(30))
THIRD, NINTH = date(2026, 11, 3), date(2026, 11, 9)


def key(day: date, post: str) -> EntryKey:
    return EntryKey(PostId(post), datetime.combine(day, time(9)))


CHIPS = {THIRD: (key(THIRD, "a"), key(THIRD, "b")), NINTH: (key(NINTH, "c"),)}


def chips_on(day: date) -> tuple[EntryKey, ...]:
    return CHIPS.get(day, ())


def test_tab_walks_every_chip_and_then_leaves() -> None:
    cursor: Cursor | None = Cursor(DAYS[0])
    seen = []
    while cursor is not None:
        cursor = cursor.next_chip(DAYS, chips_on)
        seen.append(cursor.entry.post_id if cursor and cursor.entry else None)
    assert seen == ["a", "b", "c", None]


def test_backtab_walks_back_from_a_day() -> None:
    cursor = Cursor(NINTH).next_chip(DAYS, chips_on, backward=True)
    assert cursor == Cursor(THIRD, key(THIRD, "b"))
    assert cursor is not None
    first = cursor.next_chip(DAYS, chips_on, backward=True)
    assert first == Cursor(THIRD, key(THIRD, "a"))
    assert first is not None
    assert first.next_chip(DAYS, chips_on, backward=True) is None


def test_the_cursor_stays_with_its_post_when_the_time_changes() -> None:
    moved = EntryKey(PostId("a"), datetime.combine(THIRD, time(17)))
    assert Cursor(THIRD, moved).settled(chips_on) == Cursor(THIRD, key(THIRD, "a"))
    assert Cursor(THIRD, key(THIRD, "gone")).settled(chips_on) == Cursor(THIRD)
    assert Cursor(THIRD, key(THIRD, "b")).settled(chips_on) == Cursor(THIRD, key(THIRD, "b"))


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        (Qt.Key.Key_Right, Command(Ask.STEP, 1)),
        (Qt.Key.Key_Up, Command(Ask.STEP, -7)),
        (QKeyCombination(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Down), Command(Ask.MOVE, 7)),
        (Qt.Key.Key_PageDown, Command(Ask.TURN, 1)),
        (Qt.Key.Key_BracketLeft, Command(Ask.TURN, -1)),
        (Qt.Key.Key_T, Command(Ask.TODAY)),
        (Qt.Key.Key_N, Command(Ask.NEW)),
        (QKeyCombination(Qt.KeyboardModifier.KeypadModifier, Qt.Key.Key_Enter), Command(Ask.OPEN)),
        (QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Z), Command(Ask.UNDO)),
        (QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_T), None),
        (Qt.Key.Key_Q, None),
    ],
)
def test_keys(keys: QKeyCombination | Qt.Key, command: Command | None) -> None:
    assert command_for(QKeyCombination(keys) if isinstance(keys, Qt.Key) else keys) == command


def test_arrows_follow_the_eye_when_mirrored() -> None:
    assert command_for(QKeyCombination(Qt.Key.Key_Right), is_mirrored=True) == Command(Ask.STEP, -1)
    assert command_for(QKeyCombination(Qt.Key.Key_Down), is_mirrored=True) == Command(Ask.STEP, 7)
