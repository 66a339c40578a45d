"""Text as a network's app shows it: wrapped, with its links coloured, painted no further than can be seen."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption

from desktop.gui.pages.composer.offsets import to_utf16
from desktop.gui.pages.composer.text_rules import entity_spans
from desktop.gui.theme.fonts import font_for


def preview_font(size_px: int = 13, weight: int = 400) -> QFont:
    """Return the preview's font: it does not grow with our text size, because it shows another app."""
    font = QFont(font_for("body", weight))
    font.setPixelSize(size_px)
    return font


def draw_post_text(
    painter: QPainter,
    x: float,
    y: float,
    width: float,
    bottom: float,
    text: str,
    ink: QColor,
    link: QColor,
    *,
    bold: int = 0,
    quiet: tuple[int, QColor] | None = None,
    size_px: int = 13,
) -> float:
    """Draw ``text`` from ``y`` down to ``bottom`` at most and return where it would end.

    ``bold`` code points at the start are strong (a name); from ``quiet[0]`` on the colour is another one ("more").
    """
    layout = QTextLayout(text.replace("\n", "\u2028"), preview_font(size_px))
    layout.setFormats(_formats(text, ink, link, bold, quiet))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    height = 0.0
    layout.beginLayout()
    while y + height < bottom and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height() + 1
    layout.endLayout()
    painter.setPen(ink)
    layout.draw(painter, QPointF(x, y))
    return y + height


def _formats(
    text: str, ink: QColor, link: QColor, bold: int, quiet: tuple[int, QColor] | None
) -> list[QTextLayout.FormatRange]:
    spans = [(start, end, link, False) for start, end in entity_spans(text) if start >= bold]
    if bold:
        spans.append((0, bold, ink, True))
    if quiet is not None:
        spans.append((quiet[0], len(text), quiet[1], False))
    return [_range(text, *span) for span in spans]


def _range(text: str, start: int, end: int, color: QColor, is_bold: bool) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start = to_utf16(text, start)
    found.length = to_utf16(text, end) - to_utf16(text, start)
    looks = QTextCharFormat()
    looks.setForeground(color)
    if is_bold:
        looks.setFontWeight(QFont.Weight.DemiBold)
    found.format = looks
    return found
