"""One id that ties together every log line of one piece of work, such as a delivery's attempt."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("correlation", default=None)


@contextlib.contextmanager
def correlated(identifier: str) -> Iterator[None]:
    """Give every log record of this thread inside the block the correlation ``identifier``."""
    token = _current.set(identifier)
    try:
        yield
    finally:
        _current.reset(token)


def correlation() -> str | None:
    """Return the id of the work this thread is doing, or None."""
    return _current.get()
