from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from desktop.gui.pages.planner.layout import MonthLayout, plan_day
from desktop.gui.pages.planner.month import Month

layouts = st.builds(
    MonthLayout,
    st.builds(Month, st.integers(2020, 2030), st.integers(1, 12), st.integers(0, 6)),
    st.integers(420, 2600),
    st.integers(360, 1800),
    st.sampled_from([0.9, 1.0, 1.3, 1.5]),
    st.booleans(),
)


@given(layouts, st.data())
def test_cells_cover_the_view_once(layout: MonthLayout, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, layout.width - 1))
    y = data.draw(st.integers(layout.header_px, layout.height - 1))
    holders = [day for day in layout.month.days if layout.day_rect(day).contains(QPointF(x + 0.5, y + 0.5))]
    assert holders == [layout.day_at(QPointF(x + 0.5, y + 0.5))]


@given(layouts, st.integers(0, 300))
def test_chips_stay_in_their_cell_and_are_hit_where_they_are(layout: MonthLayout, count: int) -> None:
    day = layout.month.days[9]
    cell = layout.day_rect(day)
    rects = layout.chip_rects(day, count)
    more = layout.more_rect(day, count)
    plan = layout.plan(day, count)
    assert plan.shown + plan.hidden == count
    assert (more is not None) == (plan.hidden > 0)
    for i, rect in enumerate(rects):
        assert cell.contains(rect)
        hit = layout.hit(rect.center(), count)
        assert hit is not None
        assert (hit.day, hit.chip) == (day, i)
    if more is not None and rects:
        assert cell.contains(more)
        hit = layout.hit(more.center(), count)
        assert hit is not None
        assert hit.is_more


def test_up_to_two_posts_get_two_lines_and_more_get_one() -> None:
    assert plan_day(2, 100).is_tall
    assert not plan_day(3, 100).is_tall
    assert not plan_day(2, 60).is_tall
    assert plan_day(9, 100).shown == 3
    assert plan_day(9, 100).hidden == 6


def test_one_line_chips_are_at_least_24_px_high_to_the_pointer() -> None:
    layout = MonthLayout(Month(2026, 11), 1172, 844)
    day = date(2026, 11, 17)
    first = layout.chip_rects(day, 3)[0]
    x = first.center().x()
    heights = [y for y in range(844) if (hit := layout.hit(QPointF(x, y), 3)) and (hit.day, hit.chip) == (day, 0)]
    assert heights[-1] - heights[0] + 1 >= 24


def test_right_to_left_begins_at_the_right() -> None:
    layout = MonthLayout(Month(2026, 11), 700, 400, is_mirrored=True)
    assert layout.day_rect(date(2026, 10, 26)).right() == 700
    assert layout.day_at(QPointF(699, 60)) == date(2026, 10, 26)


@pytest.mark.parametrize("point", [QPointF(5, 5), QPointF(-1, 100), QPointF(700, 100), QPointF(5, 400)])
def test_nothing_outside_the_cells(point: QPointF) -> None:
    assert MonthLayout(Month(2026, 11), 700, 400).hit(point, 3) is None
