"""Stored accounts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from desktop.domain.accounts import Account, AccountId, AccountState, Hue, LoginKind
from desktop.domain.errors import NotFound, StaleVersion
from desktop.domain.networks import Network
from desktop.storage.repositories.prepared import Prepared
from desktop.storage.repositories.statements import add_new, to_json
from desktop.storage.tables.accounts import ACCOUNT

_GET = Prepared(select(ACCOUNT).where(ACCOUNT.c.id == bindparam("id")))


class SqlAccountRepository:
    """``AccountRepository`` on one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's transaction."""
        self._connection = connection

    def get(self, account_id: AccountId) -> Account:
        """Return an account; ``NotFound``."""
        rows = _GET.rows(self._connection, {"id": account_id})
        if not rows:
            raise NotFound(noun="account", id=account_id)
        return _from_row(rows[0])

    def find(self, network: str, remote_id: str) -> Account | None:
        """Return the account of a remote id, also a disconnected one."""
        key = (ACCOUNT.c.network == str(network), ACCOUNT.c.remote_id == remote_id)
        row = self._connection.execute(select(ACCOUNT).where(*key)).one_or_none()
        return None if row is None else _from_row(row)

    def add(self, account: Account) -> None:
        """Store a new account; ``StaleVersion`` when its remote id is already known."""
        add_new(self._connection, ACCOUNT, _values(account), "account")

    def save(self, account: Account) -> Account:
        """Store a changed account, return it with its new version; ``StaleVersion``."""
        saved = replace(account, version=account.version + 1)
        statement = update(ACCOUNT).where(ACCOUNT.c.id == account.id, ACCOUNT.c.version == account.version)
        if self._connection.execute(statement, _values(saved)).rowcount == 0:
            raise StaleVersion(noun="account")
        return saved

    def list(self, *, include_disconnected: bool = False) -> Sequence[Account]:
        """Return the accounts in the order they were connected."""
        statement = select(ACCOUNT).order_by(ACCOUNT.c.connected_at, ACCOUNT.c.id)
        if not include_disconnected:
            statement = statement.where(ACCOUNT.c.state != AccountState.DISCONNECTED)
        return [_from_row(row) for row in self._connection.execute(statement)]


def _values(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "network": account.network,
        "login": account.login,
        "remote_id": account.remote_id,
        "username": account.username,
        "display_name": account.display_name,
        "state": account.state,
        "state_reason": account.state_reason,
        "hue": account.hue,
        "is_sample": account.is_sample,
        "connected_at": account.connected_at,
        "token_expires_at": account.token_expires_at,
        "token_issued_at": account.token_issued_at,
        "token_refreshed_at": account.token_refreshed_at,
        "data_access_expires_at": account.data_access_expires_at,
        "scopes": to_json(account.scopes),
        "grantor_id": account.grantor_id,
        "version": account.version,
    }


def _from_row(row: Row[Any]) -> Account:
    return Account(
        id=AccountId(row.id),
        network=Network(row.network),
        login=LoginKind(row.login),
        remote_id=row.remote_id,
        username=row.username,
        display_name=row.display_name,
        state=AccountState(row.state),
        state_reason=row.state_reason,
        hue=Hue(row.hue),
        is_sample=row.is_sample,
        connected_at=row.connected_at,
        token_expires_at=row.token_expires_at,
        token_issued_at=row.token_issued_at,
        token_refreshed_at=row.token_refreshed_at,
        data_access_expires_at=row.data_access_expires_at,
        scopes=tuple(json.loads(row.scopes)),
        grantor_id=row.grantor_id,
        version=row.version,
    )
