"""``python -m desktop`` and the command ``tidings``."""

from __future__ import annotations

import sys

from desktop.bootstrap.start import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
