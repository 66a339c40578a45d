"""A lock the operating system takes back when its holder dies, however it dies.

Used twice: ``window.lock`` allows one window per profile, ``publisher.lock`` one publisher (it fills the port
``PublisherLock``).
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import filelock


class ProcessLock:
    """Held by at most one process. Any thread of the holder may release it."""

    def __init__(self, path: Path) -> None:
        """``path`` is the lock file; its folder exists. The holder's pid is written beside it."""
        # no soft fallback: a lock that is only a file survives the death of its holder
        self._lock = filelock.FileLock(path, thread_local=False, fallback_to_soft=False)
        # beside it, since Windows lets nobody read a locked file
        self._pid_file = path.with_suffix(".pid")

    def acquire(self) -> bool:
        """Take the lock if it is free; True when this process holds it now."""
        if self._lock.is_locked:
            return True
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            return False
        with contextlib.suppress(OSError):  # the pid is a courtesy; the lock itself is held
            self._pid_file.write_text(str(os.getpid()), encoding="ascii")
        return True

    def release(self) -> None:
        """Give it back; nothing happens when it is not held."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                self._pid_file.unlink()
            self._lock.release()

    def holder(self) -> int:
        """Return the pid of the holder; ask after ``acquire`` said False. 0 when it is not known."""
        try:
            return int(self._pid_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0
