"""What the calendar page knows and does; no widgets, no blocking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from desktop.domain.accounts import Account, AccountId
from desktop.domain.errors import TidingsError
from desktop.gui.bridge.tasks import TaskContext
from desktop.gui.pages.planner.edits import PlannerEdits, local_now
from desktop.gui.pages.planner.filtering import AccountFilter
from desktop.gui.pages.planner.month import Month
from desktop.gui.pages.planner.ports import PlannerContext
from desktop.gui.pages.planner.previews import Previews
from desktop.services.changes import Change, Noun
from desktop.services.scheduling.entries import BacklogItem, CalendarEntry

_MARGIN = timedelta(weeks=6)
_MINUTE_MS = 60_000
_NOUNS = frozenset({Noun.POSTS, Noun.DELIVERIES, Noun.ACCOUNTS, Noun.SETTINGS})


@dataclass(frozen=True, slots=True)
class PlannerData:
    """One reading of everything the page shows; ``first`` to ``last`` are the days it covers."""

    zone: str = ""
    first: date = date.max
    last: date = date.min
    by_day: Mapping[date, tuple[CalendarEntry, ...]] = field(default_factory=dict)
    backlog: tuple[BacklogItem, ...] = ()
    accounts: tuple[Account, ...] = ()

    def moved(self, entry: CalendarEntry, to: datetime | None) -> PlannerData:
        """Return the data with ``entry`` at another wall time, or gone (None)."""
        days = dict(self.by_day)
        days[entry.local.date()] = tuple(other for other in days.get(entry.local.date(), ()) if other != entry)
        if to is not None:
            there = (*days.get(to.date(), ()), replace(entry, local=to))
            days[to.date()] = tuple(sorted(there, key=lambda other: other.local))
        return replace(self, by_day=days)


class PlannerViewModel(QObject):
    """State of the calendar.

    Readings run in one task for the visible weeks and six more on either side. What :attr:`edits` changes shows at once
    and is written behind; while that lasts no reading is taken over, so that a chip never jumps back for a moment.
    """

    month_changed = Signal()
    entries_changed = Signal()
    backlog_changed = Signal()
    accounts_changed = Signal()
    failure_changed = Signal()

    def __init__(self, context: PlannerContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._data = PlannerData()
        self.filter = AccountFilter(self)
        self.filter.changed.connect(self._on_filter_changed)
        self.previews = Previews(context, self)
        self._visible: dict[date, tuple[CalendarEntry, ...]] = {}
        self._reading = 0
        self._is_active = False
        self._is_stale = True
        self.edits = PlannerEdits(context, self._show_moved, self)
        self.edits.settled.connect(self._reload_soon)
        self.failure: TidingsError | None = None
        self.is_loaded = False
        self.today = self.local_now().date()
        self.month = Month.around(self.today, (QLocale().firstDayOfWeek().value - 1) % 7)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self._on_minute_timeout)
        context.events.delivered.connect(self._on_events_delivered)

    # --- what is shown -------------------------------------------------------------------------------------------

    def local_now(self) -> datetime:
        """Return the wall time in the zone shown, naive."""
        return local_now(self._context)

    @property
    def zone(self) -> str:
        """The IANA zone times are shown in."""
        return self._context.zone()

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The connected accounts."""
        return self._data.accounts

    @property
    def backlog(self) -> tuple[BacklogItem, ...]:
        """Posts without a time that go to an account shown, or to none yet."""
        return tuple(item for item in self._data.backlog if self.filter.lets_through(item.account_ids))

    @property
    def hues(self) -> dict[AccountId, str]:
        """Hue of each account."""
        return {account.id: account.hue.value for account in self._data.accounts}

    def entries_on(self, day: date) -> tuple[CalendarEntry, ...]:
        """Return the entries of a day for the accounts shown, earliest first."""
        if day not in self._visible:
            entries = self._data.by_day.get(day, ())
            self._visible[day] = tuple(entry for entry in entries if self.filter.lets_through(entry.account_ids))
        return self._visible[day]

    @property
    def is_month_empty(self) -> bool:
        """Whether nothing of the month itself is shown, though it has been read."""
        days = (day for day in self.month.days if self.month.owns(day))
        return self.is_loaded and not any(self.entries_on(day) for day in days)

    # --- going about ---------------------------------------------------------------------------------------------

    def set_active(self, active: bool) -> None:
        """Tell whether the page is to be seen; readings wait until it is."""
        self._is_active = active
        if active:
            self._minute.start()
            self._on_minute_timeout()
            if self._is_stale:
                self.reload()
        else:
            self._minute.stop()

    def show_month(self, month: Month) -> None:
        """Go to another month; what is known of it shows at once."""
        if month == self.month:
            return
        self.month = month
        self.month_changed.emit()
        self.reload()

    def turn(self, months: int) -> None:
        """Go ``months`` forward or back."""
        self.show_month(self.month.shifted(months))

    def show_day(self, day: date) -> None:
        """Go to the month of ``day`` unless it can be seen already."""
        if not self.month.shows(day):
            self.show_month(Month.around(day, self.month.first_weekday))

    def show_today(self) -> None:
        """Go to the current month."""
        self.show_month(Month.around(self.today, self.month.first_weekday))

    # --- reading -------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read everything anew in one task; only the latest reading counts."""
        self._is_stale = False
        self._reading += 1
        number, zone = self._reading, self.zone
        first, last = self.month.first - _MARGIN, self.month.last + _MARGIN
        services = self._context.services

        def read(_task: TaskContext) -> PlannerData:
            by_day: dict[date, list[CalendarEntry]] = {}
            for entry in sorted(services.scheduling.calendar(first, last, zone), key=lambda entry: entry.local):
                by_day.setdefault(entry.local.date(), []).append(entry)
            days = {day: tuple(entries) for day, entries in by_day.items()}
            accounts = tuple(services.accounts.list())
            return PlannerData(zone, first, last, days, services.scheduling.backlog(), accounts)

        self._context.tasks.submit(
            read,
            lambda data: self._on_read(number, data),
            lambda error: self._on_read_failed(number, error),
            receiver=self,
        )

    def _on_read(self, number: int, data: PlannerData) -> None:
        if number != self._reading:
            return
        if self.edits.is_busy:
            self._is_stale = True
            return
        self._set_failure(None)
        before, self._data = self._data, data
        self._visible.clear()
        is_first, self.is_loaded = not self.is_loaded, True
        if data.accounts != before.accounts or is_first:
            self.accounts_changed.emit()
        if data.backlog != before.backlog or data.accounts != before.accounts or is_first:
            self.backlog_changed.emit()
        self.entries_changed.emit()

    def _on_read_failed(self, number: int, error: Exception) -> None:
        if number == self._reading:
            self._set_failure(error if isinstance(error, TidingsError) else TidingsError())

    # --- keeping up ----------------------------------------------------------------------------------------------

    def _show_moved(self, entry: CalendarEntry, to: datetime | None) -> None:
        self._data = self._data.moved(entry, to)
        self._visible.clear()
        self.entries_changed.emit()

    def _on_filter_changed(self) -> None:
        self._visible.clear()
        self.accounts_changed.emit()
        self.backlog_changed.emit()
        self.entries_changed.emit()

    def _set_failure(self, failure: TidingsError | None) -> None:
        if failure is not self.failure:
            self.failure = failure
            self.failure_changed.emit()

    def _reload_soon(self) -> None:
        self._is_stale = True
        if self._is_active and not self.edits.is_busy:
            self.reload()

    def _on_events_delivered(self, events: tuple[object, ...]) -> None:
        if any(isinstance(event, Change) and event.noun in _NOUNS for event in events):
            self._reload_soon()

    def _on_minute_timeout(self) -> None:
        today = self.local_now().date()
        if today != self.today:
            was_here = self.month.shows(self.today)
            self.today = today
            if was_here and not self.month.shows(today):
                self.show_today()
            self.entries_changed.emit()
