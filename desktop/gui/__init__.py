"""The window: the only place Qt exists."""

from __future__ import annotations

import builtins

# PySide6 replaces ``__import__`` by a version that reads the source of every module imported later, looking for
# ``from __feature__ import``, which we do not use. Undoing it makes all imports after this one about a fifth faster.
_plain_import = builtins.__import__
import PySide6.QtCore  # noqa: E402, F401

builtins.__import__ = _plain_import
