"""What every painted widget draws with: boxes, shadows, text, glyphs. Rectangles are in logical pixels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QTextLayout,
    QTextOption,
)

from desktop.gui.theme.fonts import font_for
from desktop.gui.theme.icons import Color, draw_icon, resolve
from desktop.gui.theme.tokens import Token, TypeRole

Status: TypeAlias = Literal["draft", "scheduled", "working", "ok", "warning", "danger", "info", "paused"]

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter

STATUS_LOOKS: dict[Status, tuple[str, Token, Token]] = {
    "draft": ("square-pen", "text2", "inset"),
    "scheduled": ("clock", "accentText", "accentSoft"),
    "working": ("send", "info", "infoSoft"),
    "ok": ("circle-check", "success", "successSoft"),
    "warning": ("triangle-alert", "warning", "warningSoft"),
    "danger": ("circle-alert", "danger", "dangerSoft"),
    "info": ("circle-alert", "info", "infoSoft"),
    "paused": ("pause", "text2", "inset"),
}
"""Icon, ink and soft fill per status: shape and colour together, never colour alone."""


def draw_box(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: Color | None = None,
    border: Color | None = None,
    width: float = 1.0,
    dash: tuple[float, float] | None = None,
) -> None:
    """Draw a rounded box whose border lies inside ``rect``, so that a 1 px line stays one crisp pixel.

    ``dash`` is (on, off) in units of the border's width.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(resolve(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        pen = QPen(resolve(border), width)
        if dash:
            pen.setDashPattern(dash)
        painter.setPen(pen)
        half = width / 2
        rect = rect.adjusted(half, half, -half, -half)
        radius = max(0.0, radius - half)
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()


def draw_focus_ring(painter: QPainter, rect: QRectF, radius: float) -> None:
    """Draw the 2 px ring of keyboard focus just inside ``rect``."""
    draw_box(painter, rect, radius, None, "focus", 2.0)


def draw_line(painter: QPainter, x1: float, y1: float, x2: float, y2: float, color: Color = "border") -> None:
    """Draw a crisp 1 px line, horizontal or vertical."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(QRectF(x1, y1, max(1.0, x2 - x1), max(1.0, y2 - y1)), resolve(color))
    painter.restore()


def draw_disc(painter: QPainter, rect: QRectF, fill: Color, border: Color | None = None, width: float = 0.0) -> None:
    """Draw a filled circle inside ``rect``."""
    draw_box(painter, rect, rect.width() / 2, fill, border, width)


@contextmanager
def rounded_clip(painter: QPainter, rect: QRectF, radius: float) -> Iterator[None]:
    """Clip to a rounded rectangle inside the block; an outer clip stays in force."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    painter.save()
    try:
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        yield
    finally:
        painter.restore()


def text_width(text: str, role: TypeRole = "body", weight: int | None = None, tabular: bool = False) -> float:
    """Return how wide ``text`` is in one line, in logical pixels."""
    return QFontMetricsF(font_for(role, weight, tabular)).horizontalAdvance(text)


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    role: TypeRole = "body",
    color: Color = "text",
    align: Qt.AlignmentFlag = LEFT,
    weight: int | None = None,
    tabular: bool = False,
) -> None:
    """Draw one line of ``text``, ending in an ellipsis when it does not fit ``rect``."""
    font = font_for(role, weight, tabular)
    painter.setFont(font)
    painter.setPen(resolve(color))
    fitting = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 0.5)
    painter.drawText(rect, align, fitting)


def clamped_lines(text: str, font: QFont, width: float, max_lines: int) -> list[str]:
    """Break ``text`` at words into at most ``max_lines`` lines of ``width`` pixels; the last may end in an ellipsis."""
    metrics = QFontMetricsF(font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    # The layout takes line separators for newlines, and counts in UTF-16 units.
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    layout.setTextOption(option)
    units = text.encode("utf-16-le")
    lines: list[str] = []
    layout.beginLayout()
    line = layout.createLine()
    while line.isValid() and len(lines) < max_lines:
        line.setLineWidth(width)
        start, end = line.textStart(), line.textStart() + line.textLength()
        following = layout.createLine()
        is_cut = following.isValid() and len(lines) == max_lines - 1
        part = units[2 * start : None if is_cut else 2 * end].decode("utf-16-le")
        if is_cut:
            part = metrics.elidedText(part.replace("\n", " "), Qt.TextElideMode.ElideRight, width)
        lines.append(part.rstrip())
        line = following
    layout.endLayout()
    return lines


def draw_clamped_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    max_lines: int,
    role: TypeRole = "body",
    color: Color = "text",
    weight: int | None = None,
) -> float:
    """Draw up to ``max_lines`` lines from the top of ``rect`` and return the height they took."""
    font = font_for(role, weight)
    height = QFontMetricsF(font).lineSpacing()
    painter.setFont(font)
    painter.setPen(resolve(color))
    y = rect.top()
    for line in clamped_lines(text, font, rect.width(), max_lines):
        painter.drawText(QRectF(rect.left(), y, rect.width(), height), LEFT, line)
        y += height
    return y - rect.top()


def draw_status_glyph(painter: QPainter, rect: QRectF, status: Status, color: Color | None = None) -> None:
    """Draw the shape of ``status`` into the square ``rect``, in its own colour unless one is given."""
    icon, ink, _ = STATUS_LOOKS[status]
    if icon == "pause":
        bar = rect.width() / 5
        for x in (rect.left() + bar, rect.left() + 3 * bar):
            draw_box(painter, QRectF(x, rect.top() + bar, bar, 3 * bar), 1, color or ink)
    else:
        draw_icon(painter, icon, rect, color or ink)
