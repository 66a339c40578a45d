import itertools
from collections.abc import Callable
from typing import TypeAlias

import pytest
from PySide6.QtCore import QDate, QEvent, QObject, Qt, QTime
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.networks import Network
from desktop.gui.widgets.avatar import initials_of
from desktop.gui.widgets.banner import Banner
from desktop.gui.widgets.checks import CheckBox, Switch
from desktop.gui.widgets.chips import FilterChip, TabChip
from desktop.gui.widgets.counter_ring import CounterRing
from desktop.gui.widgets.empty_state import EmptyState
from desktop.gui.widgets.flow_layout import FlowLayout
from desktop.gui.widgets.inputs import ComboBox, DateField, FormRow, LineEdit, SearchField, TimeField
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.navigation import AccountRow, NavItem
from desktop.gui.widgets.segmented import SegmentedControl

Shown: TypeAlias = Callable[..., QWidget]


def test_arrow_keys_choose_another_segment(shown: Shown, qtbot: QtBot) -> None:
    segments = SegmentedControl([("month", "Month"), ("week", "Week")], "calendar.view", "View", "month")
    window = shown(segments)
    month = window.findChild(QWidget, "calendar.view.month")
    assert month is not None
    month.setFocus()
    with qtbot.waitSignal(segments.selected) as told:
        qtbot.keyClick(month, Qt.Key.Key_Right)
    assert (told.args, segments.current) == (["week"], "week")


def test_choosing_what_is_chosen_tells_nobody(qtbot: QtBot) -> None:
    segments = SegmentedControl([("a", "A"), ("b", "B")], "s", "S")
    qtbot.addWidget(segments)
    with qtbot.assertNotEmitted(segments.selected):
        segments.select("a")
    with pytest.raises(KeyError):
        segments.select("c")


@pytest.mark.parametrize("kind", [CheckBox, Switch])
def test_toggles_take_clicks_and_the_space_bar(shown: Shown, qtbot: QtBot, kind: type[CheckBox | Switch]) -> None:
    toggle = kind("Start with the computer", "settings.autostart")
    shown(toggle)
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton, pos=toggle.rect().center())
    assert toggle.isChecked()
    off = toggle.grab().toImage()
    qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert not toggle.isChecked()
    assert toggle.grab().toImage() != off
    assert toggle.sizeHint().height() >= 24


def test_a_place_tells_how_much_waits_there(qtbot: QtBot) -> None:
    item = NavItem("inbox", "Inbox", "nav.inbox")
    qtbot.addWidget(item)
    item.resize(200, 32)
    empty = item.grab().toImage()
    item.set_badge(3, "accent")
    assert item.accessibleDescription() == "3 items"
    assert item.grab().toImage() != empty
    item.set_badge(0)
    assert (item.accessibleDescription(), item.grab().toImage() == empty) == ("", True)


def test_an_account_says_its_network_and_its_trouble(qtbot: QtBot) -> None:
    row = AccountRow("pinekitchen", Network.INSTAGRAM, "pink", "account.1", warning="Sign in again")
    qtbot.addWidget(row)
    spoken = (row.accessibleName(), row.accessibleDescription())
    assert (*spoken, row.toolTip()) == ("pinekitchen, Instagram", "Sign in again", "Sign in again")


def test_filter_chips_start_switched_on(shown: Shown, qtbot: QtBot) -> None:
    chip = FilterChip("Threads", "ink", "calendar.filter.1", "Show Threads")
    shown(chip)
    assert chip.isChecked()
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    assert not chip.isChecked()


def test_a_tab_makes_room_for_its_marks(qtbot: QtBot) -> None:
    tab = TabChip("Instagram", "composer.tab.1", icon="brand-instagram", hue="pink")
    qtbot.addWidget(tab)
    before = tab.sizeHint().width()
    tab.set_state("684 / 2200", has_dot=True, has_warning=True, description="customised, 684 of 2200")
    assert tab.sizeHint().width() > before
    assert tab.accessibleDescription() == "customised, 684 of 2200"


def test_the_counter_says_and_shows_when_it_is_too_much(qtbot: QtBot) -> None:
    ring = CounterRing(100, 500)
    qtbot.addWidget(ring)
    ring.resize(80, 26)
    pictures = []
    for used in (100, 460, 518):
        ring.set_count(used, 500)
        pictures.append(ring.grab().toImage())
    assert ring.accessibleName() == "518 of 500 characters"
    assert all(one != other for one, other in itertools.pairwise(pictures))


