"""What each key asks for in the month view."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence


class Ask(Enum):
    """Something the keyboard can ask for."""

    STEP = "step"  # the cursor by days
    MOVE = "move"  # the current chip by days
    TURN = "turn"  # the page by months
    TODAY = "today"
    NEW = "new"
    OPEN = "open"
    LOOK = "look"
    DELETE = "delete"
    CANCEL = "cancel"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Command:
    """``amount`` is days or months, negative for back."""

    ask: Ask
    amount: int = 0


_DAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
_PLAIN = {
    Qt.Key.Key_PageUp: Command(Ask.TURN, -1),
    Qt.Key.Key_PageDown: Command(Ask.TURN, 1),
    Qt.Key.Key_BracketLeft: Command(Ask.TURN, -1),
    Qt.Key.Key_BracketRight: Command(Ask.TURN, 1),
    Qt.Key.Key_T: Command(Ask.TODAY),
    Qt.Key.Key_N: Command(Ask.NEW),
    Qt.Key.Key_Return: Command(Ask.OPEN),
    Qt.Key.Key_Enter: Command(Ask.OPEN),
    Qt.Key.Key_Space: Command(Ask.LOOK),
    Qt.Key.Key_Delete: Command(Ask.DELETE),
    Qt.Key.Key_Backspace: Command(Ask.DELETE),
    Qt.Key.Key_Escape: Command(Ask.CANCEL),
}


def command_for(keys: QKeyCombination, *, is_mirrored: bool = False) -> Command | None:
    """Return what ``keys`` ask for, or None. ``is_mirrored``: the week runs from right to left."""
    # a keypad key means the same as its twin
    modifiers = keys.keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = keys.key()
    if key in _DAYS and modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier):
        days = -_DAYS[key] if is_mirrored and abs(_DAYS[key]) == 1 else _DAYS[key]
        return Command(Ask.MOVE if modifiers == Qt.KeyboardModifier.AltModifier else Ask.STEP, days)
    if modifiers == Qt.KeyboardModifier.NoModifier:
        return _PLAIN.get(key)
    for ask, standard in ((Ask.UNDO, QKeySequence.StandardKey.Undo), (Ask.REDO, QKeySequence.StandardKey.Redo)):
        if QKeySequence(keys) in QKeySequence.keyBindings(standard):
            return Command(ask)
    return None
