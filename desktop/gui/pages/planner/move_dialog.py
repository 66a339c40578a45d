"""Choosing a time without dragging."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import TidingsError
from desktop.domain.schedules import Schedule, WallNote
from desktop.gui.pages.planner.words import long_day, short_time
from desktop.gui.widgets.dialogs import Dialog
from desktop.gui.widgets.inputs import DateField, FormRow, TimeField
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row
from desktop.kit.i18n import tr


class MoveDialog(Dialog):
    """A day and a time in one zone; what is wrong with them is said below the fields while they are changed."""

    def __init__(
        self,
        title: str,
        confirm: str,
        start: datetime,
        zone: str,
        local_now: Callable[[], datetime],
        on_chosen: Callable[[datetime], object],
        parent: QWidget,
    ) -> None:
        """``start`` and ``local_now`` are naive wall times in ``zone``."""
        super().__init__(
            "planner.move", title, parent, confirm=confirm, on_confirm=lambda: on_chosen(self.wall_time), width_px=380
        )
        self._zone = zone
        self._local_now = local_now
        self.day = DateField("planner.move.date", tr("Day"), QDate(start.year, start.month, start.day))
        self.time = TimeField("planner.move.time", tr("Time"), QTime(start.hour, start.minute))
        self._day_row = FormRow(tr("Day"), self.day)
        self._time_row = FormRow(tr("Time"), self.time)
        self._summary = Label("", "label", "muted", wrap=True)
        self.set_body(column(row(self._day_row, self._time_row, spacing=12), self._summary, spacing=12))
        self.day.dateChanged.connect(self._check)
        self.time.timeChanged.connect(self._check)
        self._check()

    @property
    def wall_time(self) -> datetime:
        """What the fields say."""
        day, moment = self.day.date(), self.time.time()
        return datetime.combine(date(day.year(), day.month(), day.day()), time(moment.hour(), moment.minute()))

    def first_focus(self) -> QWidget:
        """Return the day."""
        return self.day

    def can_accept(self) -> bool:
        """Refuse a time that is past or that the clocks skip."""
        return self._check()

    def _problem(self) -> tuple[str, str]:
        """Return what is wrong with the day and with the time."""
        wall = self.wall_time
        if wall.date() < self._local_now().date():
            return tr("This day has passed."), ""
        try:
            Schedule.entered(wall, self._zone)
        except TidingsError as error:
            return "", f"{error.title} {error.advice}"
        if wall <= self._local_now():
            return "", tr("This time has passed.")
        return "", ""

    def _check(self) -> bool:
        day_problem, time_problem = self._problem()
        self._day_row.set_error(day_problem)
        self._time_row.set_error(time_problem)
        wall = self.wall_time
        words = tr("{day}, {time} in {zone}", day=long_day(wall.date()), time=short_time(wall), zone=self._zone)
        is_fine = not day_problem and not time_problem
        if is_fine and Schedule(wall, self._zone).note is WallNote.FOLD:
            words += "\n" + tr("The clocks go back that night, so this time comes twice; the first one counts.")
        self._summary.setText(words)
        self.confirm_button.setEnabled(is_fine)
        return is_fine
