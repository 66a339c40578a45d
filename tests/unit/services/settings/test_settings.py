"""Settings: declared once, checked, kept, announced."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.domain.errors import InvalidInput, UnknownZone
from desktop.services.changes import Change, ChangeFeed, Noun
from desktop.services.settings.preferences import SETTINGS, CloseButton, Preferences, Theme, WorkspaceKind
from desktop.services.settings.service import SettingsService
from tests.support.memory_storage import MemoryStorage


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def heard() -> list[Change]:
    return []


@pytest.fixture
def settings(storage: MemoryStorage, heard: list[Change]) -> SettingsService:
    changes = ChangeFeed()
    changes.subscribe(heard.append)
    return SettingsService(storage, changes, computer_zone="Europe/Oslo")


def test_defaults(settings: SettingsService) -> None:
    assert settings.get() == Preferences(zone="Europe/Oslo")
    assert settings.get().workspace_kind is WorkspaceKind.NEW


def test_changes_are_kept_and_announced(settings: SettingsService, storage: MemoryStorage, heard: list[Change]) -> None:
    after = settings.update(theme="dark", text_size=120, close_button=CloseButton.TRAY, zone="America/New_York")
    assert after == Preferences(Theme.DARK, "America/New_York", CloseButton.TRAY, 120)
    assert SettingsService(storage, ChangeFeed()).get() == after
    assert heard == [Change(Noun.SETTINGS, frozenset({"theme", "text_size", "close_button", "zone"}))]


def test_what_is_stored_is_plain_json(settings: SettingsService, storage: MemoryStorage) -> None:
    settings.update(theme=Theme.DARK, text_size=120)
    with storage.read() as uow:
        assert uow.settings.all() == {"preferences.theme": "dark", "preferences.text_size": 120}


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("theme", "purple", InvalidInput),
        ("theme", None, InvalidInput),
        ("text_size", 89, InvalidInput),
        ("text_size", 151, InvalidInput),
        ("text_size", "100", InvalidInput),
        ("text_size", True, InvalidInput),
        ("zone", "Mars/Olympus", UnknownZone),
        ("zone", 3, UnknownZone),
        ("zone", "../etc/passwd", UnknownZone),
        ("colour", "red", InvalidInput),
    ],
)
def test_bad_values_change_nothing(
    settings: SettingsService, heard: list[Change], name: str, value: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        settings.update(close_button="quit", **{name: value})
    assert settings.get() == Preferences(zone="Europe/Oslo")
    assert heard == []


def test_the_computers_zone_counts_again(settings: SettingsService) -> None:
    settings.update(zone="Asia/Tokyo")
    assert settings.update(zone="").zone == "Europe/Oslo"


def test_values_of_another_version_give_way_to_defaults(settings: SettingsService, storage: MemoryStorage) -> None:
    with storage.write() as uow:
        uow.settings.put("preferences.theme", "sepia")
        uow.settings.put("preferences.unheard_of", 1)
        uow.settings.put("theme", "dark")
        uow.settings.put("preferences.text_size", 110)
        uow.commit()
    assert settings.get() == Preferences(zone="Europe/Oslo", text_size=110)


def test_every_setting_that_is_shown_has_words() -> None:
    shown = {name: info for name, info in SETTINGS.items() if name != "workspace_kind"}
    assert all(info.title and info.help for info in shown.values())
    assert set(SETTINGS) == set(Preferences.__dataclass_fields__)
