"""The window with real services: places, notices, menus, and that everything in it can be reached and named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.bootstrap.container import Container
from desktop.domain.accounts import AccountState
from desktop.domain.deliveries import DeliveryState
from desktop.gui.pages.accounts.connect_dialog import ConnectDialog
from desktop.gui.pages.activity.review_dialog import LiveLinkDialog
from desktop.gui.shell.closing import CloseDialog
from desktop.gui.shell.dialogs import AboutDialog, ShortcutsDialog
from desktop.gui.shell.places import PLACES
from desktop.gui.shell.studio import Studio
from desktop.gui.shell.window_memory import WindowMemory
from desktop.gui.theme.theme import theme
from tests.support.window_rig import has_part, part
from tests.support.workspaces import HOUSE, plan

OpenStudio = Callable[[], Studio]


def wait_for(studio: Studio, qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition)
    studio.settle()


def focusable(root: QWidget) -> Iterator[QWidget]:
    """Yield what Tab or a click can reach."""
    for widget in root.findChildren(QWidget):
        is_reached = widget.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(widget, QAbstractButton)
        is_inside = widget.objectName().startswith("qt_") or isinstance(widget.parent(), QAbstractItemView)
        if is_reached and widget.isVisibleTo(root) and widget.isEnabled() and not is_inside:
            yield widget


def unnamed(root: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} #{widget.objectName()!r}"
        for widget in focusable(root)
        if not widget.accessibleName() or not widget.accessibleIdentifier()
    ]


def test_the_first_picture_needs_no_profile(qapp: QApplication, open_studio: OpenStudio) -> None:
    studio = open_studio()
    assert has_part(studio.window, "sidebar.new")
    assert studio.window.minimumSizeHint().width() <= 1024


@pytest.mark.parametrize("key", list(PLACES))
def test_every_control_of_every_page_has_a_name_and_an_identifier(
    container: Container, open_studio: OpenStudio, key: str
) -> None:
    plan(container, "failed", state=DeliveryState.FAILED)
    plan(container, "waits")
    studio = open_studio()
    if key == "composer":
        studio.window.compose()
    else:
        studio.window.show_place(key)
    studio.settle()
    assert studio.window.place == key
    assert unnamed(studio.window) == []
    twice = {name: n for name, n in Counter(w.objectName() for w in focusable(studio.window)).items() if n > 1}
    assert twice == {}


def test_every_control_of_every_dialog_has_a_name_and_an_identifier(open_studio: OpenStudio, qtbot: QtBot) -> None:
    studio = open_studio()
    studio.window.show_place("accounts")
    studio.settle()
    viewmodel = studio.window.page("accounts").viewmodel  # type: ignore[attr-defined]
    window = studio.window
    dialogs = (
        ConnectDialog(viewmodel, window, lambda _account: None),
        LiveLinkDialog(window, lambda _url: None),
        CloseDialog(window, lambda _choice, _is_remembered: None),
        AboutDialog(window),
        ShortcutsDialog(studio.menus.actions.all(), window),
    )
    for dialog in dialogs:
        dialog.open()
        assert unnamed(dialog) == [], type(dialog).__name__
        assert dialog.accessibleName()
        dialog.reject()


@pytest.mark.parametrize("key", ["calendar", "activity", "accounts", "settings"])
def test_tab_comes_round_and_goes_from_left_to_right(open_studio: OpenStudio, key: str) -> None:
    studio = open_studio()
    window = studio.window
    window.show_place(key)
    studio.settle()
    window.activateWindow()
    start = part(window, "sidebar.new")
    start.setFocus(Qt.FocusReason.TabFocusReason)
    seen = [start]
    while len(seen) < 200:
        window.focusNextChild()
        focused = window.focusWidget()
        if focused is start:
            break
        seen.append(focused)
    assert window.focusWidget() is start
    sides = [window.sidebar.isAncestorOf(widget) for widget in seen]
    # the sidebar is one stretch of the ring, so Tab never jumps back and forth between it and the page
    assert sum(a != b for a, b in zip(sides, [*sides[1:], sides[0]], strict=True)) == 2


def test_remembers_page_post_and_look(container: Container, open_studio: OpenStudio, tmp_path: Path) -> None:
    memory = WindowMemory(tmp_path)
    assert (memory.page, memory.post, memory.theme, memory.text_scale) == ("", "", "system", 1.0)
    memory.set_place("composer", "p1")
    memory.set_look("dark", 1.25)
    again = WindowMemory(tmp_path)
    assert (again.page, again.post, again.theme, again.text_scale) == ("composer", "p1", "dark", 1.25)


def test_a_change_of_theme_dresses_the_window(container: Container, open_studio: OpenStudio, qtbot: QtBot) -> None:
    studio = open_studio()
    studio.menus.actions["view.theme.dark"].trigger()
    qtbot.waitUntil(lambda: theme().scheme.is_dark)
    assert container.settings.get().theme.value == "dark"
    assert studio.menus.actions["view.theme.dark"].isChecked()


def test_notices_say_what_is_wrong_and_lead_there(container: Container, open_studio: OpenStudio, qtbot: QtBot) -> None:
    studio = open_studio()
    assert not studio.banners.isVisible()
    studio.menus.actions["publish.toggle"].trigger()
    wait_for(studio, qtbot, lambda: has_part(studio.window, "banner.paused"))
    assert part(studio.window, "sidebar.publisher").accessibleName() == "Publishing is paused"
    part(studio.window, "banner.paused.action").click()
    wait_for(studio, qtbot, lambda: not has_part(studio.window, "banner.paused"))
    assert not container.deliveries.is_paused()
    with container.storage.write() as work:
        work.accounts.save(work.accounts.get(HOUSE[1].id).in_state(AccountState.RECONNECT))
        work.commit()
    studio.overview.reload()
    wait_for(studio, qtbot, lambda: has_part(studio.window, "banner.sign_in"))
    assert "northandpine.studio" in part(studio.window, "banner.sign_in").accessibleName()
    assert part(studio.window, f"sidebar.account.{HOUSE[1].id}").accessibleDescription().startswith("Needs a new")
    part(studio.window, "banner.sign_in.action").click()
    assert studio.window.place == "accounts"


def test_the_sidebar_counts_what_needs_a_person_and_says_what_is_next(
    container: Container, open_studio: OpenStudio
) -> None:
    for state in (DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.NEEDS_REVIEW, DeliveryState.HELD):
        plan(container, state.value, state=state)
    plan(container, "waits")
    studio = open_studio()
    assert part(studio.window, "sidebar.activity").accessibleDescription() == "4 items"
    assert studio.overview.next_words() == "Next: today 16:42 · in 2 h"


def test_undo_is_one_stack_with_words(open_studio: OpenStudio, container: Container) -> None:
    studio = open_studio()
    assert not studio.menus.actions["edit.undo"].isEnabled()
    assert [keys.toString() for keys in studio.menus.actions["edit.redo"].shortcuts()] == ["Ctrl+Shift+Z", "Ctrl+Y"]


def test_keys_lead_to_the_pages(open_studio: OpenStudio, qtbot: QtBot) -> None:
    studio = open_studio()
    window = studio.window
    window.show_place("calendar")
    studio.settle()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_G)
    qtbot.keyClick(window, Qt.Key.Key_A)
    assert window.place == "activity"
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.place == "composer"
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert window.place == "settings"


def test_building_a_page_opens_no_window_of_its_own(open_studio: OpenStudio, qapp: QApplication) -> None:
    studio = open_studio()
    shown: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(f"{type(watched).__name__} {watched.objectName()}")
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    for key in ("activity", "accounts", "settings"):
        studio.window.show_place(key)
        studio.settle()
    qapp.removeEventFilter(watch)
    assert shown == []


def test_a_toast_can_be_seen_by_assistive_programs(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.window.show_place("settings")
    studio.window.notify("Moved", "Undo", lambda: None)
    toast = part(studio.window, "toast")
    parent = QAccessible.queryAccessibleInterface(toast.parentWidget())
    children = [parent.child(place) for place in range(parent.childCount())]
    assert toast in [child.object() for child in children if child is not None]


def test_no_two_actions_share_a_key(open_studio: OpenStudio) -> None:
    actions = open_studio().menus.actions.all()
    keys = Counter(keys.toString() for action in actions for keys in action.shortcuts())
    assert [key for key, count in keys.items() if count > 1] == []
