"""Child processes that never outlive the program."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

STOP_SECONDS = 5.0


class ChildProcess:
    """A copy of this program in another mode.

    The child reads its standard input and ends when that closes, which the operating system does for us however
    this process dies: works on every system, needs no signal.
    """

    def __init__(self, arguments: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None) -> None:
        """Start ``tidings ARGUMENTS``; what it says on standard error is appended to ``log``. ``OSError``."""
        with log.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [*_own_command(), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait_for_line(self, first_word: str, seconds: float) -> str | None:
        """Return what follows ``first_word`` on the line that starts with it, or None when the child ends or is late.

        A child that is late is killed.
        """
        late = threading.Timer(seconds, self._process.kill)
        late.start()
        try:
            for line in self._process.stdout or ():
                word, _, rest = line.decode(errors="replace").strip().partition(" ")
                if word == first_word:
                    return rest
            return None
        finally:
            late.cancel()
            late.join()

    def stop(self) -> None:
        """End it: ask by closing its input, kill it after a few seconds."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _own_command() -> list[str]:
    # a frozen bundle is its own interpreter
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "desktop"]
