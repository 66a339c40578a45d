"""The drawer of posts without a time: painted cards that are dragged onto a day."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.domain.networks import Network
from desktop.domain.posts import PostId
from desktop.gui.pages.planner.accessible import PaintedItem, PaintedItems
from desktop.gui.pages.planner.carrying import Carrier, Grip
from desktop.gui.pages.planner.viewmodel import PlannerViewModel
from desktop.gui.pages.planner.weeks import hue_of
from desktop.gui.pages.planner.words import backlog_name, backlog_note, network_words, title_of
from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.networks import NETWORK_ICONS
from desktop.gui.theme.painting import draw_box, draw_focus_ring, draw_text
from desktop.gui.theme.shadows import draw_shadow
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.gui.widgets.buttons import IconButton
from desktop.gui.widgets.cards import Panel, SectionHeader
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column
from desktop.gui.widgets.scroll import ScrollArea
from desktop.kit.i18n import tr
from desktop.services.scheduling.entries import BacklogItem

DRAWER_PX = 269
_CARD_PX, _GAP_PX, _THUMBNAIL_PX = 74, 8, 48
_RADIUS = 10.0


class BacklogList(PaintedItems):
    """The cards, below each other."""

    open_requested = Signal(object)  # BacklogItem
    schedule_requested = Signal(object)  # BacklogItem
    menu_requested = Signal(object, QPoint)  # BacklogItem, and where on the screen
    went_to = Signal(QPoint)  # the middle of the card the keyboard went to

    def __init__(self, viewmodel: PlannerViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewmodel = viewmodel
        self._current: PostId | None = None
        self._hover: PostId | None = None
        self._is_ring_shown = False
        self.carrier: Carrier | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        identify(self, "planner.backlog.list", tr("Unscheduled posts"))
        theme().changed.connect(self._refresh)
        viewmodel.backlog_changed.connect(self._refresh)
        viewmodel.previews.thumbnail_loaded.connect(self.update)

    @property
    def _step_px(self) -> int:
        return theme().scaled(_CARD_PX) + _GAP_PX

    def sizeHint(self) -> QSize:
        """Return room for every card."""
        return QSize(200, len(self._viewmodel.backlog) * self._step_px + 4)

    def card_rect(self, index: int) -> QRect:
        """Return the rectangle of card ``index``."""
        return QRect(0, 2 + index * self._step_px, self.width(), theme().scaled(_CARD_PX))

    def _refresh(self) -> None:
        self.updateGeometry()
        self.forget_items()
        self.update()

    # --- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cards that the event touches."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        backlog = self._viewmodel.backlog
        first = max(0, event.rect().top() // self._step_px)
        for index in range(first, min(len(backlog), event.rect().bottom() // self._step_px + 1)):
            item, rect = backlog[index], QRectF(self.card_rect(index))
            self._paint_card(painter, rect, item)
            if self._is_ring_shown and item.post_id == self._current:
                draw_focus_ring(painter, rect, _RADIUS)
        painter.end()

    def _paint_card(self, painter: QPainter, rect: QRectF, item: BacklogItem, *, is_lifted: bool = False) -> None:
        if is_lifted:
            draw_shadow(painter, rect, _RADIUS, "sm")
        border: Token = "borderStrong" if item.post_id == self._hover else "border"
        draw_box(painter, rect, _RADIUS, "surface", border)
        side, line = theme().scaled(14), theme().scaled(20)
        inner = rect.adjusted(12, 9, -10, -7)
        if item.thumbnail is not None:
            self._paint_thumbnail(painter, rect, item)
            inner.setRight(inner.right() - theme().scaled(_THUMBNAIL_PX) - 8)
        x = inner.left()
        bar = theme().hue(hue_of(item, self._viewmodel.hues)).bar
        for network in sorted(item.networks, key=list(Network).index):
            draw_icon(painter, NETWORK_ICONS[network], QRectF(x, inner.top() + (line - side) / 2, side, side), bar)
            x += side + 4
        grip = QRectF(inner.right() - side, inner.top() + (line - side) / 2, side, side)
        draw_icon(painter, "grip-vertical", grip, "text3")
        names = QRectF(x + 2, inner.top(), grip.left() - x - 6, line)
        draw_text(
            painter,
            names if item.networks else names.translated(-2, 0),
            network_words(item.networks),
            "caption",
            "text2",
        )
        title = QRectF(inner.left(), inner.top() + line, inner.width(), line)
        draw_text(painter, title, title_of(item), "body", "text" if item.title else "text3", weight=500)
        note = title.translated(0, line - 1)
        draw_text(painter, note, backlog_note(item), "caption", "text3")

    def _paint_thumbnail(self, painter: QPainter, card: QRectF, item: BacklogItem) -> None:
        side = theme().scaled(_THUMBNAIL_PX)
        rect = QRectF(card.right() - side - 10, card.top() + (card.height() - side) / 2, side, side)
        ratio = self.devicePixelRatioF()
        image = self._viewmodel.previews.thumbnail(item.thumbnail, 2 * round(side * ratio)) if item.thumbnail else None
        if image is None or image.isNull():
            draw_box(painter, rect, 8, "inset", "border")
            draw_icon(painter, "image", QRectF(rect.center().x() - 9, rect.center().y() - 9, 18, 18), "text3")
            return
        # a brush, not a clip: clips are not smooth at their edge
        scale = side / min(image.width(), image.height())
        brush = QBrush(image)
        left = rect.center().x() - image.width() * scale / 2
        top = rect.center().y() - image.height() * scale / 2
        brush.setTransform(QTransform.fromTranslate(left, top).scale(scale, scale))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush)
        painter.drawRoundedRect(rect, 8, 8)
        painter.restore()

    # --- pointer and keyboard ------------------------------------------------------------------------------------

    def _item_at(self, point: QPoint) -> BacklogItem | None:
        for index, item in enumerate(self._viewmodel.backlog):
            if self.card_rect(index).contains(point):
                return item
        return None

    def _index(self) -> int | None:
        ids = [item.post_id for item in self._viewmodel.backlog]
        return ids.index(self._current) if self._current in ids else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a card."""
        item = self._item_at(event.position().toPoint())
        self._current = item.post_id if item else None
        self._is_ring_shown = False
        self.update()
        if item is not None and event.button() == Qt.MouseButton.LeftButton and self.carrier is not None:
            rect = self.card_rect(self._index() or 0)
            place = QRect(self.mapToGlobal(rect.topLeft()), rect.size())
            grip = Grip(item, place, lambda painter, area: self._paint_card(painter, area, item, is_lifted=True))
            self.carrier.press(grip, event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry it, or follow with the hover."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            if self.carrier is not None:
                self.carrier.move(event.globalPosition().toPoint())
            return
        item = self._item_at(event.position().toPoint())
        self._hover = item.post_id if item else None
        self.setCursor(Qt.CursorShape.OpenHandCursor if item else Qt.CursorShape.ArrowCursor)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop it, or open it after a click."""
        if event.button() != Qt.MouseButton.LeftButton or (self.carrier is not None and self.carrier.release()):
            return
        item = self._item_at(event.position().toPoint())
        if item is not None and item.post_id == self._current:
            self.open_requested.emit(item)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of a card."""
        index = self._index()
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            item = self._item_at(event.pos())
            if item is not None:
                self.menu_requested.emit(item, event.globalPos())
        elif index is not None:
            self.menu_requested.emit(self._viewmodel.backlog[index], self.mapToGlobal(self.card_rect(index).center()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose a card, Enter opens it, S gives it a time, Delete bins it."""
        index, key = self._index(), event.key()
        if key == Qt.Key.Key_Escape and self.carrier is not None and self.carrier.cancel():
            return
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go(0 if index is None else index + (1 if key == Qt.Key.Key_Down else -1))
            return
        actions: dict[int, Callable[[BacklogItem], object]] = {
            Qt.Key.Key_Return: self.open_requested.emit,
            Qt.Key.Key_Enter: self.open_requested.emit,
            Qt.Key.Key_S: self.schedule_requested.emit,
            Qt.Key.Key_Delete: self._viewmodel.edits.delete,
        }
        if index is not None and key in actions:
            actions[key](self._viewmodel.backlog[index])
        else:
            super().keyPressEvent(event)

    def _go(self, index: int) -> None:
        backlog = self._viewmodel.backlog
        if not backlog:
            return
        index = min(max(index, 0), len(backlog) - 1)
        self._current, self._is_ring_shown = backlog[index].post_id, True
        self.went_to.emit(self.card_rect(index).center())
        self.update()
        self.announce_current()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first card when the keyboard brought the focus."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._go(self._index() or 0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._is_ring_shown = False
        self.update()

    # --- accessibility -------------------------------------------------------------------------------------------

    def current_key(self) -> Hashable:
        """Return the current card's post."""
        return self._current

    def build_items(self) -> Sequence[PaintedItem]:
        """Return every card."""
        return [
            PaintedItem(item.post_id, f"planner.backlog.{item.post_id}", backlog_name(item), self.card_rect(index))
            for index, item in enumerate(self._viewmodel.backlog)
        ]

    def resizeEvent(self, event: object) -> None:
        """Forget where the cards were."""
        self.forget_items()


class BacklogDrawer(Panel):
    """Heading, cards and a hint, at the side of the month."""

    def __init__(
        self, viewmodel: PlannerViewModel, on_new: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        self.cards = BacklogList(viewmodel)
        self._viewmodel = viewmodel
        plus = IconButton("plus", "planner.backlog.new", tr("New post without a time"), size="sm", on_click=on_new)
        self._heading = SectionHeader(tr("Unscheduled"), plus)
        self._empty = Label(
            tr("Nothing is waiting. Drag a post here to take it off the calendar."), "body", "faint", wrap=True
        )
        self._hint = Label(tr("Drag onto a day, or press S to schedule"), "caption", "faint", wrap=True)
        self._scroll = ScrollArea(self.cards)
        content = column(self._heading, self._empty, self._scroll, self._hint, spacing=8, margins=(15, 12, 14, 14))
        content.setStretch(2, 1)
        super().__init__(content, line="left", parent=parent)
        self.cards.went_to.connect(lambda at: self._scroll.ensureVisible(at.x(), at.y(), 0, theme().scaled(_CARD_PX)))
        self.setFixedWidth(theme().scaled(DRAWER_PX))
        identify(self, "planner.backlog.drawer", tr("Unscheduled"))
        viewmodel.backlog_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        count = len(self._viewmodel.backlog)
        is_empty = self._viewmodel.is_loaded and not count
        self._heading.set_count(count if self._viewmodel.is_loaded else None)
        self._empty.setVisible(is_empty)
        self._hint.setVisible(bool(count))
