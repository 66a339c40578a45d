"""One picture in a card: small, with its description's badge, to be dragged, moved and removed."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QContextMenuEvent,
    QDrag,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPixmap,
    QTransform,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop.domain.media import MediaKind
from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import CENTER, draw_box, draw_text, text_width
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.menus import Menu
from desktop.gui.widgets.painted_button import PaintedButton
from desktop.kit.i18n import tr

TILE_PX = 100
MEDIA_MIME = "application/x-tidings-media"
"""Dragged pictures: ``part:index`` in ASCII."""

_RADIUS = 8.0
# The badges lie on pictures, so they are the same in both schemes.
_BADGE_INK = QColor("#FFFFFF")
_BADGE_GROUND = QColor(20, 20, 24, 200)


def draw_picture(painter: QPainter, rect: QRectF, image: QImage | None, radius: float) -> None:
    """Fill ``rect`` with the middle of ``image``, or with a quiet ground while it is loading."""
    if image is None or image.isNull():
        draw_box(painter, rect, radius, "inset", "border")
        side = min(24.0, rect.height() / 2)
        corner = rect.center() - QPointF(side / 2, side / 2)
        draw_icon(painter, "image", QRectF(corner.x(), corner.y(), side, side), "text3")
        return
    # a texture, not a clip: clips have ragged edges at 1x
    scale = max(rect.width() / image.width(), rect.height() / image.height())
    left = rect.center().x() - image.width() * scale / 2
    top = rect.center().y() - image.height() * scale / 2
    brush = QBrush(image)
    brush.setTransform(QTransform.fromTranslate(left, top).scale(scale, scale))
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()


class AltBadge(PaintedButton):
    """Says whether the picture has a description, and opens it."""

    ring_radius = 6.0

    def __init__(self, identifier: str, name: str, parent: QWidget) -> None:
        super().__init__("", identifier, name, None, parent)
        self._is_missing = True

    def set_missing(self, missing: bool) -> None:
        """Show the amber call to add one, or the quiet badge."""
        self._is_missing = missing
        self.setText(tr("+ ALT") if missing else tr("ALT"))
        self.setToolTip(tr("Describe this picture") if missing else tr("Change the description"))
        self.resize(self.sizeHint())
        self.update()

    def content_size(self) -> QSize:
        """Return the words in a badge that is large enough to hit."""
        return QSize(round(text_width(self.text(), "caption", 700)) + 18, 26)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the badge, smaller than its target."""
        badge = rect.adjusted(2, 3, -2, -3)
        if self._is_missing:
            is_dark = theme().scheme.is_dark
            draw_box(painter, badge, 5, "warning", QColor(0, 0, 0, 60))
            draw_text(painter, badge, self.text(), "caption", "canvas" if is_dark else "onAccent", CENTER, 700)
        else:
            draw_box(painter, badge, 5, _BADGE_GROUND)
            draw_text(painter, badge, self.text(), "caption", _BADGE_INK, CENTER, 700)


class _RemoveButton(PaintedButton):
    ring_radius = 13.0

    def content_size(self) -> QSize:
        return QSize(26, 26)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        disc = rect.adjusted(3, 3, -3, -3)
        draw_box(painter, disc, disc.width() / 2, QColor("#000000") if self.is_hovered else _BADGE_GROUND)
        draw_icon(painter, "x", disc.adjusted(4, 4, -4, -4), _BADGE_INK)


