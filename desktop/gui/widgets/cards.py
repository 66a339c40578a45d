"""Surfaces: cards, side panels, the bar on top of a page, and headings inside them."""

from __future__ import annotations

from typing import Literal, TypeAlias

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget

from desktop.gui.theme.painting import draw_box, draw_line
from desktop.gui.theme.shadows import Elevation, draw_shadow, shadow_margin
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import Item, row

Edge: TypeAlias = Literal["left", "right", "top", "bottom", ""]


class Card(QWidget):
    """A bordered surface with round corners for one group of things."""

    def __init__(
        self,
        layout: QLayout | None = None,
        *,
        fill: Token = "surface",
        radius: int = 12,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fill: Token = fill
        self._radius = radius
        self._is_active = False
        if layout is not None:
            self.setLayout(layout)

    def set_active(self, active: bool) -> None:
        """Mark the card one is working in with an accent border."""
        if active != self._is_active:
            self._is_active = active
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the surface."""
        border: Token = "accent" if self._is_active else "border"
        rect = QRectF(self.rect())
        draw_box(QPainter(self), rect, self._radius, self._fill, border, 1.5 if self._is_active else 1.0)


class FloatingSurface(QWidget):
    """A raised surface with its shadow painted on a margin of its own; the ground of popovers and toasts.

    Lay the content out with :meth:`set_content`, which keeps clear of the shadow.
    """

    def __init__(self, elevation: Elevation = "md", radius: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._elevation: Elevation = elevation
        self._radius = radius
        self.margin_px = shadow_margin(elevation)

    def set_content(self, layout: QLayout) -> None:
        """Use ``layout``, inside the shadow's margin."""
        inner = layout.contentsMargins()
        margin = self.margin_px
        layout.setContentsMargins(
            inner.left() + margin, inner.top() + margin, inner.right() + margin, inner.bottom() + margin
        )
        self.setLayout(layout)

    def surface_rect(self) -> QRectF:
        """Return where the surface lies inside the widget."""
        margin = self.margin_px
        return QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw shadow and surface."""
        painter = QPainter(self)
        draw_shadow(painter, self.surface_rect(), self._radius, self._elevation)
        draw_box(painter, self.surface_rect(), self._radius, "raised", "border")


class Panel(QWidget):
    """A plain ground with a line along one edge: sidebars, drawers, bars."""

    def __init__(
        self,
        layout: QLayout | None = None,
        *,
        fill: Token = "sidebar",
        line: Edge = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fill: Token = fill
        self._line: Edge = line
        if layout is not None:
            self.setLayout(layout)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and line."""
        painter = QPainter(self)
        width, height = self.width(), self.height()
        painter.fillRect(self.rect(), theme().color(self._fill))
        if self._line in ("left", "right"):
            x = 0 if self._line == "left" else width - 1
            draw_line(painter, x, 0, x, height)
        elif self._line:
            y = 0 if self._line == "top" else height - 1
            draw_line(painter, 0, y, width, y)


class PageBar(Panel):
    """The 56 px bar on top of a page: its title, then whatever the page puts there."""

    def __init__(self, title: str, *items: Item, parent: QWidget | None = None) -> None:
        """``items`` as in :func:`~desktop.gui.widgets.layouts.row`; a ``None`` pushes the rest to the right."""
        self.title = Label(title, "h1")
        super().__init__(
            row(self.title, *items, spacing=8, margins=(20, 0, 16, 0)), fill="canvas", line="bottom", parent=parent
        )
        self.setFixedHeight(max(56, theme().scaled(50)))


class Divider(QWidget):
    """A horizontal line, 1 px."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        draw_line(QPainter(self), 0, 0, self.width(), 0)


class SectionHeader(QWidget):
    """A heading with a count beside it and actions at the far end. ``kind`` is a card's heading or small capitals."""

    def __init__(
        self,
        title: str,
        *trailing: QWidget,
        kind: Literal["heading", "overline"] = "heading",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        is_heading = kind == "heading"
        self.title = Label(title if is_heading else title.upper(), "h2" if is_heading else "over")
        if not is_heading:
            self.title.set_tone("faint")
        self.title.setAccessibleName(title)
        self._count = Label("", "caption", "faint")
        self._count.hide()
        self.setLayout(row(self.title, self._count, None, *trailing, spacing=8))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int | None) -> None:
        """Show how many there are; ``None`` hides it."""
        self._count.setText("" if count is None else str(count))
        self._count.setVisible(count is not None)
