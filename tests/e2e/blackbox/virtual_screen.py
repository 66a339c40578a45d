"""A private desktop: X server, window manager, message bus. Nothing of the developer's own session is touched."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from tests.support.processes import wait_for

NEEDED = ("Xvfb", "openbox", "dbus-daemon", "xdotool", "import")
SYSTEM_PYTHON = "/usr/bin/python3"
SIZE = (1440, 900)
START_SECONDS = 20.0
END_SECONDS = 10.0


def missing_parts() -> Sequence[str]:
    """Return what this computer lacks to drive a window."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    bindings = [SYSTEM_PYTHON, "-c", "import gi; gi.require_version('Atspi', '2.0')"]
    if not Path(SYSTEM_PYTHON).exists() or subprocess.run(bindings, capture_output=True, check=False).returncode:
        missing.append("python3-gi with gir1.2-atspi-2.0")
    return missing


@contextmanager
def virtual_screen(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run the desktop and yield the variables that lead to it; whatever was started with them is gone afterwards."""
    (runtime := folder / "runtime").mkdir(mode=0o700)
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        environment.pop(name, None)
    with ExitStack() as stack:
        log = stack.enter_context((folder / "what the desktop said.txt").open("w+", encoding="utf-8"))
        stack.callback(end_processes_of, runtime)  # the bus starts the accessibility bus and its registry by itself
        width, height = SIZE
        server = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
        environment["DISPLAY"] = ":" + _first_line(server, environment, stack, log)
        bus = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
        environment["DBUS_SESSION_BUS_ADDRESS"] = _first_line(bus, environment, stack, log)
        manager = _start(["openbox"], environment, stack, log)
        # this question has an answer only once a window manager is there
        question = ["xdotool", "get_num_desktops"]
        wait_for(lambda: manager.poll() is not None or _succeeds(question, environment), bool, START_SECONDS)
        assert manager.poll() is None, f"the window manager ended: {Path(log.name).read_text(encoding='utf-8')}"
        yield {name: environment[name] for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}


def processes_of(mark: Path) -> dict[int, str]:
    """Return the running processes in whose variables ``mark`` occurs, with their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = os.fsencode(mark) in (folder / "environ").read_bytes()
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue  # gone meanwhile, or somebody else's
        if is_ours and words:
            found[int(folder.name)] = words
    return found


def end_processes_of(mark: Path) -> None:
    """End the running processes in whose variables ``mark`` occurs, and wait until they are gone."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + END_SECONDS
        for pid in processes_of(mark):
            _send(pid, number)
        while processes_of(mark) and time.monotonic() < deadline:
            time.sleep(0.05)


def _first_line(command: Sequence[str], environment: Mapping[str, str], stack: ExitStack, log: TextIO) -> str:
    process = _start(command, environment, stack, log)
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, f"{command[0]} did not start"
    return line


def _start(
    command: Sequence[str], environment: Mapping[str, str], stack: ExitStack, log: TextIO
) -> subprocess.Popen[str]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, encoding="utf-8")
    stack.callback(_end, process)
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.communicate(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _succeeds(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
