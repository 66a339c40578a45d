"""What closing the window means, and leaving in the right order (``reliability.md`` §6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop.gui.shell.context import PageContext
from desktop.gui.shell.main_window import MainWindow
from desktop.gui.shell.overview import Overview
from desktop.gui.shell.tray import Tray
from desktop.gui.widgets.cards import Card
from desktop.gui.widgets.checks import CheckBox
from desktop.gui.widgets.dialogs import ConfirmDialog, Dialog
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.loading import Spinner
from desktop.kit.branding import NAME
from desktop.kit.i18n import tr, trn
from desktop.services.settings.preferences import CloseButton

PATIENCE = timedelta(seconds=20)
LOGOFF_PATIENCE = timedelta(seconds=3)


class CloseDialog(Dialog):
    """Asks once whether the program goes on beside the clock."""

    def __init__(self, parent: QWidget, on_answer: Callable[[CloseButton, bool], object]) -> None:
        """``on_answer`` gets the choice and whether to remember it."""
        super().__init__(
            "close",
            tr("Keep {name} running?", name=NAME),
            parent,
            confirm=tr("Keep running"),
            cancel=tr("Quit"),
            width_px=460,
        )
        text = tr("Posts go out only while {name} runs. It can stay beside the clock without its window.", name=NAME)
        self._remember = CheckBox(tr("Do this every time (change it in Settings)"), "close.remember", checked=True)
        self.set_body(column(Label(text, "body", "muted", wrap=True), self._remember, spacing=14))
        self.setAccessibleDescription(text)
        self._is_answered = False
        self._on_answer = on_answer
        self.accepted.connect(lambda: self._answer(CloseButton.TRAY))
        self.cancel_button.clicked.disconnect()
        self.cancel_button.clicked.connect(lambda _checked=False: self._quit())

    def first_focus(self) -> QWidget:
        """Return what harms nothing."""
        return self.confirm_button

    def _quit(self) -> None:
        self.reject()  # Escape and the cross close the question only
        self._answer(CloseButton.QUIT)

    def _answer(self, choice: CloseButton) -> None:
        self._on_answer(choice, self._remember.isChecked())


class Farewell(QWidget):
    """Lies over the window while what is being sent is finished."""

    def __init__(self, window: QWidget, text: str) -> None:
        super().__init__(window)
        identify(self, "farewell", text)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        card = Card(row(Spinner(20), Label(text, "body"), spacing=12, margins=(20, 16, 24, 16)))
        self.setLayout(column(None, row(None, card, None), None))
        self.setGeometry(window.rect())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show()
        self.setFocus()


class Closing(QObject):
    """Answers the window's cross, and quits: drafts first, then the publisher, then everything else."""

    def __init__(
        self,
        window: MainWindow,
        context: PageContext,
        overview: Overview,
        tray: Tray,
        on_quit: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        """``on_quit`` ends the event loop."""
        super().__init__(parent)
        self._window, self._context, self._overview, self._tray = window, context, overview, tray
        self._on_quit = on_quit
        self._is_quitting = False
        window.close_requested.connect(self.close)

    def close(self) -> None:
        """Do what the person wants the cross to do; ask when that is not known."""
        if not self._context.is_open:
            self.quit()
            return
        choice = self._context.preferences.close_button
        if choice is CloseButton.QUIT:
            self.quit()
        elif not self._tray.is_there:
            self._ask_without_tray()
        elif choice is CloseButton.TRAY:
            self._hide()
        else:
            CloseDialog(self._window, self._on_answer).open()

    def quit(self) -> None:
        """Leave. What is being sent gets ``PATIENCE``; everything else waits for the next start."""
        if self._is_quitting:
            return
        self._is_quitting = True
        self._window.flush()
        if not self._context.is_open:
            self._on_quit()
            return
        Farewell(self._window, tr("Finishing what is being sent …"))
        publisher = self._context.services.publisher
        self._context.tasks.submit(
            lambda _task: publisher.stop(PATIENCE),
            lambda _is_done: self._on_quit(),
            lambda _error: self._on_quit(),
            receiver=self,
        )

    def log_off(self) -> None:
        """Leave at once, because the computer's session ends."""
        self._window.flush()
        if self._context.is_open:
            self._context.services.publisher.stop(LOGOFF_PATIENCE)
        self._on_quit()

    def _ask_without_tray(self) -> None:
        planned = self._overview.facts.planned
        if not planned:
            self.quit()
            return
        text = trn(
            "{count} delivery is planned. It goes out only while {name} runs, and this desktop has no place beside the "
            "clock where it could go on. What becomes late meanwhile asks you first.",
            "{count} deliveries are planned. They go out only while {name} runs, and this desktop has no place beside "
            "the clock where it could go on. What becomes late meanwhile asks you first.",
            planned,
            name=NAME,
        )
        title = tr("Quit {name}?", name=NAME)
        ConfirmDialog(
            "quit", title, text, self._window, confirm=tr("Quit"), on_confirm=self.quit, kind="primary"
        ).open()

    def _on_answer(self, choice: CloseButton, is_remembered: bool) -> None:
        if is_remembered:
            settings = self._context.services.settings
            self._context.tasks.submit(
                lambda _task: settings.update(close_button=choice), None, self._context.show_error, serial=True
            )
        if choice is CloseButton.TRAY:
            self._hide()
        else:
            self.quit()

    def _hide(self) -> None:
        self._window.flush()
        self._window.hide()
        self._tray.say(tr("{name} keeps running", name=NAME), self._overview.next_words() or tr("Nothing is planned"))
