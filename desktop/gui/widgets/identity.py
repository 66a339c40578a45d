"""One name for people, one for programs, on every control."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)


def identify(widget: W, identifier: str, name: str, description: str = "") -> W:
    """Set object name, accessible identifier, accessible name and description, and return ``widget``.

    ``identifier`` is dotted and stable (``composer.schedule``): tests and assistive programs find the control by it.
    ``name`` is what a screen reader says, already translated.
    """
    widget.setObjectName(identifier)
    widget.setAccessibleIdentifier(identifier)
    widget.setAccessibleName(name)
    if description:
        widget.setAccessibleDescription(description)
    return widget
