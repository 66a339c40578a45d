"""One contract for every place that keeps secrets, and what is special about each."""

from __future__ import annotations

import json
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from desktop.domain.errors import (
    KeychainLocked,
    KeychainMissing,
    PassphraseNeeded,
    SecretFileDamaged,
    SecretStoreUnavailable,
    WrongPassphrase,
)
from desktop.host.encrypted_file import FileSecretStore
from desktop.host.sealed_store import SealedSecretStore
from desktop.host.secret_store import KeyringSecretStore
from desktop.kit.clock import SystemClock
from desktop.services.accounts.ports import SecretStore
from tests.support.memory_storage import MemoryStorage
from tests.support.secret_stores import MemorySecretStore

# written by Part 1
FILE_OF_PART_1 = {
    "format": 1,
    "kdf": "argon2id",
    "salt": "nz2h7avzC1h5qZNbUjnCcg==",
    "iterations": 3,
    "lanes": 4,
    "memory_kib": 65536,
    "sealed": "ROj2Vhwwnrs95FUTcV1I+cqHMAKD2nmO6jcRPYnqXNol/0HPXcxOxZ3dMnU0gsjtWb/pPQY=",
}


class DictionaryKeyring(keyring.backend.KeyringBackend):
    """A back end of the keyring library that keeps everything in memory; ``failure`` makes each call fail."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.failure: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._fail()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._fail()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._fail()
        del self.entries[service, username]

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def backend() -> Iterator[DictionaryKeyring]:
    before = keyring.get_keyring()
    installed = DictionaryKeyring()
    keyring.set_keyring(installed)
    yield installed
    keyring.set_keyring(before)


@pytest.fixture(params=["memory", "file", "keyring", "sealed"])
def store(request: pytest.FixtureRequest, tmp_path: Path, backend: DictionaryKeyring) -> SecretStore:
    stores: dict[str, Callable[[], SecretStore]] = {
        "memory": MemorySecretStore,
        "file": lambda: FileSecretStore(tmp_path / "secrets.json", "correct horse"),
        "keyring": lambda: KeyringSecretStore("profile-1"),
        "sealed": lambda: SealedSecretStore(
            MemoryStorage(), MemorySecretStore(), "profile-1", tmp_path / "key.lock", SystemClock()
        ),
    }
    return stores[request.param]()


class TestContract:
    def test_nothing_is_there_at_first(self, store: SecretStore) -> None:
        assert store.get("account/1") is None

    def test_gives_back_what_it_was_given(self, store: SecretStore) -> None:
        store.put("account/1", 'EAAsecret-ä🚀 with spaces and "quotes"')
        store.put("account/2", "x" * 8000)
        assert store.get("account/1") == 'EAAsecret-ä🚀 with spaces and "quotes"'
        assert store.get("account/2") == "x" * 8000

    def test_replaces(self, store: SecretStore) -> None:
        store.put("account/1", "first")
        store.put("account/1", "second")
        assert store.get("account/1") == "second"

    def test_forgets_only_what_it_is_told_to(self, store: SecretStore) -> None:
        store.put("account/1", "one-secret")
        store.put("account/2", "two-secret")
        store.remove("account/1")
        assert store.get("account/1") is None
        assert store.get("account/2") == "two-secret"

    def test_forgetting_nothing_is_fine(self, store: SecretStore) -> None:
        store.remove("never put")


class TestEncryptedFile:
    def test_survives_a_restart(self, tmp_path: Path) -> None:
        FileSecretStore(tmp_path / "s.json", "pass").put("a", "secret")
        assert FileSecretStore(tmp_path / "s.json", "pass").get("a") == "secret"

    def test_a_wrong_passphrase_reads_and_changes_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "s.json"
        FileSecretStore(path, "pass").put("a", "secret")
        before = path.read_bytes()
        wrong = FileSecretStore(path, "Pass")
        for call in (lambda: wrong.get("a"), lambda: wrong.put("a", "other"), lambda: wrong.remove("a")):
            with pytest.raises(WrongPassphrase):
                call()
        assert path.read_bytes() == before

    def test_no_passphrase_is_refused_before_anything_is_written(self, tmp_path: Path) -> None:
        with pytest.raises(PassphraseNeeded) as caught:
            FileSecretStore(tmp_path / "s.json", "").put("a", "secret")
        assert "TIDINGS_PASSPHRASE" in caught.value.advice
        assert not (tmp_path / "s.json").exists()

    def test_files_of_part_1_open_and_then_tell_damage_from_a_wrong_passphrase(self, tmp_path: Path) -> None:
        path = tmp_path / "s.json"
        path.write_text(json.dumps(FILE_OF_PART_1))
        with pytest.raises(WrongPassphrase):
            FileSecretStore(path, "wrong").get("account/1")
        store = FileSecretStore(path, "correct horse")
        assert store.get("account/1") == "EAAtoken"
        store.put("account/2", "another")
        document = json.loads(path.read_text())
        path.write_text(json.dumps({**document, "sealed": FILE_OF_PART_1["sealed"]}))
        with pytest.raises(SecretFileDamaged):
            FileSecretStore(path, "correct horse").get("account/1")
        with pytest.raises(WrongPassphrase):
            FileSecretStore(path, "wrong").get("account/1")

    def test_neither_names_nor_secrets_are_readable(self, tmp_path: Path) -> None:
        path = tmp_path / "s.json"
        FileSecretStore(path, "pass").put("account/1234", "EAAplain")
        for needle in (b"EAAplain", b"account", b"1234", b"pass"):
            assert needle not in path.read_bytes()

    @pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
    def test_only_the_owner_may_read_it(self, tmp_path: Path) -> None:
        path = tmp_path / "s.json"
        FileSecretStore(path, "pass").put("a", "secret")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @pytest.mark.parametrize("field", ["salt", "iterations", "sealed"])
    def test_a_changed_file_is_refused(self, tmp_path: Path, field: str) -> None:
        path = tmp_path / "s.json"
        FileSecretStore(path, "pass").put("a", "secret")
        document = json.loads(path.read_text())
        value = document[field]
        document[field] = value - 1 if isinstance(value, int) else ("B" if value[0] == "A" else "A") + value[1:]
        path.write_text(json.dumps(document))
        with pytest.raises(SecretStoreUnavailable):
            FileSecretStore(path, "pass").get("a")

    @pytest.mark.parametrize(
        "rubbish",
        [
            "",
            "{",
            "[]",
            '{"format": 99, "sealed": ""}',
            '{"format": 1, "sealed": "", "salt": "c2hvcnQ=", "iterations": 0, "lanes": 0, "memory_kib": 8}',
            '{"format": 1, "sealed": "", "iterations": 1, "memory_kib": 8}',
        ],
    )
    def test_rubbish_is_refused_and_kept(self, tmp_path: Path, rubbish: str) -> None:
        path = tmp_path / "s.json"
        path.write_text(rubbish)
        with pytest.raises(SecretFileDamaged):
            FileSecretStore(path, "pass").put("a", "secret")
        assert path.read_text() == rubbish

    def test_two_stores_on_one_file_lose_nothing(self, tmp_path: Path) -> None:
        stores = [FileSecretStore(tmp_path / "s.json", "pass") for _ in range(2)]

        def fill(number: int) -> None:
            for i in range(10):
                stores[number].put(f"{number}/{i}", f"secret-{number}-{i}")

        threads = [threading.Thread(target=fill, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        fresh = FileSecretStore(tmp_path / "s.json", "pass")
        assert [fresh.get(f"{n}/{i}") for n in range(2) for i in range(10)] == [
            f"secret-{n}-{i}" for n in range(2) for i in range(10)
        ]


class TestKeyring:
    def test_profiles_never_meet(self, backend: DictionaryKeyring) -> None:
        KeyringSecretStore("one").put("account/1", "secret")
        assert KeyringSecretStore("two").get("account/1") is None
        assert [service for service, _ in backend.entries] == ["Tidings one"]

    @pytest.mark.parametrize(
        ("failure", "words"),
        [
            (keyring.errors.NoKeyringError(), "keychain_missing"),
            (keyring.errors.KeyringLocked(), "keychain_locked"),
            (keyring.errors.InitError(), "keychain_locked"),
            (ConnectionResetError(), "secret_store_unavailable.*ConnectionResetError"),
            (TimeoutError(), "secret_store_unavailable.*TimeoutError"),
        ],
    )
    def test_every_failure_reads_as_unavailable(
        self, backend: DictionaryKeyring, failure: Exception, words: str
    ) -> None:
        backend.failure = failure
        store = KeyringSecretStore("one")
        for call in (lambda: store.get("a"), lambda: store.put("a", "secret"), lambda: store.remove("a")):
            with pytest.raises(SecretStoreUnavailable, match=words) as caught:
                call()
            assert "TIDINGS_SECRET_STORE=file" in caught.value.advice

    def test_a_computer_without_keychain(self) -> None:
        with pytest.raises(KeychainMissing):
            KeyringSecretStore("one").put("a", "secret")

    def test_a_prompt_nobody_answers_ends_in_an_error_and_can_be_answered_later(
        self, backend: DictionaryKeyring, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answered = threading.Event()
        asked: list[str] = []

        def wait_for_an_answer(self: DictionaryKeyring, service: str, username: str) -> str | None:
            asked.append(username)
            answered.wait()
            return self.entries.get((service, username))

        monkeypatch.setattr(DictionaryKeyring, "get_password", wait_for_an_answer)
        backend.entries["Tidings one", "a"] = "secret"
        store = KeyringSecretStore("one", patience=timedelta(milliseconds=50))
        for _ in range(3):
            with pytest.raises(KeychainLocked):
                store.get("a")
        assert asked == ["a"]  # one prompt is open, and no second one beside it
        answered.set()
        assert KeyringSecretStore("one").get("a") == "secret"

    def test_plain_text_back_ends_are_refused(
        self, monkeypatch: pytest.MonkeyPatch, backend: DictionaryKeyring
    ) -> None:
        monkeypatch.setattr(DictionaryKeyring, "__module__", "keyrings.alt.file")
        with pytest.raises(SecretStoreUnavailable, match="plain text"):
            KeyringSecretStore("one").put("a", "secret")
        assert not backend.entries

    def test_windows_says_when_a_secret_is_too_long(
        self, monkeypatch: pytest.MonkeyPatch, backend: DictionaryKeyring
    ) -> None:
        monkeypatch.setattr(sys, "platform", "win32")
        with pytest.raises(SecretStoreUnavailable, match="2560"):
            KeyringSecretStore("one").put("a", "x" * 1281)
        KeyringSecretStore("one").put("a", "x" * 1280)
