"""The history of a delivery: a line with a mark for each step."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.domain.deliveries import TimelineEntry
from desktop.gui.pages.activity.words import entry_words
from desktop.gui.shell.moments import clock_time, day_words, local_time
from desktop.gui.theme.painting import RIGHT, STATUS_LOOKS, draw_disc, draw_line, draw_status_glyph, draw_text
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.identity import identify
from desktop.kit.i18n import tr

_MARK_PX = 22


class TimelineStep(QWidget):
    """One step: what it became, why, when."""

    def __init__(self, entry: TimelineEntry, now: datetime, zone: str, *, is_first: bool, is_last: bool) -> None:
        super().__init__()
        self._words, self._why, self._status = entry_words(entry)
        local, here = local_time(entry.at, zone), local_time(now, zone)
        self._time = clock_time(local, seconds=True)
        self._day = "" if local.date() == here.date() else day_words(local.date(), here.date())
        self._is_first, self._is_last = is_first, is_last
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        when = f"{self._day} {self._time}".strip()
        said = tr("{time}: {state}. {why}", time=when, state=self._words, why=self._why).rstrip(" .")
        identify(self, "activity.timeline.step", said)

    def sizeHint(self) -> QSize:
        """Return one or two lines."""
        return QSize(220, theme().scaled(44 if self._why or self._day else 34))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw line, mark and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, line = _MARK_PX / 2, theme().scaled(18)
        top = 3.0
        mark = QRectF(0, top, _MARK_PX, _MARK_PX)
        if not self._is_first:
            draw_line(painter, middle, 0, middle, top)
        if not self._is_last:
            draw_line(painter, middle, mark.bottom(), middle, self.height())
        draw_disc(painter, mark, STATUS_LOOKS[self._status][2])
        draw_status_glyph(painter, mark.adjusted(5, 5, -5, -5), self._status)
        left, right = _MARK_PX + 12.0, float(self.width())
        words_top = mark.center().y() - line / 2
        time = QRectF(right - 90, words_top, 90, line)
        draw_text(painter, time, self._time, "label", "text2", RIGHT, tabular=True)
        draw_text(painter, QRectF(left, words_top, right - 96 - left, line), self._words, "body", weight=600)
        below = QRectF(left, words_top + line, right - 96 - left, line)
        draw_text(painter, below, self._why, "label", "text2")
        draw_text(painter, QRectF(right - 90, words_top + line, 90, line), self._day, "caption", "text3", RIGHT)
