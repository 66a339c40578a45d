"""Picks the run mode. The way to the window imports nothing that it does not need."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``tidings ARGUMENTS`` and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    wanted, profile = window_profile(given)
    if wanted:
        from desktop.bootstrap import run_gui

        return run_gui.run(profile)
    from desktop.bootstrap import run_cli

    return run_cli.run(given)


def window_profile(arguments: Sequence[str]) -> tuple[bool, str | None]:
    """Tell whether this is plainly the window (``[open] [--profile DIR]``, in any order), and its profile.

    Everything else is left to the parser of the command line, which costs time to load.
    """
    rest, profile, is_open = list(arguments), None, False
    while rest:
        word = rest.pop(0)
        if word == "open" and not is_open:
            is_open = True
        elif word == "--profile" and rest and not rest[0].startswith("-"):
            profile = rest.pop(0)
        elif word.startswith("--profile=") and len(word) > len("--profile="):
            profile = word.partition("=")[2]
        else:
            return False, None
    return True, profile
