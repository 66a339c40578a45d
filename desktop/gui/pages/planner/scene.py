"""What the month shows at its present size: which chips, where they are, and their painting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QAccessible, QPainter

from desktop.gui.pages.planner.accessible import PaintedItem
from desktop.gui.pages.planner.chips import CHIP_RADIUS
from desktop.gui.pages.planner.layout import Hit, MonthLayout
from desktop.gui.pages.planner.month import DAYS_PER_WEEK
from desktop.gui.pages.planner.navigation import Cursor, EntryKey
from desktop.gui.pages.planner.viewmodel import PlannerViewModel
from desktop.gui.pages.planner.weeks import WeekKey, WeekPictures, hue_of, paint_header
from desktop.gui.pages.planner.words import day_name, entry_name, weekday_name
from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import draw_box, draw_focus_ring
from desktop.gui.theme.theme import theme
from desktop.kit.i18n import trn
from desktop.services.scheduling.entries import CalendarEntry


def key_of(entry: CalendarEntry) -> EntryKey:
    """Return what names ``entry``."""
    return EntryKey(entry.post_id, entry.local)


class MonthScene:
    """The month of a view model laid out in ``size`` logical pixels."""

    def __init__(self, viewmodel: PlannerViewModel) -> None:
        self._viewmodel = viewmodel
        self._pictures = WeekPictures()
        self._week_keys: tuple[WeekKey, ...] = ()
        self._shown: dict[date, tuple[CalendarEntry, ...]] = {}
        self.layout = MonthLayout(viewmodel.month, 0, 0)

    def lay_out(self, size: QSize, *, is_mirrored: bool) -> None:
        """Take over size, month, entries and theme as they are now."""
        self.layout = MonthLayout(self._viewmodel.month, size.width(), size.height(), theme().text_scale, is_mirrored)
        self._week_keys = ()
        self._shown.clear()

    # --- what is where -------------------------------------------------------------------------------------------

    def count_on(self, day: date) -> int:
        """Return how many entries ``day`` has, seen or not."""
        return len(self._viewmodel.entries_on(day))

    def shown_on(self, day: date) -> tuple[CalendarEntry, ...]:
        """Return the entries of ``day`` whose chips are to be seen."""
        if day not in self._shown:
            entries = self._viewmodel.entries_on(day)
            self._shown[day] = entries[: self.layout.plan(day, len(entries)).shown]
        return self._shown[day]

    def keys_on(self, day: date) -> tuple[EntryKey, ...]:
        """Return the keys of :meth:`shown_on`."""
        return tuple(key_of(entry) for entry in self.shown_on(day))

    def entry_of(self, key: EntryKey | None) -> CalendarEntry | None:
        """Return the entry ``key`` names if its chip is to be seen."""
        if key is None or not self.layout.month.shows(key.local.date()):
            return None
        return next((entry for entry in self.shown_on(key.local.date()) if key_of(entry) == key), None)

    def chip_rect(self, key: EntryKey | None) -> QRect | None:
        """Return where the chip of an entry is; None when it is not to be seen."""
        if key is None or self.entry_of(key) is None:
            return None
        day = key.local.date()
        rects = self.layout.chip_rects(day, self.count_on(day))
        return rects[self.keys_on(day).index(key)].toRect()

    def more_rect(self, day: date) -> QRect | None:
        """Return where "+n more" of a day is, if it is there."""
        rect = self.layout.more_rect(day, self.count_on(day))
        return rect.toRect() if rect is not None else None

    def hit(self, point: QPointF) -> Hit | None:
        """Return what lies under ``point``."""
        day = self.layout.day_at(point)
        return self.layout.hit(point, self.count_on(day)) if day is not None else None

    def entry_at(self, hit: Hit | None) -> CalendarEntry | None:
        """Return the entry whose chip was hit."""
        return self.shown_on(hit.day)[hit.chip] if hit is not None and hit.chip is not None else None

    def hue(self, entry: CalendarEntry) -> str:
        """Return the hue ``entry`` is drawn in."""
        return hue_of(entry, self._viewmodel.hues)

    def items(self) -> Sequence[PaintedItem]:
        """Return the days, then the chips and "more" lines on them, for screen readers."""
        days = self.layout.month.days
        seen: dict[str, int] = {}
        return [*(self._day_item(day) for day in days), *(item for day in days for item in self._items_on(day, seen))]

    def _day_item(self, day: date) -> PaintedItem:
        rect, name = self.layout.day_rect(day).toRect(), day_name(day, self.count_on(day))
        return PaintedItem(day, f"planner.day.{day.isoformat()}", name, rect, QAccessible.Role.ListItem)

    def _items_on(self, day: date, seen: dict[str, int]) -> list[PaintedItem]:
        shown = self.shown_on(day)
        items = []
        for entry, rect in zip(shown, self.layout.chip_rects(day, self.count_on(day)), strict=True):
            seen[entry.post_id] = seen.get(entry.post_id, 0) + 1
            suffix = f".{seen[entry.post_id]}" if seen[entry.post_id] > 1 else ""
            identifier = f"planner.entry.{entry.post_id}{suffix}"
            items.append(PaintedItem(key_of(entry), identifier, entry_name(entry), rect.toRect()))
        more = self.more_rect(day)
        if more is not None:
            words = trn("{count} more post", "{count} more posts", self.count_on(day) - len(shown))
            items.append(PaintedItem(("more", day), f"planner.more.{day.isoformat()}", words, more))
        return items

    # --- painting ------------------------------------------------------------------------------------------------

    def paint_weeks(self, painter: QPainter, touched: QRect, ratio: float) -> None:
        """Draw the header and the weeks that ``touched`` meets, from their pictures."""
        if not self._week_keys or self._week_keys[0].ratio != ratio:
            self._week_keys = tuple(self._week_key(week, ratio) for week in range(self.layout.month.week_count))
        if touched.top() < self.layout.header_px:
            first = self.layout.month.first_weekday
            paint_header(painter, self.layout, tuple(weekday_name((first + i) % 7) for i in range(DAYS_PER_WEEK)))
        for week, key in enumerate(self._week_keys):
            area = self.layout.week_rect(week)
            if area.intersects(QRectF(touched)):
                painter.drawPixmap(area.topLeft(), self._pictures.picture(key))

    def _week_key(self, week: int, ratio: float) -> WeekKey:
        days = self.layout.month.days[week * DAYS_PER_WEEK : (week + 1) * DAYS_PER_WEEK]
        shown = tuple(self.shown_on(day) for day in days)
        hidden = tuple(self.count_on(day) - len(there) for day, there in zip(days, shown, strict=True))
        account_hues = self._viewmodel.hues
        hues = tuple(hue_of(entry, account_hues) for there in shown for entry in there)
        return WeekKey(days[0], self.layout, self._viewmodel.today, shown, hidden, hues, theme().scheme.name, ratio)

    def paint_hover(self, painter: QPainter, hit: Hit) -> None:
        """Draw what shows that the pointer is on something."""
        entry = self.entry_at(hit)
        if entry is not None and hit.chip is not None:
            rect = self.layout.chip_rects(hit.day, self.count_on(hit.day))[hit.chip]
            draw_box(painter, rect, CHIP_RADIUS, None, theme().hue(self.hue(entry)).bar)
        elif hit.is_more:
            more = self.layout.more_rect(hit.day, self.count_on(hit.day)) or QRectF()
            draw_box(painter, more, CHIP_RADIUS, theme().color("text", 16))
        elif hit.day >= self._viewmodel.today:
            cell, side = self.layout.day_rect(hit.day), theme().scaled(14)
            draw_icon(painter, "plus", QRectF(cell.right() - side - 9, cell.top() + 9, side, side), "text3")

    def paint_ring(self, painter: QPainter, cursor: Cursor) -> None:
        """Draw the ring around the current chip or day."""
        chip = self.chip_rect(cursor.entry)
        if chip is not None:
            draw_focus_ring(painter, QRectF(chip).adjusted(-2, -2, 2, 2), CHIP_RADIUS + 2)
        elif self.layout.month.shows(cursor.day):
            draw_focus_ring(painter, self.layout.day_rect(cursor.day).adjusted(1, 2, -2, 0), 6)
