"""What the sidebar is made of: places, accounts and the way to search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.domain.networks import Network
from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import draw_box, draw_text
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.gui.widgets.avatar import draw_avatar, draw_network_badge, initials_of
from desktop.gui.widgets.keycap import draw_keys, keys_width
from desktop.gui.widgets.painted_button import PaintedButton
from desktop.gui.widgets.status import draw_badge
from desktop.kit.i18n import trn


class _SidebarRow(PaintedButton):
    """A button as wide as the sidebar."""

    row_height_px = 32

    def __init__(
        self,
        text: str,
        identifier: str,
        name: str,
        on_click: Callable[[], object] | None,
        parent: QWidget | None,
    ) -> None:
        super().__init__(text, identifier, name, on_click, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def content_size(self) -> QSize:
        return QSize(160, theme().scaled(self.row_height_px))

    def paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        if self.isChecked():
            draw_box(painter, rect, 8, "selected")
        elif self.is_hovered:
            draw_box(painter, rect, 8, "hover")


class NavItem(_SidebarRow):
    """A place in the sidebar, with a count when something waits there. Checkable: the open page is checked."""

    def __init__(
        self,
        icon: str,
        text: str,
        identifier: str,
        *,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, identifier, text, on_click, parent)
        self._icon = icon
        self._count = 0
        self._tone: Literal["accent", "neutral"] = "neutral"
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def set_badge(self, count: int, tone: Literal["accent", "neutral"] = "neutral") -> None:
        """Show ``count`` (0 hides it); ``accent`` for what wants attention."""
        self._count = count
        self._tone = tone
        waiting = trn("{count} item", "{count} items", count) if count else ""
        self.setAccessibleDescription(waiting)
        self.update()

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw ground, icon, words and count."""
        self.paint_ground(painter, rect)
        here, side = self.isChecked(), theme().scaled(18)
        middle = rect.center().y()
        draw_icon(painter, self._icon, QRectF(10, middle - side / 2, side, side), "accentText" if here else "text2")
        left, right = side + 20.0, rect.right() - 8
        if self._count:
            text = str(self._count) if self._count < 1000 else "999+"
            right -= 6 + (
                draw_badge(painter, right, middle, text, "accent", "onAccent")
                if self._tone == "accent"
                else draw_badge(painter, right, middle, text, "pressed", "text2")
            )
        words = QRectF(left, 0, right - left, rect.height())
        draw_text(painter, words, self.text(), "body", "accentText" if here else "text", weight=600 if here else 500)


class AccountRow(_SidebarRow):
    """An account in the sidebar: avatar, network, name, and a warning when it needs the person."""

    row_height_px = 34

    def __init__(
        self,
        name: str,
        network: Network,
        hue: str,
        identifier: str,
        *,
        warning: str = "",
        picture: QPixmap | None = None,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``warning`` says in words what is wrong; it becomes the tool tip and the accessible description."""
        super().__init__(name, identifier, f"{name}, {network.label}", on_click, parent)
        self._network = network
        self._hue = hue
        self._picture = picture
        self.set_warning(warning)

    def set_warning(self, warning: str) -> None:
        """Show or hide the warning sign."""
        self._warning = warning
        self.setToolTip(warning)
        self.setAccessibleDescription(warning)
        self.update()

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw avatar, badge, name and warning."""
        self.paint_ground(painter, rect)
        top = rect.center().y() - 12
        draw_avatar(painter, QRectF(10, top, 24, 24), initials_of(self.text()), self._hue, self._picture)
        ground: Token = "selected" if self.isChecked() else "hover" if self.is_hovered else "sidebar"
        badge = QRectF(24, top + 13, 13, 13)
        draw_network_badge(painter, badge, self._network, self._hue, ground)
        right = rect.right() - 10
        if self._warning:
            right -= 16
            draw_icon(painter, "triangle-alert", QRectF(right, rect.center().y() - 8, 16, 16), "warning")
        draw_text(painter, QRectF(46, 0, right - 52, rect.height()), self.text())


class SearchButton(_SidebarRow):
    """Looks like a search field and opens the real one; shows the key that does the same."""

    def __init__(
        self,
        text: str,
        identifier: str,
        keys: str,
        *,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, identifier, text, on_click, parent)
        self._keys = keys

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the field, its words and the key cap."""
        draw_box(painter, rect, 8, "surface", "borderStrong" if self.is_hovered else "border")
        middle = rect.center().y()
        draw_icon(painter, "search", QRectF(9, middle - 8, 16, 16), "text3")
        draw_keys(painter, rect.right() - 7, middle, self._keys)
        words = QRectF(33, 0, rect.width() - 33 - keys_width(self._keys) - 14, rect.height())
        draw_text(painter, words, self.text(), "body", "text3")
