"""A page or the whole window on an opened profile, with tasks that run at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.bootstrap.container import Container
from desktop.gui.bridge.task_runners import ImmediateTaskRunner
from desktop.gui.shell.context import PageContext


@dataclass
class Toast:
    text: str
    action: str
    on_action: Callable[[], object] | None
    tone: str


@dataclass
class Toasts:
    """Remembers what would have been shown."""

    shown: list[Toast] = field(default_factory=list)

    def notify(
        self, text: str, action: str = "", on_action: Callable[[], object] | None = None, *, tone: str = "ok"
    ) -> None:
        self.shown.append(Toast(text, action, on_action, tone))

    @property
    def last(self) -> Toast:
        return self.shown[-1]


def page_context(container: Container, toasts: Toasts) -> PageContext:
    """Return a context on ``container``, adopted."""
    context = PageContext(ImmediateTaskRunner(), toasts.notify)
    context.adopt(container, container.settings.get())
    return context


def part(window: QWidget, identifier: str) -> Any:
    """Return the visible widget with this identifier."""
    found = [child for child in window.findChildren(QWidget, identifier) if child.isVisibleTo(window)]
    assert len(found) == 1, f"{len(found)} visible widgets called {identifier}"
    return found[0]


def has_part(window: QWidget, identifier: str) -> bool:
    """Whether a widget with this identifier can be seen."""
    return any(child.isVisibleTo(window) for child in window.findChildren(QWidget, identifier))
