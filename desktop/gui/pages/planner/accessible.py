"""Things a widget paints itself, made known to screen readers and to programs that drive the window.

Qt asks a factory for the interface of each object. Ours are ``QAccessibleObject`` subclasses, the only kind that
works from Python; one small QObject stands for each painted thing, so that its address stays the same while it lives.
They offer no actions (that needs ``interface_cast``): programs click and drag by their rectangles.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QAccessibleObject
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class PaintedItem:
    """One painted thing; ``rect`` is in the widget's own pixels."""

    key: Hashable
    identifier: str
    name: str
    rect: QRect
    role: QAccessible.Role = QAccessible.Role.Button


class PaintedItems(QWidget):
    """A widget that paints its items itself. Subclasses say which items there are and which is current."""

    def __init__(self, parent: QWidget | None = None) -> None:
        _install_factory()
        super().__init__(parent)
        self._items: Sequence[PaintedItem] | None = None

    def build_items(self) -> Sequence[PaintedItem]:
        """Return every item that can be seen; a thing on top of another comes later."""
        return ()

    def current_key(self) -> Hashable:
        """Return the key of the item the keyboard is on, or None."""
        return None

    def painted_items(self) -> Sequence[PaintedItem]:
        """Return the items, built once until :meth:`forget_items`."""
        if self._items is None:
            self._items = self.build_items()
        return self._items

    def forget_items(self) -> None:
        """Say that items came, went or moved."""
        self._items = None
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.ObjectReorder))

    def announce_current(self) -> None:
        """Tell screen readers which item is current, while the widget has the focus."""
        if QAccessible.isActive() and self.hasFocus():
            keys = [item.key for item in self.painted_items()]
            if self.current_key() in keys:
                event = QAccessibleEvent(self, QAccessible.Event.Focus)
                event.setChild(keys.index(self.current_key()))
                QAccessible.updateAccessibility(event)


class _ItemAccessible(QAccessibleObject):
    """One item. It finds its name and place by key each time, so it never tells old news."""

    def __init__(self, host: PaintedItems, key: Hashable) -> None:
        self.stand_in = QObject(host)
        super().__init__(self.stand_in)
        self._host = host
        self._key = key

    def _item(self) -> PaintedItem | None:
        return next((item for item in self._host.painted_items() if item.key == self._key), None)

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._host)

    def child(self, _index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # None is allowed
        return None

    def childAt(self, _x: int, _y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        return -1

    def rect(self) -> QRect:
        item = self._item()
        return _on_screen(self._host, item.rect) if item else QRect()

    def role(self) -> QAccessible.Role:
        item = self._item()
        return item.role if item else QAccessible.Role.Button

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        item = self._item()
        state.invalid = item is None
        state.invisible = item is None or not self._host.isVisible()
        state.focusable = state.selectable = True
        state.selected = self._host.current_key() == self._key
        state.focused = state.selected and self._host.hasFocus()
        return state

    def text(self, kind: QAccessible.Text) -> str:
        item = self._item()
        if item is None:
            return ""
        return {QAccessible.Text.Name: item.name, QAccessible.Text.Identifier: item.identifier}.get(kind, "")

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        return


class _HostAccessible(QAccessibleObject):
    """The widget itself: a list of its items."""

    def __init__(self, host: PaintedItems) -> None:
        super().__init__(host)
        self._host = host
        self._children: dict[Hashable, tuple[_ItemAccessible, int]] = {}

    def _child_for(self, item: PaintedItem) -> _ItemAccessible:
        if item.key not in self._children:
            self._drop_gone()
            child = _ItemAccessible(self._host, item.key)
            self._children[item.key] = (child, QAccessible.registerAccessibleInterface(child))
        return self._children[item.key][0]

    def _drop_gone(self) -> None:
        alive = {item.key for item in self._host.painted_items()}
        for key in [key for key in self._children if key not in alive]:
            child, number = self._children.pop(key)
            stand_in = child.stand_in
            # Qt frees the interface; only then may Python let go of it
            QAccessible.deleteAccessibleInterface(number)
            stand_in.deleteLater()

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._host.parentWidget() or self._host.window())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # None is allowed
        items = self._host.painted_items()
        return self._child_for(items[index]) if 0 <= index < len(items) else None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        point = self._host.mapFromGlobal(QPoint(x, y))
        for item in reversed(self._host.painted_items()):
            if item.rect.contains(point):
                return self._child_for(item)
        return None

    def childCount(self) -> int:
        return len(self._host.painted_items())

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        for index, item in enumerate(self._host.painted_items()):
            held = self._children.get(item.key)
            if held is not None and held[0] is child:
                return index
        return -1

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        current = self._host.current_key()
        for item in self._host.painted_items():
            if item.key == current:
                return self._child_for(item)
        return None

    def rect(self) -> QRect:
        return _on_screen(self._host, self._host.rect())

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = True
        state.invisible = not self._host.isVisible()
        state.focused = self._host.hasFocus()
        return state

    def text(self, kind: QAccessible.Text) -> str:
        texts = {
            QAccessible.Text.Name: self._host.accessibleName(),
            QAccessible.Text.Identifier: self._host.accessibleIdentifier(),
            QAccessible.Text.Description: self._host.accessibleDescription(),
        }
        return texts.get(kind, "")

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        return


def _on_screen(host: QWidget, rect: QRect) -> QRect:
    return QRect(host.mapToGlobal(rect.topLeft()), rect.size())


# Qt's table of interfaces holds plain pointers, so Python must hold on to ours as long as their widgets live.
_hosts: dict[int, _HostAccessible] = {}


def _interface_for(_class_name: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, PaintedItems):
        return None
    interface, number = _HostAccessible(thing), id(thing)
    _hosts[number] = interface
    thing.destroyed.connect(lambda: _hosts.pop(number, None))
    return interface


@cache
def _install_factory() -> None:
    QAccessible.installFactory(_interface_for)
