"""The sandbox as a process in the foreground."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from desktop.domain.errors import FileUnreadable, InvalidInput
from desktop.kit.i18n import tr
from desktop.sandbox.server import run_sandbox


def run(*, port: int, seed: int, faults: Path | None, state: Path | None, with_parent: bool) -> int:
    """Serve until interrupted, or until standard input closes when ``with_parent``; return the exit status."""
    if with_parent:
        threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        run_sandbox(port, seed, faults, state)
    except OSError as error:
        reason = error.strerror or str(error)
        if error.filename is not None:
            raise FileUnreadable(name=str(error.filename), reason=reason) from error
        raise InvalidInput(field=f"--port {port}", reason=reason) from error
    except (ValueError, OverflowError) as error:
        raise InvalidInput(field=tr("--state or --faults"), reason=str(error)) from error
    return 0


def _end_with_parent() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    signal.raise_signal(signal.SIGTERM)
