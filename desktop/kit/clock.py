"""Time behind a port, so that every rule about time can be tested without waiting.

Instants are aware UTC ``datetime`` values. Planning never uses the monotonic clock: it stops while a laptop
sleeps on Linux and macOS (CPython issue 86273).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Reads the wall clock and the monotonic clock."""

    def now(self) -> datetime:
        """Return the current instant, aware and in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes back; only differences mean something."""
        ...


class SystemClock:
    """The computer's own clocks."""

    def now(self) -> datetime:
        """Return the current instant, aware and in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return ``time.monotonic()`` in seconds."""
        return time.monotonic()


class ManualClock:
    """A clock that moves only when told to; ``monotonic`` follows ``advance`` but not ``set``."""

    def __init__(self, start: datetime) -> None:
        """Start at ``start``, which must be aware."""
        self._now = require_aware(start)
        self._monotonic = 0.0

    def now(self) -> datetime:
        """Return the instant last set."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds advanced so far."""
        return self._monotonic

    def advance(self, step: timedelta) -> None:
        """Let ``step`` pass on both clocks."""
        self._now += step
        self._monotonic += step.total_seconds()

    def set(self, instant: datetime) -> None:
        """Jump the wall clock only, as a user or a time server does."""
        self._now = require_aware(instant)


def require_aware(instant: datetime) -> datetime:
    """Return ``instant`` in UTC; a naive value raises ``ValueError``, since its zone would be a guess."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)
