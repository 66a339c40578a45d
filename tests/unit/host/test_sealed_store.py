"""Secrets sealed in the database: what opens them, what does not, and what a crash may leave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import (
    DataKeyMissing,
    KeychainLocked,
    SecretDamaged,
    SecretStoreUnavailable,
    WrongPassphrase,
)
from desktop.host.encrypted_file import FileSecretStore
from desktop.host.key_vault import ENTRY, NEXT_ENTRY
from desktop.host.redaction import redact
from desktop.host.sealed_store import SealedSecretStore
from desktop.host.sealing import DataKey
from desktop.kit.clock import ManualClock
from desktop.services.unit_of_work import SealedSecret, Storage
from desktop.storage.database import open_storage
from desktop.storage.unit_of_work import SqlStorage
from tests.support.secret_stores import MemorySecretStore
from tests.support.stored_things import NOW

NAME, TOKEN = "account/1", "EAAsecret-of-account-one"


class Crash(BaseException):
    """The process ends here."""


class CrashingVault(MemorySecretStore):
    """Ends the process before or after the n-th change; ``rewrites_in_two`` removes an entry first, as macOS does."""

    def __init__(self, secrets: dict[str, str], changes_left: int) -> None:
        super().__init__()
        self.secrets = secrets
        self.changes_left = changes_left

    def put(self, name: str, secret: str) -> None:
        if name in self.secrets:
            self._change(lambda: self.secrets.pop(name))
        self._change(lambda: self.secrets.__setitem__(name, secret))

    def remove(self, name: str) -> None:
        if name in self.secrets:
            self._change(lambda: self.secrets.pop(name))

    def _change(self, change: Callable[[], object]) -> None:
        if self.changes_left == 0:
            raise Crash
        self.changes_left -= 1
        change()


class LockedVault(MemorySecretStore):
    """A keychain nobody unlocks."""

    def get(self, name: str) -> str | None:
        raise KeychainLocked

    def put(self, name: str, secret: str) -> None:
        raise KeychainLocked

    def remove(self, name: str) -> None:
        raise KeychainLocked


class CountingVault(MemorySecretStore):
    """Counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def get(self, name: str) -> str | None:
        self.reads += 1
        return super().get(name)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[SqlStorage]:
    opened = open_storage(tmp_path / "tidings.db", backups=tmp_path / "backups")
    yield opened
    opened.close()


@pytest.fixture
def vault() -> MemorySecretStore:
    return MemorySecretStore()


@pytest.fixture
def opened(storage: SqlStorage, vault: MemorySecretStore, tmp_path: Path) -> Callable[..., SealedSecretStore]:
    """Return what a process does at its start; each call is another process."""

    def open_store(vault: MemorySecretStore | FileSecretStore = vault, profile: str = "profile-1") -> SealedSecretStore:
        return SealedSecretStore(storage, vault, profile, tmp_path / "data-key.lock", ManualClock(NOW))

    return open_store


Opened = Callable[..., SealedSecretStore]


def rows(storage: Storage) -> list[SealedSecret]:
    with storage.read() as uow:
        return list(uow.secrets.list())


def change(storage: Storage, row: SealedSecret) -> None:
    with storage.write() as uow:
        uow.secrets.put(row)
        uow.commit()


