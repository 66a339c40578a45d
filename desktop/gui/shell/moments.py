"""How the window says when something happens, in the person's language and order."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, QLocale, QTime

from desktop.domain.schedules import zone_info
from desktop.kit.i18n import tr, trn


def local_time(instant: datetime, zone: str) -> datetime:
    """Return the naive wall time of ``instant`` in ``zone`` (IANA)."""
    return instant.astimezone(zone_info(zone)).replace(tzinfo=None)


def clock_time(moment: datetime, *, seconds: bool = False) -> str:
    """Return the time of day, on the 12 or 24 hour clock of the locale."""
    is_12_hours = "AP" in QLocale().timeFormat(QLocale.FormatType.ShortFormat).upper()
    pattern = ("h:mm:ss AP" if seconds else "h:mm AP") if is_12_hours else ("HH:mm:ss" if seconds else "HH:mm")
    return QLocale().toString(QTime(moment.hour, moment.minute, moment.second), pattern)


def day_words(day: date, today: date) -> str:
    """Return "today", "tomorrow", "yesterday", or the day, with its year when it is another one."""
    near = {0: tr("today"), 1: tr("tomorrow"), -1: tr("yesterday")}.get((day - today).days)
    if near is not None:
        return near
    pattern = tr("ddd d MMM") if day.year == today.year else tr("ddd d MMM yyyy")
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)


def moment_words(moment: datetime, now: datetime) -> str:
    """Return a wall time as in "today 17:30"; both are naive and of the same zone."""
    return tr("{day} {time}", day=day_words(moment.date(), now.date()), time=clock_time(moment))


def distance_words(ahead: timedelta) -> str:
    """Return how far away a moment is, as in "in 2 h 48 min"; nothing for one that has passed."""
    minutes = max(0, round(ahead.total_seconds() / 60))
    if ahead < timedelta(0):
        return ""
    if minutes == 0:
        return tr("now")
    days, hours = minutes // 1440, minutes // 60
    if days >= 2:
        return trn("in {count} day", "in {count} days", days)
    if hours:
        rest = minutes % 60
        return tr("in {hours} h {minutes} min", hours=hours, minutes=rest) if rest else tr("in {hours} h", hours=hours)
    return tr("in {minutes} min", minutes=minutes)
