"""Giving the post a time, publishing it, and what can be done about it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import shiboken6
from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.deliveries import Delivery, DeliveryState, PartProgress, Tombstone
from desktop.domain.posts import PostId
from desktop.domain.schedules import Schedule
from desktop.gui.pages.composer.dialogs import ScheduleDialog
from desktop.gui.pages.composer.planning import GRACE_MS
from desktop.gui.pages.composer.view import ComposerView
from tests.gui.pages.composer.world import NORTH, NOW, STUDIO, ZONE, World

TOMORROW = Schedule(datetime(2026, 11, 17, 17, 30), ZONE)  # noqa: DTZ001 - wall time


def deliveries(world: World) -> list[Delivery]:
    return [summary.delivery for summary in world.services.deliveries.list()]


@pytest.fixture
def written(page: ComposerView) -> ComposerView:
    page.viewmodel.choose_accounts([NORTH.id])
    page.parts.cards[0].editor.insertPlainText("Ready to go")
    page.viewmodel.flush()
    return page


@pytest.fixture
def dialog(written: ComposerView, qtbot: QtBot) -> Iterator[ScheduleDialog]:
    written.open_schedule()
    found = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ScheduleDialog) and w.isVisible())
    yield found
    if shiboken6.isValid(found):
        found.close()


def problem(dialog: ScheduleDialog) -> str:
    label = dialog.findChild(QWidget, "composer.schedule_dialog.problem")
    return label.accessibleName() if isinstance(label, QWidget) and label.isVisible() else ""


def test_the_next_full_hour_is_proposed(dialog: ScheduleDialog) -> None:
    assert dialog.chosen == Schedule(datetime(2026, 11, 16, 15, 0), ZONE)  # noqa: DTZ001
    assert problem(dialog) == ""


def test_a_day_taken_from_the_calendar_is_proposed_at_nine(page: ComposerView) -> None:
    page.viewmodel.start_new(date(2026, 11, 20))
    assert page.viewmodel.planning.default_time().wall_time == datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001


def test_a_time_the_clocks_skip_is_refused_in_place(dialog: ScheduleDialog, world: World) -> None:
    dialog.day.setDate(QDate(2027, 3, 28))
    dialog.time.setTime(QTime(2, 30))
    said = "2027-03-28 02:30 does not exist in Europe/Oslo: the clocks go forward over it. "
    assert problem(dialog) == said + "Choose 2027-03-28 03:30 or another time. Nothing was changed."
    dialog.accept()
    assert dialog.isVisible()
    assert not deliveries(world)


def test_the_past_is_refused_in_place(dialog: ScheduleDialog, world: World) -> None:
    dialog.day.setDate(QDate(2026, 11, 15))
    assert problem(dialog).startswith("2026-11-15 15:00 (Europe/Oslo) has already passed.")
    dialog.accept()
    assert dialog.isVisible()
    dialog.zone.select("America/New_York")
    dialog.day.setDate(QDate(2026, 11, 16))
    assert problem(dialog) == ""
    dialog.accept()
    (delivery,) = deliveries(world)
    assert delivery.schedule == Schedule(datetime(2026, 11, 16, 15, 0), "America/New_York")  # noqa: DTZ001


def test_scheduling_shows_the_time_and_undo_takes_it_back(written: ComposerView, world: World, qtbot: QtBot) -> None:
    viewmodel = written.viewmodel
    with qtbot.waitSignal(viewmodel.planning.scheduled):
        viewmodel.planning.schedule(TOMORROW)
    assert [delivery.due_at for delivery in deliveries(world)] == [TOMORROW.at]
    assert written.side.when.accessibleName().startswith("Tue 17 November, ")
    written.parts.cards[0].editor.insertPlainText(" soon")
    editor = written.parts.cards[0].editor
    qtbot.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.text() == "Ready to go"
    assert viewmodel.planning.plan.schedule == TOMORROW
    qtbot.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert viewmodel.planning.plan.schedule is None
    assert deliveries(world)[0].state is DeliveryState.CANCELLED
    qtbot.keyClick(editor, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert viewmodel.planning.plan.schedule == TOMORROW


def test_unscheduling_can_be_undone_from_the_toast(written: ComposerView, world: World) -> None:
    viewmodel = written.viewmodel
    viewmodel.planning.schedule(TOMORROW)
    viewmodel.planning.unschedule()
    assert viewmodel.planning.plan.schedule is None
    undo = world.toasts[-1][2]
    assert undo is not None
    undo()
    assert viewmodel.planning.plan.schedule == TOMORROW


def test_what_would_be_refused_is_said_before_the_dialog(page: ComposerView, world: World, qtbot: QtBot) -> None:
    page.viewmodel.choose_accounts([STUDIO.id])
    page.parts.cards[0].editor.insertPlainText("no picture")
    qtbot.waitUntil(lambda: page.viewmodel.checks.report.is_blocked, timeout=5000)
    page.open_schedule()
    page.publish_now()
    assert "Instagram needs a picture or a video" in world.toasts[-1][0]
    assert not any(isinstance(w, ScheduleDialog) for w in QApplication.topLevelWidgets())
    assert not page.viewmodel.planning.is_publishing


def test_the_service_has_the_last_word(written: ComposerView, world: World) -> None:
    world.clock.advance(timedelta(days=3))
    written.viewmodel.planning.schedule(TOMORROW)
    assert "has already passed" in world.toasts[-1][0]
    assert not deliveries(world)


def test_publishing_waits_and_can_be_cancelled(written: ComposerView, world: World) -> None:
    assert GRACE_MS == 5_000
    written.publish_now()
    planning = written.viewmodel.planning
    assert planning.is_publishing
    cancel = written.findChild(QWidget, "composer.publishing")
    assert isinstance(cancel, QWidget)
    assert cancel.isVisible()
    written._publishing.action.click()
    assert not planning.is_publishing
    assert not cancel.isVisible()
    assert not deliveries(world)


def test_publishing_happens_when_nobody_cancels(written: ComposerView, world: World, qtbot: QtBot) -> None:
    planning = written.viewmodel.planning
    planning._grace.setInterval(1)
    written.publish_now()
    written.parts.cards[0].editor.insertPlainText("!")
    qtbot.waitUntil(lambda: bool(deliveries(world)), timeout=5000)
    (delivery,) = deliveries(world)
    assert delivery.due_at == NOW
    assert world.services.drafting.get(delivery.post_id).shared.parts[0].text == "Ready to go!"


def sent(world: World, post_id: PostId) -> None:
    """Make the delivery of a post one that is out."""
    with world.storage.write() as work:
        (delivery,) = work.deliveries.for_posts([post_id])[post_id]
        progress = PartProgress(
            tombstones=(Tombstone("c1"),),
            media_id="m1",
            permalink="https://t.example/1",
            published_at=NOW,
            evidence="x",
        )
        work.deliveries.save(replace(delivery, state=DeliveryState.PUBLISHED, parts=(progress,), next_action_at=None))
        work.commit()


def test_a_sent_post_is_read_only_and_leads_to_its_delivery(written: ComposerView, world: World, qtbot: QtBot) -> None:
    viewmodel = written.viewmodel
    viewmodel.planning.schedule(TOMORROW)
    post_id = viewmodel.post.id
    sent(world, post_id)
    viewmodel.open(post_id)
    editor = written.parts.cards[0].editor
    assert editor.isReadOnly()
    qtbot.keyClicks(editor, "more")
    assert editor.text() == "Ready to go"
    banner = written.findChild(QWidget, "composer.sent")
    assert isinstance(banner, QWidget)
    assert banner.accessibleName().startswith("Published on Threads, Tue 17 November")
    with qtbot.waitSignal(written.delivery_requested) as requested:
        written._sent.action.click()
    assert requested.args == [deliveries(world)[0].id]
    assert written.window().findChild(QWidget, "composer.schedule.group").isHidden()


def test_deleting_goes_to_a_new_post_and_undo_brings_it_back(written: ComposerView, world: World) -> None:
    viewmodel = written.viewmodel
    viewmodel.planning.schedule(TOMORROW)
    post_id = viewmodel.post.id
    viewmodel.planning.delete(viewmodel.title)
    assert viewmodel.post.id == ""
    assert written.parts.cards[0].editor.text() == ""
    assert not world.services.drafting.list()
    undo = world.toasts[-1][2]
    assert undo is not None
    undo()
    assert [post.id for post in world.services.drafting.list()] == [post_id]
    assert deliveries(world)[0].state is DeliveryState.SCHEDULED


def test_a_copy_is_another_post(written: ComposerView, world: World) -> None:
    viewmodel = written.viewmodel
    before = viewmodel.post.id
    viewmodel.planning.duplicate()
    assert viewmodel.post.id not in ("", before)
    assert written.parts.cards[0].editor.text() == "Ready to go"
    assert len(world.services.drafting.list()) == 2
