"""Push buttons: primary, default, ghost and danger; with an icon; joined to a menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from desktop.gui.theme.icons import Color, draw_icon
from desktop.gui.theme.painting import CENTER, LEFT, draw_box, draw_text, text_width
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import ControlSize, Token, TypeRole
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.layouts import row
from desktop.gui.widgets.painted_button import PaintedButton

ButtonKind: TypeAlias = Literal["primary", "default", "ghost", "danger"]
_Joint: TypeAlias = Literal["", "left", "right"]

_RADIUS = 8.0
_ICON_PX = 16
_GAP_PX = 7
# fill, fill under the pointer, fill when pressed, border, ink
_LOOKS: dict[ButtonKind, tuple[Token | None, Token, Token, Token | None, Token]] = {
    "primary": ("accent", "accentHover", "accentPressed", None, "onAccent"),
    "default": ("surface", "hover", "pressed", "borderStrong", "text"),
    "ghost": (None, "hover", "pressed", None, "text2"),
    "danger": ("danger", "danger", "danger", None, "onAccent"),
}


class Button(PaintedButton):
    """A push button with words and, if wanted, an icon before them."""

    def __init__(
        self,
        text: str,
        identifier: str,
        *,
        kind: ButtonKind = "default",
        icon: str | None = None,
        size: ControlSize = "md",
        name: str | None = None,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, identifier, name, on_click, parent)
        self._kind: ButtonKind = kind
        self._icon = icon
        self._size: ControlSize = size
        self._joint: _Joint = ""

    def set_kind(self, kind: ButtonKind) -> None:
        """Change the look."""
        self._kind = kind
        self.update()

    def set_icon(self, icon: str | None) -> None:
        """Change or remove the icon."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def join(self, side: _Joint) -> None:
        """Make one side straight, where a neighbour continues the button."""
        self._joint = side
        self.update()

    def setText(self, text: str) -> None:
        """Change the words."""
        super().setText(text)
        self.updateGeometry()

    def content_size(self) -> QSize:
        """Return icon, gap, words and padding."""
        padding = 2 * (10 if self._size == "sm" else 13)
        width = self._content_width() + (padding if self.text() else 12)
        height = theme().control_height(self._size)
        return QSize(max(height if not self._joint else 0, round(width + 0.5)), height)

    def _content_width(self) -> float:
        icon = theme().scaled(_ICON_PX) if self._icon else 0
        words = text_width(self.text(), self._role(), self._weight()) if self.text() else 0
        return icon + words + (_GAP_PX if icon and words else 0)

    def _role(self) -> TypeRole:
        return "label" if self._size == "sm" else "body"

    def _weight(self) -> int:
        return 600 if self._kind in ("primary", "danger") else 500

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw box, icon and words."""
        ink = self._paint_box(painter, rect)
        side = theme().scaled(_ICON_PX)
        x = rect.center().x() - self._content_width() / 2
        if self._icon:
            draw_icon(painter, self._icon, QRectF(x, rect.center().y() - side / 2, side, side), ink)
            x += side + _GAP_PX
        words = QRectF(x, rect.top(), rect.right() - x, rect.height())
        draw_text(painter, words, self.text(), self._role(), ink, LEFT, self._weight())

    def _paint_box(self, painter: QPainter, rect: QRectF) -> Token:
        fill, border, ink = self._colors()
        box = rect
        if self._joint:
            # The rounded corners of the joined side fall outside the widget.
            left, right = self._joint == "left", self._joint == "right"
            box = rect.adjusted(-_RADIUS if left else 0, 0, _RADIUS if right else 0, 0)
        radius = _RADIUS
        if self.is_ring_shown and self._kind in ("primary", "danger"):
            box, radius = box.adjusted(3.5, 3.5, -3.5, -3.5), 5.0  # a gap, or the ring would drown in the fill
        draw_box(painter, box, radius, fill, border)
        if self._joint == "left":
            seam = theme().color(ink, 70) if border is None else theme().color(border)
            painter.fillRect(QRectF(rect.left(), rect.top() + 1, 1, rect.height() - 2), seam)
        return ink

    def _colors(self) -> tuple[Color | None, Token | None, Token]:
        """Return fill, border and ink of the present state."""
        fill, hover, pressed, border, ink = _LOOKS[self._kind]
        if not self.isEnabled():
            return ("inset", "border", "disabled") if fill else (None, None, "disabled")
        if self._kind == "danger":
            return self._danger_fill(), None, ink
        if self.isDown():
            return pressed, border, ink
        if self.is_hovered:
            return hover, border, "text" if ink == "text2" else ink
        return fill, border, ink

    def _danger_fill(self) -> QColor:
        # The light scheme's red in both: the dark scheme's is made for text and glares as a surface.
        red = theme().tokens.light.colors["danger"]
        return red.darker(125) if self.isDown() else red.darker(112) if self.is_hovered else red


class IconButton(PaintedButton):
    """A square button with an icon only; its name is also its tool tip."""

    def __init__(
        self,
        icon: str,
        identifier: str,
        name: str,
        *,
        size: ControlSize = "md",
        color: Token = "text2",
        checkable: bool = False,
        shortcut_hint: str = "",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", identifier, name, on_click, parent)
        self._icon = icon
        self._size: ControlSize = size
        self._color: Token = color
        self.setCheckable(checkable)
        self.setToolTip(f"{name}  {shortcut_hint}".rstrip())

    def set_icon(self, icon: str, color: Token | None = None) -> None:
        """Change the icon, and its colour when given."""
        self._icon = icon
        self._color = color or self._color
        self.update()

    def content_size(self) -> QSize:
        """Return a square of the control height."""
        side = theme().control_height(self._size)
        return QSize(side, side)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the ground of the state and the icon."""
        if self.isDown():
            draw_box(painter, rect, _RADIUS, "pressed")
        elif self.isChecked():
            draw_box(painter, rect, _RADIUS, "pressed", "borderStrong")
        elif self.is_hovered:
            draw_box(painter, rect, _RADIUS, "hover")
        ink: Token = self._color if self.isEnabled() else "disabled"
        if ink == "text2" and (self.is_hovered or self.isChecked()):
            ink = "text"
        side = theme().scaled(14 if self._size == "sm" else 17)
        corner = rect.center() - QPoint(side, side).toPointF() / 2
        draw_icon(painter, self._icon, QRectF(corner.x(), corner.y(), side, side), ink)


