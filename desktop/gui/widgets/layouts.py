"""Rows and columns in one expression."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

Item: TypeAlias = QWidget | QLayout | int | None
Margins: TypeAlias = int | tuple[int, int, int, int]

_L = TypeVar("_L", bound=QBoxLayout)


def row(*items: Item, spacing: int = 8, margins: Margins = 0) -> QHBoxLayout:
    """Lay ``items`` side by side: a widget, a layout, a number (pixels of space) or ``None`` (stretch).

    ``margins`` is one number or (left, top, right, bottom).
    """
    return _fill(QHBoxLayout(), items, spacing, margins)


def column(*items: Item, spacing: int = 8, margins: Margins = 0) -> QVBoxLayout:
    """Lay ``items`` below each other; see :func:`row`."""
    return _fill(QVBoxLayout(), items, spacing, margins)


def _fill(layout: _L, items: tuple[Item, ...], spacing: int, margins: Margins) -> _L:
    left, top, right, bottom = (margins,) * 4 if isinstance(margins, int) else margins
    layout.setContentsMargins(left, top, right, bottom)
    layout.setSpacing(spacing)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)
    return layout
