"""Settings: what is changed is stored and takes effect; a backup can be opened again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.bootstrap.container import Container
from desktop.gui.pages.settings.view import SettingsPage
from desktop.services.settings.preferences import CloseButton, Theme, WorkspaceKind
from desktop.storage.backup import verify
from tests.support.window_rig import Toasts, has_part, page_context, part
from tests.support.workspaces import workspace


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    with workspace(tmp_path / "profile") as opened:
        yield opened


@pytest.fixture
def toasts() -> Toasts:
    return Toasts()


@pytest.fixture
def page(container: Container, toasts: Toasts, qtbot: QtBot) -> Iterator[SettingsPage]:
    context = page_context(container, toasts)
    made = SettingsPage(context)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    yield made
    context.release()


def test_every_choice_is_stored(container: Container, page: SettingsPage) -> None:
    part(page, "settings.theme.dark").click()
    part(page, "settings.text_size.125").click()
    part(page, "settings.zone").select("America/New_York")
    part(page, "settings.close_button").select("quit")
    stored = container.settings.get()
    assert (stored.theme, stored.text_size) == (Theme.DARK, 125)
    assert (stored.zone, stored.close_button) == ("America/New_York", CloseButton.QUIT)


def test_follows_a_change_made_elsewhere(container: Container, page: SettingsPage, qtbot: QtBot) -> None:
    container.settings.update(theme="dark", zone="Asia/Tokyo")
    qtbot.waitUntil(lambda: part(page, "settings.theme.dark").isChecked())
    assert part(page, "settings.zone").current == "Asia/Tokyo"
    container.deliveries.pause()
    qtbot.waitUntil(lambda: part(page, "settings.pause").isChecked())


def test_pauses_and_resumes(container: Container, page: SettingsPage) -> None:
    part(page, "settings.pause").click()
    assert container.deliveries.is_paused()
    part(page, "settings.pause").click()
    assert not container.deliveries.is_paused()


def test_a_backup_is_a_sound_copy(page: SettingsPage, toasts: Toasts, tmp_path: Path) -> None:
    target = tmp_path / page.viewmodel.backup_name()
    page.viewmodel.back_up(target)
    assert verify(target) > 0
    assert toasts.last.text == "A verified copy is in tidings-2026-11-12-1342.db."
    page.viewmodel.back_up(tmp_path / "nowhere" / "copy.db")
    assert toasts.last.tone == "warning"


def test_shows_and_copies_where_the_data_lies(container: Container, page: SettingsPage) -> None:
    part(page, "settings.folder.copy").click()
    assert QGuiApplication.clipboard().text() == str(container.profile.dir)


def test_samples_can_be_removed_where_there_are_some(container: Container, page: SettingsPage, qtbot: QtBot) -> None:
    assert not has_part(page, "settings.samples.remove")
    container.settings.update(workspace_kind=WorkspaceKind.SANDBOX)
    qtbot.waitUntil(lambda: has_part(page, "settings.samples.remove"))
    with qtbot.waitSignal(page.remove_samples_requested):
        part(page, "settings.samples.remove").click()
