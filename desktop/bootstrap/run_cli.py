"""The command line: one command, its profile opened only when the command needs it."""

from __future__ import annotations

import json
import signal
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from desktop.cli import main as command_line
from desktop.host.checkups import Checkup
from desktop.host.log import install_excepthooks, logging_to
from desktop.host.paths import Profile, find_profile

if TYPE_CHECKING:
    from desktop.bootstrap.container import Container
    from desktop.host.loopback_listener import LoopbackListener
    from desktop.host.system_browser import SystemBrowser


def run(given: Sequence[str]) -> int:
    """Run ``tidings GIVEN`` and return its exit status."""
    install_excepthooks()
    arguments = command_line.parse(given)
    with ExitStack() as stack:
        return command_line.run(arguments, lambda parsed: CommandProgram(parsed, stack))


class CommandProgram:
    """``Program`` for one command; what it opens is closed with ``stack``."""

    def __init__(self, arguments: Namespace, stack: ExitStack) -> None:
        self._profile: Profile = find_profile(arguments.profile)
        self._is_verbose: bool = arguments.verbose
        self._role = "worker" if arguments.command == "worker" else "command"
        self._stack = stack
        self._container: Container | None = None

    def open_workspace(self) -> Container:
        """Open the profile once; ``TidingsError`` when it cannot be opened."""
        if self._container is None:
            from desktop.bootstrap.container import build_container
            from desktop.host.environment import read_environment

            self._profile.prepare()
            self._stack.enter_context(logging_to(self._profile.logs, self._role, verbose=self._is_verbose))
            self._container = build_container(self._profile, read_environment())
            self._stack.callback(self._container.close)
        return self._container

    def browser(self) -> SystemBrowser:
        """Return the person's browser."""
        from desktop.host.system_browser import SystemBrowser

        return SystemBrowser()

    def listen(self) -> LoopbackListener:
        """Wait for the browser to come back."""
        from desktop.host.loopback_listener import LoopbackListener
        from desktop.kit.clock import SystemClock

        return LoopbackListener(SystemClock())

    def publish(self, *, until_idle: bool, duration: timedelta | None) -> None:
        """Publish on this thread; a signal lets the sends under way finish."""
        container = self.open_workspace()
        with _ended_by_signals(container):
            container.relay_sweeper.start()
            if until_idle:
                container.publisher.run_until_idle()
            else:
                container.outside.start()
                container.limit_keeper.start()
                container.token_keeper.start()
                container.publisher.run_for(duration)

    def open_window(self) -> int:
        """Run the window."""
        from desktop.bootstrap import run_gui

        return run_gui.run(str(self._profile.dir))

    def demo(self) -> int:
        """Run the window on a throw-away workspace."""
        from desktop.bootstrap import run_gui

        return run_gui.demo()

    def tour(self, pictures: Path | None) -> int:
        """Take the tour."""
        from desktop.bootstrap import run_tour

        return run_tour.run(pictures or self._profile.dir / "tour")

    def sandbox(self, *, port: int, seed: int, faults: Path | None, state: Path | None, with_parent: bool) -> int:
        """Run the sandbox."""
        from desktop.bootstrap import run_sandbox

        return run_sandbox.run(port=port, seed=seed, faults=faults, state=state, with_parent=with_parent)

    def backup(self, target: Path) -> None:
        """Write a verified copy of the database."""
        self.open_workspace().back_up(target)

    def restore(self, source: Path) -> Path | None:
        """Put a copy in the place of the database."""
        from desktop.bootstrap.restoring import restore_profile

        return restore_profile(self._profile, source)

    def examine(self) -> Sequence[Checkup]:
        """Look whether everything is fit for publishing."""
        from desktop.bootstrap.examination import examine

        return examine(self._profile, self.open_workspace)

    def log_lines(self, count: int) -> Sequence[str]:
        """Return the last lines of all logs, oldest first."""
        lines = []
        for path in self._profile.logs.glob("*.log*"):
            lines += path.read_text(encoding="utf-8", errors="replace").splitlines()
        dated = sorted((at, line) for line in lines if (at := _written_at(line)))
        return [line for _, line in dated[-count:]] if count > 0 else []


def _written_at(line: str) -> str:
    """Return when a log line was written; empty for a line that is not ours."""
    try:
        return str(json.loads(line)["at"])
    except (ValueError, KeyError, TypeError):
        return ""


@contextmanager
def _ended_by_signals(container: Container) -> Iterator[None]:
    """Turn signals into a quiet end of publishing; an interrupt is reported as such afterwards."""
    received: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        container.publisher.stop()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if signal.SIGINT in received:
        raise KeyboardInterrupt
