"""Bounds one request as a whole, and knows the moment its first byte leaves.

The HTTP library only bounds each single read or write: a peer that sends one byte now and then would hold it for
ever. So what the library hands to sockets as a timeout is a ``Countdown``, which these sockets ask for the time that
is left, again before every read and write.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

import httpcore

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
        """Return the seconds left, zero or less when time is up. Before sending, the send deadline counts too."""
        left = self._ends - self._clock.monotonic()
        if self.sent_at is None and self._send_deadline is not None:
            return min(left, (self._send_deadline - self._clock.now()).total_seconds())
        return left

    def timeouts(self) -> dict[str, Any]:
        """Return what the library takes as its timeouts; only waiting for the pool needs a plain number."""
        return {"connect": self, "read": self, "write": self, "pool": max(self.seconds_left(), 0.0)}

    def on_event(self, name: str, info: dict[str, Any]) -> None:
        """Follow the library's trace; raising here stops the request before the next byte.

        A proxy's CONNECT carries nothing of the request and does not count.
        """
        if name == "http11.send_request_headers.started" and info["request"].method != b"CONNECT":
            self._begin_sending()
        elif name == "http11.send_request_headers.failed" and isinstance(
            info["exception"], httpcore.LocalProtocolError
        ):
            self.sent_at = None  # refused while being put together, so nothing was written

    def _begin_sending(self) -> None:
        if self.sent_at is not None:
            raise InvariantViolation("a request was about to be written twice")
        now = self._clock.now()
        if self._send_deadline is not None and now > self._send_deadline:
            raise SendDeadlinePassed
        if self._ends <= self._clock.monotonic():
            raise httpcore.ConnectTimeout
        self.sent_at = now


class CountedBackend(httpcore.NetworkBackend):
    """Opens sockets that ask a ``Countdown`` before every step."""

    def __init__(self) -> None:
        """Use ordinary blocking sockets."""
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect within the time left."""
        seconds = _seconds(timeout, httpcore.ConnectTimeout)
        return _CountedStream(self._sockets.connect_tcp(host, port, seconds, local_address, socket_options))


class _CountedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _seconds(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _seconds(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            seconds = _seconds(timeout, httpcore.ConnectTimeout)
        except httpcore.ConnectTimeout:
            self.close()  # nobody else would: the library counts on streams that close themselves here
            raise
        return _CountedStream(self._stream.start_tls(ssl_context, server_hostname, seconds))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _seconds(timeout: object, too_late: type[Exception]) -> float:
    seconds = cast("Countdown", timeout).seconds_left()
    if seconds <= 0:
        raise too_late
    return seconds
