"""``tidings account``: connecting and looking after accounts."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Any

from desktop.cli.output import table
from desktop.cli.parser import Commands
from desktop.cli.session import DONE, FAILED, Session
from desktop.domain.accounts import Account, AccountId
from desktop.domain.networks import Network
from desktop.kit.i18n import tr
from desktop.services.publishing.report import instant


def register(commands: Commands) -> None:
    """Add the commands."""
    group = commands.group("account", tr("connected accounts"))
    connect = group.add("connect", tr("connect an account by its access token"), _connect)
    connect.add_argument("network", choices=[network.value for network in Network])
    connect.add_argument("--token", required=True, metavar="T", help=tr("the token; - reads it from standard input"))
    connect.add_argument(
        "--account-id", metavar="ID", help=tr("the network's id, when the token reaches several Pages")
    )
    show_all = group.add("list", tr("all accounts"), _list)
    show_all.add_argument("--all", action="store_true", help=tr("disconnected ones too"))
    for name, words, run in (
        ("show", tr("one account"), _show),
        ("check", tr("ask the network whether the token still works"), _check),
        ("disconnect", tr("forget the token; posts and history stay"), _disconnect),
    ):
        group.add(name, words, run).add_argument("id", metavar="ID")


def account_to_json(account: Account) -> dict[str, Any]:
    """Return the JSON form of an account."""
    return {
        "id": account.id,
        "network": account.network.value,
        "remote_id": account.remote_id,
        "username": account.username,
        "display_name": account.display_name,
        "state": account.state.value,
        "state_reason": account.state_reason,
        "is_sample": account.is_sample,
        "connected_at": instant(account.connected_at),
        "token_expires_at": instant(account.token_expires_at),
    }


def _connect(arguments: Namespace, session: Session) -> int:
    token = sys.stdin.readline() if arguments.token == "-" else arguments.token  # noqa: S105 - the sign for stdin
    account = session.workspace.accounts.connect_with_token(
        Network(arguments.network), token, remote_id=arguments.account_id
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
    account = session.workspace.accounts.check(AccountId(arguments.id))
    _say(account, session)
    return DONE if account.can_publish else FAILED


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
