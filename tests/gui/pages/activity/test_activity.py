"""Activity: what is listed, what is said about it, and what a person can do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.bootstrap.container import Container
from desktop.domain.deliveries import (
    Attempt,
    AttemptPhase,
    DeliveryId,
    DeliveryState,
    FailureNote,
    PartProgress,
    Payload,
    PayloadPart,
    Tombstone,
)
from desktop.domain.errors import FailureKind
from desktop.domain.networks import Network, PostFormat
from desktop.gui.pages.activity.review_dialog import LiveLinkDialog
from desktop.gui.pages.activity.view import ActivityPage
from desktop.gui.pages.activity.viewmodel import PAGE_ROWS, ActivityViewModel, Group
from desktop.gui.widgets.dialogs import ConfirmDialog
from tests.support.window_rig import Toasts, has_part, page_context, part
from tests.support.workspaces import HOUSE, plan, workspace

S = DeliveryState
LINK = "http://127.0.0.1:9/view/1"


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    with workspace(tmp_path) as opened:
        yield opened


@pytest.fixture
def toasts() -> Toasts:
    return Toasts()


@pytest.fixture
def page(container: Container, toasts: Toasts, qtbot: QtBot) -> Iterator[ActivityPage]:
    context = page_context(container, toasts)
    made = ActivityPage(context)
    qtbot.addWidget(made)
    made.resize(1100, 760)
    yield made
    context.release()


def listed(page: ActivityPage) -> list[str]:
    return [row.title for row in page.viewmodel.model.rows]


def explained(page: ActivityPage) -> str:
    return str(part(page, "activity.detail.explanation").text())


def published() -> tuple[PartProgress, ...]:
    return (PartProgress(media_id="m", evidence="status", permalink=LINK),)


def in_doubt(container: Container) -> DeliveryId:
    """Plan a delivery that was sent and never confirmed."""
    sent = PartProgress(container_id="c", tombstones=(Tombstone("c"),))
    payload = Payload(Network.THREADS, PostFormat.FEED, (PayloadPart("in doubt"),))
    return plan(container, "in doubt", state=S.NEEDS_REVIEW, parts=(sent,), payload=payload, payload_sha256="0" * 64)


def test_nothing_yet_says_what_to_do(page: ActivityPage, qtbot: QtBot) -> None:
    page.show()
    with qtbot.waitSignal(page.compose_requested):
        part(page, "activity.empty.write").click()


def test_filters_by_state_and_account_and_shows_all_again(container: Container, page: ActivityPage) -> None:
    plan(container, "waits")
    plan(container, "failed", state=S.FAILED, account=HOUSE[1])
    plan(container, "missed", state=S.MISSED)
    page.show()
    assert sorted(listed(page)) == ["failed", "missed", "waits"]
    page.viewmodel.show_group(Group.ATTENTION)
    assert sorted(listed(page)) == ["failed", "missed"]
    page.viewmodel.show_account(HOUSE[2].id)
    assert listed(page) == []
    part(page, "activity.empty.all").click()
    assert len(listed(page)) == 3
    assert part(page, "activity.account").current == ""


def test_reads_page_by_page(container: Container, toasts: Toasts, qtbot: QtBot) -> None:
    for number in range(PAGE_ROWS + 5):
        plan(container, f"post {number}", timedelta(minutes=number + 1))
    context = page_context(container, toasts)
    viewmodel = ActivityViewModel(context)
    viewmodel.set_active(True)
    model, root = viewmodel.model, QModelIndex()
    assert len(model.rows) == PAGE_ROWS
    assert model.canFetchMore(root)
    model.fetchMore(root)
    assert len(model.rows) == PAGE_ROWS + 5
    assert not model.canFetchMore(root)
    context.release()


def test_a_published_one_opens_and_copies_its_link(
    container: Container, page: ActivityPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    plan(container, "out", state=S.PUBLISHED, parts=published())
    page.show()
    part(page, "activity.permalink.open").click()
    part(page, "activity.permalink.copy").click()
    assert opened == [LINK]
    assert QGuiApplication.clipboard().text() == LINK
    assert not has_part(page, "activity.cancel")


def test_a_failed_one_says_why_and_goes_out_again(container: Container, page: ActivityPage, toasts: Toasts) -> None:
    note = FailureNote(FailureKind.BAD_INPUT, "The picture is too wide")
    found = plan(container, "bad", state=S.FAILED, last_failure=note)
    page.show()
    assert "The picture is too wide." in explained(page)
    part(page, "activity.retry").click()
    assert container.deliveries.show(found).delivery.state is S.SCHEDULED
    assert toasts.last.text == "It goes out now."


def test_stopping_one_can_be_undone(container: Container, page: ActivityPage, toasts: Toasts) -> None:
    found = plan(container, "not this one")
    page.show()
    part(page, "activity.cancel").click()
    assert container.deliveries.show(found).delivery.state is S.CANCELLED
    assert toasts.last.action == "Undo"
    assert toasts.last.on_action is not None
    toasts.last.on_action()
    assert container.deliveries.show(found).delivery.state is S.SCHEDULED


def test_the_link_a_person_found_settles_a_review(container: Container, page: ActivityPage, qtbot: QtBot) -> None:
    found = in_doubt(container)
    page.show()
    assert "could make it appear twice" in explained(page)
    part(page, "activity.review.live").click()
    dialog = page.findChild(LiveLinkDialog)
    field = part(dialog, "review.link")
    field.setText("over there")
    dialog.accept()
    assert dialog.isVisible()
    field.setText(LINK)
    dialog.accept()
    delivery = container.deliveries.show(found).delivery
    assert (delivery.state, delivery.permalink) == (S.PUBLISHED, LINK)


def test_not_live_asks_before_it_publishes(container: Container, page: ActivityPage) -> None:
    found = in_doubt(container)
    page.show()
    part(page, "activity.review.not_live").click()
    dialog = page.findChild(ConfirmDialog)
    assert container.deliveries.show(found).delivery.state is S.NEEDS_REVIEW
    dialog.accept()
    assert container.deliveries.show(found).delivery.state in (S.PREPARING, S.READY)


def test_a_held_one_leads_to_the_accounts(container: Container, page: ActivityPage, qtbot: QtBot) -> None:
    plan(container, "waits for the sign-in", state=S.HELD, reason="reconnect")
    page.show()
    assert explained(page) == "The account has to be connected again. Then it goes on by itself."
    with qtbot.waitSignal(page.accounts_requested):
        part(page, "activity.accounts").click()


def test_follows_what_happens_elsewhere(container: Container, page: ActivityPage, qtbot: QtBot) -> None:
    found = plan(container, "soon gone")
    page.show()
    assert part(page, "activity.detail.state").accessibleName() == "Scheduled"
    container.deliveries.cancel((found,))
    qtbot.waitUntil(lambda: part(page, "activity.detail.state").accessibleName() == "Cancelled")


def test_the_timeline_and_the_rows_speak(container: Container, page: ActivityPage) -> None:
    plan(container, "hello", timedelta(hours=1))
    page.show()
    assert part(page, "activity.timeline.step").accessibleName() == "14:42:00: Scheduled"
    index = page.viewmodel.model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "hello, Scheduled, Threads, northandpine, today 15:42"


def test_shows_one_that_the_filters_hide(container: Container, page: ActivityPage) -> None:
    found = plan(container, "hello")
    page.show()
    page.viewmodel.show_group(Group.PUBLISHED)
    page.show_delivery(found)
    assert page.list.currentIndex().row() == page.viewmodel.model.row_of(found)
    assert part(page, "activity.group.all").isChecked()


def test_details_for_support_are_the_command_line_s(container: Container, page: ActivityPage) -> None:
    now = container.clock.now()
    found = plan(container, "hello")
    with container.storage.write() as work:
        attempt = Attempt(AttemptPhase.STATUS, 0, now, now, "ok", http_status=200)
        work.deliveries.save(work.deliveries.get(found), attempts=(attempt,))
        work.commit()
    page.show()
    part(page, "activity.attempts").click()
    part(page, "activity.copy").click()
    assert json.loads(QGuiApplication.clipboard().text())["id"] == found


def test_enter_opens_the_post(container: Container, page: ActivityPage, qtbot: QtBot) -> None:
    found = plan(container, "hello")
    page.show()
    with qtbot.waitSignal(page.post_requested) as caught:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert caught.args == [container.deliveries.show(found).delivery.post_id]
