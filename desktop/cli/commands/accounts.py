"""``tidings account``: connecting and looking after accounts."""

from __future__ import annotations

import sys
from argparse import Namespace

from desktop.cli.commands import apps, sign_in
from desktop.cli.commands.account_json import account_to_json
from desktop.cli.output import table
from desktop.cli.parser import Commands
from desktop.cli.session import DONE, FAILED, Session
from desktop.domain.accounts import Account, AccountId
from desktop.domain.networks import Network
from desktop.kit.i18n import tr


def register(commands: Commands) -> None:
    """Add the commands."""
    group = commands.group("account", tr("connected accounts"))
    connect = group.add("connect", tr("connect accounts by an access token or by signing in"), _connect)
    connect.add_argument("network", choices=[network.value for network in Network])
    way = connect.add_mutually_exclusive_group(required=True)
    way.add_argument("--token", metavar="T", help=tr("the token; - reads it from standard input"))
    way.add_argument("--browser", action="store_true", help=tr("sign in with the browser of this computer"))
    way.add_argument("--paste", action="store_true", help=tr("sign in anywhere, then paste the last address"))
    connect.add_argument(
        "--account-id",
        metavar="ID",
        action="append",
        help=tr("the network's id, when there are several"),
    )
    sign_in.add_options(connect)
    show_all = group.add("list", tr("all accounts"), _list)
    show_all.add_argument("--all", action="store_true", help=tr("disconnected ones too"))
    for name, words, run in (
        ("show", tr("one account"), _show),
        ("check", tr("say what is wrong with the connection, and what to do"), _check),
        ("refresh", tr("give the token a new life"), _refresh),
        ("disconnect", tr("forget the token; posts and history stay"), _disconnect),
    ):
        group.add(name, words, run).add_argument("id", metavar="ID")
    apps.register(group)


def _connect(arguments: Namespace, session: Session) -> int:
    if arguments.token is None:
        return sign_in.connect(arguments, session)
    token = sys.stdin.readline() if arguments.token == "-" else arguments.token  # noqa: S105 - the sign for stdin
    account = session.workspace.accounts.connect_with_token(
        Network(arguments.network), token, remote_id=(arguments.account_id or [None])[-1]
    )
    _say(account, session)
    return DONE


def _list(arguments: Namespace, session: Session) -> int:
    accounts = session.workspace.accounts.list(include_disconnected=arguments.all)
    rows = [(a.id, a.network.label, a.state.value, a.username) for a in accounts]
    session.output.result([account_to_json(account) for account in accounts], table(rows))
    if not accounts:
        session.output.note(tr("No account is connected yet."))
    return DONE


def _show(arguments: Namespace, session: Session) -> int:
    _say(session.workspace.accounts.get(AccountId(arguments.id)), session)
    return DONE


def _check(arguments: Namespace, session: Session) -> int:
    diagnosis = session.workspace.doctor.examine(AccountId(arguments.id))
    if diagnosis.failure is not None:
        raise diagnosis.failure
    account, findings = diagnosis.account, diagnosis.findings
    lines = [f"{account.network.label}  {account.username}  {account.state.value}"]
    for found in findings:
        lines += [f"- {found.words}", *([f"  {found.advice}"] if found.advice else [])]
    document = [
        {
            "code": found.code,
            "severity": found.severity.name.lower(),
            "words": found.words,
            "advice": found.advice,
            "press": found.press.value,
        }
        for found in findings
    ]
    session.output.result({**account_to_json(account), "findings": document}, lines)
    return DONE if diagnosis.is_well and account.can_publish else FAILED


def _refresh(arguments: Namespace, session: Session) -> int:
    _say(session.workspace.token_care.refresh(AccountId(arguments.id)), session)
    return DONE


def _disconnect(arguments: Namespace, session: Session) -> int:
    accounts = session.workspace.accounts
    accounts.disconnect(AccountId(arguments.id))
    _say(accounts.get(AccountId(arguments.id)), session)
    return DONE


def _say(account: Account, session: Session) -> None:
    lines = [account.id, f"{account.network.label}  {account.username}  {account.state.value}"]
    if account.state_reason:
        lines.append(account.state_reason)
    session.output.result(account_to_json(account), lines)
