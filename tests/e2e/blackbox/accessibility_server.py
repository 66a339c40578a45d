"""Reads and presses what a program shows through AT-SPI; asked by ``accessibility.py`` in JSON lines.

A process of its own because the bindings (``gi``) belong to the system's Python, not to our environment. It imports
nothing of ours. Every question names the program by its process id, so no other program can be touched.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 - the version must be chosen first

Node = Any  # Atspi.Accessible; the bindings publish no types
DEEPEST = 40


class Server:
    """Answers questions; every node it has told about keeps its number."""

    def __init__(self) -> None:
        self._nodes: dict[int, Node] = {}

    def find(self, pid: int, identifier: str | None, name: str | None, state: str | None) -> list[dict[str, Any]]:
        """Return what is on screen and matches; words that end in ``*`` match what begins like them."""
        found = []
        for node in self._shown(pid):
            if _matches(node, identifier, name, state):
                try:
                    found.append(self._describe(node))
                except GLib.Error:
                    continue  # gone meanwhile
        return found

    def look(self, number: int) -> dict[str, Any] | None:
        """Describe a node again; None when it has gone."""
        try:
            return self._describe(self._nodes[number], number)
        except GLib.Error:
            return None

    def text(self, number: int) -> str:
        """Return the whole text of a field."""
        node = self._nodes[number]
        return str(Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node)))

    def press(self, number: int) -> str:
        """Do what a screen reader's press does, and return the name of that action."""
        node = self._nodes[number]
        names = [Atspi.Action.get_action_name(node, place) for place in range(Atspi.Action.get_n_actions(node))]
        chosen = next(name for name in ("Press", "Toggle", "ShowMenu", "SetFocus") if name in names)
        Atspi.Action.do_action(node, names.index(chosen))
        return str(chosen)

    def focus(self, number: int) -> None:
        """Ask for the keyboard."""
        Atspi.Component.grab_focus(self._nodes[number])

    def _shown(self, pid: int) -> Iterator[Node]:
        desktop = Atspi.get_desktop(0)
        for place in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(place)
            if application is not None and application.get_process_id() == pid:
                for window in _children(application):
                    yield from _walk(window, 0)

    def _describe(self, node: Node, number: int | None = None) -> dict[str, Any]:
        if number is None:
            number = len(self._nodes)
            self._nodes[number] = node
        area = Atspi.Component.get_extents(node, Atspi.CoordType.SCREEN)
        states = node.get_state_set().get_states()
        return {
            "number": number,
            "identifier": node.get_accessible_id(),
            "name": node.get_name(),
            "role": node.get_role_name(),
            "description": node.get_description(),
            "states": sorted(state.value_nick for state in states),
            "area": [area.x, area.y, area.width, area.height],
        }


def _children(node: Node) -> list[Node]:
    try:
        found = [node.get_child_at_index(place) for place in range(node.get_child_count())]
    except GLib.Error:
        return []
    return [child for child in found if child is not None]


def _walk(node: Node, depth: int) -> Iterator[Node]:
    try:
        is_shown = node.get_state_set().contains(Atspi.StateType.SHOWING)
    except GLib.Error:
        return
    if is_shown and depth < DEEPEST:
        yield node
        for child in _children(node):
            yield from _walk(child, depth + 1)


def _matches(node: Node, identifier: str | None, name: str | None, state: str | None) -> bool:
    try:
        return (
            (identifier is None or _is_like(node.get_accessible_id() or "", identifier))
            and (name is None or _is_like(node.get_name() or "", name))
            and (state is None or node.get_state_set().contains(getattr(Atspi.StateType, state)))
        )
    except GLib.Error:
        return False


def _is_like(own: str, wanted: str) -> bool:
    return own.startswith(wanted[:-1]) if wanted.endswith("*") else own == wanted


def main() -> None:
    """Answer until standard input closes."""
    server = Server()
    questions: dict[str, Callable[..., Any]] = {
        name: getattr(server, name) for name in ("find", "look", "text", "press", "focus")
    }
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer = {"answer": questions[question.pop("ask")](**question)}
        except (GLib.Error, StopIteration, TypeError) as error:
            # a node that vanished, or one without the interface asked for
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
