"""What the cross does, and the order of leaving."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.bootstrap.container import Container
from desktop.gui.shell.closing import CloseDialog, Closing
from desktop.gui.shell.studio import Studio
from desktop.gui.shell.tray import Tray
from desktop.gui.widgets.dialogs import ConfirmDialog
from desktop.services.settings.preferences import CloseButton
from tests.support.window_rig import has_part, part
from tests.support.workspaces import plan

OpenStudio = Callable[[], Studio]


class Leaving:
    """A studio's window with an answer to its cross."""

    def __init__(self, studio: Studio, *, has_tray: bool) -> None:
        self.studio, self.left = studio, 0
        self.said: list[str] = []
        # offscreen no desktop has a tray; the icon itself is tested below
        tray = SimpleNamespace(is_there=has_tray, say=lambda title, _text: self.said.append(title))
        overview = studio.overview
        self.closing = Closing(
            studio.window, studio.context, overview, cast("Tray", tray), self._on_left, parent=studio.window
        )

    def _on_left(self) -> None:
        self.left += 1


def test_asks_once_and_remembers(container: Container, open_studio: OpenStudio, qtbot: QtBot) -> None:
    leaving = Leaving(open_studio(), has_tray=True)
    window = leaving.studio.window
    window.close()
    dialog = window.findChild(CloseDialog)
    dialog.accept()
    assert not window.isVisible()
    assert leaving.said == ["Tidings keeps running"]
    qtbot.waitUntil(lambda: container.settings.get().close_button is CloseButton.TRAY)
    leaving.studio.settle()
    window.come_forward()
    window.close()
    assert not window.isVisible()
    assert leaving.left == 0


def test_quitting_from_the_question_forgets_when_told_so(
    container: Container, open_studio: OpenStudio, qtbot: QtBot
) -> None:
    leaving = Leaving(open_studio(), has_tray=True)
    window = leaving.studio.window
    window.close()
    dialog = window.findChild(CloseDialog)
    part(dialog, "close.remember").click()
    part(dialog, "close.cancel").click()
    qtbot.waitUntil(lambda: leaving.left == 1)
    assert container.settings.get().close_button is CloseButton.ASK


def test_escape_answers_nothing(open_studio: OpenStudio) -> None:
    leaving = Leaving(open_studio(), has_tray=True)
    window = leaving.studio.window
    window.close()
    window.findChild(CloseDialog).reject()
    assert window.isVisible()
    assert leaving.left == 0


@pytest.mark.parametrize("planned", [0, 1])
def test_without_a_tray_only_planned_posts_make_it_ask(
    container: Container, open_studio: OpenStudio, qtbot: QtBot, planned: int
) -> None:
    for _ in range(planned):
        plan(container, "waits")
    leaving = Leaving(open_studio(), has_tray=False)
    window = leaving.studio.window
    window.close()
    if planned:
        dialog = window.findChild(ConfirmDialog)
        assert "1 delivery is planned" in dialog.accessibleDescription()
        dialog.accept()
    qtbot.waitUntil(lambda: leaving.left == 1)


def test_leaves_in_order_and_only_once(container: Container, open_studio: OpenStudio, qtbot: QtBot) -> None:
    container.start_publishing()
    qtbot.waitUntil(lambda: container.publisher.status().state == "running")
    leaving = Leaving(open_studio(), has_tray=True)
    window = leaving.studio.window
    window.compose()
    leaving.studio.settle()
    qtbot.keyClicks(part(window, "composer.text.0"), "not lost")
    leaving.closing.quit()
    leaving.closing.quit()
    assert has_part(window, "farewell")
    qtbot.waitUntil(lambda: leaving.left == 1)
    assert container.publisher.status().state == "stopped"
    assert [post.shared.title for post in container.drafting.list()] == ["not lost"]


def test_a_session_that_ends_is_left_at_once(container: Container, open_studio: OpenStudio) -> None:
    leaving = Leaving(open_studio(), has_tray=True)
    leaving.closing.log_off()
    assert leaving.left == 1


def test_the_tray_s_menu_says_what_is_next_and_pauses(
    container: Container, open_studio: OpenStudio, qtbot: QtBot
) -> None:
    plan(container, "waits")
    studio = open_studio()
    pressed: list[str] = []
    tray = Tray(
        studio.overview,
        on_open=lambda: pressed.append("open"),
        on_compose=lambda: pressed.append("new"),
        on_quit=lambda: pressed.append("quit"),
        parent=studio.window,
    )
    entries = {action.objectName(): action for action in tray.menu.actions() if action.objectName()}
    assert entries["tray.next"].text() == "Next: today 16:42 · in 2 h"
    for name in ("open", "new", "quit"):
        entries[f"tray.{name}"].trigger()
    assert pressed == ["open", "new", "quit"]
    entries["tray.toggle"].trigger()
    qtbot.waitUntil(lambda: entries["tray.toggle"].text() == "Resume publishing")
    assert container.deliveries.is_paused()
    assert not tray.is_there
    tray.close()
