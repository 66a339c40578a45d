"""Waiting times between tries."""

from __future__ import annotations

import random
from datetime import timedelta


def exponential(
    attempt: int, *, first: timedelta, ceiling: timedelta, jitter: float = 0.2, rng: random.Random | None = None
) -> timedelta:
    """Return ``first * 2**attempt`` capped at ``ceiling``, spread by ±``jitter``.

    ``attempt`` counts from 0. Jitter keeps many accounts from coming back in the same second.
    """
    base = min(ceiling, first * (1 << min(attempt, 30)))
    spread: float = (rng or random.Random()).uniform(1 - jitter, 1 + jitter)  # noqa: S311 - spreading, not secrecy
    return base * spread
