"""The window: sidebar, notices, pages, menus. It paints before any page or service has been loaded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLayout, QMainWindow, QStackedWidget, QWidget

from desktop.gui.shell.places import ACCOUNTS, ACTIVITY, CALENDAR, COMPOSER, PLACES
from desktop.gui.shell.window_memory import WindowMemory, known_mode
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.identity import identify
from desktop.kit.branding import NAME
from desktop.kit.i18n import tr

if TYPE_CHECKING:
    from desktop.gui.shell.context import PageContext
    from desktop.gui.theme.painting import Status
    from desktop.services.settings.preferences import Preferences

SIDEBAR_PX = 240
FIRST_SIZE = (1280, 820)
LEAST_SIZE = (860, 560)


class ComposerPage(Protocol):
    """What the window asks of the composer's page, whose class it must not import."""

    @property
    def post_id(self) -> str:
        """Id of the post at hand; empty before its first key was saved."""
        ...

    def open_post(self, post_id: str) -> None:
        """Turn to a stored post."""
        ...

    def compose(self, day: date | None) -> None:
        """Turn to a new post."""
        ...

    def start(self) -> None:
        """Put the cursor into the text."""
        ...

    def flush(self) -> None:
        """Write what is not on disk yet."""
        ...


class ActivityPage(Protocol):
    """What the window asks of Activity."""

    def show_delivery(self, delivery_id: str) -> None:
        """Choose a delivery."""
        ...


class AccountsPage(Protocol):
    """What the window asks of Accounts."""

    def show_account(self, account_id: str) -> None:
        """Bring an account into view."""
        ...

    def connect_account(self) -> None:
        """Ask for a token."""
        ...


class Sidebar(Protocol):
    """What the window asks of its left side."""

    def show_place(self, key: str) -> None:
        """Mark the open page."""
        ...


class Toasts(Protocol):
    """Shows short messages over the page."""

    def show_toast(
        self, text: str, *, tone: Status, action: str, keys: str, on_action: Callable[[], object] | None
    ) -> None:
        """Show ``text``."""
        ...


