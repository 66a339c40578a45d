"""What becomes of the secrets when a backup is restored."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from desktop.bootstrap.container import build_container
from desktop.bootstrap.restoring import restore_profile
from desktop.domain.errors import DataKeyMissing
from desktop.host.environment import Environment, SecretStoreKind
from desktop.host.paths import Profile

ENCRYPTED = Environment(secret_store=SecretStoreKind.FILE, passphrase="x")
NAME, TOKEN = "account/1", "EAAsecret-of-account-one"


def kept(profile: Profile, name: str = NAME) -> str | None:
    with closing(build_container(profile, ENCRYPTED)) as container:
        return container.secrets.get(name)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    profile = Profile(tmp_path / "profile")
    with closing(build_container(profile, ENCRYPTED)) as container:
        container.secrets.put(NAME, TOKEN)
        container.back_up(tmp_path / "backup.sqlite")
        container.secrets.put("account/2", "connected after the backup")
    return profile


def test_on_the_same_computer_they_are_carried_over(profile: Profile, tmp_path: Path) -> None:
    restore_profile(profile, tmp_path / "backup.sqlite")
    assert kept(profile) == TOKEN
    assert kept(profile, "account/2") == "connected after the backup"


def test_on_another_computer_there_are_none(profile: Profile, tmp_path: Path) -> None:
    other = Profile(tmp_path / "other")
    restore_profile(other, tmp_path / "backup.sqlite")
    assert kept(other) is None


def test_a_copied_database_does_not_open_elsewhere(profile: Profile, tmp_path: Path) -> None:
    other = Profile(tmp_path / "other")
    other.prepare()
    other.database.write_bytes(profile.database.read_bytes())
    with pytest.raises(DataKeyMissing):
        kept(other)


def test_over_a_damaged_database_they_are_lost_and_nothing_else(profile: Profile, tmp_path: Path) -> None:
    profile.database.write_bytes(b"rubbish" * 1000)
    assert restore_profile(profile, tmp_path / "backup.sqlite") is not None
    assert kept(profile) is None
    with closing(build_container(profile, ENCRYPTED)) as container:
        container.secrets.put(NAME, "connected again")
    assert kept(profile) == "connected again"


def test_a_passphrase_can_be_chosen_in_the_place_of_a_keychain(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profile")
    with closing(build_container(profile, Environment())) as container:
        container.secrets.use_passphrase("x")
        container.secrets.put(NAME, TOKEN)
        container.secrets.rotate_key()
    with closing(build_container(profile, Environment(passphrase="x"))) as container:
        assert container.secrets.get(NAME) == TOKEN
