"""One part of a thread: avatar and line, text, pictures; tools while one works in it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop.domain.accounts import Account
from desktop.domain.posts import Part
from desktop.gui.pages.composer.editor import PostEditor
from desktop.gui.pages.composer.media_strip import MediaStrip
from desktop.gui.pages.composer.media_tile import MEDIA_MIME
from desktop.gui.pages.composer.pasting import read_mime
from desktop.gui.pages.composer.pictures import Pictures
from desktop.gui.pages.composer.text_rules import Count
from desktop.gui.theme.painting import draw_box
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.avatar import Avatar
from desktop.gui.widgets.buttons import IconButton
from desktop.gui.widgets.cards import Card
from desktop.gui.widgets.counter_ring import CounterRing
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import IconLabel, Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.menus import Menu
from desktop.kit.i18n import tr

PART_MIME = "application/x-tidings-part"
"""A dragged card: its index in ASCII."""

_AVATAR_PX = 30


class _Grip(IconButton):
    """Drags the card; the arrow keys move it too."""

    moved = Signal(int)

    def __init__(self, index: int, card: QWidget) -> None:
        super().__init__(
            "grip-vertical", f"composer.card.{index}.grip", tr("Drag to reorder"), size="sm", shortcut_hint="Alt+↑ ↓"
        )
        self._index, self._card = index, card
        self._pressed_at: QPoint | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        here = event.position().toPoint()
        if self._pressed_at is None or (here - self._pressed_at).manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed_at = None
        self.setDown(False)
        drag = QDrag(self)
        data = QMimeData()
        data.setData(PART_MIME, str(self._index).encode())
        drag.setMimeData(data)
        card = self._card
        drag.setPixmap(card.grab())
        drag.setHotSpot(self.mapTo(card, here))
        drag.exec(Qt.DropAction.MoveAction)


class ThreadCard(Card):
    """Shows a part; says what the person wants, decides nothing. Its index never changes."""

    activated = Signal()
    media_dropped = Signal(object)  # Pasted
    picture_moved = Signal(int, int, int)  # from part, from index, before which picture here
    part_moved = Signal(int)  # from which card
    action_requested = Signal(str)  # up down split merge remove

    def __init__(self, index: int, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        number = index + 1
        self.editor = PostEditor(f"composer.text.{index}", tr("Text of post {number}", number=number))
        self.strip = MediaStrip(index, pictures)
        self.counter = identify(CounterRing(), f"composer.counter.{index}", "")
        self.index = index
        self._avatar = Avatar("", "ink", _AVATAR_PX)
        self._nobody = IconLabel("circle-user-round", "text3", _AVATAR_PX)
        self._note = Label("", "caption", "faint")
        self._grip = _Grip(index, self)
        self.add_button = IconButton(
            "image", f"composer.media.add.{index}", tr("Add pictures to post {number}", number=number), size="sm"
        )
        self._menu = Menu()
        self._more = IconButton(
            "ellipsis", f"composer.card.{index}.menu", tr("More for post {number}", number=number), size="sm"
        )
        self._has_next = False
        self._is_drop_target = False
        self._tools = QWidget()
        self._tools.setLayout(row(self.add_button, self._more, self._grip, None, self.counter, spacing=4))
        top = row(self.editor, self._note, spacing=8)
        top.setAlignment(self._note, Qt.AlignmentFlag.AlignTop)
        body = column(top, self.strip, self._tools, spacing=10)
        layout = row(column(self._avatar, self._nobody, None), body, spacing=12, margins=(16, 14, 14, 12))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._menu.setParent(self, self._menu.windowFlags())
        identify(self, f"composer.card.{index}", tr("Post {number}", number=number))
        self.setAcceptDrops(True)
        self._connect()

    def _connect(self) -> None:
        self.editor.focused.connect(self.activated)
        self.editor.move_requested.connect(self._on_move_requested)
        self._grip.moved.connect(self._on_move_requested)
        self.editor.media_pasted.connect(self.media_dropped)
        self._more.clicked.connect(self._open_menu)
        for widget in (self.add_button, self._more, self._grip):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus into the tools."""
        if event.type() == QEvent.Type.FocusIn:
            self.activated.emit()
        return super().eventFilter(watched, event)

    # --- showing -------------------------------------------------------------------------------------------------

    def show_part(self, part: Part, *, count: int, locked: bool) -> None:
        """Show a part of a thread of ``count``."""
        self.editor.setReadOnly(locked)
        self.editor.set_text(part.text)
        self.strip.show_media(part.media, locked=locked)
        self._has_next = self.index < count - 1
        self._note.setText(f"{self.index + 1}/{count}")
        self._note.setVisible(count > 1)
        self._grip.setVisible(count > 1)
        is_first = self.index == 0
        hint = tr("What do you want to say?") if is_first else tr("Say more…")
        self.editor.setPlaceholderText("" if locked else hint)
        for tool in (self.add_button, self._more):
            tool.setVisible(not locked)
        self.update()

    def show_account(self, account: Account | None) -> None:
        """Show who speaks."""
        self._avatar.setVisible(account is not None)
        self._nobody.setVisible(account is None)
        if account is not None:
            self._avatar.set_account(account.display_name or account.username, account.hue.value)

    def show_count(self, count: Count, rule: str) -> None:
        """Show how full it is; ``rule`` says by whose rule."""
        self.counter.setVisible(bool(count.limit))
        self.counter.set_count(count.used, count.limit)
        self.counter.setToolTip(rule)
        self.counter.setAccessibleDescription(rule)
        self.editor.mark_overflow(count.overflow)

    def set_current(self, current: bool, *, alone: bool) -> None:
        """Show the tools of the card one works in."""
        self.set_active(current and not alone)
        self._tools.setVisible(current and not self.editor.isReadOnly())

    # --- menu ----------------------------------------------------------------------------------------------------

    def _open_menu(self) -> None:
        self._menu.clear()
        name = f"composer.card.{self.index}"
        alone = self.index == 0 and not self._has_next
        entries = (
            ("up", tr("Move up"), "arrow-up", self.index > 0),
            ("down", tr("Move down"), "arrow-down", self._has_next),
            ("split", tr("Split here"), "corner-down-left", True),
            ("merge", tr("Merge with next"), "link", self._has_next),
            ("remove", tr("Remove"), "trash-2", not alone),
        )
        for action, text, icon, enabled in entries:
            request = partial(self.action_requested.emit, action)
            self._menu.add(text, f"{name}.{action}", request, icon=icon, enabled=enabled)
        self._menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 4)))

    def _on_move_requested(self, step: int) -> None:
        self.action_requested.emit("up" if step < 0 else "down")

    # --- dropping ------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take pictures, files and other cards."""
        data = event.mimeData()
        known = data.hasFormat(MEDIA_MIME) or data.hasFormat(PART_MIME) or data.hasUrls() or data.hasImage()
        if known and not self.editor.isReadOnly():
            event.acceptProposedAction()
            self._show_drop(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Keep saying yes."""
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Back to normal."""
        self._show_drop(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on what was dropped."""
        self._show_drop(False)
        event.acceptProposedAction()
        data = event.mimeData()
        if data.hasFormat(MEDIA_MIME):
            at = self.strip.mapFrom(self, event.position().toPoint())
            before = self.strip.index_at(at.x(), at.y())
            part, _, index = bytes(data.data(MEDIA_MIME).data()).decode().partition(":")
            self.picture_moved.emit(int(part), int(index), before)
        elif data.hasFormat(PART_MIME):
            self.part_moved.emit(int(bytes(data.data(PART_MIME).data())))
        else:
            self.media_dropped.emit(read_mime(data))

    def _show_drop(self, shown: bool) -> None:
        self._is_drop_target = shown
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, the line to the next one, and where something would be dropped."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self._has_next:
            avatar = (self._nobody if self._avatar.isHidden() else self._avatar).geometry()
            line = QRectF(avatar.center().x(), avatar.bottom() + 8, 2, self.height() - avatar.bottom() - 18)
            if line.height() > 4:
                draw_box(painter, line, 1, "borderStrong")
        if self._is_drop_target:
            draw_box(
                painter,
                QRectF(self.rect()).adjusted(2, 2, -2, -2),
                10,
                theme().color("accent", 18),
                "accent",
                1.5,
                (4, 3),
            )
