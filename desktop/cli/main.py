"""Runs one command."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence

from desktop.cli.commands import accounts, deliveries, posts, publishing, relay, workspace
from desktop.cli.output import Output
from desktop.cli.parser import Commands, new_parser
from desktop.cli.program import Program
from desktop.cli.session import FAILED, INTERRUPTED, Session
from desktop.domain.errors import TidingsError


def parse(arguments: Sequence[str]) -> Namespace:
    """Return the parsed command; leaves with exit status 2 for wrong usage."""
    return build_parser().parse_args(arguments)


def build_parser() -> ArgumentParser:
    """Return the whole grammar."""
    parser = new_parser()
    commands = Commands(parser, "command")
    for module in (workspace, accounts, posts, deliveries, publishing, relay):
        module.register(commands)
    return parser


def run(arguments: Namespace, program_for: Callable[[Namespace], Program]) -> int:
    """Run a parsed command and return its exit status."""
    output = Output(as_json=arguments.json, quiet=arguments.quiet)
    session: Session | None = None
    try:
        session = Session(program_for(arguments), output)
        status: int = arguments.run(arguments, session)
    except TidingsError as error:
        output.error(error, **(session.error_details if session else {}))
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return status
