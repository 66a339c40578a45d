"""The grammar of the command line."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from desktop import __version__
from desktop.cli.session import Command
from desktop.kit import branding
from desktop.kit.i18n import tr

_WALL_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


class Commands:
    """A level of sub-commands. Global flags are understood before and after the command."""

    def __init__(self, parser: argparse.ArgumentParser, name: str) -> None:
        self._level = parser.add_subparsers(dest=name, metavar=tr("COMMAND"), required=True)

    def add(self, name: str, words: str, run: Command) -> argparse.ArgumentParser:
        """Add a command and return its parser."""
        parser = self._parser(name, words)
        parser.set_defaults(run=run)
        return parser

    def group(self, name: str, words: str) -> Commands:
        """Add a group of commands."""
        return Commands(self._parser(name, words), f"{name}_command")

    def _parser(self, name: str, words: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = self._level.add_parser(
            name, help=words, description=words, allow_abbrev=False
        )
        # no defaults here: they would overwrite what was said before the command
        _add_global_flags(parser, argparse.SUPPRESS)
        return parser


def new_parser() -> argparse.ArgumentParser:
    """Return the top level with its global flags."""
    parser = argparse.ArgumentParser(
        prog=branding.COMMAND,
        description=tr("Write, plan and publish posts on Threads, Instagram and Facebook Pages."),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{branding.NAME} {__version__}")
    _add_global_flags(parser, None)
    return parser


def wall_time(text: str) -> datetime:
    """Return the naive wall time of ``YYYY-MM-DDTHH:MM[:SS]``."""
    for form in _WALL_FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - wall time; the zone is a value of its own
        except ValueError:
            continue
    raise argparse.ArgumentTypeError(tr("“{text}” is not a time like 2026-12-01T09:00", text=text))


def day(text: str) -> datetime:
    """Return midnight of ``YYYY-MM-DD``, naive."""
    try:
        return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - a day of the calendar; the zone is the profile's
    except ValueError:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a day like 2026-12-01", text=text)) from None


def _add_global_flags(parser: argparse.ArgumentParser, default: Any) -> None:
    def flag(name: str, words: str) -> None:
        unset = argparse.SUPPRESS if default is argparse.SUPPRESS else False
        parser.add_argument(name, action="store_true", default=unset, help=words)

    parser.add_argument("--profile", metavar=tr("DIR"), default=default, help=tr("folder with data, settings and logs"))
    flag("--json", tr("print one JSON document"))
    flag("--quiet", tr("print results and errors only"))
    flag("--verbose", tr("print the log to standard error"))
