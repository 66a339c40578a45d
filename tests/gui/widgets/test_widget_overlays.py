import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.widgets import toast as toast_module
from desktop.gui.widgets.banner import Banner
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.dialogs import ConfirmDialog, Dialog
from desktop.gui.widgets.inputs import LineEdit, TextArea
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column
from desktop.gui.widgets.popover import Popover
from desktop.gui.widgets.toast import ToastOverlay


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.setLayout(column(Button("Under it", "under"), None))
    window.resize(700, 400)
    with qtbot.waitActive(window):
        window.show()
    return window


@pytest.fixture
def overlay(host: QWidget) -> ToastOverlay:
    return ToastOverlay(host)


def _toast(host: QWidget) -> QWidget | None:
    return next((child for child in host.findChildren(QWidget, "toast") if child.isVisible()), None)


def _enter(widget: QWidget) -> None:
    middle = QPointF(widget.rect().center())
    QApplication.sendEvent(widget, QEnterEvent(middle, middle, middle))


def test_the_newest_toast_replaces_the_one_before(host: QWidget, overlay: ToastOverlay) -> None:
    overlay.show_toast("Moved to Friday")
    overlay.show_toast("Moved to Saturday")
    toast = _toast(host)
    assert toast is not None
    assert toast.accessibleName() == "Moved to Saturday"
    assert len([child for child in host.findChildren(QWidget, "toast") if child.isVisible()]) == 1


def test_undo_runs_once_and_the_toast_goes(host: QWidget, overlay: ToastOverlay, qtbot: QtBot) -> None:
    undone: list[str] = []
    overlay.show_toast("Moved", action="Undo", on_action=lambda: undone.append("undo"))
    button = host.findChild(QWidget, "toast.action")
    assert button is not None
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert (undone, overlay.is_shown, _toast(host)) == (["undo"], False, None)


def test_a_toast_goes_by_itself(
    host: QWidget, overlay: ToastOverlay, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toast_module, "SHOWN_FOR_MS", 20)
    overlay.show_toast("Moved")
    qtbot.waitUntil(lambda: not overlay.is_shown)
    assert _toast(host) is None


def test_a_toast_waits_while_the_pointer_or_the_focus_is_on_it(
    host: QWidget, overlay: ToastOverlay, qtbot: QtBot
) -> None:
    overlay.show_toast("Moved", action="Undo")
    toast, close = _toast(host), host.findChild(QWidget, "toast.close")
    assert isinstance(toast, toast_module.Toast)
    assert close is not None
    assert not toast.is_paused
    _enter(toast)
    assert toast.is_paused
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert not toast.is_paused
    close.setFocus()
    assert toast.is_paused
    host.findChild(QWidget, "under").setFocus()
    qtbot.waitUntil(lambda: not toast.is_paused)


def test_escape_closes_a_toast_that_has_the_focus(host: QWidget, overlay: ToastOverlay, qtbot: QtBot) -> None:
    overlay.show_toast("Moved")
    close = host.findChild(QWidget, "toast.close")
    close.setFocus()
    qtbot.keyClick(close, Qt.Key.Key_Escape)
    assert not overlay.is_shown
    assert not overlay.dismiss()


def test_a_toast_stays_in_the_middle_below(host: QWidget, overlay: ToastOverlay, qtbot: QtBot) -> None:
    overlay.show_toast("Moved")
    toast = _toast(host)
    assert toast is not None
    host.resize(900, 500)
    qtbot.waitUntil(lambda: abs(toast.geometry().center().x() - 450) <= 1)
    assert 400 < toast.geometry().bottom() <= 500 + 20


def test_a_banner_changes_its_words_and_can_be_closed(host: QWidget, qtbot: QtBot) -> None:
    banner = Banner("accounts.notice", "Sample data", "info", closable=True, parent=host)
    banner.show()
    banner.set_message("The disk is full", "danger", "Try again")
    assert (banner.accessibleName(), banner.action.isVisible()) == ("The disk is full", True)
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(host.findChild(QWidget, "accounts.notice.close"), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_enter_confirms_and_the_dialog_deletes_itself(host: QWidget, qtbot: QtBot) -> None:
    answers: list[str] = []
    dialog = Dialog("move", "Move to…", host, confirm="Move", on_confirm=lambda: answers.append("move"))
    field = LineEdit("move.day", "Day")
    dialog.set_body(field)
    dialog.open()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    assert answers == ["move"]


@pytest.mark.parametrize("leave", ["escape", "cancel"])
def test_escape_and_cancel_change_nothing(host: QWidget, qtbot: QtBot, leave: str) -> None:
    answers: list[str] = []
    dialog = Dialog("move", "Move to…", host, confirm="Move", on_confirm=lambda: answers.append("move"))
    dialog.open()
    if leave == "escape":
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    else:
        qtbot.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    assert answers == []


def test_tab_goes_from_the_fields_to_the_buttons(host: QWidget, qtbot: QtBot) -> None:
    dialog = Dialog("move", "Move to…", host, confirm="Move")
    fields = [LineEdit("move.day", "Day"), LineEdit("move.time", "Time")]
    for field in fields:
        dialog.set_body(field)
    with qtbot.waitActive(dialog):
        dialog.open()
    visited = []
    for _ in range(4):
        focused = dialog.focusWidget()
        assert focused is not None
        visited.append(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert visited == ["move.day", "move.time", "move.cancel", "move.confirm"]
    dialog.reject()


def test_a_dialog_stays_open_until_its_fields_will_do(host: QWidget, qtbot: QtBot) -> None:
    class Picky(Dialog):
        will_do = False

        def can_accept(self) -> bool:
            return self.will_do

    answers: list[str] = []
    dialog = Picky("pick", "Pick", host, confirm="OK", on_confirm=lambda: answers.append("ok"))
    dialog.open()
    dialog.confirm_button.click()
    assert (dialog.isVisible(), answers) == (True, [])
    dialog.will_do = True
    dialog.confirm_button.click()
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    assert answers == ["ok"]


def test_enter_makes_a_new_line_in_a_text_area(host: QWidget, qtbot: QtBot) -> None:
    dialog = Dialog("note", "Note", host, confirm="Save")
    area = TextArea("note.text", "Note")
    dialog.set_body(area)
    dialog.open()
    area.setFocus()
    qtbot.keyClick(area, Qt.Key.Key_Return)
    assert (dialog.isVisible(), area.toPlainText()) == (True, "\n")
    dialog.reject()


def test_a_question_starts_on_cancel_and_enter_there_cancels(host: QWidget, qtbot: QtBot) -> None:
    answers: list[str] = []
    dialog = ConfirmDialog(
        "delete",
        "Delete the post?",
        "It cannot be undone.",
        host,
        confirm="Delete",
        on_confirm=lambda: answers.append("x"),
    )
    with qtbot.waitActive(dialog):
        dialog.open()
    qtbot.waitUntil(dialog.cancel_button.hasFocus)
    assert dialog.cancel_button.is_ring_shown
    assert dialog.accessibleDescription() == "It cannot be undone."
    qtbot.keyClick(dialog.cancel_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    assert answers == []


def test_a_popover_opens_below_and_gives_the_focus_back(host: QWidget, qtbot: QtBot) -> None:
    anchor = host.findChild(QWidget, "under")
    popover = Popover("calendar.quick", "Quick look", column(Label("Winter menu teaser"), margins=16), host)
    popover.show_beside(anchor)
    assert popover.isVisible()
    assert popover.accessibleName() == "Quick look"
    with qtbot.waitSignal(popover.closed):
        qtbot.keyClick(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()
    assert anchor.hasFocus()