class _Ground(QWidget):
    """What is painted first: the outlines of the sidebar, until the real one is there. Tells when it was painted."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_painted = False

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.layout() is None:
            self._paint_outlines()
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    def _paint_outlines(self) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width = theme().scaled(SIDEBAR_PX)
        painter.fillRect(0, 0, width, self.height(), theme().color("sidebar"))
        painter.fillRect(width - 1, 0, 1, self.height(), theme().color("border"))
        painter.setBrush(theme().color("hover"))
        painter.drawRoundedRect(18, 16, 110, 28, 8, 8)
        painter.setBrush(theme().color("accent"))
        painter.drawRoundedRect(12, 56, width - 24, theme().control_height(), 8, 8)
        painter.end()


class MainWindow(QMainWindow):
    """Pages are built on their first visit. ``painted`` comes once, with the first picture.

    This module loads nothing but Qt and the theme, so that the picture comes at once; the rest is put in by
    :meth:`furnish`.
    """

    painted = Signal()
    close_requested = Signal()
    remove_samples_requested = Signal()

    def __init__(self, memory: WindowMemory) -> None:
        super().__init__()
        self._memory = memory
        self._pages: dict[str, QWidget] = {}
        self._place = ""
        self._toasts: Toasts | None = None
        self._trouble: QWidget | None = None
        self.may_close = False
        self.setWindowTitle(NAME)
        identify(self, "window", NAME)
        self.setMinimumSize(*LEAST_SIZE)
        if not memory.restore_geometry(self):
            self.resize(*FIRST_SIZE)
        self.stack = QStackedWidget()
        self.stack.addWidget(QWidget())
        self._ground = _Ground()
        self._ground.painted.connect(self.painted)
        self.setCentralWidget(self._ground)

    def furnish(
        self, context: PageContext, sidebar: Sidebar, toasts: Toasts, frame: Callable[[QStackedWidget], QLayout]
    ) -> None:
        """Put in what is around the pages; ``frame`` lays it out around the stack of pages."""
        self.context, self.sidebar, self._toasts = context, sidebar, toasts
        self._ground.setLayout(frame(self.stack))
        context.preferences_changed.connect(self._on_preferences_changed)

    # --- places --------------------------------------------------------------------------------------------------

    @property
    def place(self) -> str:
        """The key of the open page; empty before there is one."""
        return self._place

    @property
    def first_place(self) -> str:
        """Where to begin: where one was last time."""
        return self._memory.page if self._memory.page in PLACES else CALENDAR.key

    def page(self, key: str) -> QWidget:
        """Return a page, built if need be."""
        if key not in self._pages:
            page = PLACES[key].build(self.context, self)
            self._pages[key] = page
            self.stack.addWidget(page)
        return self._pages[key]

    def show_place(self, key: str) -> None:
        """Open a page; before the profile is open only the composer can be."""
        if not self.context.is_open and key != COMPOSER.key:
            return
        page = self.page(key)
        self._place = key
        self.stack.setCurrentWidget(page)
        self.sidebar.show_place(key)
        self.setWindowTitle(f"{tr(PLACES[key].title)} – {NAME}")
        self.write_place()

    def open_first(self) -> None:
        """Open the page of last time, with the post that was being written."""
        if self._place:
            return
        if self.first_place == COMPOSER.key:
            if self._memory.post:
                self.open_post(self._memory.post)
            else:
                self.compose()
        else:
            self.show_place(self.first_place)

    def open_post(self, post_id: str) -> None:
        """Open the composer with a post."""
        self._composer().open_post(post_id)
        self._write()

    def compose(self, day: date | None = None) -> None:
        """Open the composer with a new post, meant for ``day``."""
        self._composer().compose(day)
        self._write()

    def _composer(self) -> ComposerPage:
        return cast("ComposerPage", self.page(COMPOSER.key))

    def _write(self) -> None:
        self.show_place(COMPOSER.key)
        self._composer().start()

    def show_delivery(self, delivery_id: str) -> None:
        """Open Activity at a delivery."""
        self.show_place(ACTIVITY.key)
        cast("ActivityPage", self.page(ACTIVITY.key)).show_delivery(delivery_id)

    def show_account(self, account_id: str) -> None:
        """Open Accounts at an account."""
        self.show_place(ACCOUNTS.key)
        cast("AccountsPage", self.page(ACCOUNTS.key)).show_account(account_id)

    def connect_account(self) -> None:
        """Open Accounts and ask for a token."""
        self.show_place(ACCOUNTS.key)
        cast("AccountsPage", self.page(ACCOUNTS.key)).connect_account()

    def ask_remove_samples(self) -> None:
        """Have it asked whether the samples shall go."""
        self.remove_samples_requested.emit()

    def write_place(self) -> None:
        """Remember which page and post are open."""
        if self._place:
            is_writing = COMPOSER.key in self._pages
            self._memory.set_place(self._place, self._composer().post_id if is_writing else self._memory.post)

    def flush(self) -> None:
        """Have everything written that is not on disk yet."""
        if COMPOSER.key in self._pages:
            self._composer().flush()

    # --- news ----------------------------------------------------------------------------------------------------

    def notify(
        self, text: str, action: str = "", on_action: Callable[[], object] | None = None, *, tone: Status = "ok"
    ) -> None:
        """Show a toast over the page."""
        keys = tr("Ctrl Z") if action == tr("Undo") else ""
        if self._toasts is not None:
            self._toasts.show_toast(text, tone=tone, action=action, keys=keys, on_action=on_action)

    def show_trouble(self, page: QWidget) -> None:
        """Show in the middle of the window why there is nothing else to see."""
        self.clear_trouble()
        self._trouble = page
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)

    def clear_trouble(self) -> None:
        """Take that away again."""
        if self._trouble is not None:
            self.stack.removeWidget(self._trouble)
            self._trouble.deleteLater()
            self._trouble = None

    def come_forward(self) -> None:
        """Show the window before all others."""
        self.setWindowState(self.windowState() & ~self.windowState().WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _on_preferences_changed(self, preferences: Preferences) -> None:
        mode, scale = known_mode(preferences.theme), preferences.text_size / 100
        application = QApplication.instance()
        if isinstance(application, QApplication) and (mode, scale) != (theme().mode, theme().text_scale):
            theme().apply(application, mode, scale)
        self._memory.set_look(mode, scale)

    # --- Qt ------------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave the decision to whoever keeps the program running."""
        self._memory.keep_geometry(self)
        if self.may_close:
            super().closeEvent(event)
        else:
            event.ignore()
            self.close_requested.emit()
