"""Days and distances in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.gui.shell.moments import distance_words, local_time, moment_words

NOW = datetime(2026, 11, 12, 14, 42)  # noqa: DTZ001 - a wall time


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(hours=2, minutes=48), "in 2 h 48 min"),
        (timedelta(hours=3), "in 3 h"),
        (timedelta(minutes=59, seconds=40), "in 1 h"),
        (timedelta(seconds=20), "now"),
        (timedelta(days=2, hours=5), "in 2 days"),
        (timedelta(days=1, hours=1), "in 25 h"),
        (timedelta(seconds=-1), ""),
    ],
)
def test_how_far_away(ahead: timedelta, words: str) -> None:
    assert distance_words(ahead) == words


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(hours=2, minutes=48), "today 17:30"),
        (timedelta(days=1), "tomorrow 14:42"),
        (timedelta(days=-1), "yesterday 14:42"),
        (timedelta(days=5), "Tue 17 Nov 14:42"),
        (timedelta(days=80), "Sun 31 Jan 2027 14:42"),
    ],
)
def test_when(ahead: timedelta, words: str) -> None:
    assert moment_words(NOW + ahead, NOW) == words


def test_the_wall_time_of_an_instant() -> None:
    assert local_time(datetime(2026, 11, 12, 13, 42, tzinfo=UTC), "Europe/Oslo") == NOW
