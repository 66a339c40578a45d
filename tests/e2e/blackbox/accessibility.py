"""What a screen reader knows of a running program: its controls by identifier, name and role."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.blackbox.virtual_screen import SYSTEM_PYTHON

SERVER = Path(__file__).with_name("accessibility_server.py")


class Gone(Exception):
    """The control vanished, or never offered what was asked of it."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control at the moment it was looked at. ``area`` is x, y, width and height on the screen, in pixels."""

    number: int
    identifier: str
    name: str
    role: str
    description: str
    states: tuple[str, ...]
    area: tuple[int, int, int, int]

    @property
    def center(self) -> tuple[int, int]:
        """The middle of it."""
        x, y, width, height = self.area
        return x + width // 2, y + height // 2

    def __str__(self) -> str:
        return f"{self.role} {self.name!r} #{self.identifier}"


class Accessibility:
    """Asks the accessibility bus; close it when done."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """``environment`` leads to the bus."""
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, "-W", "ignore::DeprecationWarning", str(SERVER)],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def find(
        self, pid: int, identifier: str | None = None, *, name: str | None = None, state: str | None = None
    ) -> Sequence[Control]:
        """Return the controls on screen that match all that is given.

        ``identifier`` and ``name`` may end in ``*``; ``state`` is the name of an ``Atspi.StateType``.
        """
        return [_control(d) for d in self._ask("find", pid=pid, identifier=identifier, name=name, state=state)]

    def look(self, control: Control) -> Control | None:
        """Look at a control again; None when it has gone."""
        described = self._ask("look", number=control.number)
        return _control(described) if described else None

    def text(self, control: Control) -> str:
        """Return the whole text of a field."""
        return str(self._ask("text", number=control.number))

    def press(self, control: Control) -> None:
        """Press it as a screen reader does."""
        self._ask("press", number=control.number)

    def focus(self, control: Control) -> None:
        """Ask for the keyboard to go there."""
        self._ask("focus", number=control.number)

    def close(self) -> None:
        """Ask nothing more."""
        self._process.communicate()

    def _ask(self, question: str, **details: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"ask": question, **details}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise Gone(answer["error"])
        return answer["answer"]


def _control(described: dict[str, Any]) -> Control:
    described["states"], described["area"] = tuple(described["states"]), tuple(described["area"])
    return Control(**described)