class TestSealing:
    @given(st.text(), st.text(), st.text())
    def test_what_is_sealed_opens_again(self, profile: str, name: str, secret: str) -> None:
        key = DataKey.from_text(DataKey.generate().to_text())
        assert key.open(profile, name, key.seal(profile, name, secret)) == secret

    @given(st.data())
    def test_one_changed_bit_is_noticed(self, data: st.DataObject) -> None:
        key = DataKey.generate()
        sealed = bytearray(key.seal("p", "n", TOKEN))
        place = data.draw(st.integers(0, len(sealed) * 8 - 1))
        sealed[place // 8] ^= 1 << place % 8
        with pytest.raises(SecretDamaged):
            key.open("p", "n", bytes(sealed))

    def test_the_same_secret_never_looks_the_same(self) -> None:
        key = DataKey.generate()
        assert len({key.seal("p", "n", TOKEN) for _ in range(100)}) == 100

    @pytest.mark.parametrize("length", [0, 11, 12, 27])
    def test_a_shortened_one_is_damaged(self, length: int) -> None:
        key = DataKey.generate()
        with pytest.raises(SecretDamaged):
            key.open("p", "n", key.seal("p", "n", TOKEN)[:length])

    def test_a_secret_cannot_be_moved_elsewhere(self) -> None:
        key = DataKey.generate()
        sealed = key.seal("p", "n", TOKEN)
        for profile, name, other in (("q", "n", key), ("p", "m", key), ("p", "n", replace(key, id="another"))):
            with pytest.raises(SecretDamaged):
                other.open(profile, name, sealed)

    def test_a_key_shows_in_no_repr_and_no_log(self) -> None:
        key = DataKey.generate()
        text = key.to_text()
        assert text.split()[1] not in repr(key)
        assert DataKey.from_text(text) == key
        assert redact(f"key {text}") == f"key {key.id} [removed]"

    @pytest.mark.parametrize("rubbish", ["", "key", "key c2hvcnQ=", "key ~~~"])
    def test_a_damaged_entry_is_refused(self, rubbish: str) -> None:
        with pytest.raises(SecretStoreUnavailable, match="entry"):
            DataKey.from_text(rubbish)


class TestKeeping:
    def test_the_vault_holds_one_short_entry_however_many_secrets(
        self, opened: Opened, vault: MemorySecretStore
    ) -> None:
        store = opened()
        for number in range(20):
            store.put(f"account/{number}", TOKEN * 100)
        assert list(vault.secrets) == [ENTRY]
        assert len(vault.secrets[ENTRY]) < 100
        assert opened().get("account/7") == TOKEN * 100

    def test_nothing_readable_is_in_the_database(
        self, opened: Opened, vault: MemorySecretStore, storage: SqlStorage
    ) -> None:
        opened().put(NAME, TOKEN)
        material = DataKey.from_text(vault.secrets[ENTRY]).material
        held = b"".join(path.read_bytes() for path in storage.path.parent.glob("tidings.db*"))
        assert NAME.encode() in held
        for needle in (TOKEN.encode(), material, material.hex().encode(), vault.secrets[ENTRY].split()[1].encode()):
            assert needle not in held

    def test_opening_and_not_using_asks_nobody(self, opened: Opened) -> None:
        vault = CountingVault()
        opened(vault)
        assert vault.reads == 0

    def test_the_vault_is_asked_once_for_many_secrets(self, opened: Opened, vault: MemorySecretStore) -> None:
        first = opened()
        for number in range(5):
            first.put(f"account/{number}", TOKEN)
        counting = CountingVault()
        counting.secrets = vault.secrets
        store = opened(counting)
        store.get("account/0")
        asked = counting.reads
        for number in range(5):
            store.get(f"account/{number}")
            store.put(f"account/{number}", "another token")
        assert counting.reads == asked

    def test_whatever_was_read_is_redacted(self, opened: Opened) -> None:
        opened().put(NAME, "Zr4-unlike-any-token")
        assert opened().get(NAME) == "Zr4-unlike-any-token"
        assert redact("it is Zr4-unlike-any-token!") == "it is [removed]!"

    def test_the_secret_in_a_document_is_redacted_and_its_names_are_not(self, opened: Opened) -> None:
        opened().put("app/threads", '{"client_id": "10203040", "secret": "unlike-any-9f2", "config_id": ""}')
        assert redact("app 10203040 with unlike-any-9f2") == "app 10203040 with [removed]"
        opened().put("odd", '{"no document')
        assert opened().get("odd") == '{"no document'

    def test_a_locked_keychain_changes_nothing(self, opened: Opened, storage: SqlStorage) -> None:
        store = opened(LockedVault())
        calls: list[Callable[[], object]] = [
            lambda: store.get(NAME),
            lambda: store.put(NAME, TOKEN),
            lambda: store.remove(NAME),
        ]
        for call in calls:
            with pytest.raises(KeychainLocked):
                call()
        assert rows(storage) == []

    def test_a_stored_secret_is_forgotten_even_while_the_keychain_is_locked(
        self, opened: Opened, storage: SqlStorage
    ) -> None:
        opened().put(NAME, TOKEN)
        opened(LockedVault()).remove(NAME)
        assert rows(storage) == []

    def test_a_key_that_does_not_come_back_seals_nothing(self, opened: Opened, storage: SqlStorage) -> None:
        class Forgetful(MemorySecretStore):
            def put(self, name: str, secret: str) -> None:
                pass

        with pytest.raises(SecretStoreUnavailable, match="give back"):
            opened(Forgetful()).put(NAME, TOKEN)
        assert rows(storage) == []

    def test_processes_that_start_at_once_agree_on_one_key(
        self, opened: Opened, vault: MemorySecretStore, storage: SqlStorage
    ) -> None:
        barrier = threading.Barrier(8)

        def first_secret(number: int) -> None:
            store = opened()
            barrier.wait()
            store.put(f"account/{number}", f"{TOKEN}-{number}")

        threads = [threading.Thread(target=first_secret, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({row.key_id for row in rows(storage)}) == 1
        assert list(vault.secrets) == [ENTRY]
        assert [opened().get(f"account/{number}") for number in range(8)] == [f"{TOKEN}-{n}" for n in range(8)]


class TestDamage:
    def test_one_damaged_secret_does_not_lose_the_others(self, opened: Opened, storage: SqlStorage) -> None:
        store = opened()
        store.put("account/1", TOKEN)
        store.put("account/2", TOKEN)
        change(storage, replace(rows(storage)[0], sealed=b"rubbish" * 9))
        with pytest.raises(SecretDamaged) as caught:
            opened().get("account/1")
        assert "Connect the account again" in caught.value.advice
        assert opened().get("account/2") == TOKEN
        opened().put("account/1", "a fresh token")
        assert opened().get("account/1") == "a fresh token"

    def test_swapped_rows_are_noticed(self, opened: Opened, storage: SqlStorage) -> None:
        opened().put("account/1", "token of one")
        opened().put("account/2", "token of two")
        one, two = rows(storage)
        change(storage, replace(one, sealed=two.sealed))
        with pytest.raises(SecretDamaged):
            opened().get("account/1")

    def test_on_another_computer_accounts_are_connected_again_and_nothing_else_is_lost(
        self, opened: Opened, storage: SqlStorage
    ) -> None:
        opened().put("account/1", TOKEN)
        opened().put("account/2", TOKEN)
        other = MemorySecretStore()
        with pytest.raises(DataKeyMissing) as caught:
            opened(other).get("account/1")
        assert caught.value.code == "data_key_missing"
        opened(other).put("account/1", "connected again")
        assert opened(other).get("account/1") == "connected again"
        # back on the first computer, what was sealed there still opens
        assert opened().get("account/2") == TOKEN
        with pytest.raises(DataKeyMissing):
            opened(other).get("account/2")


class TestMovingIn:
    def test_a_token_of_part_1_moves_from_the_keychain(
        self, opened: Opened, vault: MemorySecretStore, storage: SqlStorage
    ) -> None:
        vault.secrets[NAME] = TOKEN
        assert opened().get(NAME) == TOKEN
        assert list(vault.secrets) == [ENTRY]
        assert [row.name for row in rows(storage)] == [NAME]
        assert opened().get(NAME) == TOKEN

    def test_a_token_of_part_1_moves_from_the_encrypted_file(self, opened: Opened, tmp_path: Path) -> None:
        path = tmp_path / "secrets.json"
        FileSecretStore(path, "pass").put(NAME, TOKEN)
        assert opened(FileSecretStore(path, "pass")).get(NAME) == TOKEN
        assert FileSecretStore(path, "pass").get(NAME) is None
        with pytest.raises(WrongPassphrase):
            opened(FileSecretStore(path, "Pass")).get(NAME)
        assert opened(FileSecretStore(path, "pass")).get(NAME) == TOKEN

    def test_connecting_anew_replaces_it(self, opened: Opened, vault: MemorySecretStore) -> None:
        vault.secrets[NAME] = "old"
        opened().put(NAME, TOKEN)
        assert list(vault.secrets) == [ENTRY]
        assert opened().get(NAME) == TOKEN

    def test_disconnecting_forgets_it_wherever_it_is(self, opened: Opened, vault: MemorySecretStore) -> None:
        vault.secrets[NAME] = TOKEN
        opened().remove(NAME)
        assert opened().get(NAME) is None

    @pytest.mark.parametrize("changes", range(3))
    def test_a_crash_on_the_way_loses_nothing(self, opened: Opened, changes: int) -> None:
        secrets = {NAME: TOKEN}
        with suppress(Crash):
            opened(CrashingVault(secrets, changes)).get(NAME)
        assert opened(CrashingVault(secrets, 99)).get(NAME) == TOKEN


class TestRotation:
    def test_everything_is_sealed_anew_and_the_old_key_is_gone(
        self, opened: Opened, vault: MemorySecretStore, storage: SqlStorage
    ) -> None:
        store = opened()
        store.put("account/1", TOKEN)
        store.put("account/2", TOKEN)
        before, old = rows(storage), vault.secrets[ENTRY]
        store.rotate_key()
        assert list(vault.secrets) == [ENTRY]
        assert vault.secrets[ENTRY] != old
        for was, row in zip(before, rows(storage), strict=True):
            assert row.key_id != was.key_id
            assert row.sealed != was.sealed
        assert [opened().get(f"account/{n}") for n in (1, 2)] == [TOKEN, TOKEN]

    def test_without_a_key_there_is_nothing_to_do(self, opened: Opened, vault: MemorySecretStore) -> None:
        opened().rotate_key()
        assert vault.secrets == {}

    def test_a_damaged_secret_does_not_stop_it(self, opened: Opened, storage: SqlStorage) -> None:
        store = opened()
        store.put("account/1", TOKEN)
        store.put("account/2", TOKEN)
        damaged = replace(rows(storage)[0], sealed=b"rubbish" * 9)
        change(storage, damaged)
        store.rotate_key()
        assert rows(storage)[0] == damaged
        assert opened().get("account/2") == TOKEN
        # the damaged one must not make anybody believe that the old key still counts
        opened().put("account/3", TOKEN)
        assert opened().get("account/3") == TOKEN

    @pytest.mark.parametrize("had_secret", [True, False])
    def test_a_process_that_knows_the_old_key_loses_nothing(self, opened: Opened, had_secret: bool) -> None:
        long_running = opened()
        long_running.put(NAME, TOKEN)
        if not had_secret:
            long_running.remove(NAME)
        opened().rotate_key()
        long_running.put("account/2", TOKEN)
        assert opened().get("account/2") == TOKEN
        assert opened().get(NAME) == long_running.get(NAME) == (TOKEN if had_secret else None)

    # the new key; the old entry removed and rewritten; the second entry of the new key
    @pytest.mark.parametrize("changes", range(5))
    def test_a_crash_between_its_steps_loses_nothing(self, opened: Opened, storage: SqlStorage, changes: int) -> None:
        secrets: dict[str, str] = {}
        opened(CrashingVault(secrets, 99)).put(NAME, TOKEN)
        with suppress(Crash):
            opened(CrashingVault(secrets, changes)).rotate_key()
        assert (NEXT_ENTRY in secrets) == (changes in (1, 2, 3))
        assert opened(CrashingVault(secrets, 0)).get(NAME) == TOKEN
        # the next one who seals something finishes it
        opened(CrashingVault(secrets, 99)).put("account/2", TOKEN)
        assert list(secrets) == [ENTRY]
        assert {row.key_id for row in rows(storage)} == {DataKey.from_text(secrets[ENTRY]).id}
        assert [opened(CrashingVault(secrets, 0)).get(name) for name in (NAME, "account/2")] == [TOKEN, TOKEN]

    @pytest.mark.parametrize("changes", range(5))
    def test_a_second_rotation_finishes_the_first(self, opened: Opened, changes: int) -> None:
        secrets: dict[str, str] = {}
        opened(CrashingVault(secrets, 99)).put(NAME, TOKEN)
        for _ in range(3):
            with suppress(Crash):
                opened(CrashingVault(secrets, changes)).rotate_key()
            assert opened(CrashingVault(secrets, 0)).get(NAME) == TOKEN
        opened(CrashingVault(secrets, 99)).rotate_key()
        assert list(secrets) == [ENTRY]
        assert opened(CrashingVault(secrets, 0)).get(NAME) == TOKEN

    def test_a_crash_before_the_commit_leaves_the_old_key(
        self, opened: Opened, vault: MemorySecretStore, storage: SqlStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened().put(NAME, TOKEN)
        before = rows(storage)
        with monkeypatch.context() as patch:
            patch.setattr(DataKey, "seal", lambda *_: (_ for _ in ()).throw(Crash))
            with pytest.raises(Crash):
                opened().rotate_key()
        assert rows(storage) == before
        assert opened().get(NAME) == TOKEN


class TestMovingTheKey:
    def test_it_moves_into_a_file_with_a_passphrase(
        self, opened: Opened, vault: MemorySecretStore, storage: SqlStorage, tmp_path: Path
    ) -> None:
        store = opened()
        store.put(NAME, TOKEN)
        before = rows(storage)
        store.move_key(FileSecretStore(tmp_path / "s.json", "pass"))
        assert vault.secrets == {}
        assert rows(storage) == before
        assert store.get(NAME) == opened(FileSecretStore(tmp_path / "s.json", "pass")).get(NAME) == TOKEN

    def test_a_locked_keychain_can_be_left_for_a_file(self, opened: Opened, tmp_path: Path) -> None:
        store = opened(LockedVault())
        store.move_key(FileSecretStore(tmp_path / "s.json", "pass"))
        assert (tmp_path / "s.json").exists()
        store.put(NAME, TOKEN)
        assert opened(FileSecretStore(tmp_path / "s.json", "pass")).get(NAME) == TOKEN

    def test_opening_the_file_again_changes_nothing_in_it(self, opened: Opened, tmp_path: Path) -> None:
        path = tmp_path / "s.json"
        opened(FileSecretStore(path, "pass")).put(NAME, TOKEN)
        before = path.read_bytes()
        store = opened(FileSecretStore(path, ""))
        with pytest.raises(WrongPassphrase):
            store.move_key(FileSecretStore(path, "wrong"))
        for _ in range(2):
            store.move_key(FileSecretStore(path, "pass"))
            assert store.get(NAME) == TOKEN
        assert path.read_bytes() == before

    def test_a_vault_that_refuses_changes_nothing(self, opened: Opened, vault: MemorySecretStore) -> None:
        store = opened()
        store.put(NAME, TOKEN)
        before = dict(vault.secrets)
        with pytest.raises(KeychainLocked):
            store.move_key(LockedVault())
        assert vault.secrets == before
        assert store.get(NAME) == TOKEN

    def test_an_old_key_the_keychain_no_longer_gives_is_still_known_to_this_process(
        self, opened: Opened, vault: MemorySecretStore, tmp_path: Path
    ) -> None:
        store = opened()
        store.put(NAME, TOKEN)
        vault.secrets.clear()
        with pytest.raises(DataKeyMissing):
            opened().get(NAME)
        assert store.get(NAME) == TOKEN


def test_a_lock_that_cannot_be_made_reads_as_unavailable(storage: SqlStorage, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    store = SealedSecretStore(storage, MemorySecretStore(), "p", tmp_path / "a file" / "lock", ManualClock(NOW))
    with pytest.raises(SecretStoreUnavailable):
        store.put(NAME, TOKEN)
