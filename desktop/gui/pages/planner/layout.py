"""Where everything in the month view is, in logical pixels of the view, and what lies under a point.

Cell edges are whole pixels, so that the lines between them are crisp and week pictures join without a seam.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF

from desktop.gui.pages.planner.month import DAYS_PER_WEEK, Month

HEADER_PX = 30
NUMBER_PX = 30
CHIP_PX = 22
TALL_CHIP_PX = 40
GAP_PX = 3
_INSET_LEFT, _INSET_RIGHT = 5, 5
_TALL_UP_TO = 2


@dataclass(frozen=True, slots=True)
class DayPlan:
    """How the entries of one day are shown: ``shown`` chips, all tall or all one-line, then "+``hidden`` more"."""

    shown: int
    hidden: int
    is_tall: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under a point: always a day, and on it a chip by position, or the "more" line, or neither."""

    day: date
    chip: int | None = None
    is_more: bool = False


def plan_day(count: int, room_px: float, scale: float = 1.0) -> DayPlan:
    """Decide how ``count`` entries share ``room_px`` below the day's number; ``scale`` is the text size."""
    tall_slots = int((room_px + GAP_PX) // (TALL_CHIP_PX * scale + GAP_PX))
    if count <= min(_TALL_UP_TO, tall_slots):
        return DayPlan(count, 0, True)
    slots = int((room_px + GAP_PX) // (CHIP_PX * scale + GAP_PX))
    shown = count if count <= slots else max(0, slots - 1)
    return DayPlan(shown, count - shown, False)


@dataclass(frozen=True)
class MonthLayout:
    """Geometry of one month in a view of ``width`` x ``height`` at text size ``scale``. No slots: edges are kept."""

    month: Month
    width: int
    height: int
    scale: float = 1.0
    is_mirrored: bool = False

    @cached_property
    def header_px(self) -> int:
        """Height of the row of weekday names."""
        return round(HEADER_PX * self.scale)

    @cached_property
    def column_edges(self) -> tuple[int, ...]:
        """Return the eight x coordinates between and around the columns, left to right."""
        return tuple(round(i * self.width / DAYS_PER_WEEK) for i in range(DAYS_PER_WEEK + 1))

    @cached_property
    def row_edges(self) -> tuple[int, ...]:
        """Return the y coordinates between and around the weeks."""
        weeks = self.month.week_count
        body = max(0, self.height - self.header_px)
        return tuple(self.header_px + round(i * body / weeks) for i in range(weeks + 1))

    def column_rect(self, column: int) -> QRectF:
        """Return the part of the header over logical ``column`` (0 is the week's first day)."""
        edges = self.column_edges
        place = DAYS_PER_WEEK - 1 - column if self.is_mirrored else column
        return QRectF(edges[place], 0, edges[place + 1] - edges[place], self.header_px)

    def week_rect(self, week: int) -> QRectF:
        """Return the rectangle of a whole week."""
        edges = self.row_edges
        return QRectF(0, edges[week], self.width, edges[week + 1] - edges[week])

    def day_rect(self, day: date) -> QRectF:
        """Return the cell of ``day``, which must be shown."""
        week, column = divmod((day - self.month.first).days, DAYS_PER_WEEK)
        across, down = self.column_rect(column), self.week_rect(week)
        return QRectF(across.left(), down.top(), across.width(), down.height())

    def plan(self, day: date, count: int) -> DayPlan:
        """Decide how ``count`` entries of ``day`` are shown."""
        return plan_day(count, self.day_rect(day).height() - NUMBER_PX * self.scale - 4, self.scale)

    def chip_rects(self, day: date, count: int) -> tuple[QRectF, ...]:
        """Return the rectangles of the chips shown of ``count`` entries."""
        plan = self.plan(day, count)
        return tuple(self._slot(day, i, plan.is_tall) for i in range(plan.shown))

    def more_rect(self, day: date, count: int) -> QRectF | None:
        """Return the rectangle of "+n more", or None when everything fits."""
        plan = self.plan(day, count)
        return self._slot(day, plan.shown, False) if plan.hidden else None

    def day_at(self, point: QPointF) -> date | None:
        """Return the day under ``point``; None over the header or outside."""
        if not (0 <= point.x() < self.width and self.header_px <= point.y() < self.height):
            return None
        place = sum(edge <= point.x() for edge in self.column_edges[1:])
        column = DAYS_PER_WEEK - 1 - place if self.is_mirrored else place
        week = sum(edge <= point.y() for edge in self.row_edges[1:])
        return self.month.first + timedelta(days=week * DAYS_PER_WEEK + column)

    def hit(self, point: QPointF, count: int) -> Hit | None:
        """Return what lies under ``point`` on a day with ``count`` entries.

        A chip's target reaches over the gap below it, so that a one-line chip is 25 px high to the pointer.
        """
        day = self.day_at(point)
        if day is None:
            return None
        reach = (0.0, 0.0, 0.0, float(GAP_PX))
        for i, rect in enumerate(self.chip_rects(day, count)):
            if rect.adjusted(*reach).contains(point):
                return Hit(day, chip=i)
        more = self.more_rect(day, count)
        return Hit(day, is_more=more is not None and more.adjusted(*reach).contains(point))

    def _slot(self, day: date, index: int, is_tall: bool) -> QRectF:
        cell = self.day_rect(day)
        height = round((TALL_CHIP_PX if is_tall else CHIP_PX) * self.scale)
        top = cell.top() + round(NUMBER_PX * self.scale) + index * (height + GAP_PX)
        return QRectF(cell.left() + _INSET_LEFT, top, cell.width() - _INSET_LEFT - _INSET_RIGHT, height)
