"""A clock that tests and people can move; containers, quotas and scheduled posts follow it."""

from __future__ import annotations

from datetime import datetime, timedelta

from desktop.kit.clock import Clock, require_aware


class MovableClock:
    """Another clock plus an offset, or one frozen instant."""

    def __init__(self, source: Clock) -> None:
        """Follow ``source`` with no offset."""
        self._source = source
        self._frozen_at: datetime | None = None
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """Return the sandbox's instant, aware and in UTC."""
        return self._frozen_at or self._source.now() + self.offset

    def monotonic(self) -> float:
        """Return the source's monotonic seconds; moving this clock does not move them."""
        return self._source.monotonic()

    def advance(self, step: timedelta) -> None:
        """Move by ``step``, also backwards; a frozen clock stays frozen."""
        self.set(self.now() + step)

    def set(self, instant: datetime) -> None:
        """Jump to ``instant`` (aware) and keep ticking or stay frozen as before."""
        self.offset = require_aware(instant) - self._source.now()
        if self._frozen_at is not None:
            self._frozen_at = require_aware(instant)

    def freeze(self) -> None:
        """Stop at the present instant."""
        self._frozen_at = self.now()

    def resume(self) -> None:
        """Tick again, from the instant shown now."""
        if self._frozen_at is not None:
            self.offset = self._frozen_at - self._source.now()
            self._frozen_at = None

    @property
    def is_frozen(self) -> bool:
        """Tell whether the clock stands still."""
        return self._frozen_at is not None

    def reset(self) -> None:
        """Follow the source again with no offset."""
        self._frozen_at = None
        self.offset = timedelta(0)