class LinkButton(PaintedButton):
    """Accented words that act, for "Add" and "Retry" at the end of a line."""

    ring_radius = 6.0

    def content_size(self) -> QSize:
        """Return the words with room for the ring; never under 24 px."""
        return QSize(round(text_width(self.text(), "label", 600)) + 16, max(24, theme().scaled(26)))

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the words, on a soft ground under the pointer."""
        if self.is_hovered:
            draw_box(painter, rect, 6, "accentSoft")
        draw_text(painter, rect, self.text(), "label", "accentText" if self.isEnabled() else "disabled", CENTER, 600)


class SplitButton(QWidget):
    """A button for the usual way, and beside it an arrow with the other ways."""

    def __init__(
        self,
        text: str,
        identifier: str,
        menu: QMenu,
        menu_name: str,
        *,
        kind: ButtonKind = "primary",
        icon: str | None = None,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``menu_name`` says what the arrow opens; its identifier is ``identifier`` + ``.menu``."""
        super().__init__(parent)
        self.main = Button(text, identifier, kind=kind, icon=icon, on_click=on_click)
        self.main.join("right")
        self.arrow = Button("", f"{identifier}.menu", kind=kind, icon="chevron-down", name=menu_name)
        self.arrow.join("left")
        self.arrow.clicked.connect(self.open_menu)
        self._menu = menu
        menu.setParent(self, menu.windowFlags())
        identify(self, f"{identifier}.group", text)
        self.setLayout(row(self.main, self.arrow, spacing=0))

    def open_menu(self) -> None:
        """Open the menu below, its right edge under the arrow's."""
        width = self._menu.sizeHint().width()
        self._menu.popup(self.mapToGlobal(QPoint(max(0, self.width() - width), self.height() + 4)))
