"""How the calendar says days, times and states, in the person's language and order."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache

from PySide6.QtCore import QDate, QLocale, QTime

from desktop.domain.deliveries import DeliveryState
from desktop.domain.networks import Network
from desktop.gui.pages.planner.month import Month
from desktop.kit.i18n import tr, trn
from desktop.services.scheduling.entries import BacklogItem, CalendarEntry

_STATE_WORDS: dict[DeliveryState, str] = {
    DeliveryState.DRAFT: "draft",
    DeliveryState.AWAITING_APPROVAL: "awaiting approval",
    DeliveryState.SCHEDULED: "scheduled",
    DeliveryState.PREPARING: "being prepared",
    DeliveryState.READY: "ready to go out",
    DeliveryState.SENDING: "being published",
    DeliveryState.UNCERTAIN: "being checked",
    DeliveryState.LIVE_UNLINKED: "published",
    DeliveryState.PUBLISHED: "published",
    DeliveryState.HELD: "on hold",
    DeliveryState.RETRY_WAIT: "waiting to try again",
    DeliveryState.MISSED: "missed",
    DeliveryState.CANCELLED: "cancelled",
    DeliveryState.FAILED: "failed",
    DeliveryState.NEEDS_REVIEW: "needs your review",
}


def state_word(state: DeliveryState) -> str:
    """Return the state as it ends a sentence."""
    return tr(_STATE_WORDS[state])


def title_of(item: CalendarEntry | BacklogItem) -> str:
    """Return the post's title, or words for a post without text."""
    return item.title or tr("Untitled post")


def network_words(networks: tuple[Network, ...]) -> str:
    """Return the networks' names in a list."""
    return ", ".join(dict.fromkeys(network.label for network in networks)) or tr("No account yet")


def short_time(moment: datetime | time) -> str:
    """Return hours and minutes, on the 12 or 24 hour clock of the locale."""
    locale = QLocale()
    return locale.toString(QTime(moment.hour, moment.minute), _time_pattern(locale.name()))


@cache
def _time_pattern(locale: str) -> str:
    return "h:mm AP" if "AP" in QLocale(locale).timeFormat(QLocale.FormatType.ShortFormat).upper() else "HH:mm"


def _say(day: date, pattern: str) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)


def short_day(day: date) -> str:
    """Return a day as in "Fri 20 Nov"."""
    return _say(day, tr("ddd d MMM"))


def long_day(day: date) -> str:
    """Return a day as in "Friday 20 November"."""
    return _say(day, tr("dddd d MMMM"))


def day_number(day: date) -> str:
    """Return what stands in the corner of a cell: the number, with the month on its first day."""
    return _say(day, tr("MMM d") if day.day == 1 else "d")


def month_title(month: Month) -> str:
    """Return month and year, in the form a title takes."""
    name = QLocale().standaloneMonthName(month.number)
    return f"{name[:1].upper()}{name[1:]} {month.year}"


def weekday_name(python_weekday: int) -> str:
    """Return the short name of a weekday (0 is Monday)."""
    return QLocale().standaloneDayName(python_weekday + 1, QLocale.FormatType.ShortFormat)


def entry_name(entry: CalendarEntry) -> str:
    """Return what a screen reader says for a chip."""
    when = f"{_say(entry.local.date(), tr('ddd d MMMM'))} {short_time(entry.local)}"
    return ", ".join((title_of(entry), network_words(entry.networks), when, state_word(entry.state)))


def day_name(day: date, count: int) -> str:
    """Return what a screen reader says for a day."""
    posts = trn("{count} post", "{count} posts", count) if count else tr("no posts")
    return f"{long_day(day)}, {posts}"


def backlog_note(item: BacklogItem) -> str:
    """Return the small line of a backlog card: what kind of post it is."""
    if item.part_count > 1:
        parts = trn("{count} part", "{count} parts", item.part_count)
        return tr("Thread · {parts}", parts=parts)
    if item.media_count:
        return trn("{count} picture or video", "{count} pictures or videos", item.media_count)
    return tr("Text")


def backlog_name(item: BacklogItem) -> str:
    """Return what a screen reader says for a backlog card."""
    return ", ".join((title_of(item), network_words(item.networks), backlog_note(item), tr("unscheduled")))
