"""Accounts: connecting, checking, and what their deliveries hear about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from desktop.domain.accounts import Account, AccountState, Hue, LoginKind
from desktop.domain.deliveries import DeliveryState
from desktop.domain.errors import (
    DatabaseReadOnly,
    Effect,
    FailureKind,
    InvalidInput,
    NotFound,
    RemoteFailure,
    SecretStoreUnavailable,
)
from desktop.domain.networks import Network
from desktop.kit.clock import ManualClock
from desktop.services.accounts.ports import RemoteIdentity
from desktop.services.accounts.service import AccountService
from desktop.services.changes import Change, ChangeFeed, Noun
from desktop.services.publishing.ports import NetworkConnector, RemoteAccount
from tests.support.memory_storage import MemoryStorage
from tests.support.secret_stores import MemorySecretStore
from tests.support.stored_things import a_delivery, a_post, put

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOKEN = "TH" + "a1b2" * 10
ADA = RemoteIdentity(Network.THREADS, LoginKind.THREADS, "178", "ada", "Ada", None)


@dataclass
class Meta:
    """Asks nobody: ``identity`` answers every token, ``failure`` refuses it."""

    identity: RemoteIdentity = ADA
    failure: RemoteFailure | None = None
    checked: list[RemoteAccount] = field(default_factory=list)

    def identify(self, network: Network, token: str, remote_id: str | None) -> RemoteIdentity:
        if self.failure is not None:
            raise self.failure
        return self.identity

    def connector(self, network: Network) -> NetworkConnector:
        return self  # type: ignore[return-value]  # only check_token is called

    def check_token(self, who: RemoteAccount) -> None:
        self.checked.append(who)
        if self.failure is not None:
            raise self.failure


class House:
    """An ``AccountService`` with everything around it."""

    def __init__(self) -> None:
        self.storage, self.secrets, self.meta = MemoryStorage(), MemorySecretStore(), Meta()
        self.changes = ChangeFeed()
        self.heard: list[Change] = []
        self.changes.subscribe(self.heard.append)
        clock = ManualClock(NOW)
        self.accounts = AccountService(self.storage, clock, self.changes, self.secrets, self.meta, self.meta)

    def connect(self, token: str = TOKEN) -> Account:
        return self.accounts.connect_with_token(Network.THREADS, token)

    def hold(self, account: Account, reason: str) -> str:
        """Store a held delivery of ``account`` and return its id."""
        post = a_post("held", account.id)
        delivery = a_delivery(
            post, account, state=DeliveryState.HELD, reason=reason, next_action_at=None, due_at=NOW + timedelta(days=1)
        )
        put(self.storage, post, delivery)
        return delivery.id

    def state_of(self, delivery_id: str) -> DeliveryState:
        with self.storage.read() as uow:
            return next(d.state for d in uow.deliveries.list() if d.id == delivery_id)


@pytest.fixture
def house() -> House:
    return House()


def refusal(kind: FailureKind, message: str = "no") -> RemoteFailure:
    return RemoteFailure(network="Threads", kind=kind, effect=Effect.REFUSED, message=message)


class TestConnecting:
    def test_a_new_account(self, house: House) -> None:
        account = house.connect(f"  {TOKEN}\n")
        assert (account.username, account.state, account.hue) == ("ada", AccountState.CONNECTED, Hue.INK)
        assert account.connected_at == NOW
        assert house.accounts.list() == [account]
        assert house.accounts.token(account.id) == TOKEN
        assert house.heard == [Change(Noun.ACCOUNTS, frozenset({account.id}))]

    def test_the_token_of_the_page_is_kept_not_that_of_the_person(self, house: House) -> None:
        house.meta.identity = replace(house.meta.identity, page_token="EAApage-token")
        assert house.accounts.token(house.connect().id) == "EAApage-token"

    def test_tokens_are_in_no_repr(self, house: House) -> None:
        house.meta.identity = replace(house.meta.identity, page_token="EAApage-token")
        account = house.connect()
        house.accounts.check(account.id)
        shown = repr((account, house.meta.identity, house.meta.checked, house.heard))
        assert "EAApage-token" not in shown
        assert TOKEN not in shown

    def test_again_keeps_id_hue_and_history(self, house: House) -> None:
        first = house.connect()
        house.accounts.set_hue(first.id, Hue.TEAL)
        house.meta.identity = replace(house.meta.identity, username="ada.new")
        again = house.connect("TH" + "c3d4" * 10)
        assert (again.id, again.hue, again.username) == (first.id, Hue.TEAL, "ada.new")
        assert len(house.accounts.list()) == 1
        assert house.accounts.token(first.id) == "TH" + "c3d4" * 10

    def test_again_after_disconnecting(self, house: House) -> None:
        first = house.connect()
        house.accounts.disconnect(first.id)
        assert house.connect().id == first.id
        assert [account.id for account in house.accounts.list()] == [first.id]

    @pytest.mark.parametrize("token", ["", "   ", "two words", "line\nbreak", "tökén", "\x00"])
    def test_what_is_no_token_never_leaves_this_computer(self, house: House, token: str) -> None:
        house.meta.failure = refusal(FailureKind.REAUTH)
        with pytest.raises(InvalidInput):
            house.connect(token)

    def test_a_refused_token_changes_nothing(self, house: House) -> None:
        house.connect()
        house.meta.failure = refusal(FailureKind.REAUTH)
        with pytest.raises(RemoteFailure):
            house.connect("TH" + "c3d4" * 10)
        assert list(house.secrets.secrets.values()) == [TOKEN]
        assert house.accounts.list()[0].state is AccountState.CONNECTED

    def test_a_locked_keychain_connects_nothing(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        def locked(name: str, secret: str) -> None:
            raise SecretStoreUnavailable(reason="it is locked")

        monkeypatch.setattr(house.secrets, "put", locked)
        with pytest.raises(SecretStoreUnavailable):
            house.connect()
        assert house.accounts.list(include_disconnected=True) == []

    def test_a_disk_that_cannot_be_written_connects_nothing(self, house: House) -> None:
        house.storage.fail_commit = DatabaseReadOnly(path="x")
        with pytest.raises(DatabaseReadOnly):
            house.connect()
        assert house.accounts.list() == []
        assert house.heard == []


class TestReleasing:
    @pytest.mark.parametrize(
        "reason", ["account_action", "reconnect", "disconnected", "action_needed", "reauth", "permission"]
    )
    def test_connecting_again_lets_deliveries_go_on_that_waited_for_it(self, house: House, reason: str) -> None:
        account = house.connect()
        held = house.hold(account, reason)
        house.connect()
        assert house.state_of(held) is DeliveryState.SCHEDULED
        assert Change(Noun.DELIVERIES, frozenset({held})) in house.heard

    @pytest.mark.parametrize("reason", ["paused", "quota_wait", "restored"])
    def test_but_not_those_that_wait_for_something_else(self, house: House, reason: str) -> None:
        account = house.connect()
        held = house.hold(account, reason)
        house.connect()
        assert house.state_of(held) is DeliveryState.HELD

    def test_nor_those_of_another_account(self, house: House) -> None:
        house.connect()
        house.meta.identity = replace(house.meta.identity, remote_id="179")
        other = house.connect()
        held = house.hold(other, "reconnect")
        house.meta.identity = replace(house.meta.identity, remote_id="178")
        house.connect()
        assert house.state_of(held) is DeliveryState.HELD


class TestChecking:
    def test_a_good_token(self, house: House) -> None:
        account = house.connect()
        assert house.accounts.check(account.id) == account
        assert [who.token for who in house.meta.checked] == [TOKEN]

    @pytest.mark.parametrize(
        ("kind", "state"),
        [
            (FailureKind.REAUTH, AccountState.RECONNECT),
            (FailureKind.PERMISSION, AccountState.RECONNECT),
            (FailureKind.ACCOUNT_ACTION, AccountState.ACTION_NEEDED),
        ],
    )
    def test_what_the_network_says_becomes_the_state(
        self, house: House, kind: FailureKind, state: AccountState
    ) -> None:
        account = house.connect()
        house.meta.failure = refusal(kind, "why")
        checked = house.accounts.check(account.id)
        assert (checked.state, checked.state_reason) == (state, "why")
        assert house.accounts.get(account.id) == checked

    def test_an_unreachable_network_says_nothing_about_the_account(self, house: House) -> None:
        account = house.connect()
        house.meta.failure = refusal(FailureKind.TRANSIENT_RETRY)
        with pytest.raises(RemoteFailure):
            house.accounts.check(account.id)
        assert house.accounts.get(account.id) == account

    def test_a_lost_token_asks_for_a_new_one(self, house: House) -> None:
        account = house.connect()
        house.secrets.secrets.clear()
        assert house.accounts.check(account.id).state is AccountState.RECONNECT
        with pytest.raises(RemoteFailure) as caught:
            house.accounts.token(account.id)
        assert (caught.value.kind, caught.value.effect) == (FailureKind.REAUTH, Effect.NOT_SENT)

    def test_well_again_lets_deliveries_go_on(self, house: House) -> None:
        account = house.connect()
        house.meta.failure = refusal(FailureKind.REAUTH)
        house.accounts.check(account.id)
        held = house.hold(account, "reconnect")
        house.meta.failure = None
        assert house.accounts.check(account.id).can_publish
        assert house.state_of(held) is DeliveryState.SCHEDULED


class TestDisconnecting:
    def test_forgets_the_token_and_keeps_the_account(self, house: House) -> None:
        account = house.connect()
        house.accounts.disconnect(account.id)
        assert house.secrets.secrets == {}
        assert house.accounts.list() == []
        (kept,) = house.accounts.list(include_disconnected=True)
        assert (kept.id, kept.state) == (account.id, AccountState.DISCONNECTED)

    def test_nobody(self, house: House) -> None:
        with pytest.raises(NotFound):
            house.accounts.disconnect("nobody")  # type: ignore[arg-type]
