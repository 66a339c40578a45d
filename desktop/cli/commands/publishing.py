"""``tidings worker`` and ``tidings sandbox``: the processes that run in the foreground."""

from __future__ import annotations

import argparse
import math
from argparse import Namespace
from datetime import timedelta
from pathlib import Path

from desktop.cli.parser import Commands
from desktop.cli.session import DONE, Session
from desktop.kit.i18n import tr


def register(commands: Commands) -> None:
    """Add the commands."""
    worker = commands.add("worker", tr("publish without a window"), _work)
    until = worker.add_mutually_exclusive_group()
    until.add_argument("--until-idle", action="store_true", help=tr("end when nothing is due"))
    until.add_argument("--for", dest="seconds", type=_duration, metavar=tr("SECONDS"))
    sandbox = commands.add("sandbox", tr("run an imitation of the networks on this computer"), _sandbox)
    sandbox.add_argument("--port", type=int, default=0, metavar="N", help=tr("0 takes a free one"))
    sandbox.add_argument("--seed", type=int, default=1, metavar="N", help=tr("the same seed, the same accounts"))
    sandbox.add_argument("--faults", type=Path, metavar=tr("FILE"), help=tr("a fault script"))
    sandbox.add_argument("--state", type=Path, metavar=tr("FILE"), help=tr("where it remembers what was published"))
    # for the window, which starts a sandbox of its own: ends when standard input closes
    sandbox.add_argument("--exit-with-parent", action="store_true", help=argparse.SUPPRESS)


def _duration(text: str) -> timedelta:
    try:
        seconds = float(text)
        if not math.isfinite(seconds) or seconds < 0:
            raise ValueError(text)
        return timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(tr("“{text}” is not a number of seconds", text=text)) from None


def _work(arguments: Namespace, session: Session) -> int:
    session.program.publish(until_idle=arguments.until_idle, duration=arguments.seconds)
    counts = {state.value: count for state, count in session.workspace.deliveries.counts().items()}
    session.output.result(counts, [f"{count:>6}  {state}" for state, count in sorted(counts.items())])
    return DONE


def _sandbox(arguments: Namespace, session: Session) -> int:
    return session.program.sandbox(
        port=arguments.port,
        seed=arguments.seed,
        faults=arguments.faults,
        state=arguments.state,
        with_parent=arguments.exit_with_parent,
    )
