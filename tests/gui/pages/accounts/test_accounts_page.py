"""Accounts: connecting by token against the real sandbox, checking, colours, disconnecting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.bootstrap.container import Container
from desktop.domain.accounts import AccountState, Hue
from desktop.gui.pages.accounts.connect_dialog import ConnectDialog
from desktop.gui.pages.accounts.view import AccountsPage
from desktop.gui.pages.accounts.words import expiry_words, handle_of
from desktop.gui.widgets.dialogs import ConfirmDialog
from desktop.kit.clock import SystemClock
from tests.support.sandbox import SandboxServer, account
from tests.support.window_rig import Toasts, has_part, page_context, part
from tests.support.workspaces import HOUSE, NOW, workspace


@pytest.fixture
def toasts() -> Toasts:
    return Toasts()


def shown(container: Container, toasts: Toasts, qtbot: QtBot) -> AccountsPage:
    page = AccountsPage(page_context(container, toasts))
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    QApplication.processEvents()
    return page


@pytest.fixture
def page(tmp_path: Path, toasts: Toasts, qtbot: QtBot) -> Iterator[AccountsPage]:
    with workspace(tmp_path) as container:
        made = shown(container, toasts, qtbot)
        yield made
        made.viewmodel.context.release()


def asked(page: AccountsPage) -> ConnectDialog:
    page.connect_account()
    dialog = page.findChild(ConnectDialog)
    assert isinstance(dialog, ConnectDialog)
    return dialog


def test_connects_with_a_token_and_says_no_inline(tmp_path: Path, toasts: Toasts, qtbot: QtBot) -> None:
    with (
        SandboxServer() as sandbox,
        workspace(tmp_path, accounts=(), sandbox_url=sandbox.url, clock=SystemClock()) as container,
    ):
        page = shown(container, toasts, qtbot)
        part(page, "accounts.empty.connect")
        dialog = asked(page)
        dialog.accept()
        assert part(dialog, "connect.token").accessibleDescription() == "Paste the token first."
        part(dialog, "connect.token").setText("not-a-token-of-anybody")
        dialog.accept()
        assert dialog.isVisible()
        assert "Threads answered" in part(dialog, "connect.token").accessibleDescription()
        token = account(sandbox.url, "threads")["token"]
        part(dialog, "connect.token").setText(token)
        dialog.accept()
        connected = container.accounts.list()[0]
        assert toasts.last.text == f"{connected.username} is connected."
        part(page, f"accounts.card.{connected.id}")
        part(page, f"accounts.check.{connected.id}").click()
        assert toasts.last.text == f"{connected.username} works."
        page.viewmodel.context.release()


def test_the_token_is_hidden_until_one_asks(page: AccountsPage) -> None:
    dialog = asked(page)
    field: QLineEdit = part(dialog, "connect.token")
    assert field.echoMode() is QLineEdit.EchoMode.Password
    part(dialog, "connect.show_token").click()
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    dialog.reject()


def test_only_pages_ask_for_an_id(page: AccountsPage) -> None:
    dialog = asked(page)
    assert not has_part(dialog, "connect.id")
    part(dialog, "connect.network.facebook").click()
    assert has_part(dialog, "connect.id")
    dialog.reject()


def test_an_unreachable_network_is_said_and_changes_nothing(page: AccountsPage, toasts: Toasts) -> None:
    container = page.viewmodel.context.services
    container.secrets.put(f"account/{HOUSE[0].id}", "a token")  # type: ignore[attr-defined]
    part(page, f"accounts.check.{HOUSE[0].id}").click()
    assert "Check the connection to the internet" in toasts.last.text
    assert page.viewmodel.accounts[0].state is AccountState.CONNECTED


def test_choosing_a_colour(page: AccountsPage, qtbot: QtBot) -> None:
    part(page, f"accounts.hue.{HOUSE[0].id}.teal").click()
    qtbot.waitUntil(lambda: page.viewmodel.accounts[0].hue is Hue.TEAL)
    assert part(page, f"accounts.hue.{HOUSE[0].id}.teal").isChecked()


def test_disconnecting_asks_and_then_forgets(page: AccountsPage, qtbot: QtBot, toasts: Toasts) -> None:
    part(page, f"accounts.disconnect.{HOUSE[1].id}").click()
    dialog = page.findChild(ConfirmDialog)
    assert "is held" in dialog.accessibleDescription()
    assert len(page.viewmodel.accounts) == 3
    dialog.accept()
    qtbot.waitUntil(lambda: len(page.viewmodel.accounts) == 2)
    assert "Its posts and history stay." in toasts.last.text


def test_one_that_needs_a_sign_in_says_why_and_keeps_its_network(tmp_path: Path, toasts: Toasts, qtbot: QtBot) -> None:
    lapsed = HOUSE[1].in_state(AccountState.RECONNECT, "Session has expired")
    with workspace(tmp_path, accounts=(lapsed,)) as container:
        page = shown(container, toasts, qtbot)
        assert part(page, f"accounts.state.{lapsed.id}").accessibleName() == "Sign in again"
        part(page, f"accounts.reconnect.{lapsed.id}").click()
        dialog = page.findChild(ConnectDialog)
        assert part(dialog, "connect.network.instagram").isChecked()
        assert not part(dialog, "connect.network.threads").isEnabled()
        dialog.reject()
        page.viewmodel.context.release()


def test_words_of_an_account() -> None:
    soon = replace(HOUSE[0], token_expires_at=NOW + timedelta(days=1))
    assert expiry_words(soon, NOW, "Europe/Oslo") == "The token is good until tomorrow"
    assert expiry_words(soon, NOW + timedelta(days=2), "Europe/Oslo") == "The token expired yesterday"
    assert expiry_words(HOUSE[0], NOW, "Europe/Oslo") == "The network has not said when the token expires"
    assert [handle_of(each) for each in HOUSE] == ["@northandpine", "@northandpine.studio", "North & Pine"]
