from __future__ import annotations

import pytest

from desktop.domain.errors import InvalidInput, KeychainLocked
from desktop.services.changes import Change, ChangeFeed, Noun
from desktop.services.hosting.errors import RelayCredentialsMissing, RelayKeysLocked
from desktop.services.hosting.relay_settings import RelaySettings
from desktop.services.hosting.relays import RelayCredentials, read_relay
from tests.support.memory_storage import MemoryStorage
from tests.support.secret_stores import MemorySecretStore

HERE, ELSEWHERE = "s3://media/p?region=auto", "s3://media/p?endpoint=https://other.example"
VARIABLES = {"AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": "env-key"}


class Desk:
    def __init__(self, url: str = "", variables: dict[str, str] | None = None) -> None:
        self.storage, self.secrets, self.changes = MemoryStorage(), MemorySecretStore(), ChangeFeed()
        self.heard: list[Change] = []
        self.changes.subscribe(self.heard.append)
        self.settings = RelaySettings(self.storage, self.secrets, self.changes, url, variables)


def test_nothing_is_chosen_at_first() -> None:
    assert Desk().settings.current() is None


def test_a_chosen_relay_is_kept_with_its_key_in_the_secret_store_only() -> None:
    desk = Desk()
    desk.settings.choose(HERE, "id", "key")
    assert desk.settings.current() == read_relay(HERE)
    assert desk.settings.credentials(read_relay(HERE)) == RelayCredentials("id", "key")
    assert desk.heard == [Change(Noun.SETTINGS, frozenset({"hosting.relay"}))]
    with desk.storage.read() as uow:
        assert "key'" not in repr(uow.settings.all()).replace("'key_id'", "")
    again = RelaySettings(desk.storage, desk.secrets, desk.changes)
    assert again.current() == read_relay(HERE)


def test_another_option_of_the_same_place_keeps_the_key_and_another_place_does_not() -> None:
    desk = Desk()
    desk.settings.choose(HERE, "id", "key")
    desk.settings.choose(f"{HERE}&public=https://cdn.example")
    current = desk.settings.current()
    assert current is not None
    assert desk.settings.credentials(current) == RelayCredentials("id", "key")
    with pytest.raises(RelayCredentialsMissing):
        desk.settings.credentials(read_relay(ELSEWHERE))
    desk.settings.choose(ELSEWHERE)
    assert desk.secrets.secrets == {}
    with pytest.raises(RelayCredentialsMissing):
        desk.settings.credentials(read_relay(HERE))


def test_forgetting_forgets_the_key_too() -> None:
    desk = Desk()
    desk.settings.choose(HERE, "id", "key")
    desk.settings.forget()
    assert desk.settings.current() is None
    assert desk.secrets.secrets == {}


def test_a_wrong_address_changes_nothing() -> None:
    desk = Desk()
    with pytest.raises(InvalidInput):
        desk.settings.choose("s3://media?secret=1", "id", "key")
    assert desk.settings.current() is None
    assert desk.secrets.secrets == {}


def test_the_environment_stands_above_the_setting() -> None:
    desk = Desk(ELSEWHERE, VARIABLES)
    assert desk.settings.current() == read_relay(ELSEWHERE)
    assert desk.settings.is_given
    assert desk.settings.credentials(read_relay(ELSEWHERE)) == RelayCredentials("env", "env-key")
    with pytest.raises(InvalidInput, match="TIDINGS_RELAY_URL"):
        desk.settings.choose(HERE)
    with pytest.raises(InvalidInput):
        Desk("nonsense")


def test_what_another_process_chose_is_seen_once_it_is_announced() -> None:
    desk = Desk()
    assert desk.settings.current() is None
    RelaySettings(desk.storage, desk.secrets, ChangeFeed()).choose(HERE, "id", "key")
    desk.changes.announce(Noun.SETTINGS)
    assert desk.settings.current() == read_relay(HERE)


def test_a_locked_keychain_is_trouble_of_the_relay_that_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    desk.settings.choose(HERE, "id", "key")

    def locked(name: str) -> str:
        raise KeychainLocked

    monkeypatch.setattr(desk.secrets, "get", locked)
    with pytest.raises(RelayKeysLocked) as caught:
        desk.settings.credentials(read_relay(HERE))
    assert not caught.value.is_lasting
