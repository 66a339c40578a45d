"""The limits page: what it says, and asking the networks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.bootstrap.container import Container
from desktop.domain.networks import Network
from desktop.gui.pages.limits.view import LimitsPage
from desktop.gui.pages.limits.words import wait_words
from desktop.kit.clock import SystemClock
from desktop.services.limits.governor import WaitReason, WaitUntil
from desktop.services.limits.ports import Quota, QuotaKind, UsageReading
from desktop.services.limits.quotas import DAY
from tests.support.sandbox import SandboxServer, account
from tests.support.window_rig import Toasts, has_part, page_context, part
from tests.support.workspaces import HOUSE, NOW, workspace

THREADS, INSTAGRAM, FACEBOOK = HOUSE
HOUR = timedelta(hours=1)


@pytest.fixture
def toasts() -> Toasts:
    return Toasts()


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    with workspace(tmp_path) as made:
        yield made


def shown(container: Container, toasts: Toasts, qtbot: QtBot) -> LimitsPage:
    page = LimitsPage(page_context(container, toasts))
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    QApplication.processEvents()
    return page


def tell(container: Container, *quotas: Quota, percent: int = 0, regain: timedelta | None = None) -> None:
    with container.storage.write() as uow:
        uow.limits.put_quotas(INSTAGRAM.id, quotas)
        uow.limits.put_readings([UsageReading("instagram/app", "", percent, regain and NOW + regain, NOW)])
        uow.commit()


def posts(used: int, total: int = 50) -> Quota:
    return Quota(QuotaKind.POSTS, used, total, DAY, NOW - HOUR)


def test_before_anybody_was_asked_the_usual_numbers_stand(container: Container, toasts: Toasts, qtbot: QtBot) -> None:
    page = shown(container, toasts, qtbot)
    assert part(page, f"limits.posts.{THREADS.id}").accessibleName() == "Posts in 24 hours: 250 of 250 left"
    replies = part(page, f"limits.replies.{THREADS.id}").accessibleName()
    assert replies == f"Replies in 24 hours: {QLocale().toString(1000)} of {QLocale().toString(1000)} left"
    assert part(page, f"limits.reels.{FACEBOOK.id}").accessibleName() == "Reels in 24 hours: 30 of 30 left"
    assert not has_part(page, f"limits.posts.{FACEBOOK.id}")
    assert part(page, f"limits.state.{INSTAGRAM.id}").accessibleName() == "Room for posts"
    page.viewmodel.context.release()


def test_what_is_left_and_when_the_next_comes_back(container: Container, toasts: Toasts, qtbot: QtBot) -> None:
    tell(container, posts(45), Quota(QuotaKind.DELETES, 1, 100, DAY, NOW), percent=81)
    page = shown(container, toasts, qtbot)
    meter = part(page, f"limits.posts.{INSTAGRAM.id}")
    assert meter.accessibleName() == "Posts in 24 hours: 5 of 50 left"
    assert meter.accessibleDescription() == "The next one comes back tomorrow 13:42"
    assert part(page, f"limits.state.{INSTAGRAM.id}").accessibleName() == "5 posts left"
    assert part(page, f"limits.deletes.{INSTAGRAM.id}").accessibleName().endswith("99 of 100 left")
    reading = part(page, f"limits.reading.{INSTAGRAM.id}")
    assert reading.accessibleName() == "Calls to the network: 81 % used"
    assert reading.accessibleDescription() == "Reads are spread out, so that posts get through"
    page.viewmodel.context.release()


def test_nothing_left_and_a_network_that_asked_to_wait(container: Container, toasts: Toasts, qtbot: QtBot) -> None:
    tell(container, posts(50), percent=104, regain=timedelta(minutes=19))
    page = shown(container, toasts, qtbot)
    assert part(page, f"limits.state.{INSTAGRAM.id}").accessibleName() == "No posts left"
    reading = part(page, f"limits.reading.{INSTAGRAM.id}")
    assert reading.accessibleDescription() == "The network asked to wait until today 15:01"
    page.viewmodel.context.release()


def test_a_change_of_accounts_shows_at_once(container: Container, toasts: Toasts, qtbot: QtBot) -> None:
    page = shown(container, toasts, qtbot)
    container.accounts.disconnect(THREADS.id)
    qtbot.waitUntil(lambda: not has_part(page, f"limits.card.{THREADS.id}"))
    page.hide()
    container.accounts.disconnect(INSTAGRAM.id)
    QApplication.processEvents()
    assert len(page.viewmodel.accounts) == 2, "a hidden page rests"
    page.viewmodel.context.release()


def test_without_accounts_it_offers_to_connect_one(tmp_path: Path, toasts: Toasts, qtbot: QtBot) -> None:
    with workspace(tmp_path, accounts=()) as container:
        page = shown(container, toasts, qtbot)
        assert not has_part(page, "limits.ask")
        with qtbot.waitSignal(page.accounts_requested):
            part(page, "limits.connect").click()
        page.viewmodel.context.release()


def test_asking_the_networks(tmp_path: Path, toasts: Toasts, qtbot: QtBot) -> None:
    with (
        SandboxServer() as sandbox,
        workspace(tmp_path, accounts=(), sandbox_url=sandbox.url, clock=SystemClock()) as container,
    ):
        made = container.accounts.connect_with_token(Network.THREADS, account(sandbox.url, "threads")["token"])
        page = shown(container, toasts, qtbot)
        part(page, "limits.ask").click()
        assert toasts.last.text == "The numbers are fresh."
        [limits] = page.viewmodel.accounts
        assert limits.quotas[0].read_at is not None
        assert limits.read_at is not None
        container.accounts.disconnect(made.id)
        page.viewmodel.context.release()


def test_what_cannot_be_asked_is_said(container: Container, toasts: Toasts, qtbot: QtBot) -> None:
    page = shown(container, toasts, qtbot)
    part(page, "limits.ask").click()
    assert "there is no token for" in toasts.last.text
    assert part(page, "limits.ask").isEnabled()
    page.viewmodel.context.release()


def test_a_network_that_wants_to_be_left_alone_is(container: Container, toasts: Toasts, qtbot: QtBot) -> None:
    tell(container, posts(1), percent=99, regain=HOUR)
    container.accounts.disconnect(THREADS.id)
    page = shown(container, toasts, qtbot)
    part(page, "limits.ask").click()
    assert toasts.last.text == "The network asked to wait until today 15:42"
    page.viewmodel.context.release()


def test_an_error_of_storage_can_be_tried_again(container: Container, toasts: Toasts, qtbot: QtBot) -> None:
    page = shown(container, toasts, qtbot)
    page.viewmodel._on_read_failed(OSError())
    assert has_part(page, "limits.failure")
    page.viewmodel.reload()
    assert not has_part(page, "limits.failure")
    page.viewmodel.context.release()


@pytest.mark.parametrize("reason", list(WaitReason))
def test_every_reason_to_wait_has_its_words(reason: WaitReason) -> None:
    assert len(wait_words(WaitUntil(NOW, reason), NOW, "Europe/Oslo")) > 20
