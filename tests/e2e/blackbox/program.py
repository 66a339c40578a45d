"""The program as a person has it: started, looked at, typed into, clicked, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from tests.e2e.blackbox.accessibility import Accessibility, Control, Gone
from tests.e2e.blackbox.virtual_screen import end_processes_of, processes_of
from tests.support.processes import PROGRAM, ROOT

PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.03
DRAG_STEPS = 12
BROWSER = '#!/bin/sh\nprintf \'%s\\n\' "$1" >> "$OPENED_ADDRESSES"\n'
ZONES = ("Pacific/Honolulu", "America/Phoenix", "America/Sao_Paulo", "Africa/Lagos", "Asia/Dubai", "Asia/Tokyo")
Value = TypeVar("Value")


class Program:
    """One profile and the program on it. ``folder`` holds the profile, the log and a browser that notes addresses."""

    def __init__(self, folder: Path, screen: Mapping[str, str], networks: Mapping[str, str]) -> None:
        """``networks`` holds the ``TIDINGS_*_URL`` variables; empty for the sandbox the program starts itself."""
        self.folder, self.profile = folder, folder / "profile"
        self._opened = folder / "opened addresses"
        self.zone = zone_around_noon()
        self._said = folder / "what the program said.txt"
        (tools := folder / "tools").mkdir()
        for browser in (tools / "browser", tools / "xdg-open"):
            browser.write_text(BROWSER)
            browser.chmod(0o755)
        self.environment = {
            **os.environ,
            **screen,
            **networks,
            "TIDINGS_SECRET_STORE": "file",
            "TIDINGS_PASSPHRASE": "only for tests",
            "BROWSER": str(tools / "browser"),
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "OPENED_ADDRESSES": str(self._opened),
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "LC_ALL": "C.UTF-8",
            "TZ": self.zone,
        }
        self._accessibility = Accessibility({**os.environ, **screen})
        self._process: subprocess.Popen[bytes] | None = None

    # --- its life ------------------------------------------------------------------------------------------------

    @property
    def command(self) -> Sequence[str]:
        """What starts it."""
        return [*PROGRAM, "open", "--profile", str(self.profile)]

    @property
    def pid(self) -> int:
        """The process whose window is looked at."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until its window can be used."""
        with self._said.open("ab") as said:
            self._process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        self.see("window", is_ready=lambda window: "active" in window.states)

    def kill(self) -> None:
        """``kill -9``."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(PATIENCE_SECONDS)

    def wait_for_end(self) -> int:
        """Wait until it has ended by itself, and whatever it started; return its exit status."""
        assert self._process is not None
        status = self._process.wait(PATIENCE_SECONDS)
        self.until(lambda: not processes_of(self.folder), "every process to end")
        return status

    def close(self) -> None:
        """Clean up after a story, whatever became of it."""
        self.picture("the end")
        for log in (self._said, *sorted(self.profile.glob("logs/*.log"))):
            print(f"--- {log.name}:\n{log.read_text() if log.exists() else ''}")
        end_processes_of(self.folder)
        if self._process is not None:
            self._process.wait(PATIENCE_SECONDS)
        self._accessibility.close()

    # --- looking -------------------------------------------------------------------------------------------------

    def find(
        self, identifier: str | None = None, *, name: str | None = None, state: str | None = None
    ) -> Sequence[Control]:
        """Return what is on screen now."""
        assert self._process is not None
        assert self._process.poll() is None, "the program has ended"
        return self._accessibility.find(self.pid, identifier, name=name, state=state)

    def see(
        self,
        identifier: str | None = None,
        *,
        name: str | None = None,
        is_ready: Callable[[Control], bool] = lambda _control: True,
    ) -> Control:
        """Wait until a control is on screen (and ``is_ready``), and return it."""

        def look() -> Control | None:
            return next(filter(is_ready, self.find(identifier, name=name)), None)

        found = self.until(look, f"{identifier or name} on screen")
        assert found is not None
        return found

    def gone(self, identifier: str | None = None, *, name: str | None = None) -> None:
        """Wait until no such control is on screen."""
        self.until(lambda: not self.find(identifier, name=name), f"{identifier or name} to go")

    def focused(self) -> str:
        """Return the identifier of what has the keyboard; empty when that is nothing with one of ours."""
        found = [control.identifier for control in self.find(state="FOCUSED")]
        return next((identifier for identifier in found if not identifier.startswith("QApplication")), "")

    def text(self, identifier: str) -> str:
        """Return the text of a field."""
        return self._accessibility.text(self.see(identifier))

    def until(self, look: Callable[[], Value], wanted: str, seconds: float = PATIENCE_SECONDS) -> Value:
        """Look until the answer is true, and return it."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                answer = look()
            except Gone:
                answer = None
            if answer:
                return answer
            assert time.monotonic() < deadline, f"waited in vain for {wanted}"
            time.sleep(LOOK_SECONDS)

    def opened_addresses(self) -> Sequence[str]:
        """Return what was opened in the browser so far."""
        return self._opened.read_text().splitlines() if self._opened.exists() else []

    def picture(self, name: str) -> Path:
        """Save what the screen shows."""
        path = self.folder / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)
        print(f"picture: {path}")
        return path

    # --- acting --------------------------------------------------------------------------------------------------

    def press(self, identifier: str) -> None:
        """Press a control once it is there and enabled, as a screen reader does."""
        self._accessibility.press(self.see(identifier, is_ready=_is_enabled))

    def open_popup(self, open_it: Callable[[], None]) -> None:
        """Open a menu or a calendar that drops down, and wait for its window.

        Qt tells accessibility nothing of popups, so from here on it is keys.
        """
        before = self._windows()
        open_it()
        self.until(lambda: self._windows() - before, "something to pop up")

    def focus(self, identifier: str) -> None:
        """Bring the keyboard to a control."""
        self._accessibility.focus(self.see(identifier, is_ready=_is_enabled))
        self.see(identifier, is_ready=is_focused)

    def keys(self, *keys: str) -> None:
        """Press keys or chords, named as xdotool names them."""
        self._xdotool("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type with the keyboard into whatever has it."""
        self._xdotool("type", "--delay", "6", text)

    def click(self, place: Control | tuple[int, int], *, times: int = 1) -> None:
        """Click with the mouse."""
        x, y = place.center if isinstance(place, Control) else place
        self._xdotool("mousemove", x, y, "click", "--repeat", times, "--delay", 40, 1)

    def drag(self, start: Control, end: Control) -> None:
        """Drag with the mouse, passing through the points between."""
        (x0, y0), (x1, y1) = start.center, end.center
        self._xdotool("mousemove", x0, y0, "mousedown", 1)
        for step in range(1, DRAG_STEPS + 1):
            x, y = x0 + (x1 - x0) * step // DRAG_STEPS, y0 + (y1 - y0) * step // DRAG_STEPS
            self._xdotool("mousemove", "--sync", x, y)
        self._xdotool("mouseup", 1)

    def minimize(self) -> None:
        """Have the window manager put the window away."""
        window = self._xdotool("getactivewindow").strip()
        self._xdotool("windowminimize", "--sync", window)

    def _windows(self) -> set[str]:
        search = ["xdotool", "search", "--onlyvisible", "--pid", str(self.pid)]
        found = subprocess.run(search, env=self.environment, stdout=subprocess.PIPE, encoding="utf-8", check=False)
        return set(found.stdout.split())

    def _xdotool(self, *words: str | int) -> str:
        command = ["xdotool", *map(str, words)]
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, encoding="utf-8", check=True)
        return done.stdout


def zone_around_noon() -> str:
    """Return a zone without clock changes where the day is in its middle now, so that no story crosses midnight."""
    return min(ZONES, key=lambda zone: abs(datetime.now(ZoneInfo(zone)).hour - 12))


def is_focused(control: Control) -> bool:
    """Whether the keyboard is on it."""
    return "focused" in control.states


def _is_enabled(control: Control) -> bool:
    return "enabled" in control.states
