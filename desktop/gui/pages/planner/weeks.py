"""Pictures of whole weeks: painted once, kept until anything that shows in them changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from desktop.domain.accounts import AccountId
from desktop.gui.pages.planner.chips import paint_chip, paint_more
from desktop.gui.pages.planner.layout import MonthLayout
from desktop.gui.pages.planner.month import DAYS_PER_WEEK
from desktop.gui.pages.planner.words import day_number
from desktop.gui.theme.painting import CENTER, draw_box, draw_line, draw_text, text_width
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.kit.i18n import tr
from desktop.services.scheduling.entries import BacklogItem, CalendarEntry

_KEPT_WEEKS = 24
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WeekKey:
    """Everything a week's picture depends on; equal keys mean equal pictures.

    ``shown`` holds the entries whose chips are seen and ``hidden`` how many are not, per day, so that the key stays
    small on days with hundreds of posts.
    """

    first: date
    layout: MonthLayout
    today: date
    shown: tuple[tuple[CalendarEntry, ...], ...]
    hidden: tuple[int, ...]
    hues: tuple[str, ...]
    scheme: str
    ratio: float


class WeekPictures:
    """The cache: the weeks last used, up to four screens full."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[WeekKey, QPixmap] = OrderedDict()

    def picture(self, key: WeekKey) -> QPixmap:
        """Return the picture of a week, painting it when there is none yet."""
        found = self._pictures.get(key)
        if found is None:
            found = self._pictures[key] = _paint_week(key)
            while len(self._pictures) > _KEPT_WEEKS:
                self._pictures.popitem(last=False)
        else:
            self._pictures.move_to_end(key)
        return found


def hue_of(entry: CalendarEntry | BacklogItem, hues: Mapping[AccountId, str]) -> str:
    """Return the hue of the first of the entry's accounts, in the order of ``hues``."""
    return next((hue for account, hue in hues.items() if account in entry.account_ids), "ink")


def _paint_week(key: WeekKey) -> QPixmap:
    week = (key.first - key.layout.month.first).days // DAYS_PER_WEEK
    area = key.layout.week_rect(week)
    picture = QPixmap(round(area.width() * key.ratio), round(area.height() * key.ratio))
    picture.setDevicePixelRatio(key.ratio)
    picture.fill(theme().color("surface"))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(0, -area.top())
    hues = iter(key.hues)
    for column in range(DAYS_PER_WEEK):
        day = key.first + timedelta(days=column)
        _paint_cell(painter, key, day)
        _paint_number(painter, key, day)
        count = len(key.shown[column]) + key.hidden[column]
        for rect, entry in zip(key.layout.chip_rects(day, count), key.shown[column], strict=True):
            paint_chip(painter, rect, entry, next(hues))
        more = key.layout.more_rect(day, count)
        if more is not None:
            paint_more(painter, more, tr("+{count} more", count=key.hidden[column]))
    painter.end()
    return picture


def _paint_cell(painter: QPainter, key: WeekKey, day: date) -> None:
    cell = key.layout.day_rect(day)
    if day.weekday() >= _SATURDAY or not key.layout.month.owns(day):
        painter.fillRect(cell, theme().color("canvas"))
    draw_line(painter, cell.left(), cell.top(), cell.right(), cell.top())
    if cell.right() < key.layout.width:
        draw_line(painter, cell.right() - 1, cell.top(), cell.right() - 1, cell.bottom())


def _paint_number(painter: QPainter, key: WeekKey, day: date) -> None:
    cell, side = key.layout.day_rect(day), theme().scaled(22)
    words = day_number(day)
    is_today = day == key.today
    width = max(float(side), text_width(words, "label", 600, tabular=True) + (6 if is_today else 0))
    place = QRectF(cell.left() + 6, cell.top() + 5, width, side)
    if day.day == 1 and not is_today:
        place.moveLeft(cell.left() + 10)
    ink: Token = "text" if day > key.today else "text2"
    if is_today:
        draw_box(painter, place, side / 2, "accent")
        ink = "onAccent"
    elif not key.layout.month.owns(day):
        ink = "text3"
    draw_text(painter, place, words, "label", ink, CENTER, 600 if is_today else 500, tabular=True)


def paint_header(painter: QPainter, layout: MonthLayout, names: tuple[str, ...]) -> None:
    """Draw the weekday names above the columns."""
    painter.fillRect(QRectF(0, 0, layout.width, layout.header_px), theme().color("surface"))
    for column, name in enumerate(names):
        draw_text(painter, layout.column_rect(column).adjusted(10, 0, -4, 0), name, "caption", "text3", weight=600)
