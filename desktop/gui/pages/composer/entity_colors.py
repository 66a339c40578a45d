"""Colours what networks turn into links, in the paragraphs that changed.

The colours are character formats of the document, not those of a ``QSyntaxHighlighter``: formats move with their text,
so a key before a link changes nothing else, while a highlighter that moves its formats makes Qt paint the whole field
anew (2.5 ms instead of 0.3 at 5,000 characters). They are never copied, stored or undone.
"""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor, QTextDocument

from desktop.gui.pages.composer.offsets import to_utf16
from desktop.gui.pages.composer.text_rules import entity_spans
from desktop.gui.theme.theme import theme

Range = tuple[int, int]


class EntityColors:
    """Keeps the colours of one document right; call :meth:`follow` after each change."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._plain, self._link = QTextCharFormat(), QTextCharFormat()
        self.take_theme()

    def take_theme(self) -> None:
        """Colour everything anew."""
        self._link.setForeground(theme().color("accentText"))
        block = self._document.firstBlock()
        while block.isValid():
            self._color(block, self._wanted(block))
            block = block.next()

    def follow(self, position: int, added: int) -> None:
        """Colour the paragraphs from UTF-16 ``position`` over ``added`` units, where they are not right already."""
        block = self._document.findBlock(position)
        end = position + added
        while block.isValid() and block.position() <= end:
            wanted = self._wanted(block)
            if wanted != self._shown(block):
                self._color(block, wanted)
            block = block.next()

    @staticmethod
    def _wanted(block: QTextBlock) -> list[Range]:
        text = block.text()
        return [(to_utf16(text, start), to_utf16(text, end)) for start, end in entity_spans(text)]

    @staticmethod
    def _shown(block: QTextBlock) -> list[Range]:
        """Return the coloured stretches; neighbours are one."""
        shown: list[Range] = []
        for found in block.textFormats():
            if not found.format.hasProperty(QTextCharFormat.Property.ForegroundBrush):
                continue
            start, end = found.start, found.start + found.length
            if shown and shown[-1][1] == start:
                shown[-1] = (shown[-1][0], end)
            else:
                shown.append((start, end))
        return shown

    def _color(self, block: QTextBlock, wanted: list[Range]) -> None:
        self._set(block, 0, block.length() - 1, self._plain)
        for start, end in wanted:
            self._set(block, start, end, self._link)

    def _set(self, block: QTextBlock, start: int, end: int, looks: QTextCharFormat) -> None:
        if start < end:
            cursor = QTextCursor(block)
            cursor.setPosition(block.position() + start)
            cursor.setPosition(block.position() + end, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(looks)
