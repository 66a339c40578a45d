"""How the composer says days and times, in the person's language and order."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDate, QLocale, QTime

from desktop.kit.i18n import tr


def clock_time(moment: datetime) -> str:
    """Return hours and minutes, on the 12 or 24 hour clock of the locale."""
    is_12_hours = "AP" in QLocale().timeFormat(QLocale.FormatType.ShortFormat).upper()
    return QLocale().toString(QTime(moment.hour, moment.minute), "h:mm AP" if is_12_hours else "HH:mm")


def day_and_time(wall_time: datetime, this_year: int) -> str:
    """Return a moment as in "Tue 17 November, 17:30", with the year when it is another one."""
    day = QDate(wall_time.year, wall_time.month, wall_time.day)
    pattern = tr("ddd d MMMM") if wall_time.year == this_year else tr("ddd d MMMM yyyy")
    return tr("{day}, {time}", day=QLocale().toString(day, pattern), time=clock_time(wall_time))
