from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop.gui.pages.planner.month import Month

months = st.builds(Month, st.integers(1990, 2100), st.integers(1, 12), st.integers(0, 6))


@given(months)
def test_whole_weeks_hold_the_whole_month(month: Month) -> None:
    days = month.days
    assert days[0].weekday() == month.first_weekday
    assert days[-1] == month.last
    assert len(days) == 7 * month.week_count
    assert 4 <= month.week_count <= 6
    own = [day for day in days if month.owns(day)]
    assert own[0].day == 1
    assert (own[-1] + timedelta(days=1)).day == 1
    # no week without a day of the month
    assert (own[0] - days[0]).days < 7
    assert (days[-1] - own[-1]).days < 7


@given(months, st.integers(-30, 30))
def test_shifting_there_and_back(month: Month, step: int) -> None:
    assert month.shifted(step).shifted(-step) == month


def test_november_2026_from_monday_and_from_sunday() -> None:
    assert Month(2026, 11).first == date(2026, 10, 26)
    assert Month(2026, 11).last == date(2026, 12, 6)
    assert Month(2026, 11, 6).first == date(2026, 11, 1)
    assert Month(2026, 12).shifted(1) == Month(2027, 1)
