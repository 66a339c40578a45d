"""Telling the rest of the program what changed, so that pages refresh just that."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

_log = logging.getLogger(__name__)


class Noun(StrEnum):
    """What can change."""

    POSTS = "posts"
    DELIVERIES = "deliveries"
    ACCOUNTS = "accounts"
    MEDIA = "media"
    SETTINGS = "settings"
    PUBLISHER = "publisher"


@dataclass(frozen=True, slots=True)
class Change:
    """Things of one noun changed; ``ids`` empty means "any of them"."""

    noun: Noun
    ids: frozenset[str] = frozenset()


class ChangeFeed:
    """Spreads changes inside one process. Callbacks run on the announcing thread and must return at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[Change], None]] = []

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call ``callback`` with each change; returns the function that ends it."""
        with self._lock:
            self._callbacks.append(callback)

        def unsubscribe() -> None:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)

        return unsubscribe

    def announce(self, noun: Noun, ids: Iterable[str] = ()) -> None:
        """Tell everyone, after the transaction that made the change has been committed."""
        change = Change(noun, frozenset(ids))
        with self._lock:
            callbacks = tuple(self._callbacks)
        for callback in callbacks:
            try:
                callback(change)
            except Exception:  # noqa: BLE001 - a page that fails to refresh must never undo or stop publishing
                _log.exception("a change callback failed")
