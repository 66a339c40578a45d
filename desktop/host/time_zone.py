"""The computer's own time zone."""

from __future__ import annotations

import warnings

import tzlocal


def computer_zone() -> str:
    """Return its IANA name; ``UTC`` when the system does not tell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about systems that contradict themselves; the answer is fine
        try:
            return tzlocal.get_localzone_name() or "UTC"
        except (LookupError, ValueError, OSError):
            return "UTC"