def test_a_field_shows_what_is_wrong_and_forgets_it(shown: Shown, qtbot: QtBot) -> None:
    field = LineEdit("accounts.token", "Token")
    row = FormRow("Token", field, "Paste the token")
    shown(row)
    label = row.findChildren(Label)[0]
    assert label.buddy() is field
    row.set_error("This token has expired.")
    assert field.accessibleDescription() == "This token has expired."
    assert [shown.text() for shown in row.findChildren(Label)] == ["Token", "This token has expired."]
    row.set_error("")
    assert [shown.text() for shown in row.findChildren(Label)] == ["Token", "Paste the token"]
    assert field.property("invalid") is False


def test_a_combo_box_speaks_in_keys(qtbot: QtBot) -> None:
    box = ComboBox("composer.zone", "Zone", [("oslo", "Europe/Oslo"), ("ny", "America/New York")], "ny")
    qtbot.addWidget(box)
    assert box.current == "ny"
    with qtbot.waitSignal(box.selected) as told:
        box.select("oslo")
    assert told.args == ["oslo"]
    box.select("nowhere")
    assert box.current == "oslo"


def test_escape_empties_the_search_field(shown: Shown, qtbot: QtBot) -> None:
    field = SearchField("library.search", "Search posts")
    shown(field)
    qtbot.keyClicks(field, "kiln")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_day_and_time_are_typed_with_the_keyboard(shown: Shown, qtbot: QtBot) -> None:
    day, time = DateField("d", "Day", QDate(2026, 11, 20)), TimeField("t", "Time", QTime(9, 45))
    shown(day, time)
    time.setFocus()
    time.setCurrentSectionIndex(0)
    qtbot.keyClick(time, Qt.Key.Key_Up)
    assert time.time() == QTime(10, 45)
    assert day.height() == time.height() == 32
    assert not day.grab().isNull()


@pytest.mark.parametrize(
    ("name", "initials"),
    [("North & Pine", "NP"), ("northandpine.studio", "NS"), ("mara", "MA"), ("åse øy", "ÅØ"), ("🧵", "?"), ("", "?")],
)
def test_initials(name: str, initials: str) -> None:
    assert initials_of(name) == initials


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_flow_wraps_and_mirrors(qtbot: QtBot, direction: Qt.LayoutDirection) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setLayoutDirection(direction)
    flow = FlowLayout(10, window)
    for number in range(3):
        child = QWidget()
        child.setFixedSize(100, 20)
        child.setObjectName(str(number))
        flow.addWidget(child)
    window.resize(220, 200)
    window.show()
    corners = [(child.x(), child.y()) for child in (flow.itemAt(i).widget() for i in range(3))]
    expected = [(0, 0), (110, 0), (0, 30)]
    if direction == Qt.LayoutDirection.RightToLeft:
        expected = [(220 - x - 100, y) for x, y in expected]
    assert corners == expected
    assert flow.heightForWidth(220) == 50
    assert flow.heightForWidth(100) == 80


def test_the_day_steps_over_the_end_of_week_and_month(qtbot: QtBot) -> None:
    day = DateField("d", "Day", QDate(2026, 11, 29))
    qtbot.addWidget(day)
    day.setCurrentSection(DateField.Section.DaySection)
    day.stepBy(1)
    assert day.date() == QDate(2026, 11, 30)
    day.stepBy(1)
    assert day.date() == QDate(2026, 12, 1)
    day.stepBy(-2)
    assert day.date() == QDate(2026, 11, 29)


def test_widgets_being_built_never_flash_up_as_windows(qtbot: QtBot) -> None:
    shown: list[object] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show:
                shown.append(watched)
            return False

    watch = Watch()
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(watch)
    try:
        made = (
            Banner("b", "Something happened.", action="Look"),
            EmptyState("inbox", "Nothing here.", hint="A hint"),
            FormRow("Name", LineEdit("n", "Name"), "A hint"),
        )
    finally:
        application.removeEventFilter(watch)
    for widget in made:
        qtbot.addWidget(widget)
    assert shown == []
