"""The text field of one part: grows with its text, shows what is too long, and knows the keys of a thread."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from desktop.gui.pages.composer.editing import changed_range
from desktop.gui.pages.composer.entity_colors import EntityColors
from desktop.gui.pages.composer.offsets import from_utf16, to_utf16
from desktop.gui.pages.composer.pasting import Pasted, read_mime
from desktop.gui.theme.fonts import font_for
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.menus import Menu
from desktop.kit.i18n import tr

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SPARE_PX = 4
# zero-width joiner, emoji presentation, keycap
_EMOJI_JOINTS = "\u200d\ufe0f\u20e3"


class PostEditor(QPlainTextEdit):
    """Plain text only. All positions in its signals and methods are code points.

    Undo is not Qt's: ``undo_requested`` and ``redo_requested`` go to the history of the whole post.
    """

    edited = Signal()
    focused = Signal()
    split_requested = Signal(int)
    removal_requested = Signal()
    move_requested = Signal(int)
    leave_requested = Signal(int)
    media_pasted = Signal(object)
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self, identifier: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        identify(self, identifier, name)
        self.splits_on_double_enter = False
        self._is_setting = self._is_coloring = False
        self._overflow: int | None = None
        self._height = 0
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self._colors = EntityColors(self.document())
        self._change = (0, 0)
        self._lines = 0.0
        self._take_font()
        self.document().contentsChange.connect(self._on_contents_change)
        self.textChanged.connect(self._on_text_changed)
        theme().changed.connect(self._on_theme_changed)

    # --- text ----------------------------------------------------------------------------------------------------

    def text(self) -> str:
        """Return the text as it stands; unlike ``toPlainText`` it keeps no-break spaces."""
        raw = self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")
        # a pair that is typed in two halves stands alone for a moment
        return raw if raw.isascii() else raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def set_text(self, text: str) -> None:
        """Show another text; only what differs is touched, and ``edited`` is not sent."""
        before = self.text()
        if before == text:
            return
        start, before_end, after_end = changed_range(before, text)
        cursor = QTextCursor(self.document())
        cursor.setPosition(to_utf16(before, start))
        cursor.setPosition(to_utf16(before, before_end), QTextCursor.MoveMode.KeepAnchor)
        self._is_setting = True
        cursor.insertText(text[start:after_end])
        self._is_setting = False

    @property
    def position(self) -> int:
        """Where the cursor is."""
        return from_utf16(self.text(), self.textCursor().position())

    def set_position(self, position: int) -> None:
        """Put the cursor somewhere."""
        cursor = self.textCursor()
        cursor.setPosition(min(to_utf16(self.text(), position), self.document().characterCount() - 1))
        self.setTextCursor(cursor)

    def mark_overflow(self, overflow: int | None) -> None:
        """Show everything from code point ``overflow`` on as too long."""
        start = None if overflow is None else to_utf16(self.text(), overflow)
        end = self.document().characterCount() - 1
        shown = self.extraSelections()
        if start is None and not shown:
            return
        if start is not None and shown:
            cursor = shown[0].cursor
            if (cursor.selectionStart(), cursor.selectionEnd()) == (start, end):
                return
        self._overflow = overflow
        self.setExtraSelections([] if start is None else [_overflow_selection(self.document(), start, end)])

    def _on_contents_change(self, position: int, _removed: int, added: int) -> None:
        self._change = (position, added)

    def _on_text_changed(self) -> None:
        if self._is_coloring:
            return
        self._is_coloring = True
        self._colors.follow(*self._change)
        self._is_coloring = False
        if self.document().documentLayout().documentSize().height() != self._lines:
            self._fit()
        if not self._is_setting:
            self.edited.emit()

    # --- size ----------------------------------------------------------------------------------------------------

    def _take_font(self) -> None:
        self.setFont(font_for("editor"))
        self._fit()

    def _on_theme_changed(self) -> None:
        self._is_coloring = True
        self._colors.take_theme()
        self._is_coloring = False
        if self.extraSelections():
            self.setExtraSelections([])
            self.mark_overflow(self._overflow)
        self._take_font()

    def _fit(self) -> None:
        # block by block: an emoji or another script can make a line higher than the font says
        layout, block, total = self.document().documentLayout(), self.document().firstBlock(), 0.0
        while block.isValid():
            total += layout.blockBoundingRect(block).height()
            block = block.next()
        self._lines = layout.documentSize().height()
        height = max(round(total), round(QFontMetricsF(self.font()).lineSpacing())) + _SPARE_PX
        if height != self._height:
            self._height = height
            self.setFixedHeight(height)
            self.verticalScrollBar().setValue(0)  # the page scrolls, not the field

    def sizeHint(self) -> QSize:
        """Return the height of the text."""
        return QSize(240, self._height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the new line breaks of another width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    # --- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of a thread before those of a text."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_requested.emit()
        elif self.isReadOnly() or not self._take_thread_key(event):
            super().keyPressEvent(event)

    def _take_thread_key(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        up_or_down = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key), 0)
        if key in _ENTER and modifiers == Qt.KeyboardModifier.ControlModifier:
            self.split_requested.emit(self.position)
        elif key in _ENTER and not modifiers and self._is_second_enter():
            self.insertPlainText("\n")
            self.split_requested.emit(self.position)
        elif key == Qt.Key.Key_Backspace and self.document().isEmpty():
            self.removal_requested.emit()
        elif key == Qt.Key.Key_Backspace and not modifiers and self._is_behind_emoji():
            self._delete_cluster()
        elif up_or_down and modifiers == Qt.KeyboardModifier.AltModifier:
            self.move_requested.emit(up_or_down)
        elif up_or_down and not modifiers and self._is_on_edge(up_or_down):
            self.leave_requested.emit(up_or_down)
        else:
            return False
        return True

    def _is_behind_emoji(self) -> bool:
        """Whether what stands before the cursor is an emoji of several code points: half of one helps nobody."""
        cluster = self._cluster_before()
        return len(cluster) > 1 and any(c in _EMOJI_JOINTS or c > "\uffff" for c in cluster)

    def _cluster_before(self) -> str:
        cursor = self.textCursor()
        if cursor.hasSelection():
            return ""
        cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText()

    def _delete_cluster(self) -> None:
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()

    def _is_second_enter(self) -> bool:
        """Whether the cursor is on an empty last line after words."""
        cursor = self.textCursor()
        is_on_empty_line = cursor.atEnd() and cursor.atBlockStart() and not cursor.hasSelection()
        return self.splits_on_double_enter and is_on_empty_line and bool(self.text().strip())

    def _is_on_edge(self, direction: int) -> bool:
        probe = self.textCursor()
        move = QTextCursor.MoveOperation.Up if direction < 0 else QTextCursor.MoveOperation.Down
        return not probe.movePosition(move)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the text; undo and redo are those of the post."""
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        selected, writable = self.textCursor().hasSelection(), not self.isReadOnly()
        entries = (
            (tr("Undo"), "undo", self.undo_requested.emit, writable),
            (tr("Redo"), "redo", self.redo_requested.emit, writable),
            (tr("Cut"), "cut", self.cut, selected and writable),
            (tr("Copy"), "copy", self.copy, selected),
            (tr("Paste"), "paste", self.paste, self.canPaste()),
            (tr("Select all"), "select_all", self.selectAll, not self.document().isEmpty()),
        )
        for text, name, action, enabled in entries:
            menu.add(text, f"{self.objectName()}.{name}", action, enabled=enabled)
        menu.popup(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that this part is being written."""
        super().focusInEvent(event)
        self.focused.emit()

    # --- copying and pasting ---------------------------------------------------------------------------------------

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy the words without our colours, and with their own line breaks and no-break spaces."""
        data = QMimeData()
        data.setText(self.textCursor().selectedText().replace("\u2029", "\n").replace("\u2028", "\n"))
        return data

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take text, pictures and files."""
        return source.hasText() or source.hasHtml() or source.hasImage() or source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Put text in; hand pictures and files on."""
        pasted: Pasted = read_mime(source)
        if pasted.text:
            self.insertPlainText(pasted.text)
        elif pasted.files or pasted.image is not None:
            self.media_pasted.emit(pasted)


def _overflow_selection(document: QTextDocument, start: int, end: int) -> QTextEdit.ExtraSelection:
    selection = QTextEdit.ExtraSelection()
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    looks = QTextCharFormat()
    looks.setForeground(theme().color("danger"))
    looks.setBackground(theme().color("dangerSoft"))
    selection.cursor, selection.format = cursor, looks
    return selection
