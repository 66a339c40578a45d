"""Bounds one request as a whole, and knows the moment its first byte leaves.

A socket's own timeout bounds each single read or write: a peer that sends one byte now and then would hold it for ever.
So the time that is left is asked again before every step.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from desktop.domain.errors import InvariantViolation
from desktop.kit.clock import Clock


class SendDeadlinePassed(Exception):
    """The wall clock went past the send deadline before the first byte was written."""


class Countdown:
    """Time left of one request. ``sent_at`` is None until its first byte is about to be written."""

    def __init__(self, clock: Clock, timeout: timedelta, send_deadline: datetime | None) -> None:
        """Start counting now."""
        self._clock = clock
        self._ends = clock.monotonic() + timeout.total_seconds()
        self._send_deadline = send_deadline
        self.sent_at: datetime | None = None

    def seconds_left(self) -> float:
        """Return the seconds left; ``TimeoutError`` when there are none.

        Before sending, the send deadline counts too.
        """
        left = self._ends - self._clock.monotonic()
        if self.sent_at is None and self._send_deadline is not None:
            left = min(left, (self._send_deadline - self._clock.now()).total_seconds())
        if left <= 0:
            raise TimeoutError
        return left

    def begin_sending(self) -> None:
        """Take note that the first byte is written next; raising here stops the request before it.

        ``SendDeadlinePassed``, ``TimeoutError``.
        """
        if self.sent_at is not None:
            raise InvariantViolation("a request was about to be written twice")
        now = self._clock.now()
        if self._send_deadline is not None and now > self._send_deadline:
            raise SendDeadlinePassed
        if self._ends <= self._clock.monotonic():
            raise TimeoutError
        self.sent_at = now
