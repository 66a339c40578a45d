"""One run of the command line, as the commands see it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable

from desktop.cli.output import Output
from desktop.cli.program import Program, Workspace

DONE, FAILED, WRONG_USAGE, PARTLY_DONE, INTERRUPTED = 0, 1, 2, 3, 130


class Session:
    """The program, where to say things, and what an error should tell besides its own details."""

    def __init__(self, program: Program, output: Output) -> None:
        self.program = program
        self.output = output
        self.error_details: dict[str, str] = {}

    @property
    def workspace(self) -> Workspace:
        """The open profile; opening it may raise ``TidingsError``."""
        return self.program.open_workspace()


Command = Callable[[Namespace, Session], int]
