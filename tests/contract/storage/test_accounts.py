from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.domain.accounts import AccountState
from desktop.domain.errors import NotFound, StaleVersion
from desktop.services.unit_of_work import Storage
from tests.support.stored_things import NOW, an_account, put


def test_an_account_comes_back_as_it_was(storage: Storage) -> None:
    account, plain = an_account(is_sample=True), an_account(token_expires_at=None)
    put(storage, account, plain)
    with storage.read() as unit:
        assert unit.accounts.get(account.id) == account
        assert unit.accounts.find(plain.network, plain.remote_id) == plain
        assert unit.accounts.find("facebook", plain.remote_id) is None
        with pytest.raises(NotFound):
            unit.accounts.get(an_account().id)


def test_saving_raises_the_version_and_refuses_an_old_one(storage: Storage) -> None:
    account = an_account()
    put(storage, account)
    with storage.write() as unit:
        saved = unit.accounts.save(account.in_state(AccountState.RECONNECT, "expired"))
        assert saved == replace(account, state=AccountState.RECONNECT, state_reason="expired", version=1)
        assert unit.accounts.get(account.id) == saved
        with pytest.raises(StaleVersion):
            unit.accounts.save(account)
        with pytest.raises(StaleVersion):
            unit.accounts.save(an_account())


def test_accounts_are_listed_in_the_order_they_were_connected(storage: Storage) -> None:
    late, early = an_account(connected_at=NOW + timedelta(seconds=1)), an_account(connected_at=NOW)
    gone = an_account(state=AccountState.DISCONNECTED, connected_at=NOW - timedelta(days=1))
    put(storage, late, early, gone)
    with storage.read() as unit:
        assert unit.accounts.list() == [early, late]
        assert unit.accounts.list(include_disconnected=True) == [gone, early, late]