class MediaTile(PaintedButton):
    """Press it to describe the picture; drag it, or use Alt with the arrows, to move it; Delete removes it."""

    removal_requested = Signal()
    alt_text_requested = Signal()
    move_requested = Signal(int)

    def __init__(self, part: int, index: int, parent: QWidget | None = None) -> None:
        identifier = f"composer.media.{part}.{index}"
        number = index + 1
        super().__init__("", identifier, tr("Picture {number}", number=number), self._on_clicked, parent)
        self._token = f"{part}:{index}"
        self._image: QImage | None = None
        self._kind = MediaKind.IMAGE
        self._pressed_at: QPoint | None = None
        self._is_locked = False
        self.setFixedSize(TILE_PX, TILE_PX)
        self._badge = AltBadge(f"{identifier}.alt", tr("Description of picture {number}", number=number), self)
        self._badge.clicked.connect(lambda _checked=False: self.alt_text_requested.emit())
        self._cross = _RemoveButton(
            "", f"{identifier}.remove", tr("Remove picture {number}", number=number), None, self
        )
        self._cross.setToolTip(tr("Remove"))
        self._cross.clicked.connect(lambda _checked=False: self.removal_requested.emit())
        self._cross.adjustSize()
        self._cross.move(TILE_PX - self._cross.width() - 2, 2)

    def show_media(self, image: QImage | None, kind: MediaKind, alt_text: str, *, locked: bool) -> None:
        """Show a picture and whether it has a description; ``locked`` leaves nothing to change."""
        self._image, self._kind, self._is_locked = image, kind, locked
        self._badge.set_missing(not alt_text.strip())
        self._badge.move(5, TILE_PX - self._badge.height() - 4)
        self._badge.setVisible(kind is MediaKind.IMAGE and not locked)
        self._cross.setVisible(not locked)
        self.setAccessibleDescription(alt_text or tr("No description yet"))
        self.update()

    def content_size(self) -> QSize:
        """Return the square."""
        return QSize(TILE_PX, TILE_PX)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the picture."""
        draw_picture(painter, rect, self._image, _RADIUS)
        if self._kind is MediaKind.VIDEO:
            disc = QRectF(rect.center().x() - 17, rect.center().y() - 17, 34, 34)
            draw_box(painter, disc, 17, _BADGE_GROUND)
            draw_icon(painter, "play", disc.adjusted(10, 9, -8, -9), _BADGE_INK)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes, Alt with left and right moves."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if self._is_locked:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_requested.emit()
        elif step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_requested.emit(step)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Everything dragging and keys can do, by plain clicks."""
        if self._is_locked:
            return
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = self.objectName()
        menu.add(tr("Describe…"), f"{name}.menu.alt", self.alt_text_requested.emit, icon="square-pen")
        menu.add(tr("Move left"), f"{name}.menu.left", lambda: self.move_requested.emit(-1), icon="chevron-left")
        menu.add(tr("Move right"), f"{name}.menu.right", lambda: self.move_requested.emit(1), icon="chevron-right")
        menu.add(tr("Remove"), f"{name}.menu.remove", self.removal_requested.emit, icon="trash-2", color="danger")
        menu.popup(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag may begin."""
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag once the pointer has gone far enough."""
        super().mouseMoveEvent(event)
        far = QApplication.startDragDistance()
        here = event.position().toPoint()
        if self._pressed_at is None or self._is_locked or (here - self._pressed_at).manhattanLength() < far:
            return
        self._pressed_at = None
        self.setDown(False)
        drag = QDrag(self)
        data = QMimeData()
        data.setData(MEDIA_MIME, self._token.encode())
        drag.setMimeData(data)
        ghost = QPixmap(self.size() * self.devicePixelRatio())
        ghost.setDevicePixelRatio(self.devicePixelRatio())
        ghost.fill(Qt.GlobalColor.transparent)
        painter = QPainter(ghost)
        painter.setOpacity(0.85)
        draw_picture(painter, QRectF(self.rect()), self._image, _RADIUS)
        painter.end()
        drag.setPixmap(ghost)
        drag.setHotSpot(here)
        drag.exec(Qt.DropAction.MoveAction)

    def _on_clicked(self) -> None:
        if not self._is_locked and self._kind is MediaKind.IMAGE:
            self.alt_text_requested.emit()


class DropTile(PaintedButton):
    """The dashed place at the end of the strip; press it to choose files."""

    def content_size(self) -> QSize:
        """Return the square."""
        return QSize(TILE_PX, TILE_PX)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the frame, the plus and the words."""
        ground = "hover" if self.is_hovered else None
        draw_box(painter, rect, _RADIUS, ground, "borderStrong", 1.2, (4, 3))  # type: ignore[arg-type]
        middle = rect.center()
        draw_icon(painter, "plus", QRectF(middle.x() - 9, middle.y() - 20, 18, 18), "text2")
        words = QRectF(rect.left() + 4, middle.y() + 4, rect.width() - 8, 18)
        draw_text(painter, words, self.text(), "caption", "text2", CENTER)
