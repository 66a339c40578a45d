"""What Ctrl+Z takes back in the composer: typing, structure, media and planning in one order.

Steps hold whole drafts. They are immutable and share what did not change, so a step costs little, and undoing never
has to know how to reverse anything. Qt's own undo of a text field could not follow a card that moves, splits or is
shown for another account.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

S = TypeVar("S")

_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """From one state to another. Steps of the same ``key`` (not None) shortly after each other become one."""

    before: S
    after: S
    key: Hashable = None
    at_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Detour:
    """A step that another undo stack keeps; both functions return whether they could do anything."""

    undo: Callable[[], bool]
    redo: Callable[[], bool]


class History(Generic[S]):
    """Steps done and undone. ``show`` is called with the state to go to."""

    def __init__(self, show: Callable[[S], None]) -> None:
        self._show = show
        self._done: list[Step[S] | Detour] = []
        self._undone: list[Step[S] | Detour] = []

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self._undone.clear()

    def push(self, step: Step[S] | Detour) -> None:
        """Remember what was just done."""
        last = self._done[-1] if self._done else None
        self._undone.clear()
        if isinstance(last, Step) and isinstance(step, Step) and _continues(last, step):
            self._done[-1] = replace(step, before=last.before)
        else:
            self._done.append(step)

    def undo(self) -> bool:
        """Take the last step back; return whether there was one."""
        return self._walk(self._done, self._undone, is_back=True)

    def redo(self) -> bool:
        """Do the step last undone again."""
        return self._walk(self._undone, self._done, is_back=False)

    def _walk(self, source: list[Step[S] | Detour], target: list[Step[S] | Detour], *, is_back: bool) -> bool:
        while source:
            step = source.pop()
            if isinstance(step, Step):
                target.append(step)
                self._show(step.before if is_back else step.after)
                return True
            if step.undo() if is_back else step.redo():
                target.append(step)
                return True
            # undone from elsewhere in the meantime: forget it and go on
        return False


def _continues(last: Step[S], step: Step[S]) -> bool:
    return step.key is not None and step.key == last.key and step.at_seconds - last.at_seconds < _PAUSE_SECONDS
