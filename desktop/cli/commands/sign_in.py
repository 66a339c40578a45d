"""``tidings account connect NETWORK --browser | --paste``: the sign-in flows without a window."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import timedelta

from desktop.cli.commands.account_json import account_to_json
from desktop.cli.session import DONE, Session
from desktop.domain.errors import InvalidInput, SignInNotFinished
from desktop.domain.networks import Network
from desktop.kit.i18n import tr
from desktop.services.accounts.ports import Candidate
from desktop.services.accounts.sign_in import SignedIn

_WAIT_SECONDS = 300


def add_options(connect: ArgumentParser) -> None:
    """Add what only signing in understands."""
    connect.add_argument("--all", action="store_true", help=tr("connect every account the sign-in finds"))
    connect.add_argument("--ask-again", action="store_true", help=tr("ask for what was declined before"))
    seconds = tr("how long to wait for the browser")
    connect.add_argument("--wait", type=int, metavar="SECONDS", default=_WAIT_SECONDS, help=seconds)


def connect(arguments: Namespace, session: Session) -> int:
    """Sign in, choose, connect."""
    sign_in, network = session.workspace.sign_in, Network(arguments.network)
    signed_in = (
        _by_browser(network, arguments, session) if arguments.browser else _by_paste(network, arguments, session)
    )
    accounts = sign_in.connect(signed_in, _chosen(signed_in, arguments))
    missing = signed_in.missing_scopes
    if missing:
        session.output.note(tr("Not allowed in the sign-in: {names}.", names=", ".join(missing)))
    session.output.result(
        {"accounts": [account_to_json(account) for account in accounts], "missing_scopes": list(missing)},
        [f"{account.id}  {account.network.label}  {account.username}" for account in accounts],
    )
    return DONE


def _by_browser(network: Network, arguments: Namespace, session: Session) -> SignedIn:
    sign_in = session.workspace.sign_in
    with session.program.listen() as listener:
        attempt = sign_in.begin(network, port=listener.port, rerequest=arguments.ask_again)
        is_shown = session.program.browser().open(attempt.url)
        say = session.output.note if is_shown else _tell
        say(tr("Sign in with the browser. If none opens, open this address on this computer:") + "\n" + attempt.url)
        address = listener.wait(attempt.state, timedelta(seconds=arguments.wait))
    if address is None:
        raise SignInNotFinished(network=network.label)
    return sign_in.complete(attempt, address)


def _by_paste(network: Network, arguments: Namespace, session: Session) -> SignedIn:
    sign_in = session.workspace.sign_in
    attempt = sign_in.begin(network, rerequest=arguments.ask_again)
    _tell(tr("Open this address in a browser and sign in:"), attempt.url)
    _tell(tr("Then paste the whole address of the last page here:"))
    address = sys.stdin.readline()
    if not address.strip():
        raise SignInNotFinished(network=network.label)
    return sign_in.complete(attempt, address)


def _chosen(signed_in: SignedIn, arguments: Namespace) -> list[str]:
    candidates = signed_in.can_be_chosen
    if arguments.account_id:
        return list(dict.fromkeys(arguments.account_id))
    if not candidates:
        obstacles = "; ".join(f"{each.display_name}: {each.obstacle}" for each in signed_in.candidates)
        raise InvalidInput(field=tr("Account"), reason=obstacles)
    if arguments.all or len(candidates) == 1:
        return [candidate.remote_id for candidate in candidates]
    return _asked(signed_in)


def _asked(signed_in: SignedIn) -> list[str]:
    """Let the person choose: the code is used up, so giving up here would cost the whole sign-in."""
    _tell(tr("Several accounts can be connected:"))
    for number, candidate in enumerate(signed_in.candidates, 1):
        _tell(_line(number, candidate))
    _tell(tr("Which ones? Numbers with commas, or “all”:"))
    answer = sys.stdin.readline().strip()
    if answer == "all":
        return [candidate.remote_id for candidate in signed_in.can_be_chosen]
    numbers = [int(word) for word in answer.split(",") if word.strip().isdecimal()]
    chosen = [signed_in.candidates[n - 1].remote_id for n in numbers if 0 < n <= len(signed_in.candidates)]
    if not chosen:
        names = ", ".join(f"{each.display_name} ({each.remote_id})" for each in signed_in.can_be_chosen)
        raise InvalidInput(field=tr("Account"), reason=tr("choose one of: {names}", names=names))
    return list(dict.fromkeys(chosen))


def _line(number: int, candidate: Candidate) -> str:
    words = f"{number}. {candidate.network.label}  {candidate.display_name}  ({candidate.remote_id})"
    return words if candidate.can_be_chosen else f"{words}  {candidate.obstacle}"


def _tell(*lines: str) -> None:
    """Say what the person must see even with ``--quiet`` and ``--json``."""
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.flush()
