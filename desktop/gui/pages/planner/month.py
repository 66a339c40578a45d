"""Which days a month view shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

DAYS_PER_WEEK = 7


@dataclass(frozen=True)
class Month:
    """The whole weeks around one month. ``first_weekday`` is 0 for Monday to 6 for Sunday.

    No slots: what follows from the three numbers is kept once computed, since painting asks for it all the time.
    """

    year: int
    number: int
    first_weekday: int = 0

    @classmethod
    def around(cls, day: date, first_weekday: int = 0) -> Month:
        """Return the month ``day`` lies in."""
        return cls(day.year, day.month, first_weekday)

    @property
    def first_of_month(self) -> date:
        """Day 1."""
        return date(self.year, self.number, 1)

    @cached_property
    def first(self) -> date:
        """The first day shown."""
        start = self.first_of_month
        return start - timedelta(days=(start.weekday() - self.first_weekday) % DAYS_PER_WEEK)

    @cached_property
    def last(self) -> date:
        """The last day shown."""
        end = self.shifted(1).first_of_month - timedelta(days=1)
        return end + timedelta(days=(self.first_weekday - 1 - end.weekday()) % DAYS_PER_WEEK)

    @cached_property
    def week_count(self) -> int:
        """How many weeks are shown: 4 to 6."""
        return ((self.last - self.first).days + 1) // DAYS_PER_WEEK

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Every day shown, in order."""
        return tuple(self.first + timedelta(days=i) for i in range(self.week_count * DAYS_PER_WEEK))

    def shows(self, day: date) -> bool:
        """Whether ``day`` is among the days shown."""
        return self.first <= day <= self.last

    def owns(self, day: date) -> bool:
        """Whether ``day`` belongs to the month itself."""
        return (day.year, day.month) == (self.year, self.number)

    def shifted(self, months: int) -> Month:
        """Return the month ``months`` later."""
        years, index = divmod(self.number - 1 + months, 12)
        return Month(self.year + years, index + 1, self.first_weekday)
