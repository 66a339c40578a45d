"""The window. It shows itself first; the services are built behind it by the functions handed over here."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.gui import app
from desktop.host.paths import Profile, find_profile

if TYPE_CHECKING:
    from desktop.bootstrap.container import Container


def run(profile: str | None) -> int:
    """Run the window on a profile until it is left; return the exit status."""
    return _run(find_profile(profile))


def demo() -> int:
    """Run the window on a workspace that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tidings-demo-", ignore_cleanup_errors=True) as folder:
        return _run(Profile(Path(folder)))


def _run(profile: Profile) -> int:
    with ExitStack() as stack:
        opening = _Opening(profile, stack)
        return app.run(opening.open, lambda _: opening.fill(), folder=profile.dir)


class _Opening:
    """Opens the profile off the window's thread; ``stack`` closes it, in the reverse order, after the window."""

    def __init__(self, profile: Profile, stack: ExitStack) -> None:
        self._profile, self._stack = profile, stack
        self._container: Container | None = None

    def open(self) -> Container:
        """Return the services; ``ProfileInUse``, what ``build_container`` raises. May be repeated after an error."""
        from desktop.bootstrap.container import build_container
        from desktop.domain.errors import ProfileInUse
        from desktop.host.environment import read_environment
        from desktop.host.log import logging_to
        from desktop.host.process_lock import ProcessLock

        environment = read_environment()
        self._profile.prepare()
        lock = ProcessLock(self._profile.run / "window.lock")
        if not lock.acquire():
            raise ProfileInUse(pid=lock.holder())
        with ExitStack() as opened:
            opened.callback(lock.release)
            opened.enter_context(logging_to(self._profile.logs, "window"))
            self._container = build_container(self._profile, environment)
            opened.callback(self._container.close)
            self._stack.push(opened.pop_all())
        return self._container

    def fill(self) -> None:
        """Make the sample workspace when nobody has used this one yet."""
        if self._container is not None:
            self._container.fill_if_new()
