"""The card at the foot of the sidebar: what the publisher does, and the way to pause it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.shell.overview import PublisherLook
from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import STATUS_LOOKS, draw_box, draw_disc, draw_status_glyph, draw_text
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.painted_button import PaintedButton
from desktop.kit.i18n import tr


class PublisherCard(PaintedButton):
    """Two lines and a dot; a press pauses or resumes."""

    ring_radius = 10.0

    def __init__(self, look: PublisherLook, on_click: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__("", "sidebar.publisher", look.headline, on_click, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._look = look
        self.set_look(look)

    def set_look(self, look: PublisherLook) -> None:
        """Show another state."""
        self._look = look
        self.setEnabled(look.can_toggle)
        self.setAccessibleName(look.headline)
        self.setAccessibleDescription(look.detail)
        press = tr("Press to resume publishing") if look.status == "paused" else tr("Press to pause publishing")
        self.setToolTip("\n".join(filter(None, (look.detail, press if look.can_toggle else ""))))
        self.update()

    def content_size(self) -> QSize:
        """Return two lines with room around them."""
        return QSize(180, theme().scaled(56))

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the card."""
        look = self._look
        draw_box(painter, rect, 10, "hover" if self.is_hovered else "surface", "border")
        _, ink, halo = STATUS_LOOKS[look.status]
        top, middle = theme().scaled(10), rect.height() / 2
        line = theme().scaled(18)
        dot = QRectF(12, top + (line - 14) / 2, 14, 14)
        draw_disc(painter, dot, halo)
        draw_disc(painter, dot.adjusted(3.5, 3.5, -3.5, -3.5), ink)
        right = rect.right() - 10
        if look.can_toggle and (self.is_hovered or look.status == "paused"):
            right -= 18
            sign = QRectF(right + 2, dot.center().y() - 8, 16, 16)
            if look.status == "paused":
                draw_icon(painter, "play", sign, "text2")
            else:
                draw_status_glyph(painter, sign, "paused")
        left = 36.0
        if not look.detail:
            top = round(middle - line / 2)
        draw_text(painter, QRectF(left, top, right - left, line), look.headline, "body", weight=600)
        below = QRectF(left, top + line, rect.right() - 10 - left, line)
        draw_text(painter, below, look.detail, "caption", "text2", tabular=True)
