"""Real gestures on the real page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.deliveries import DeliveryState
from desktop.domain.errors import DatabaseBusy
from desktop.domain.posts import PostId
from desktop.gui.bridge.task_runners import ThreadTaskRunner
from desktop.gui.pages.planner.carrying import TURN_AFTER_MS
from desktop.gui.pages.planner.month import Month
from desktop.gui.pages.planner.move_dialog import MoveDialog
from desktop.gui.pages.planner.navigation import EntryKey
from desktop.gui.pages.planner.popovers import DayList, QuickLook
from desktop.gui.pages.planner.view import PlannerPage
from desktop.gui.widgets.menus import Menu
from tests.gui.pages.planner.planner_world import World

NINETEENTH, TWENTIETH = date(2026, 11, 19), date(2026, 11, 20)
LEFT = Qt.MouseButton.LeftButton


class Desk:
    """A page on a wide window and the hand that works on it."""

    def __init__(self, qtbot: QtBot, world: World) -> None:
        self.qtbot, self.world = qtbot, world
        self.page = PlannerPage(world)
        qtbot.addWidget(self.page)
        self.page.resize(1440, 900)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.month = self.page.month
        self.opened: list[str] = []
        self.composed: list[date | None] = []
        self.page.open_requested.connect(self.opened.append)
        self.page.compose_requested.connect(self.composed.append)

    def key_on(self, day: date, post: PostId | None = None) -> EntryKey:
        keys = self.month.scene.keys_on(day)
        return next(key for key in keys if post in (None, key.post_id))

    def chip(self, day: date) -> QPoint:
        rect = self.month.scene.chip_rect(self.key_on(day))
        assert rect is not None
        return rect.center()

    def cell(self, day: date) -> QPoint:
        rect = self.month.scene.layout.day_rect(day).toRect()
        return rect.bottomRight() - QPoint(12, 12)

    def press(self, widget: QWidget, at: QPoint) -> None:
        self.qtbot.mousePress(widget, LEFT, pos=at)

    def carry(self, widget: QWidget, at: QPoint) -> None:
        """Move with the button held, as the window system reports it: to the widget that was pressed."""
        place = QPointF(at)
        screen = QPointF(widget.mapToGlobal(at))
        kind = QEvent.Type.MouseMove
        QApplication.sendEvent(
            widget, QMouseEvent(kind, place, screen, Qt.MouseButton.NoButton, LEFT, Qt.KeyboardModifier.NoModifier)
        )

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        self.press(widget, start)
        self.carry(widget, start + QPoint(8, 4))
        self.carry(widget, end)

    def drop(self, widget: QWidget, at: QPoint) -> None:
        self.qtbot.mouseRelease(widget, LEFT, pos=at)

    def find(self, kind: type[QWidget]) -> QWidget:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
        assert len(found) == 1
        return found[0]


@pytest.fixture
def world(qapp: QApplication, tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def desk(qtbot: QtBot, world: World) -> Callable[[], Desk]:
    return lambda: Desk(qtbot, world)


def test_dragging_a_chip_to_another_day_and_undo_by_key(desk: Callable[[], Desk], world: World) -> None:
    post = world.plan("Maker of the month", "2026-11-19 10:45")
    hand = desk()
    hand.drag(hand.month, hand.chip(NINETEENTH), hand.cell(TWENTIETH))
    assert hand.page.carrier.is_carrying
    hand.drop(hand.month, hand.cell(TWENTIETH))
    assert world.planned_times(post) == ["2026-11-20 10:45"]
    assert world.toasts[-1].text == "Moved to Fri 20 Nov, 10:45"
    hand.qtbot.keyClick(hand.month, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert world.planned_times(post) == ["2026-11-19 10:45"]
    assert hand.composed == hand.opened == []


def test_escape_puts_it_back(desk: Callable[[], Desk], world: World) -> None:
    post = world.plan("Maker of the month", "2026-11-19 10:45")
    hand = desk()
    hand.month.setFocus()
    hand.drag(hand.month, hand.chip(NINETEENTH), hand.cell(TWENTIETH))
    hand.qtbot.keyClick(hand.month, Qt.Key.Key_Escape)
    assert not hand.page.carrier.is_carrying
    hand.drop(hand.month, hand.cell(TWENTIETH))
    assert world.planned_times(post) == ["2026-11-19 10:45"]
    assert hand.composed == []


def test_the_past_refuses_with_the_reason(desk: Callable[[], Desk], world: World) -> None:
    post = world.plan("Maker of the month", "2026-11-19 10:45")
    hand = desk()
    hand.drag(hand.month, hand.chip(NINETEENTH), hand.cell(date(2026, 11, 10)))
    hand.drop(hand.month, hand.cell(date(2026, 11, 10)))
    assert world.planned_times(post) == ["2026-11-19 10:45"]
    assert world.toasts[-1].text == "That day has passed"


def test_a_card_goes_onto_a_day_and_a_chip_into_the_drawer(desk: Callable[[], Desk], world: World) -> None:
    post = world.write("Opening hours in December", 0)
    hand = desk()
    cards = hand.page.drawer.cards
    start = cards.card_rect(0).center()
    onto = cards.mapFromGlobal(hand.month.mapToGlobal(hand.cell(TWENTIETH)))
    hand.drag(cards, start, onto)
    hand.drop(cards, onto)
    assert world.planned_times(post) == ["2026-11-20 09:00"]
    into = hand.month.mapFromGlobal(hand.page.drawer.mapToGlobal(QPoint(100, 300)))
    hand.drag(hand.month, hand.chip(TWENTIETH), into)
    hand.drop(hand.month, into)
    assert world.planned_times(post) == []
    assert [item.post_id for item in hand.page.viewmodel.backlog] == [post]


def test_waiting_over_the_arrow_turns_the_page_while_carrying(desk: Callable[[], Desk], world: World) -> None:
    post = world.plan("Maker of the month", "2026-11-19 10:45")
    hand = desk()
    over_next = hand.month.mapFromGlobal(hand.page.bar.next.mapToGlobal(QPoint(10, 10)))
    hand.drag(hand.month, hand.chip(NINETEENTH), over_next)
    hand.qtbot.waitUntil(lambda: hand.page.viewmodel.month == Month(2026, 12), timeout=20 * TURN_AFTER_MS)
    christmas = date(2026, 12, 24)
    hand.carry(hand.month, hand.cell(christmas))
    hand.drop(hand.month, hand.cell(christmas))
    assert world.planned_times(post) == ["2026-12-24 10:45"]


def test_a_click_looks_and_a_double_click_opens(desk: Callable[[], Desk], world: World) -> None:
    post = world.plan("Maker of the month\nAnd what she makes", "2026-11-19 10:45")
    hand = desk()
    hand.qtbot.mouseClick(hand.month, LEFT, pos=hand.chip(NINETEENTH))
    hand.qtbot.waitUntil(
        lambda: any(isinstance(w, QuickLook) and w.isVisible() for w in QApplication.topLevelWidgets())
    )
    look = hand.find(QuickLook)
    assert look.accessibleName() == "Maker of the month, Threads, Thu 19 November 10:45, scheduled"
    assert isinstance(look, QuickLook)
    look.open_button.click()
    assert hand.opened == [post]
    hand.qtbot.mouseDClick(hand.month, LEFT, pos=hand.chip(NINETEENTH))
    assert hand.opened == [post, post]


def test_a_click_on_a_day_writes_for_it_but_not_for_the_past(desk: Callable[[], Desk]) -> None:
    hand = desk()
    hand.qtbot.mouseClick(hand.month, LEFT, pos=hand.cell(TWENTIETH))
    hand.qtbot.mouseClick(hand.month, LEFT, pos=hand.cell(date(2026, 11, 3)))
    assert hand.composed == [TWENTIETH]


def test_more_posts_than_fit_open_as_a_list(desk: Callable[[], Desk], world: World) -> None:
    posts = [world.plan(f"Post {i}", f"2026-11-19 1{i}:00") for i in range(9)]
    hand = desk()
    more = hand.month.scene.more_rect(NINETEENTH)
    assert more is not None
    hand.qtbot.mouseClick(hand.month, LEFT, pos=more.center())
    found = hand.find(DayList)
    last = found.findChild(QWidget, f"planner.list.{posts[-1]}")
    assert isinstance(last, QWidget)
    hand.qtbot.mouseClick(last, LEFT)
    assert hand.opened == [posts[-1]]


def test_everything_by_keyboard(desk: Callable[[], Desk], world: World) -> None:
    post = world.plan("Maker of the month", "2026-11-19 10:45")
    hand = desk()
    key = lambda which, modifier=Qt.KeyboardModifier.NoModifier: hand.qtbot.keyClick(hand.month, which, modifier)  # noqa: E731
    hand.month.setFocus(Qt.FocusReason.TabFocusReason)
    key(Qt.Key.Key_Tab)
    assert hand.month.cursor_at.entry == hand.key_on(NINETEENTH)
    key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert world.planned_times(post) == ["2026-11-20 10:45"]
    assert hand.month.cursor_at.entry == hand.key_on(TWENTIETH)
    key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert world.planned_times(post) == ["2026-11-27 10:45"]
    key(Qt.Key.Key_Return)
    assert hand.opened == [post]
    key(Qt.Key.Key_Right)
    key(Qt.Key.Key_N)
    assert hand.composed == [date(2026, 11, 28)]
    for _ in range(2):
        key(Qt.Key.Key_Down)
    assert hand.page.viewmodel.month == Month(2026, 12)
    assert hand.month.cursor_at.day == date(2026, 12, 12)
    key(Qt.Key.Key_T)
    assert hand.month.cursor_at.day == date(2026, 11, 12)
    key(Qt.Key.Key_Tab)
    key(Qt.Key.Key_Delete)
    assert world.planned_times(post) == []


def test_the_menu_moves_without_dragging(desk: Callable[[], Desk], world: World) -> None:
    post = world.plan("Maker of the month", "2026-11-19 10:45")
    hand = desk()
    hand.page._open_menu(hand.month.scene.shown_on(NINETEENTH)[0], QPoint(50, 50))
    menu = hand.find(Menu)
    next(action for action in menu.actions() if action.objectName() == "planner.menu.move").trigger()
    menu.close()
    dialog = hand.find(MoveDialog)
    assert isinstance(dialog, MoveDialog)
    dialog.day.setDate(dialog.day.date().addDays(5))
    dialog.time.setTime(dialog.time.time().addSecs(30 * 60))
    dialog.confirm_button.click()
    assert world.planned_times(post) == ["2026-11-24 11:15"]


def test_published_posts_offer_no_moving(desk: Callable[[], Desk], world: World) -> None:
    world.plan("Out already", "2026-11-10 09:00", state=DeliveryState.PUBLISHED)
    hand = desk()
    hand.page._open_menu(hand.month.scene.shown_on(date(2026, 11, 10))[0], QPoint(50, 50))
    menu = hand.find(Menu)
    enabled = {action.objectName(): action.isEnabled() for action in menu.actions() if action.objectName()}
    assert not enabled["planner.menu.move"]
    assert not enabled["planner.menu.unschedule"]
    assert enabled["planner.menu.open"]
    menu.close()


def test_the_drawer_makes_room_in_a_narrow_window(desk: Callable[[], Desk]) -> None:
    hand = desk()
    assert hand.page.drawer.isVisible()
    hand.page.resize(1024, 700)
    assert not hand.page.drawer.isVisible()
    hand.page.bar.backlog.click()
    assert hand.page.drawer.isVisible()
    hand.page.resize(1440, 900)
    assert hand.page.drawer.isVisible()
    assert hand.page.bar.backlog.isChecked()


def test_what_cannot_be_read_is_said_with_a_way_on(desk: Callable[[], Desk], world: World) -> None:
    real = world.services.scheduling.backlog

    def busy() -> None:
        raise DatabaseBusy

    world.services.scheduling.backlog = busy
    hand = desk()
    banner = hand.page.findChild(QWidget, "planner.failure")
    retry = hand.page.findChild(QWidget, "planner.failure.action")
    assert isinstance(banner, QWidget)
    assert isinstance(retry, QWidget)
    assert banner.isVisible()
    assert "in use by another program" in banner.accessibleName()
    world.services.scheduling.backlog = real
    hand.qtbot.mouseClick(retry, LEFT)
    assert not banner.isVisible()


def test_an_empty_month_offers_to_write_and_its_notice_lets_no_click_through(desk: Callable[[], Desk]) -> None:
    hand = desk()
    notice = hand.month.findChild(QWidget, "planner.empty")
    button = hand.month.findChild(QWidget, "planner.empty.action")
    assert isinstance(notice, QWidget)
    assert isinstance(button, QWidget)
    assert notice.isVisible()
    hand.qtbot.mouseClick(notice, LEFT, pos=QPoint(notice.width() // 3, notice.height() // 2))
    assert hand.composed == []
    hand.qtbot.mouseClick(button, LEFT)
    assert hand.composed == [date(2026, 11, 12)]


def test_weeks_are_painted_again_only_when_they_changed(desk: Callable[[], Desk], world: World) -> None:
    world.plan("Maker of the month", "2026-11-19 10:45")
    hand = desk()
    pictures = hand.month.scene._pictures._pictures
    hand.month.grab()
    before = set(pictures)
    hand.page.viewmodel.reload()
    hand.month.grab()
    assert set(pictures) == before
    world.plan("One more", "2026-11-20 09:00")
    hand.page.viewmodel.reload()
    hand.month.grab()
    assert len(set(pictures) - before) == 1


def test_every_control_is_named(desk: Callable[[], Desk], world: World) -> None:
    world.write("Opening hours in December", 0, media=1)
    hand = desk()
    focusable = [w for w in hand.page.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(focusable) > 8
    assert [w.objectName() for w in focusable if not w.accessibleName() or not w.accessibleIdentifier()] == []


def test_with_real_threads_the_chip_lands_and_the_data_follow(qtbot: QtBot, tmp_path: Path) -> None:
    tasks = ThreadTaskRunner()
    world = World(tmp_path, tasks)
    post = world.plan("Maker of the month", "2026-11-19 10:45")
    hand = Desk(qtbot, world)
    qtbot.waitUntil(lambda: len(hand.month.scene.keys_on(NINETEENTH)) == 1)
    hand.drag(hand.month, hand.chip(NINETEENTH), hand.cell(TWENTIETH))
    hand.drop(hand.month, hand.cell(TWENTIETH))
    assert len(hand.month.scene.keys_on(TWENTIETH)) == 1  # at once
    qtbot.waitUntil(lambda: world.planned_times(post) == ["2026-11-20 10:45"])
    qtbot.waitUntil(lambda: bool(world.toasts))
    world.undo.undo()
    qtbot.waitUntil(lambda: len(hand.month.scene.keys_on(NINETEENTH)) == 1)
    hand.page.close()
    tasks.shutdown()
