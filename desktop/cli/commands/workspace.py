"""Commands on the workspace as a whole: window, demo, tour, backup, restore, doctor, logs, version."""

from __future__ import annotations

import json
import platform
from argparse import Namespace
from pathlib import Path

from desktop import __version__
from desktop.cli.parser import Commands
from desktop.cli.session import DONE, FAILED, Session
from desktop.kit import branding
from desktop.kit.i18n import tr


def register(commands: Commands) -> None:
    """Add the commands."""
    commands.add("open", tr("open the window"), lambda _arguments, session: session.program.open_window())
    commands.add(
        "demo", tr("the window on a throw-away sandbox workspace"), lambda _arguments, session: session.program.demo()
    )
    tour = commands.add("tour", tr("write, plan and publish in a throw-away sandbox workspace, with pictures"), _tour)
    tour.add_argument("--pictures", type=Path, metavar=tr("DIR"), help=tr("where to save pictures of the pages"))
    backup = commands.add("backup", tr("copy the database"), _backup)
    backup.add_argument("file", type=Path, metavar=tr("FILE"))
    restore = commands.add("restore", tr("put a copy in the place of the database"), _restore)
    restore.add_argument("file", type=Path, metavar=tr("FILE"))
    commands.add("doctor", tr("look whether everything is fit for publishing"), _doctor)
    logs = commands.add("logs", tr("the last lines of the log"), _logs)
    logs.add_argument("--lines", type=int, default=50, metavar="N")
    commands.add("version", tr("which version this is"), _version)


def _tour(arguments: Namespace, session: Session) -> int:
    return session.program.tour(arguments.pictures)


def _backup(arguments: Namespace, session: Session) -> int:
    target = arguments.file.absolute()
    session.program.backup(target)
    session.output.result({"file": str(target)}, [str(target)])
    return DONE


def _restore(arguments: Namespace, session: Session) -> int:
    kept = session.program.restore(arguments.file.absolute())
    words = [] if kept is None else [tr("The data before is kept as {path}.", path=kept)]
    session.output.result({"kept": None if kept is None else str(kept)}, [tr("Restored."), *words])
    return DONE


def _doctor(_arguments: Namespace, session: Session) -> int:
    checkups = session.program.examine()
    is_healthy = all(checkup.is_ok for checkup in checkups)
    lines = []
    for checkup in checkups:
        lines.append(f"{tr('ok') if checkup.is_ok else tr('NO'):<3} {checkup.words}")
        if checkup.advice and not checkup.is_ok:
            lines.append(f"    {checkup.advice}")
    document = [{"code": c.code, "is_ok": c.is_ok, "words": c.words, "advice": c.advice} for c in checkups]
    session.output.result({"is_healthy": is_healthy, "checks": document}, lines)
    return DONE if is_healthy else FAILED


def _logs(arguments: Namespace, session: Session) -> int:
    lines = session.program.log_lines(arguments.lines)
    session.output.result([json.loads(line) for line in lines], lines)
    return DONE


def _version(_arguments: Namespace, session: Session) -> int:
    facts = {"name": branding.NAME, "version": __version__, "python": platform.python_version()}
    session.output.result(facts, [f"{branding.NAME} {__version__}"])
    return DONE
